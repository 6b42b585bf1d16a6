"""Deliveries are claimed, settled and proved: a few statements for a step, however many messages it moves."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, bindparam, case, exists, func, insert, or_, select, update

from core.model.delivery.deliveries import Attempt, Delivery, Item, NewAttempt, Outcome, Receipt
from core.model.delivery.states import Reason, State, Status
from core.rules.delivery.evidence import ENDS, GRADES, NOT_TAKEN, PERHAPS_ACCEPTED, RANK, is_closing_evidence
from core.rules.delivery.timing import BROADCAST_KINDS
from storage.database.repository import Repository
from storage.database.rows import fetch_first_row, fetch_rows, row_chunks, row_columns, select_rows
from storage.delivery.evidence import OWED, PENDING, evidence_may_follow_sql, evidence_rank_sql
from storage.schema.delivery import attempt, carried, delivery, notice, obligation, receipt
from storage.schema.people import person

_MAY_GO = (
    select(delivery.c.bundle)
    .where(delivery.c.channel == bindparam("of_channel"), delivery.c.status == PENDING)
    .where(delivery.c.not_before <= bindparam("now"))
    .limit(bindparam("few"))
)
DUE = (
    _MAY_GO.where(delivery.c.due.is_not(None))
    .group_by(delivery.c.due, delivery.c.bundle)
    .order_by(delivery.c.due, delivery.c.bundle)
)
NOT_DUE = (
    _MAY_GO.where(delivery.c.due.is_(None))
    .group_by(delivery.c.not_before, delivery.c.bundle)
    .order_by(delivery.c.not_before, delivery.c.bundle)
)
SPARE = 4
"""How many rows are read for one bundle: its deliveries may have several times, and each time is a row."""

_REMINDS = (
    notice.c.kind.in_(sorted(BROADCAST_KINDS)) & notice.c.person_id.is_not(None) & notice.c.student_id.is_not(None)
)
"""Whether a notice repeats a broadcast to one person of a family (Q97)."""

_earlier = delivery.alias("earlier")
_OVERDUE = exists().where(
    _earlier.c.obligation_id == delivery.c.obligation_id,
    _earlier.c.id < delivery.c.id,
    _earlier.c.reason == Reason.EVIDENCE_MISSING,
)
"""Whether an earlier channel was given up because no evidence came in time."""

WAITING = (
    select(*row_columns(delivery, Delivery), person.c.name, notice.c.notice, obligation.c.state, _REMINDS, _OVERDUE)
    .join(obligation, obligation.c.id == delivery.c.obligation_id)
    .join(notice, notice.c.id == obligation.c.notice_id)
    .outerjoin(person, person.c.id == delivery.c.student_id)
    .where(delivery.c.status == PENDING, delivery.c.bundle.in_(bindparam("bundles", expanding=True)))
    .where(delivery.c.not_before <= bindparam("until"))
    .order_by(delivery.c.id)
    .with_for_update(of=delivery)
)

TRY = insert(attempt).returning(attempt.c.key, attempt.c.id)
CARRY = insert(carried)
CLAIM = (
    update(delivery)
    .where(carried.c.delivery_id == delivery.c.id, carried.c.attempt_id.in_(bindparam("attempt_ids", expanding=True)))
    .where(delivery.c.status == PENDING)
    .values(status=Status.SENDING, attempt_id=carried.c.attempt_id, consent_id=carried.c.consent_id)
    .values(updated_at=bindparam("now"))
)

FINISH = (
    update(attempt)
    .where(attempt.c.id == bindparam("of_attempt"), attempt.c.finished_at.is_(None))
    .values({name: bindparam(name) for name in ("finished_at", "outcome", "reason", "reference", "text_sha256")})
)

_carried_by = select(carried.c.delivery_id).where(carried.c.attempt_id == bindparam("of_attempt"))
_is_latest = delivery.c.attempt_id == bindparam("of_attempt")
_in_doubt = or_(*(delivery.c.reason == reason for reason in sorted(PERHAPS_ACCEPTED)))
UPDATE_WAITING = (
    update(delivery)
    .where(delivery.c.id.in_(_carried_by), _is_latest, delivery.c.status == Status.SENDING)
    .values(
        status=bindparam("to_status"),
        reason=case(
            (bindparam("waits", type_=Boolean()) & _in_doubt, delivery.c.reason),
            else_=bindparam("for_reason", type_=delivery.c.reason.type),
        ),
        not_before=func.coalesce(bindparam("retry_at", type_=delivery.c.not_before.type), delivery.c.not_before),
        tries=delivery.c.tries + 1,
        failures=delivery.c.failures + bindparam("failed"),
        repeats=delivery.c.repeats + bindparam("repeated"),
        updated_at=bindparam("at"),
    )
)
"""Updates the deliveries of a finished attempt that are still waiting; others were closed meanwhile.

A delivery that a killed worker may have sent keeps that reason until it is sent, so that it is marked as a repeat.
"""

_obligations_with_status = (
    select(delivery.c.obligation_id)
    .where(delivery.c.id.in_(_carried_by), delivery.c.status == bindparam("to_status", type_=delivery.c.status.type))
    .scalar_subquery()
)
_is_higher = evidence_rank_sql(obligation.c.evidence) < bindparam("to_rank")
_may_close = and_(or_(*(obligation.c.state == state for state in OWED)), bindparam("closing", type_=Boolean()))
PROVE = (
    update(obligation)
    .where(obligation.c.id.in_(_obligations_with_status), or_(_is_higher, _may_close))
    .values(
        evidence=case((_is_higher, bindparam("to_status")), else_=obligation.c.evidence),
        state=case((_may_close, State.CLOSED), else_=obligation.c.state),
        closed_at=case((_may_close, bindparam("at", type_=obligation.c.closed_at.type)), else_=obligation.c.closed_at),
    )
)
"""Raises the evidence of the obligations of an attempt, and closes those for which it is enough."""

PROVED = RANK[Status.ACCEPTED], RANK[Status.SIGNED]
_standing = delivery.alias("standing")
_still_proved = exists().where(
    _standing.c.obligation_id == obligation.c.id, evidence_rank_sql(_standing.c.status).between(*PROVED)
)
REOPEN = (
    update(obligation)
    .where(obligation.c.id.in_(_obligations_with_status), obligation.c.state == State.CLOSED, ~_still_proved)
    .where(evidence_rank_sql(obligation.c.evidence) < RANK[Status.REACHED])
    .values(state=State.OPEN, closed_at=None, evidence=None)
)
"""Opens obligations again whose only evidence a bounce took back, so that the next channel starts (Q84).

Whoever was reached by phone knows, whatever bounces.
"""

_later = delivery.alias("later")
_ended_last = (
    select(delivery.c.obligation_id)
    .where(delivery.c.id.in_(_carried_by), _is_latest)
    .where(delivery.c.status == bindparam("to_status", type_=delivery.c.status.type))
    .where((delivery.c.status != Status.UNCERTAIN) | delivery.c.due.is_not(None))
    .where(~exists().where(_later.c.obligation_id == delivery.c.obligation_id, _later.c.id > delivery.c.id))
    .scalar_subquery()
)
_perhaps_last = (
    select(delivery.c.obligation_id)
    .where(delivery.c.id.in_(_carried_by), _is_latest, delivery.c.status == Status.UNCERTAIN, delivery.c.due.is_(None))
    .scalar_subquery()
)
STOP_ESCALATION = update(obligation).where(obligation.c.id.in_(_perhaps_last)).values(revisit_at=None)
"""Ends escalation where a message without a deadline was perhaps accepted: no other channel repeats it (Q121)."""

REVISIT = update(obligation).where(obligation.c.id.in_(_ended_last)).values(revisit_at=bindparam("at"))
"""Asks for the next channel at once where the last delivery of an obligation has ended.

Without a deadline an uncertain delivery is enough, and nothing follows it.
"""

POSTPONE = (
    update(delivery)
    .where(delivery.c.id == bindparam("of_delivery"), delivery.c.status == PENDING)
    .values(not_before=bindparam("to_moment"), updated_at=bindparam("at"))
)
_ENDED = (Status.REFUSED, Status.WITHDRAWN, Status.UNCERTAIN)
_under_way = exists().where(delivery.c.obligation_id == obligation.c.id, delivery.c.status.not_in(_ENDED))
REVISIT_ENDED = (
    update(obligation)
    .where(obligation.c.state == State.OPEN, obligation.c.revisit_at > bindparam("at"), ~_under_way)
    .values(revisit_at=bindparam("at"))
)

CHANNEL = select(attempt.c.channel).where(attempt.c.id == bindparam("of_attempt"))


class SqlDeliveries(Repository):
    async def waiting(self, channel: str, *, now: datetime, limit: int) -> Sequence[str]:
        found: dict[str, None] = {}
        for statement in (DUE, NOT_DUE):
            if len(found) < limit:
                values = {"of_channel": channel, "now": now, "few": limit * SPARE}
                found |= dict.fromkeys(await self._connection.scalars(statement, values))
        return list(found)[:limit]

    async def pending(self, bundles: Collection[str], *, until: datetime) -> Sequence[Item]:
        items: list[Item] = []
        for few in row_chunks(bundles):
            rows = await self._connection.execute(WAITING, {"bundles": few, "until": until})
            items += [
                Item(Delivery(*fields), student or "", notice_, state, is_reminder, is_overdue)
                for *fields, student, notice_, state, is_reminder, is_overdue in rows
            ]
        return items

    async def claim(self, attempts: Sequence[NewAttempt], *, now: datetime) -> Sequence[int]:
        if not attempts:
            return ()
        rows = await self._connection.execute(TRY, [_attempt(each, now) for each in attempts])
        by_key: dict[str, int] = dict(rows.all())
        ids = [by_key[each.key] for each in attempts]
        links = [
            {"attempt_id": id_, "delivery_id": delivery_id, "consent_id": consent_id}
            for id_, each in zip(ids, attempts, strict=True)
            for delivery_id, consent_id in each.deliveries
        ]
        await self._connection.execute(CARRY, links)
        await self._connection.execute(CLAIM, {"attempt_ids": ids, "now": now})
        return ids

    async def settle(self, outcomes: Sequence[Outcome], closes: Mapping[str, Status]) -> None:
        if not outcomes:
            return
        await self._connection.execute(FINISH, [_finished(outcome) for outcome in outcomes])
        await self._connection.execute(UPDATE_WAITING, [_of_waiting(outcome) for outcome in outcomes])
        await self._update_obligations(outcomes, closes)

    async def _update_obligations(self, outcomes: Sequence[Outcome], closes: Mapping[str, Status]) -> None:
        """Updates the obligations of finished attempts: more evidence, closed, opened again, or the next channel."""
        proved = [each for each in outcomes if each.status in GRADES]
        ended = [each for each in outcomes if each.status in ENDS | {Status.UNCERTAIN}]
        if proved:
            await self._connection.execute(PROVE, [_proof(each, closes) for each in proved])
        if bounced := [each for each in ended if each.status in NOT_TAKEN]:
            await self._connection.execute(REOPEN, [_new_status(each) for each in bounced])
        if ended:
            await self._connection.execute(REVISIT, [_new_status(each) for each in ended])
        if perhaps := [each for each in ended if each.status is Status.UNCERTAIN]:
            await self._connection.execute(STOP_ESCALATION, [{"of_attempt": each.attempt_id} for each in perhaps])

    async def sent_by(self, attempt_ids: Collection[int]) -> Sequence[Delivery]:
        own = select_rows(delivery, Delivery).join(carried, carried.c.delivery_id == delivery.c.id)
        latest = own.where(carried.c.attempt_id.in_(attempt_ids), delivery.c.attempt_id == carried.c.attempt_id)
        return await fetch_rows(self._connection, Delivery, latest.order_by(delivery.c.id))

    async def attempt(self, key: str) -> Attempt | None:
        """The last attempt with this key: the same deliveries sent again have the same key."""
        last = select_rows(attempt, Attempt).where(attempt.c.key == key).order_by(attempt.c.id.desc()).limit(1)
        return await fetch_first_row(self._connection, Attempt, last)

    async def record_receipt(
        self, attempt_id: int, receipt_: Receipt, closes: Mapping[str, Status], *, at: datetime
    ) -> bool:
        """Evidence counts from any attempt; a refusal only from the latest attempt of a delivery."""
        answer = {"status": receipt_.status, "reason": receipt_.reason}
        new = {"attempt_id": attempt_id, **answer, "reference": receipt_.reference, "received_at": at}
        await self._connection.execute(insert(receipt), new)
        ids = select(carried.c.delivery_id).where(carried.c.attempt_id == attempt_id)
        own: ColumnElement[bool] = delivery.c.id.in_(ids)
        if receipt_.status in NOT_TAKEN:
            own &= delivery.c.attempt_id == attempt_id
        raised = (
            update(delivery)
            .where(own, evidence_may_follow_sql(delivery.c.status, receipt_.status))
            .values(**answer, updated_at=at)
        )
        if not (await self._connection.execute(raised)).rowcount:
            return False
        channel = (await self._connection.execute(CHANNEL, {"of_attempt": attempt_id})).scalar_one()
        await self._update_obligations([Outcome(attempt_id, channel, receipt_.status, at)], closes)
        return True

    async def in_flight(self) -> Sequence[Attempt]:
        unsettled = select_rows(attempt, Attempt).where(attempt.c.finished_at.is_(None))
        return await fetch_rows(self._connection, Attempt, unsettled.order_by(attempt.c.id))

    async def planned_after(self, moment: datetime) -> Sequence[Delivery]:
        ahead = select_rows(delivery, Delivery).where(delivery.c.status == PENDING, delivery.c.updated_at > moment)
        return await fetch_rows(self._connection, Delivery, ahead.order_by(delivery.c.id))

    async def postpone(self, not_before: Mapping[int, datetime], *, now: datetime) -> None:
        if not_before:
            moved = [{"of_delivery": id_, "to_moment": to, "at": now} for id_, to in not_before.items()]
            await self._connection.execute(POSTPONE, moved)

    async def revisit_ended(self, *, now: datetime) -> None:
        await self._connection.execute(REVISIT_ENDED, {"at": now})

    async def deliveries_of_pair(
        self, person_id: int, student_id: int, statuses: Collection[Status], *, locked: bool = False
    ) -> Sequence[Delivery]:
        pair = (delivery.c.person_id == person_id) & (delivery.c.student_id == student_id)
        return await self._in_statuses(pair, statuses, locked=locked)

    async def deliveries_of_contact(
        self, contact_id: int, statuses: Collection[Status], *, locked: bool = False
    ) -> Sequence[Delivery]:
        return await self._in_statuses(delivery.c.contact_id == contact_id, statuses, locked=locked)

    async def _in_statuses(
        self, whose: ColumnElement[bool], statuses: Collection[Status], *, locked: bool
    ) -> Sequence[Delivery]:
        """PostgreSQL reads a row again after it has waited for its lock; SQLite has one writer at a time."""
        own = select_rows(delivery, Delivery).where(whose, delivery.c.status.in_(statuses)).order_by(delivery.c.id)
        return await fetch_rows(self._connection, Delivery, own.with_for_update() if locked else own)


def _attempt(new: NewAttempt, now: datetime) -> dict[str, Any]:
    to = {"channel": new.channel, "contact_id": new.contact_id, "person_id": new.person_id}
    return {"key": new.key, **to, "worker": new.worker, "started_at": now}


def _finished(outcome: Outcome) -> dict[str, Any]:
    answer = {"reason": outcome.reason, "reference": outcome.reference, "text_sha256": outcome.text_sha256}
    return {"of_attempt": outcome.attempt_id, "finished_at": outcome.at, "outcome": outcome.status, **answer}


def _of_waiting(outcome: Outcome) -> dict[str, Any]:
    counts = {"failed": outcome.failures, "repeated": outcome.repeats}
    changes = {"for_reason": outcome.reason, "retry_at": outcome.retry_at, "waits": outcome.status is Status.PENDING}
    return _new_status(outcome) | counts | changes


def _new_status(outcome: Outcome) -> dict[str, Any]:
    return {"of_attempt": outcome.attempt_id, "to_status": outcome.status, "at": outcome.at}


def _proof(outcome: Outcome, closes: Mapping[str, Status]) -> dict[str, Any]:
    closing = is_closing_evidence(outcome.status, outcome.channel, closes)
    return _new_status(outcome) | {"to_rank": RANK[outcome.status], "closing": closing}

"""A person was reached by phone: evidence of an obligation that no delivery carries (Q97)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, literal, or_, select, update

from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import PhoneCall
from core.model.delivery.states import Reason, State, Status
from core.rules.delivery.evidence import ENDS, GRADES, RANK, is_closing_evidence
from storage.database.repository import Repository
from storage.database.rows import fetch_rows, row_chunks, select_rows
from storage.delivery.evidence import OWED, UNSENT, evidence_rank_sql
from storage.schema.delivery import attempt, carried, delivery, notice, obligation, phone_call
from storage.schema.paper import extract
from storage.schema.people import person

_QUEUED = and_(delivery.c.contact_id.is_(None), delivery.c.status == Status.ACCEPTED)
"""Paper in the print queue."""

_BY_CALL = and_(delivery.c.status == Status.WITHDRAWN, delivery.c.reason == Reason.REACHED_BY_PHONE)
_PAGE_STATUS = (
    select(func.coalesce(extract.c.status, attempt.c.outcome))
    .select_from(attempt)
    .outerjoin(extract, extract.c.key == attempt.c.key)
    .where(attempt.c.id == delivery.c.attempt_id, delivery.c.contact_id.is_(None))
    .correlate(delivery)
    .scalar_subquery()
)
"""How far the page of a delivery on paper has come; NULL for a delivery that was not sent."""

_kept = (
    select(attempt.c.key)
    .join(carried, carried.c.attempt_id == attempt.c.id)
    .join(delivery, delivery.c.id == carried.c.delivery_id)
    .where(attempt.c.key == extract.c.key, delivery.c.status != Status.WITHDRAWN)
)
"""A page stays in the queue while it has something else to say."""


@dataclass(frozen=True, slots=True)
class _Called:
    """An obligation with its state before the call."""

    id: int
    evidence: Status | None
    state: State
    state_before: State


class SqlPhoneCalls(Repository):
    async def record_call(self, fact: str, person_id: int, *, caller_id: int, at: datetime) -> int:
        called = await self._record_call(_of_fact(fact, person_id), caller_id, at)
        if called:
            reminders = (notice.c.fact == fact) & (notice.c.person_id == person_id) & notice.c.planned_at.is_(None)
            await self._connection.execute(update(notice).where(reminders).values(planned_at=at))
        return called

    async def record_call_about(self, obligation_ids: Collection[int], *, caller_id: int, at: datetime) -> int:
        return sum(
            [await self._record_call(obligation.c.id.in_(ids), caller_id, at) for ids in row_chunks(obligation_ids)]
        )

    async def _record_call(self, about: ColumnElement[bool], caller_id: int, at: datetime) -> int:
        called = select(phone_call.c.obligation_id)
        owed = select(obligation.c.id, obligation.c.state).where(
            about, obligation.c.state != State.SUPERSEDED, obligation.c.id.not_in(called)
        )
        states = {id_: state for id_, state in await self._connection.execute(owed.with_for_update())}  # noqa: C416  a Row is a tuple of two, which mypy cannot see
        if not states:
            return 0
        new = [
            {"obligation_id": id_, "caller_id": caller_id, "called_at": at, "state_before": state}
            for id_, state in states.items()
        ]
        await self._connection.execute(insert(phone_call), new)
        for ids in row_chunks(states):
            await self._withdraw(ids, at)
            await self._close(ids, at)
        return len(states)

    async def _withdraw(self, obligation_ids: Collection[int], at: datetime) -> None:
        """Withdraws what was not sent or printed, and the pages in the print queue that said nothing else."""
        stopped = delivery.c.obligation_id.in_(obligation_ids) & or_(delivery.c.status.in_(UNSENT), _QUEUED)
        ended = {"status": Status.WITHDRAWN, "reason": Reason.REACHED_BY_PHONE, "updated_at": at}
        await self._connection.execute(update(delivery).where(stopped).values(ended))
        spoken = and_(_pages_of(obligation_ids), extract.c.status == Status.ACCEPTED, ~_kept.exists())
        await self._connection.execute(update(extract).where(spoken).values(status=Status.WITHDRAWN))

    async def _close(self, obligation_ids: Collection[int], at: datetime) -> None:
        owed = obligation.c.state.in_(OWED)
        closed = {
            "state": case((owed, State.CLOSED), else_=obligation.c.state),
            "closed_at": case((owed, literal(at, obligation.c.closed_at.type)), else_=obligation.c.closed_at),
            "revisit_at": None,
        }
        await self._connection.execute(update(obligation).where(obligation.c.id.in_(obligation_ids)).values(closed))
        weaker = obligation.c.id.in_(obligation_ids) & (evidence_rank_sql(obligation.c.evidence) < RANK[Status.REACHED])
        await self._connection.execute(update(obligation).where(weaker).values(evidence=Status.REACHED))

    async def undo_call(self, fact: str, person_id: int, *, closes: Mapping[str, Status], at: datetime) -> int:
        return await self._undo_call(_of_fact(fact, person_id), closes, at)

    async def undo_call_about(
        self, obligation_ids: Collection[int], *, closes: Mapping[str, Status], at: datetime
    ) -> int:
        return sum([await self._undo_call(obligation.c.id.in_(ids), closes, at) for ids in row_chunks(obligation_ids)])

    async def _undo_call(self, about: ColumnElement[bool], closes: Mapping[str, Status], at: datetime) -> int:
        found = (
            select(obligation.c.id, obligation.c.evidence, obligation.c.state, phone_call.c.state_before)
            .join(phone_call, phone_call.c.obligation_id == obligation.c.id)
            .where(about)
        )
        called = await fetch_rows(self._connection, _Called, found.with_for_update(of=obligation))
        for each in called:
            await self._connection.execute(delete(phone_call).where(phone_call.c.obligation_id == each.id))
            if each.evidence is Status.REACHED:
                await self._restore(each, closes, at)
        return len(called)

    async def _restore(self, called: _Called, closes: Mapping[str, Status], at: datetime) -> None:
        """Restores what the call withdrew; the obligation opens again unless a delivery closes it."""
        own = delivery.c.obligation_id == called.id
        waiting = Status.HELD if called.state_before is State.HELD else Status.PENDING
        again = {"status": func.coalesce(_PAGE_STATUS, waiting), "reason": None, "updated_at": at}
        pages = and_(_pages_of([called.id]), extract.c.status == Status.WITHDRAWN)
        await self._connection.execute(update(extract).where(pages).values(status=Status.ACCEPTED))
        await self._connection.execute(update(delivery).where(own, _BY_CALL).values(again))
        deliveries = await fetch_rows(
            self._connection, Delivery, select_rows(delivery, Delivery).where(own).order_by(delivery.c.id)
        )
        values = _without_call(called, deliveries, closes, at)
        await self._connection.execute(update(obligation).where(obligation.c.id == called.id).values(values))

    async def calls(self, fact: str) -> Sequence[PhoneCall]:
        of_fact = (
            select(phone_call.c.obligation_id, person.c.name, phone_call.c.called_at)
            .join(person, person.c.id == phone_call.c.caller_id)
            .join(obligation, obligation.c.id == phone_call.c.obligation_id)
            .where(obligation.c.notice_id.in_(select(notice.c.id).where(notice.c.fact == fact)))
        )
        return await fetch_rows(self._connection, PhoneCall, of_fact.order_by(phone_call.c.obligation_id))


def _of_fact(fact: str, person_id: int) -> ColumnElement[bool]:
    """What a person of a family is owed of a fact."""
    return and_(
        obligation.c.notice_id.in_(select(notice.c.id).where(notice.c.fact == fact)),
        obligation.c.person_id == person_id,
        obligation.c.student_id.is_not(None),
    )


def _pages_of(obligation_ids: Collection[int]) -> ColumnElement[bool]:
    """Pages that speak of these obligations and that the call has withdrawn from them."""
    keys = (
        select(attempt.c.key)
        .join(delivery, delivery.c.attempt_id == attempt.c.id)
        .where(delivery.c.obligation_id.in_(obligation_ids), delivery.c.contact_id.is_(None), _BY_CALL)
    )
    return extract.c.key.in_(keys)


def _without_call(
    called: _Called, deliveries: Sequence[Delivery], closes: Mapping[str, Status], at: datetime
) -> dict[str, object]:
    """State and evidence of an obligation by its deliveries alone."""
    evidence = max((each.status for each in deliveries if each.status in GRADES), key=RANK.__getitem__, default=None)
    if called.state is not State.CLOSED or called.state_before is State.CLOSED:
        return {"evidence": evidence}
    if any(is_closing_evidence(each.status, each.channel, closes) for each in deliveries):
        return {"evidence": evidence}
    last = deliveries[-1] if deliveries else None
    revisit_at = at if last is None or last.status in ENDS else last.escalate_at
    return {"evidence": evidence, "state": called.state_before, "closed_at": None, "revisit_at": revisit_at}

"""Results (R6) as they are owed to persons, read through a scope, with all evidence."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from core.model.delivery.acquaintance import Acquaintance
from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import Obligation, PhoneCall, PublishedNotice
from core.model.delivery.owed_results import OwedResult, WantedResults
from core.model.delivery.proof import AttemptAnswer
from core.model.notices.kinds import R6_KINDS
from core.rules.access import Scope
from storage.access.scopes import scope_opens_student
from storage.database.repository import Repository
from storage.database.rows import (
    fetch_first_row,
    fetch_one_row,
    fetch_rows,
    fetch_rows_chunked,
    row_chunks,
    row_columns,
    select_rows,
)
from storage.schema.delivery import carried, delivery, notice, obligation, phone_call, receipt
from storage.schema.people import person
from storage.schema.results import acquaintance

_to, _about, _caller = person.alias("owed_to"), person.alias("about"), person.alias("caller")


class SqlOwedResults(Repository):
    async def owed_results(self, scope: Scope, wanted: WantedResults) -> Sequence[OwedResult]:
        statement = _owed(scope, wanted)
        rows: list[Any] = []
        if wanted.ids is None:
            rows += await self._connection.execute(statement)
        else:
            for ids in row_chunks(sorted(wanted.ids)):
                rows += await self._connection.execute(statement.where(obligation.c.id.in_(ids)))
        found = [
            OwedResult(Obligation(*fields), to, about, notice_, fact, published_at)
            for *fields, to, about, notice_, fact, published_at in rows
        ]
        return await self._with_evidence(found)

    async def notice_of(self, obligation_id: int) -> PublishedNotice:
        own = select_rows(notice, PublishedNotice).join(obligation, obligation.c.notice_id == notice.c.id)
        return await fetch_one_row(self._connection, PublishedNotice, own.where(obligation.c.id == obligation_id))

    async def carried_by(self, delivery_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for ids in row_chunks(delivery_ids):
            rows = select(carried.c.delivery_id, carried.c.attempt_id).where(carried.c.delivery_id.in_(ids))
            for delivery_id, attempt_id in await self._connection.execute(rows.order_by(carried.c.attempt_id)):
                found[delivery_id].append(attempt_id)
        return found

    async def answers_to(self, attempt_ids: Collection[int]) -> Sequence[AttemptAnswer]:
        own = select_rows(receipt, AttemptAnswer).order_by(receipt.c.id)
        return await fetch_rows_chunked(
            self._connection, AttemptAnswer, attempt_ids, lambda ids: own.where(receipt.c.attempt_id.in_(ids))
        )

    async def other_evidence(self, obligation_id: int) -> tuple[PhoneCall | None, Sequence[Acquaintance]]:
        call = await fetch_first_row(self._connection, PhoneCall, _calls([obligation_id]))
        return call, await fetch_rows(self._connection, Acquaintance, _acquaintances([obligation_id]))

    async def _with_evidence(self, found: Sequence[OwedResult]) -> Sequence[OwedResult]:
        ids = [each.obligation.id for each in found]
        deliveries = await self._deliveries_of(ids)
        calls = {
            each.obligation_id: each for each in await fetch_rows_chunked(self._connection, PhoneCall, ids, _calls)
        }
        seen: dict[int, list[Acquaintance]] = defaultdict(list)
        for each in await fetch_rows_chunked(self._connection, Acquaintance, ids, _acquaintances):
            seen[each.obligation_id].append(each)
        return [
            OwedResult(
                each.obligation, each.person, each.student, each.notice, each.fact, each.published_at,
                tuple(deliveries[id_]), calls.get(id_), tuple(seen[id_]),
            )
            for id_, each in zip(ids, found, strict=True)
        ]  # fmt: skip

    async def _deliveries_of(self, ids: Sequence[int]) -> Mapping[int, list[Delivery]]:
        found: dict[int, list[Delivery]] = defaultdict(list)
        for each in await fetch_rows_chunked(self._connection, Delivery, ids, _deliveries):
            found[each.obligation_id].append(each)
        return found


def _owed(scope: Scope, wanted: WantedResults) -> Select[Any]:
    """By due time; results about a student alone, since nobody else has any."""
    owed = (
        select(
            *row_columns(obligation, Obligation),
            *(_to.c.name, _about.c.name, notice.c.notice, notice.c.fact, notice.c.published_at),
        )
        .join(notice, notice.c.id == obligation.c.notice_id)
        .join(_to, _to.c.id == obligation.c.person_id)
        .join(_about, _about.c.id == obligation.c.student_id)
        .where(obligation.c.kind.in_(R6_KINDS), scope_opens_student(scope, _about.c.id))
        .order_by(obligation.c.due, _to.c.name, obligation.c.id)
    )
    if wanted.states is not None:
        owed = owed.where(obligation.c.state.in_(wanted.states))
    if wanted.person_id is not None:
        owed = owed.where(obligation.c.person_id == wanted.person_id)
    if wanted.student_ids is not None:
        owed = owed.where(obligation.c.student_id.in_(wanted.student_ids))
    if wanted.since is not None:
        owed = owed.where(obligation.c.received_at >= wanted.since)
    if wanted.until is not None:
        owed = owed.where(obligation.c.received_at < wanted.until)
    return owed


def _deliveries(ids: Sequence[int]) -> Select[Any]:
    return select_rows(delivery, Delivery).where(delivery.c.obligation_id.in_(ids)).order_by(delivery.c.id)


def _calls(ids: Sequence[int]) -> Select[Any]:
    calls = phone_call.join(_caller, _caller.c.id == phone_call.c.caller_id)
    fields: tuple[Any, ...] = (phone_call.c.obligation_id, _caller.c.name, phone_call.c.called_at)
    return select(*fields).select_from(calls).where(phone_call.c.obligation_id.in_(ids))


def _acquaintances(ids: Sequence[int]) -> Select[Any]:
    own = select_rows(acquaintance, Acquaintance).where(acquaintance.c.obligation_id.in_(ids))
    return own.order_by(acquaintance.c.recorded_at)

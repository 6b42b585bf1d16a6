"""Merges the obligations of two entries of one person: one for a notice, with the deliveries of both (Q134)."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.delivery.states import Reason, State, Status
from storage.delivery.evidence import OPEN, PENDING, RANK_OF, evidence_rank_sql
from storage.schema.delivery import delivery, obligation, phone_call
from storage.schema.results import acquaintance, sheet_line


async def merge_joined_obligations(connection: AsyncConnection, keep: int, gone: int, *, at: datetime) -> None:
    """Merges two obligations about one notice into the first.

    It is closed where either was closed, and has the stronger evidence. Waiting deliveries of the second are withdrawn.
    """
    ours, theirs = obligation.alias("ours"), obligation.alias("theirs")
    both = (
        select(ours.c.id, theirs.c.id, theirs.c.state, theirs.c.evidence, theirs.c.closed_at)
        .where(ours.c.person_id == keep, theirs.c.person_id == gone, ours.c.notice_id == theirs.c.notice_id)
        .order_by(theirs.c.id)
    )
    for kept, doubled, state, evidence, closed_at in (await connection.execute(both)).all():
        waiting = update(delivery).where(delivery.c.obligation_id == doubled, delivery.c.status == PENDING)
        stopped = {"status": Status.WITHDRAWN, "reason": Reason.JOINED, "updated_at": at}
        await connection.execute(waiting.values(stopped))
        moved = update(delivery).where(delivery.c.obligation_id == doubled).values(obligation_id=kept)
        await connection.execute(moved)
        await _raise(connection, kept, state, evidence, closed_at)
        for table in (phone_call, acquaintance, sheet_line):
            await _move_evidence(connection, table, kept, doubled)
        await connection.execute(delete(obligation).where(obligation.c.id == doubled))


async def _move_evidence(connection: AsyncConnection, table: Any, kept: int, doubled: int) -> None:
    """Makes evidence of the second obligation evidence of the first, which may have the same already."""
    other = table.alias()
    keys = [column.name for column in table.primary_key if column.name != "obligation_id"]
    same = [other.c[name] == table.c[name] for name in keys]
    has_it = exists().where(other.c.obligation_id == kept, *same).correlate_except(other)
    theirs = table.c.obligation_id == doubled
    await connection.execute(update(table).where(theirs, ~has_it).values(obligation_id=kept))
    await connection.execute(delete(table).where(theirs))


async def _raise(
    connection: AsyncConnection, kept: int, state: State, evidence: Status | None, closed_at: datetime | None
) -> None:
    this = update(obligation).where(obligation.c.id == kept)
    if evidence is not None:
        lower = evidence_rank_sql(obligation.c.evidence) < RANK_OF[evidence]
        await connection.execute(this.where(lower).values(evidence=evidence))
    if state is State.CLOSED:
        await connection.execute(this.where(obligation.c.state == OPEN).values(state=state, closed_at=closed_at))


async def rebundle_joined_obligations(connection: AsyncConnection, keep: int) -> None:
    """What waits is bundled by whom and over what it goes now; see `rules/delivery/planning._bundle_key`."""
    fields = delivery.c.id, delivery.c.bundle, delivery.c.contact_id, delivery.c.person_id, delivery.c.student_id
    theirs = (delivery.c.person_id == keep) | (delivery.c.student_id == keep)
    rows = (await connection.execute(select(*fields).where(theirs, delivery.c.status == PENDING))).all()
    for id_, bundle, contact_id, person_id, student_id in rows:
        to = ("paper", person_id, student_id or "-") if contact_id is None else ("contact", contact_id)
        kind = bundle.split(":")[len(to) :]
        new = ":".join(map(str, (*to, *kind)))
        await connection.execute(update(delivery).where(delivery.c.id == id_).values(bundle=new))

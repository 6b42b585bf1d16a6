"""The print queue in SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.model.paper import Block, Extract
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_first_row, fetch_one_row, fetch_rows, row_chunks, select_rows
from storage.delivery.evidence import RANK_OF, evidence_rank_sql
from storage.numbering import next_number_in_series
from storage.schema.delivery import attempt, carried, delivery
from storage.schema.paper import extract

WAITING = (Status.ACCEPTED, Status.PRINTED)
"""Statuses of a page that was not handed over yet."""

STAMPS = {Status.PRINTED: "printed_at", Status.HANDED: "handed_at", Status.SIGNED: "signed_at"}


class SqlPaper(Repository):
    async def put(
        self,
        *,
        person_id: int,
        student_id: int | None,
        key: str,
        basis: str,
        text: Text,
        at: datetime,
        contents: Sequence[Block] = (),
    ) -> Extract:
        queued = select_rows(extract, Extract).where(extract.c.key == key)
        if found := await fetch_first_row(self._connection, Extract, queued):
            return found
        new = {
            "number": f"В-{at.year}-{await next_number_in_series(self._connection, 'extract', at.year):05}",
            "key": key,
            "person_id": person_id,
            "student_id": student_id,
            "basis": basis,
            "text": text,
            "status": Status.ACCEPTED,
            "queued_at": at,
            "is_weekly": bool(contents),
            "contents": tuple(contents),
        }
        await add_row(self._connection, extract, new)
        return await fetch_one_row(self._connection, Extract, queued)

    async def is_weekly(self, key: str) -> bool:
        weekly = (
            select(delivery.c.id)
            .join(carried, carried.c.delivery_id == delivery.c.id)
            .join(attempt, attempt.c.id == carried.c.attempt_id)
            .where(attempt.c.key == key, delivery.c.kind == NoticeKind.EXTRACT)
        )
        return (await self._connection.execute(weekly.limit(1))).first() is not None

    async def contents(self, extract_ids: Collection[int]) -> Mapping[int, Sequence[Block]]:
        held = select(extract.c.id, extract.c.contents)
        found = [await self._connection.execute(held.where(extract.c.id.in_(ids))) for ids in row_chunks(extract_ids)]
        return {id_: contents for rows in found for id_, contents in rows}

    async def extracts(self, statuses: Collection[Status]) -> Sequence[Extract]:
        queued = select_rows(extract, Extract).where(extract.c.status.in_(statuses)).order_by(extract.c.id)
        return await fetch_rows(self._connection, Extract, queued)

    async def extract(self, number: str) -> Extract:
        return await fetch_one_row(
            self._connection, Extract, select_rows(extract, Extract).where(extract.c.number == number)
        )

    async def extract_by_id(self, extract_id: int) -> Extract:
        return await fetch_one_row(
            self._connection, Extract, select_rows(extract, Extract).where(extract.c.id == extract_id)
        )

    async def result_terms(self, statuses: Collection[Status]) -> Mapping[int, datetime]:
        terms = _terms().where(extract.c.status.in_(statuses))
        return {id_: due for id_, due in await self._connection.execute(terms)}  # noqa: C416  a Row is a tuple of two, which mypy cannot see

    async def terms_of(self, extract_ids: Collection[int]) -> Mapping[int, datetime]:
        found = [
            await self._connection.execute(_terms().where(extract.c.id.in_(ids))) for ids in row_chunks(extract_ids)
        ]
        return {id_: due for rows in found for id_, due in rows}

    async def former_dates(self, extract_ids: Collection[int]) -> Mapping[int, datetime]:
        earlier = extract.alias("earlier")
        fields: tuple[Any, ...] = (extract.c.id, func.max(earlier.c.queued_at))
        same_pair = (earlier.c.person_id == extract.c.person_id) & earlier.c.student_id.is_not_distinct_from(
            extract.c.student_id
        )
        former = (
            select(*fields)
            .join(earlier, same_pair & (earlier.c.id < extract.c.id) & (earlier.c.status != Status.WITHDRAWN))
            .group_by(extract.c.id)
        )
        found = [await self._connection.execute(former.where(extract.c.id.in_(ids))) for ids in row_chunks(extract_ids)]
        return {id_: at for rows in found for id_, at in rows}

    async def claim_unannounced(self, *, at: datetime) -> Mapping[int, datetime]:
        waiting = _terms().where(extract.c.announced_at.is_(None), extract.c.student_id.is_not(None))
        found = dict([(*row,) for row in await self._connection.execute(waiting.where(extract.c.status.in_(WAITING)))])
        for ids in row_chunks(found):
            told = update(extract).where(extract.c.id.in_(ids)).values(announced_at=at)
            await self._connection.execute(told)
        return found

    async def withdraw(self, person_id: int, student_id: int | None) -> None:
        theirs = (extract.c.person_id == person_id) & extract.c.student_id.is_not_distinct_from(student_id)
        kept = theirs & extract.c.status.in_((Status.ACCEPTED, Status.PRINTED))
        await self._connection.execute(update(extract).where(kept).values(status=Status.WITHDRAWN))

    async def record_batch(self, extract_ids: Collection[int], *, at: datetime | None) -> None:
        for ids in row_chunks(extract_ids):
            await self._connection.execute(update(extract).where(extract.c.id.in_(ids)).values(batched_at=at))

    async def advance(self, number: str, status: Status, *, at: datetime) -> None:
        """Sets a later status; an extract that has this status or a later one stays as it is."""
        behind = (extract.c.number == number) & (evidence_rank_sql(extract.c.status) < RANK_OF[status])
        stamped = update(extract).where(behind).values({"status": status, STAMPS[status]: at})
        await self._connection.execute(stamped)


def _terms() -> Select[Any]:
    """The earliest due time of the results (R6) on a page, by extract id; pages without results are left out."""
    fields: tuple[Any, ...] = (extract.c.id, func.min(delivery.c.due))
    return (
        select(*fields)
        .join(attempt, attempt.c.key == extract.c.key)
        .join(carried, carried.c.attempt_id == attempt.c.id)
        .join(delivery, delivery.c.id == carried.c.delivery_id)
        .where(delivery.c.kind.in_(R6_KINDS))
        .group_by(extract.c.id)
        .order_by(func.min(delivery.c.due), extract.c.id)
    )

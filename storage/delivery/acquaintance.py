"""Acquaintance with results, and the sheets on which persons sign for it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update

from core.model.delivery.acquaintance import Acquaintance, SheetLine, SignedSheet
from core.model.delivery.states import State, Status
from core.rules.delivery.evidence import RANK, is_closing_evidence
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_one_row, row_chunks, select_rows, upsert_rows
from storage.delivery.evidence import OWED, evidence_rank_sql
from storage.numbering import next_number_in_series
from storage.schema.delivery import notice, obligation
from storage.schema.results import acquaintance, acquaintance_sheet, sheet_line

SERIES = "acquaintance"


class SqlAcquaintances(Repository):
    async def add(self, new: Sequence[Acquaintance], closes: Mapping[str, Status]) -> int:
        added = 0
        for each in new:
            values = {name: getattr(each, name) for name in acquaintance.c.keys()}  # noqa: SIM118  # no mapping
            row = upsert_rows(self._connection, acquaintance).values(values).on_conflict_do_nothing()
            if (await self._connection.execute(row)).rowcount:
                added += 1
                await self._raise_evidence(each, closes)
        return added

    async def _raise_evidence(self, new: Acquaintance, closes: Mapping[str, Status]) -> None:
        own = obligation.c.id == new.obligation_id
        weaker = own & (evidence_rank_sql(obligation.c.evidence) < RANK[new.status])
        await self._connection.execute(update(obligation).where(weaker).values(evidence=new.status))
        if is_closing_evidence(new.status, new.channel, closes):
            owed = own & obligation.c.state.in_(OWED)
            closed = {"state": State.CLOSED, "closed_at": new.recorded_at, "revisit_at": None}
            await self._connection.execute(update(obligation).where(owed).values(closed))

    async def latest_obligations(self, person_id: int, facts: Collection[str]) -> Sequence[int]:
        found: list[int] = []
        for some in row_chunks(sorted(facts)):
            latest = select(func.max(notice.c.id)).where(notice.c.fact.in_(some)).group_by(notice.c.fact)
            own = select(obligation.c.id).where(
                obligation.c.notice_id.in_(latest),
                obligation.c.person_id == person_id,
                obligation.c.state.in_((*OWED, State.CLOSED)),
            )
            found += await self._connection.scalars(own.order_by(obligation.c.id))
        return found

    async def add_sheet(
        self, about: str, lines: Sequence[Collection[int]], *, by: int | None, at: datetime
    ) -> SignedSheet:
        number = f"О-{at.year}-{await next_number_in_series(self._connection, SERIES, at.year):04}"
        values = {"number": number, "about": about, "made_by": by, "made_at": at}
        sheet_id = await add_row(self._connection, acquaintance_sheet, values)
        rows = [
            {"sheet_id": sheet_id, "line": line, "obligation_id": id_}
            for line, ids in enumerate(lines, 1)
            for id_ in sorted(ids)
        ]
        if rows:
            await self._connection.execute(insert(sheet_line), rows)
        return SignedSheet(sheet_id, number, about, by, at)

    async def number_of(self, sheet_id: int) -> str | None:
        own = select(acquaintance_sheet.c.number).where(acquaintance_sheet.c.id == sheet_id)
        number: str | None = await self._connection.scalar(own)
        return number

    async def sheet(self, number: str) -> tuple[SignedSheet, Sequence[SheetLine]]:
        found = await fetch_one_row(
            self._connection,
            SignedSheet,
            select_rows(acquaintance_sheet, SignedSheet).where(acquaintance_sheet.c.number == number),
        )
        rows = await self._connection.execute(
            select(sheet_line.c.line, sheet_line.c.obligation_id)
            .where(sheet_line.c.sheet_id == found.id)
            .order_by(sheet_line.c.line, sheet_line.c.obligation_id)
        )
        lines: dict[int, tuple[int, ...]] = {}
        for line, obligation_id in rows:
            lines[line] = (*lines.get(line, ()), obligation_id)
        return found, [SheetLine(found.id, line, ids) for line, ids in lines.items()]

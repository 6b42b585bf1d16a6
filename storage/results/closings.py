"""The entries that close and reopen terms, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict

from core.model.results.closings import TermClosing
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_rows, select_rows
from storage.schema.results import term_closing


class SqlClosings(Repository):
    async def add(self, new: TermClosing) -> None:
        values = asdict(new)
        del values["id"]
        await add_row(self._connection, term_closing, values)

    async def closings(self, year_id: int) -> Sequence[TermClosing]:
        of_year = select_rows(term_closing, TermClosing).where(term_closing.c.year_id == year_id)
        return await fetch_rows(self._connection, TermClosing, of_year.order_by(term_closing.c.id))

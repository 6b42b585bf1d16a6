"""Destruction of contact data in SQL (Q10)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from core.model.register.erasures import DueErasure, Erasure
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_one_row, row_chunks, select_rows
from storage.numbering import next_number_in_series
from storage.schema.register import contact, erasure


class SqlErasures(Repository):
    async def destroy_contacts(self, contact_ids: Sequence[int], *, at: datetime) -> None:
        for ids in row_chunks(contact_ids):
            named = update(contact).where(contact.c.id.in_(ids))
            await self._connection.execute(named.values(address=None, destroyed_at=at, announce_at=None))
            await self._connection.execute(named.where(contact.c.revoked_at.is_(None)).values(revoked_at=at))

    async def add_erasure(self, done: DueErasure, *, by: int | None, office: str, at: datetime) -> Erasure:
        values = {
            "number": f"У-{at.year}-{await next_number_in_series(self._connection, 'erasure', at.year):04}",
            "person_id": done.person_id,
            "reason": done.reason,
            "document": done.document,
            "contact_ids": done.contact_ids,
            "channels": done.channels,
            "destroyed_at": at,
            "destroyed_by": by,
            "office": office,
        }
        await add_row(self._connection, erasure, values)
        return await self.erasure(str(values["number"]))

    async def erasure(self, number: str) -> Erasure:
        return await fetch_one_row(
            self._connection, Erasure, select_rows(erasure, Erasure).where(erasure.c.number == number)
        )

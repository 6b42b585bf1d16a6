"""Imports and the sources that are known, in SQL."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, update

from core.model.imports.reports import ReportKind
from storage.database.repository import Repository
from storage.database.rows import add_row
from storage.schema.imports import imported, source


class SqlImportHistory(Repository):
    async def sources(self) -> frozenset[tuple[ReportKind, int]]:
        rows = await self._connection.execute(select(source.c.kind, source.c.student_id))
        return frozenset((kind, student_id) for kind, student_id in rows)

    async def add_import(self, *, sha256: str, kind: str, at: datetime, by: int | None) -> int:
        new = {"sha256": sha256, "kind": kind, "imported_at": at, "imported_by": by}
        return await add_row(self._connection, imported, new | {"recorded": 0, "changed": 0, "withdrawn": 0})

    async def last_imports(self) -> Mapping[str, datetime]:
        last = select(imported.c.kind, func.max(imported.c.imported_at)).group_by(imported.c.kind)
        return dict([(*row,) for row in await self._connection.execute(last)])

    async def finish_import(self, import_id: int, *, recorded: int, changed: int, withdrawn: int) -> None:
        counts = {"recorded": recorded, "changed": changed, "withdrawn": withdrawn}
        await self._connection.execute(update(imported).where(imported.c.id == import_id).values(**counts))

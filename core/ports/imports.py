"""The history of imports, and the rows that an import stages before it writes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.model.imports.reports import ReportKind


class StagedImportsPort(Protocol):
    """Rows that an import stages while others write; in the end all of them are written or none.

    Rows are nouns of `core/model`. Other units of work do not see them before they are written.
    """

    async def seen(self) -> Sequence[int | None]:
        """The newest ids of the tables that an import reads; equal later if nobody has added a row."""
        ...

    async def reserve(self, noun: type[object], count: int) -> Sequence[int]:
        """Reserves ascending ids for new rows of a type."""
        ...

    async def add(self, rows: Sequence[object]) -> None:
        """Stages new rows; the ids of one type are all reserved, or all 0 and then set when the rows are written."""
        ...

    async def change(self, pairs: Sequence[tuple[object, object]]) -> None:
        """Stages changes: pairs of a row as it was read and as it becomes; each row at most once."""
        ...

    async def write(self) -> None:
        """Writes the staged rows; ConflictError if a changed row differs from what was read, or a new one exists."""
        ...


class ImportsPort(Protocol):
    """The history of imports, and the known sources."""

    async def sources(self) -> frozenset[tuple[ReportKind, int]]:
        """The pairs of report kind and student that were imported before."""
        ...

    async def add_import(self, *, sha256: str, kind: str, at: datetime, by: int | None) -> int: ...

    async def last_imports(self) -> Mapping[str, datetime]:
        """When a file of each kind was imported last."""
        ...

    async def finish_import(self, import_id: int, *, recorded: int, changed: int, withdrawn: int) -> None: ...

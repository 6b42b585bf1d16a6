"""What was imported before, and what an import prepares beside everybody else and writes at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.model.imports.reports import ReportKind


class Staged(Protocol):
    """Rows that an import prepares while others write, and that come in together at last: all of them or none.

    Rows are nouns. Other units of work see nothing of them before they are written.
    """

    async def seen(self) -> Sequence[int | None]:
        """The newest rows of the tables that an import reads; the same later: nobody has added any."""
        ...

    async def reserve(self, noun: type[object], count: int) -> Sequence[int]:
        """Ids for new rows of a kind, ascending."""
        ...

    async def add(self, rows: Sequence[object]) -> None:
        """New rows; the ids of a kind are either all reserved or all 0, then they get theirs when they are written."""
        ...

    async def change(self, pairs: Sequence[tuple[object, object]]) -> None:
        """Rows as they were read, and what they become; a row at most once."""
        ...

    async def write(self) -> None:
        """ConflictError if a row to be changed is not as it was read any more, or a new one is there already."""
        ...


class Imports(Protocol):
    """What was imported, and which sources are known."""

    async def sources(self) -> frozenset[tuple[ReportKind, int]]:
        """The (report kind, student) pairs already imported once."""
        ...

    async def add_import(self, *, sha256: str, kind: str, at: datetime, by: int | None) -> int: ...
    async def has_imported(self, kind: str) -> bool:
        """Whether a file of this kind has ever brought anything."""
        ...

    async def finish_import(self, import_id: int, *, recorded: int, changed: int, withdrawn: int) -> None: ...

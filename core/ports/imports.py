"""What an import prepares beside everybody else, and writes at once."""

from collections.abc import Sequence
from typing import Protocol


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

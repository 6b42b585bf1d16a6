"""The print tray: the extracts the school hands out on paper."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.feed import SandboxFeed


@dataclass(frozen=True, slots=True)
class SandboxTraySheet:
    """A printed PDF in somebody's name."""

    number: int
    person: str
    title: str
    pdf: bytes = field(repr=False)
    date: int

    def as_json(self) -> dict[str, Any]:
        """The sheet without its bytes; ``open`` is where they are."""
        return {
            "number": self.number, "person": self.person, "title": self.title, "date": self.date,
            "size": len(self.pdf), "open": f"/sandbox/tray/{self.number}.pdf",
        }  # fmt: skip


class SandboxTray:
    """All sheets, oldest first; ``tray[name]`` are those of one person."""

    def __init__(self, feed: SandboxFeed) -> None:
        self._sheets: list[SandboxTraySheet] = []
        self._numbers = itertools.count(1)
        self._feed = feed

    def __getitem__(self, person: str) -> list[SandboxTraySheet]:
        return [sheet for sheet in self._sheets if sheet.person == person]

    def __iter__(self) -> Iterator[SandboxTraySheet]:
        return iter(self._sheets)

    def __len__(self) -> int:
        return len(self._sheets)

    def add(self, *, person: str, title: str, pdf: bytes) -> SandboxTraySheet:
        """Lay a printed sheet into the tray."""
        sheet = SandboxTraySheet(next(self._numbers), person, title, pdf, self._feed.now())
        self._sheets.append(sheet)
        self._feed.tell("sheet", sheet.as_json)
        return sheet

    def find(self, number: int) -> SandboxTraySheet | None:
        """The sheet with this number."""
        return next((sheet for sheet in self._sheets if sheet.number == number), None)

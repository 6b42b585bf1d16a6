"""The ways to ask: what a text must say, what it may not say, in the rows of `asked.csv`."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.questions.tables import question_table_rows


def says_way(text: str, what: str) -> bool:
    """Whether the text asks in one of these ways."""
    return found_way(text, what) is not None


def found_way(text: str, what: str) -> re.Match[str] | None:
    """Where the text says so, by the first way that it says."""
    return next((found for way in ways_to_ask()[what] if (found := way.search(text)) is not None), None)


def numbered_ways(kind: str) -> Iterator[tuple[int, str]]:
    """The ways of a kind that have a number: of `lesson` 1 and «lesson 1»."""
    for what in ways_to_ask():
        name, _, number = what.partition(" ")
        if name == kind:
            yield int(number), what


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask: what the text says, what else it says, and what it may not say."""

    says: re.Pattern[str]
    also: re.Pattern[str]
    unless: re.Pattern[str] | None
    example: str

    def search(self, text: str) -> re.Match[str] | None:
        """Where the text says this, unless it also says what it may not."""
        found = self.says.search(text)
        if found is None or self.also.search(text) is None or (self.unless is not None and self.unless.search(text)):
            return None
        return found


@cache
def ways_to_ask() -> dict[str, list[Way]]:
    """All ways by what they ask; a row may stand for several."""
    ways: dict[str, list[Way]] = defaultdict(list)
    for row in question_table_rows("asked"):
        says, also, unless = (re.compile(row[column], re.IGNORECASE) for column in ("says", "and", "unless"))
        for what in row["what"].split("|"):
            ways[what].append(Way(says, also, unless if row["unless"] else None, row["example"]))
    return dict(ways)

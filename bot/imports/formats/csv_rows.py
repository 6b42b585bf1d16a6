"""Reads the rows of a CSV text; a quote that is not closed is refused with its row, before it swallows other rows."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TextIO

from bot.imports.reading import ReadingProblems, UnreadableFileError

_DELIMITERS = ";,\t"
_QUOTED = re.compile(r'"[^"]*"')
_ROWS_PER_TICK = 8192
_TOP_LINES = 12
_MOST_IN_TITLE = 2
"""Delimiters that a title of one cell may hold; a known table with topics has more of them in its header."""

_TOO_LONG = "field larger"
"""Part of the only message of `csv.Error` that does not speak of quotes or line ends."""

LONGEST_LINE, MOST_LINES_OF_A_ROW = 1 << 20, 10_000


def csv_rows(text: TextIO, faults: ReadingProblems, tick: Callable[[], None]) -> Iterator[list[str]]:
    """The rows up to the first one with a wrong quote, which is a problem: what follows it cannot be trusted.

    A quoted cell that spans lines and holds the delimiter is refused too: it reads like rows that a quote swallowed.
    """
    delimiter = _find_delimiter(text)
    lines = _BoundedLines(text)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    read = 0
    try:
        for read, row in enumerate(rows, start=1):
            if lines.of_row > 1 and (column := _swallowing_cell(row, delimiter)):
                faults.add("quote_not_closed", row=read, column=column)
                return
            lines.of_row = 0
            if not read % _ROWS_PER_TICK:
                tick()
            yield row
    except csv.Error as error:
        if _TOO_LONG in str(error) and lines.of_row == 1:
            raise UnreadableFileError("csv") from error
        faults.add("quote_not_closed" if lines.of_row > 1 else "quote_inside", row=read + 1)


def _find_delimiter(text: TextIO) -> str:
    """The delimiter that the first line has most of; where that line may be a title, the one of most lines.

    What stands between quotes does not count.
    """
    lines = [_QUOTED.sub("", text.readline(LONGEST_LINE)) for _ in range(_TOP_LINES)]
    text.seek(0)
    most = [max(_DELIMITERS, key=line.count) for line in lines]
    if lines[0].count(most[0]) > _MOST_IN_TITLE:
        return most[0]
    votes = Counter(each for each, line in zip(most, lines, strict=True) if each in line)
    return max(_DELIMITERS, key=lambda each: votes[each])


def _swallowing_cell(row: list[str], delimiter: str) -> int | None:
    """The number of the first cell that spans lines and holds the delimiter; None where there is none."""
    cells = enumerate(row, start=1)
    return next((column for column, cell in cells if delimiter in cell and len(cell.splitlines()) > 1), None)


class _BoundedLines:
    """The lines of a CSV text, with limits: an endless line, or a quote that swallows the file, is refused."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.of_row = 0

    def __iter__(self) -> "_BoundedLines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_LINE)
        self.of_row += 1
        if len(line) == LONGEST_LINE or self.of_row > MOST_LINES_OF_A_ROW:
            raise UnreadableFileError("csv")
        if not line:
            raise StopIteration
        return line

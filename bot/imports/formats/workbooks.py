"""Reads workbooks (xlsx, real xls, ods): sheets as rows of text, numbered as in the sheet."""

import json
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bot.imports.formats.lost_values import LostCell
from bot.imports.reading import UnreadableFileError

_LOST = ("lost", None)
_REFUSALS = frozenset({"workbook_locked", "workbook_large"})
_READER = Path(__file__).with_name("workbook_reader.py")
CellRange = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows` is a one-time iterator; `merged` are ranges of merged cells, both corners included.

    `lost` are the cells whose value the file does not hold, with the reason.
    """

    name: str
    merged: Sequence[CellRange]
    lost: Sequence[LostCell]
    rows: Iterator[list[str]]


def read_workbook_sheets(file: IO[bytes]) -> Iterator[Sheet]:
    """The visible, non-empty sheets, one after another.

    Raises UnreadableError for a file that is broken, locked or too large inside.
    """
    file.seek(0)
    command = [sys.executable, "-P", str(_READER)]
    with subprocess.Popen(  # noqa: S603  # our own script
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as reader:
        messages = _Messages(json.loads(line) for line in reader.stdout or ())
        while messages.kind == "sheet":
            name, merged, lost = messages.take()
            sheet = Sheet(name, merged, lost, messages.rows())
            yield sheet
            deque(sheet.rows, maxlen=0)  # skip rows that the caller did not read
        if messages.kind != "end":
            raise UnreadableFileError(messages.what if messages.what in _REFUSALS else "workbook_broken")


class _Messages:
    """The reader's messages with one look-ahead; "lost" follows where the reader died."""

    def __init__(self, messages: Iterator[tuple[str, Any]]) -> None:
        self._messages = messages
        self.kind: str
        self.what: Any
        self.kind, self.what = next(messages, _LOST)

    def take(self) -> Any:
        what = self.what
        self.kind, self.what = next(self._messages, _LOST)
        return what

    def rows(self) -> Iterator[list[str]]:
        """The rows up to the next message of another kind."""
        while self.kind == "rows":
            yield from self.take()


def fill_merged_workbook_cells(rows: Sequence[list[str]], merged: Sequence[CellRange]) -> Sequence[list[str]]:
    """The rows with the text of each merged area in all of its cells, changed in place."""
    for (top, left), (bottom, right) in merged:
        text = "".join("".join(row[left : left + 1]) for row in rows[top : top + 1])
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [text] * len(row[left : right + 1])
    return rows

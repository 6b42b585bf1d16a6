"""The cells of an exam file as rows of text: the sheets of a workbook, or the one table of a CSV file."""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice

from bot.imports.formats.csv_rows import csv_rows
from bot.imports.formats.opening import OpenedImportFile
from bot.imports.formats.sniffing import FileForm, SniffedFile
from bot.imports.formats.workbooks import read_workbook_sheets
from bot.imports.reading import ReadingProblems, UnreadableFileError
from core.rules.characters import with_escaped_characters

MOST_ROWS = 100_000
"""More than a region writes about one exam."""

_GUESSED, _OTHER = "cp1251", "cp866"
_RUSSIAN = re.compile(r"[а-яё]", re.IGNORECASE)
_HEAD = 10_000
_TOP_ROWS = 60

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ExamSheet:
    """A table; `lost` are the cells whose value the file does not hold, with the reason.

    `is_text`: from a CSV file, where a row that is too short shows that the file was cut off. `counted`, shared by the
    sheets of a file: how many students of an exam stand on the sheets before, if its tail has not come yet.
    """

    name: str | None
    rows: Sequence[Sequence[str]]
    faults: ReadingProblems
    lost: Mapping[Place, str] = field(default_factory=dict)
    is_text: bool = False
    counted: dict[Hashable, int] = field(default_factory=dict)

    @property
    def numbered(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows that are not empty, with their numbers from 1."""
        return ((number, row) for number, row in enumerate(self.rows, start=1) if any(map(str.strip, row)))

    @property
    def top(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The first filled rows, in which a layout is recognised."""
        return islice(self.numbered, _TOP_ROWS)


def read_exam_sheets(file: OpenedImportFile, sniffed: SniffedFile, lists: list[ReadingProblems]) -> list[ExamSheet]:
    """The tables of a file; each adds its list of problems. Raises UnreadableFileError and OSError."""
    match sniffed.form:
        case FileForm.EMPTY:
            raise UnreadableFileError("empty")
        case FileForm.WORKBOOK:
            sheets = list(_workbook_sheets(file, lists))
        case FileForm.TEXT:
            sheets = [_text_sheet(file, sniffed, lists)]
        case _:
            raise UnreadableFileError("exam_unrecognised")
    if not any(row for sheet in sheets for row in sheet.numbered):
        raise UnreadableFileError("empty")
    return sheets


def _workbook_sheets(file: OpenedImportFile, lists: list[ReadingProblems]) -> Iterator[ExamSheet]:
    counted: dict[Hashable, int] = {}
    for sheet in read_workbook_sheets(file):
        faults = ReadingProblems(with_escaped_characters(sheet.name))
        lists.append(faults)
        rows = [_checked_row(row, number) for number, row in enumerate(sheet.rows, start=1)]
        lost = {(row, column): str(reason) for row, column, reason in sheet.lost}
        yield ExamSheet(faults.sheet, rows, faults, lost, counted=counted)


def _checked_row(row: Sequence[str], number: int) -> Sequence[str]:
    if number > MOST_ROWS:
        raise UnreadableFileError("too_many_rows", most=str(MOST_ROWS))
    return row


def _text_sheet(file: OpenedImportFile, sniffed: SniffedFile, lists: list[ReadingProblems]) -> ExamSheet:
    """A file that ends within a character is read up to there: the row that is cut off becomes the problem."""
    faults = ReadingProblems()
    lists.append(faults)
    try:
        content = _decoded(b"".join(file.chunks()), sniffed)
    except UnicodeDecodeError as error:
        raise UnreadableFileError("encoding") from error
    rows = csv_rows(StringIO(content, newline=""), faults, lambda: None)
    return ExamSheet(
        None, [_checked_row(row, number) for number, row in enumerate(rows, start=1)], faults, is_text=True
    )


def _decoded(content: bytes, sniffed: SniffedFile) -> str:
    """The text; programs of the exam centres write cp866 too: read as the wrong one, a text loses Russian letters."""
    text = content.decode(sniffed.encoding, "ignore" if sniffed.cut_off else "strict")
    if sniffed.encoding != _GUESSED:
        return text
    return max(text, content.decode(_OTHER), key=_russian_letters)


def _russian_letters(text: str) -> int:
    return len(_RUSSIAN.findall(text[:_HEAD]))

"""Reads the printed weekly timetable: a block of columns for each class, weekdays from top to bottom (Q16)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.imports.reading import ProblemList, Rows, UnreadableFileError
from bot.imports.tables.rows import read_two_digits
from bot.imports.weekdays import read_weekday
from core.model.imports.timetable_tables import ScheduleKind, ScheduleTable, TemplateRow

_CLASS = re.compile(
    r"(\d{1,2})\s*-?\s*[«\"“„'‘]?\s*([а-яёa-z])\s*[»\"”“'’]?(?:\s*кл(?:асс)?\.?)?(?:\s*\(.*\))?", re.IGNORECASE
)
"""«5А», «5 "А" класс», «10-б (физмат)»."""

_TOP_ROWS = 5
_WEEKDAY_COLUMNS = 3
"""Leftmost columns in which weekdays are looked for."""

_LAST_NUMBER = 15


@dataclass(frozen=True, slots=True)
class _Block:
    """The columns of one class; `room` None where the block has none."""

    school_class: str
    number: int
    subject: int
    room: int | None


@dataclass(frozen=True, slots=True)
class _Cell:
    """A lesson in a block; without a `number` it takes that of a neighbouring lesson."""

    row: int
    weekday: int | None
    number: int | None
    subject: str
    room: str | None


def class_title_row(rows: Rows) -> int | None:
    """The index of the row that names the classes; None in any other table."""
    if not any(read_weekday(cell) is not None for row in rows for cell in row[:_WEEKDAY_COLUMNS]):
        return None
    return next((index for index, row in enumerate(rows[:_TOP_ROWS]) if any(map(_class_name, row))), None)


def read_timetable_grid(rows: Rows, *, faults: ProblemList) -> ScheduleTable:
    """The lessons class by class; merged cells must be filled. A lesson without number, day or subject is a problem.

    Lesson numbers stand in each block or once for all blocks. A lesson without a number takes the number of the one
    above it, else of the one below. Raises UnreadableError where there is no lesson at all.
    """
    top = class_title_row(rows) or 0
    found = [lesson for block in _blocks(rows, top) for lesson in _lessons(block, rows, top, faults)]
    if not found and not faults.problems:
        raise UnreadableFileError("unrecognised")
    return ScheduleTable(ScheduleKind.TEMPLATE, faults.sheet, tuple(found))


def _class_name(cell: str) -> str | None:
    named = _CLASS.fullmatch(cell.strip())
    return f"{int(named[1])}{named[2].upper()}" if named else None


def _blocks(rows: Rows, top: int) -> list[_Block]:
    """The blocks of all classes; a title stands above its subjects or is merged over the whole block."""
    below = rows[top + 1 :]
    titled = [(index, _class_name(cell)) for index, cell in enumerate(rows[top])]
    titles = [(name, next(span)[0]) for name, span in groupby(titled, key=lambda each: each[1]) if name]
    starts = [_block_columns(below, title) for _, title in titles]
    shared = next((column for column in range(titles[0][1]) if _holds_numbers(below, column)), 0)
    ends = [*(number if number is not None else title for number, title in starts[1:]), max(map(len, rows))]
    return [
        _Block(name, shared if number is None else number, subject, subject + 1 if subject + 1 < end else None)
        for (name, _), (number, subject), end in zip(titles, starts, ends, strict=True)
    ]


def _block_columns(rows: Rows, title: int) -> tuple[int | None, int]:
    """The column of a block's own numbers (None where it has none), and that of its subjects."""
    if _holds_numbers(rows, title):
        return title, title + 1
    return (title - 1 if _holds_numbers(rows, title - 1) else None), title


def _holds_numbers(rows: Rows, column: int) -> bool:
    """True where most numbers in a column can be lesson numbers; numbers of rooms are larger."""
    cells = [cell for row in rows if any(map(str.isdigit, cell := _text(row, column)))]
    numbers = [number for cell in cells if (number := read_two_digits(cell)) is not None and number <= _LAST_NUMBER]
    return 2 * len(numbers) > len(cells)


def _lessons(block: _Block, rows: Rows, top: int, faults: ProblemList) -> Iterator[TemplateRow]:
    cells = list(_cells(block, rows, top, faults))
    for weekday, day in groupby(cells, key=lambda cell: cell.weekday):
        for cell, number in _with_lesson_numbers(list(day)):
            if weekday is None:
                faults.add("weekday_missing", row=cell.row, column=block.subject + 1)
            elif number is None:
                faults.add("number_missing", row=cell.row, column=block.number + 1)
            else:
                column = block.subject + 1
                yield TemplateRow(cell.row, column, block.school_class, weekday, number, cell.subject, cell.room)


def _cells(block: _Block, rows: Rows, top: int, faults: ProblemList) -> Iterator[_Cell]:
    """The lessons of a block. Rows with a weekday or a class instead of a subject are skipped, and column titles."""
    weekday = None
    for place, row in enumerate(rows[top + 1 :], start=top + 2):
        weekday = _weekday(row, weekday)
        written, subject = _text(row, block.number), _text(row, block.subject)
        number = read_two_digits(written)
        room = _text(row, block.room) if block.room is not None else ""
        if read_weekday(subject) is not None or _class_name(subject):
            continue
        if subject and written and number is None:
            if weekday is not None:
                faults.add("whole", row=place, column=block.number + 1)
        elif subject:
            yield _Cell(place, weekday, number, subject, room or None)
        elif room:
            faults.add("cell_missing", row=place, column=block.subject + 1)


def _weekday(row: Sequence[str], before: int | None) -> int | None:
    """The weekday named in this row, else the last one named above."""
    return next((day for cell in row[:_WEEKDAY_COLUMNS] if (day := read_weekday(cell)) is not None), before)


def _with_lesson_numbers(day: Sequence[_Cell]) -> Iterator[tuple[_Cell, int | None]]:
    number = next((cell.number for cell in day if cell.number is not None), None)
    for cell in day:
        number = number if cell.number is None else cell.number
        yield cell, number


def _text(row: Sequence[str], column: int) -> str:
    return " ".join(row[column].split()) if 0 <= column < len(row) else ""

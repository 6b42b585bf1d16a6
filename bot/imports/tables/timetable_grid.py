"""The weekly timetable as schools print it: a block of columns for each class, the days of the week downwards (Q16)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.imports.reading import Faults, Rows, UnreadableFileError
from bot.imports.tables.rows import read_whole
from bot.imports.weekdays import read_weekday
from core.model.imports.timetable_tables import ScheduleKind, ScheduleTable, TemplateRow

_CLASS = re.compile(
    r"(\d{1,2})\s*-?\s*[«\"“„'‘]?\s*([а-яёa-z])\s*[»\"”“'’]?(?:\s*кл(?:асс)?\.?)?(?:\s*\(.*\))?", re.IGNORECASE
)
"""«5А», «5 "А" класс», «10-б (физмат)»."""

_TOP_ROWS = 5
_LEFT = 3
"""Among so many columns at the left the days of the week stand."""

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
    """A lesson as it stands in a block; `number` None belongs to the lesson around it."""

    row: int
    weekday: int | None
    number: int | None
    subject: str
    room: str | None


def title_row(rows: Rows) -> int | None:
    """The index of the row that names the classes, None in any other table."""
    if not any(read_weekday(cell) is not None for row in rows for cell in row[:_LEFT]):
        return None
    return next((index for index, row in enumerate(rows[:_TOP_ROWS]) if any(map(_class, row))), None)


def read_grid(rows: Rows, *, faults: Faults) -> ScheduleTable:
    """The lessons class by class; merged cells must be filled. What has no number, day or subject is a problem.

    Lesson numbers stand in each block or once for all. A lesson without a number is held at the same time as the one
    above it, failing that as the one below. Raises UnreadableError where there is no lesson at all.
    """
    top = title_row(rows) or 0
    found = [lesson for block in _blocks(rows, top) for lesson in _lessons(block, rows, top, faults)]
    if not found and not faults.found:
        raise UnreadableFileError("unrecognised")
    return ScheduleTable(ScheduleKind.TEMPLATE, faults.sheet, tuple(found))


def _class(cell: str) -> str | None:
    named = _CLASS.fullmatch(cell.strip())
    return f"{int(named[1])}{named[2].upper()}" if named else None


def _blocks(rows: Rows, top: int) -> list[_Block]:
    """A title may stand over its block's subjects or be merged over the whole block."""
    below = rows[top + 1 :]
    titled = [(index, _class(cell)) for index, cell in enumerate(rows[top])]
    titles = [(name, next(span)[0]) for name, span in groupby(titled, key=lambda each: each[1]) if name]
    starts = [_start(below, title) for _, title in titles]
    shared = next((column for column in range(titles[0][1]) if _holds_numbers(below, column)), 0)
    ends = [*(number if number is not None else title for number, title in starts[1:]), max(map(len, rows))]
    return [
        _Block(name, shared if number is None else number, subject, subject + 1 if subject + 1 < end else None)
        for (name, _), (number, subject), end in zip(titles, starts, ends, strict=True)
    ]


def _start(rows: Rows, title: int) -> tuple[int | None, int]:
    """The columns of a block's own numbers, None where it has none, and of its subjects."""
    if _holds_numbers(rows, title):
        return title, title + 1
    return (title - 1 if _holds_numbers(rows, title - 1) else None), title


def _holds_numbers(rows: Rows, column: int) -> bool:
    """Whether most figures in a column are numbers of lessons, which rooms are not."""
    cells = [cell for row in rows if any(map(str.isdigit, cell := _text(row, column)))]
    numbers = [number for cell in cells if (number := read_whole(cell)) is not None and number <= _LAST_NUMBER]
    return 2 * len(numbers) > len(cells)


def _lessons(block: _Block, rows: Rows, top: int, faults: Faults) -> Iterator[TemplateRow]:
    cells = list(_cells(block, rows, top, faults))
    for weekday, day in groupby(cells, key=lambda cell: cell.weekday):
        for cell, number in _numbered(list(day)):
            if weekday is None:
                faults.add("weekday_missing", row=cell.row, column=block.subject + 1)
            elif number is None:
                faults.add("number_missing", row=cell.row, column=block.number + 1)
            else:
                column = block.subject + 1
                yield TemplateRow(cell.row, column, block.school_class, weekday, number, cell.subject, cell.room)


def _cells(block: _Block, rows: Rows, top: int, faults: Faults) -> Iterator[_Cell]:
    """The rows of a block that hold a lesson; columns are titled above the first day, days and classes anywhere."""
    weekday = None
    for place, row in enumerate(rows[top + 1 :], start=top + 2):
        weekday = _weekday(row, weekday)
        written, subject = _text(row, block.number), _text(row, block.subject)
        number = read_whole(written)
        room = _text(row, block.room) if block.room is not None else ""
        if read_weekday(subject) is not None or _class(subject):
            continue
        if subject and written and number is None:
            if weekday is not None:
                faults.add("whole", row=place, column=block.number + 1)
        elif subject:
            yield _Cell(place, weekday, number, subject, room or None)
        elif room:
            faults.add("cell_missing", row=place, column=block.subject + 1)


def _weekday(row: Sequence[str], before: int | None) -> int | None:
    """The day named beside the row, else the one named last."""
    return next((day for cell in row[:_LEFT] if (day := read_weekday(cell)) is not None), before)


def _numbered(day: Sequence[_Cell]) -> Iterator[tuple[_Cell, int | None]]:
    number = next((cell.number for cell in day if cell.number is not None), None)
    for cell in day:
        number = number if cell.number is None else cell.number
        yield cell, number


def _text(row: Sequence[str], column: int) -> str:
    return " ".join(row[column].split()) if 0 <= column < len(row) else ""

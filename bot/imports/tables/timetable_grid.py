"""Reads the printed weekly timetable: a block of columns for each class, weekdays from top to bottom (Q16).

Every text that orders the lessons is understood or a problem: a day that is passed over would put its lessons on the
day before (Q101).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.imports.reading import ReadingProblems, Rows, UnreadableFileError
from bot.imports.tables.grid_titles import (
    WEEKDAY_COLUMNS,
    grid_class_title_row,
    grid_title_class_name,
    grid_title_weekday,
    is_grid_column_title,
    is_grid_structure_title,
)
from bot.imports.tables.rows import read_two_digit_row_cell, row_cell_without_footnote, row_subject_fault
from bot.imports.weekdays import read_week, read_week_in_title, read_weekday, split_week_from_cell
from core.model.imports.timetable_tables import ScheduleKind, ScheduleTable, TemplateRow
from core.model.timetable import Week

_LAST_NUMBER = 15
_MOST_SLIPS = 4
"""A column whose numbers fall more often than at every fourth lesson holds no lesson numbers."""

_NO_LESSON = re.compile(r"[-–—_.\s]*")
_CLOCKS = re.compile(r"(?:с\s*)?[0-9]{1,2}[:.-][0-9]{2}(?:\D{1,4}[0-9]{1,2}[:.-][0-9]{2})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Block:
    """The columns of one class; `room` None where the block has none."""

    school_class: str
    number: int
    subject: int
    room: int | None


@dataclass(frozen=True, slots=True)
class _Grid:
    """`weekdays` and `weeks` are those of each row: None above the first day, and in every week. `day` is a column."""

    rows: Rows
    top: int
    blocks: Sequence[_Block]
    day: int
    weekdays: Sequence[int | None]
    weeks: Sequence[Week | None]

    @property
    def numbers(self) -> frozenset[int]:
        """The columns of lesson numbers."""
        return frozenset(block.number for block in self.blocks)

    def below(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows under the titles, with their indices."""
        return enumerate(self.rows[self.top + 1 :], start=self.top + 1)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A lesson in a block; without a `number` it takes that of a neighbouring lesson."""

    row: int
    weekday: int | None
    week: Week | None
    number: int | None
    subject: str
    room: str | None


def read_timetable_grid(rows: Rows, *, faults: ReadingProblems, title: str = "") -> ScheduleTable:
    """The lessons class by class; merged cells must be filled. A lesson without number, day or subject is a problem.

    Lesson numbers stand in each block or once for all blocks. A lesson without a number takes the number of the one
    directly above it, else of the one below. `title` is the sheet's name: it and the lines above the classes may name
    the week. Raises UnreadableError where there is no lesson at all.
    """
    grid = _grid(rows, title)
    if not _lesson_follows(grid, grid.top + 1, to_end=True):
        raise UnreadableFileError("unrecognised")
    _check_titles(grid, faults)
    _check_days(grid, faults)
    _check_columns(grid, faults)
    found = [lesson for block in grid.blocks for lesson in _lessons(block, grid, faults)]
    return ScheduleTable(ScheduleKind.TEMPLATE, faults.sheet, tuple(found))


def _grid(rows: Rows, title: str) -> _Grid:
    """The day's column is the one of the leftmost that names most days."""
    top = grid_class_title_row(rows) or 0
    rows = [*rows[: top + 1], *map(_without_banner, rows[top + 1 :])]
    below = rows[top + 1 :]
    blocks = _blocks(rows, top)
    left = range(min(WEEKDAY_COLUMNS, max(map(len, rows))))
    day = max(left, key=lambda column: sum(read_weekday(_text(row, column)) is not None for row in below))
    lines = [title, *(text for row in rows[:top] for text in dict.fromkeys(row))]
    week = next((named for line in lines if (named := read_week(line) or read_week_in_title(line))), None)
    days = [(None, week)] * (top + 1) + list(_days(below, blocks, week))
    return _Grid(rows, top, blocks, day, [weekday for weekday, _ in days], [week for _, week in days])


def _without_banner(row: Sequence[str]) -> Sequence[str]:
    """A line that is merged over the whole table stands in its first cell alone: no class has it as a lesson."""
    if (
        len(row) <= WEEKDAY_COLUMNS
        or len({*row}) > 1
        or is_grid_structure_title(row[0])
        or read_two_digit_row_cell(row[0]) is not None
    ):
        return row
    return [row[0], *[""] * (len(row) - 1)]


def _days(rows: Rows, blocks: Sequence[_Block], section: Week | None) -> Iterator[tuple[int | None, Week | None]]:
    """Weekday and week of each row. A week alone on a line is for all rows under it, beside a day for the day's."""
    weekday, of_day = None, None
    for row in rows:
        left = [" ".join(cell.split()) for cell in row[: blocks[0].subject]]
        own = next((week for cell in left if (week := read_week(cell))), None)
        if grid_title_weekday(row) is not None:
            weekday = grid_title_weekday(row)
            of_day = next((week for cell in left if (week := split_week_from_cell(cell)[1])), None)
        if own and not any(_is_lesson(_text(row, block.subject)) for block in blocks):
            section, own, of_day = own, None, None
        yield weekday, own or of_day or section


def _blocks(rows: Rows, top: int) -> list[_Block]:
    """The blocks of all classes; a title stands above its subjects or is merged over the whole block."""
    below = rows[top + 1 :]
    titled = [(index, grid_title_class_name(cell)) for index, cell in enumerate(rows[top])]
    titles = [(name, next(span)[0]) for name, span in groupby(titled, key=lambda each: each[1]) if name]
    shared = next((column for column in range(titles[0][1]) if _holds_numbers(below, column)), None)
    starts = [_block_columns(below, title, has_shared=shared is not None) for _, title in titles]
    ends = [*(number if number is not None else title for number, title in starts[1:]), max(map(len, rows))]
    return [
        _Block(name, (shared or 0) if number is None else number, subject, subject + 1 if subject + 1 < end else None)
        for (name, _), (number, subject), end in zip(titles, starts, ends, strict=True)
    ]


def _block_columns(rows: Rows, title: int, *, has_shared: bool) -> tuple[int | None, int]:
    """The column of a block's own numbers (None where it has none), and that of its subjects.

    Where all blocks share a column of numbers, the column before the title may hold the rooms of the class before: in
    a small school they are as small as lesson numbers, but do not rise through the day.
    """
    if _holds_numbers(rows, title):
        return title, title + 1
    own = _holds_numbers(rows, title - 1) and not (has_shared and not _rises_daily(rows, title - 1))
    return (title - 1 if own else None), title


def _rises_daily(rows: Rows, column: int) -> bool:
    """True where the numbers of a column rise through each day, but for some slips."""
    before, steps, slips = 0, 0, 0
    for row in rows:
        before = 0 if grid_title_weekday(row) is not None else before
        if (number := read_two_digit_row_cell(_text(row, column))) is not None:
            steps, slips, before = steps + 1, slips + (number <= before), number
    return _MOST_SLIPS * slips <= steps


def _holds_numbers(rows: Rows, column: int) -> bool:
    """True where most numbers in a column can be lesson numbers; numbers of rooms are larger."""
    cells = [cell for row in rows if any(map(str.isdigit, cell := _text(row, column)))]
    numbers = [
        number for cell in cells if (number := read_two_digit_row_cell(cell)) is not None and number <= _LAST_NUMBER
    ]
    return 2 * len(numbers) > len(cells)


def _check_titles(grid: _Grid, faults: ReadingProblems) -> None:
    """Each title is a class or a usual title of a column, so are the lines between the classes and the first day."""
    for column, cell in enumerate(grid.rows[grid.top]):
        if not (is_grid_column_title(cell) or grid_title_class_name(cell) or column == grid.day):
            faults.add("class_title", row=grid.top + 1, column=column + 1)
    for index, row in grid.below():
        if grid.weekdays[index] is not None:
            return
        if any(read_two_digit_row_cell(_text(row, column)) is not None for column in grid.numbers):
            continue
        for column, cell in enumerate(row):
            if not is_grid_structure_title(cell) or (read_week(cell) and column >= grid.blocks[0].subject):
                faults.add("column_title", row=index + 1, column=column + 1)


def _check_days(grid: _Grid, faults: ReadingProblems) -> None:
    """A text in the column of days is understood; it is only a note where no lesson follows, as a line for signing."""
    before, begun = "", set[tuple[int | None, Week | None]]()
    classes = {block.school_class for block in grid.blocks}
    for index, row in grid.below():
        text = _text(row, grid.day)
        day = grid.weekdays[index], grid.weeks[index]
        foreign = (
            grid_title_class_name(text) is not None
            and grid_title_class_name(text) not in classes
            and not is_grid_column_title(text)
        )
        is_known = (is_grid_structure_title(text) and not foreign) or grid.day >= grid.blocks[0].subject
        if not (is_known or text == before or (grid.day in grid.numbers and read_two_digit_row_cell(text) is not None)):
            if _lesson_follows(grid, index):
                faults.add("weekday", row=index + 1, column=grid.day + 1, value=text)
            else:
                faults.note("line_left_out", row=index + 1, column=grid.day + 1)
        if grid_title_weekday(row) is not None and grid.weekdays[index - 1] != day[0] and day in begun:
            faults.add("weekday_twice", row=index + 1, column=grid.day + 1, value=text)
        begun.add(day)
        before = text


def _lesson_follows(grid: _Grid, index: int, *, to_end: bool = False) -> bool:
    """True if a lesson stands in this row, or under it before the next day or the end."""
    for at, row in enumerate(grid.rows[index:], start=index):
        if not to_end and at > index and grid_title_weekday(row) is not None:
            return False
        if any(_is_lesson(_text(row, block.subject)) for block in grid.blocks):
            return True
    return False


def _check_columns(grid: _Grid, faults: ReadingProblems) -> None:
    """A column that is neither of the days nor a class's holds titles, days, weeks or the numbers again, or clocks."""
    read = {grid.day, *grid.numbers}
    read |= {column for block in grid.blocks for column in (block.subject, block.room) if column is not None}
    for column in set(range(max(map(len, grid.rows)))) - read:
        cells = [(index, text) for index, row in grid.below() if (text := _text(row, column))]
        strange = [
            (index, text)
            for index, text in cells
            if not (is_grid_structure_title(text) or read_two_digit_row_cell(text))
        ]
        if strange and all(_CLOCKS.fullmatch(text) for _, text in strange):
            faults.note("grid_times", row=strange[0][0] + 1, column=column + 1)
        elif strange:
            faults.add("grid_column", row=strange[0][0] + 1, column=column + 1)


def _lessons(block: _Block, grid: _Grid, faults: ReadingProblems) -> Iterator[TemplateRow]:
    cells = list(_cells(block, grid, faults))
    for weekday, day in groupby(cells, key=lambda cell: cell.weekday):
        before: dict[Week | None, int] = {}
        for cell, number in _with_lesson_numbers(list(day)):
            if weekday is None:
                faults.add("weekday_missing", row=cell.row, column=block.subject + 1)
            elif number is None:
                faults.add("number_missing", row=cell.row, column=block.number + 1)
            elif number < before.get(cell.week, number):
                faults.add("number_back", row=cell.row, column=block.number + 1)
            else:
                before[cell.week] = number
                place = cell.row, block.subject + 1, block.school_class, weekday, number
                yield TemplateRow(*place, cell.subject, cell.room, week=cell.week)


def _cells(block: _Block, grid: _Grid, faults: ReadingProblems) -> Iterator[_Cell]:
    """The lessons of a block. Lines with a day, a week or the classes again are skipped, and titles of columns."""
    for index, row in grid.below():
        weekday, row_week = grid.weekdays[index], grid.weeks[index]
        written, subject = _text(row, block.number), _text(row, block.subject)
        number = read_two_digit_row_cell(written)
        room = _text(row, block.room) if block.room is not None else ""
        if not _is_lesson(subject):
            _check_no_lesson(block, index, row, faults)
        elif weekday is None and number is None:
            continue
        elif fault := row_subject_fault(subject):
            faults.add(fault, row=index + 1, column=block.subject + 1, value=subject)
        elif written and number is None:
            faults.add("whole", row=index + 1, column=block.number + 1)
        else:
            words, week = split_week_from_cell(row_cell_without_footnote(subject))
            beside = read_week(room)
            yield _Cell(index + 1, weekday, week or beside or row_week, number, words, None if beside else room or None)


def _check_no_lesson(block: _Block, index: int, row: Sequence[str], faults: ReadingProblems) -> None:
    """A cell that is no lesson is empty, or repeats what stands at the left or above: a day, a week, this class."""
    subject = _text(row, block.subject)
    named, at_left = grid_title_class_name(subject), {*map(str.strip, row[: block.subject])}
    if named is not None and named != block.school_class:
        faults.add("class_below", row=index + 1, column=block.subject + 1)
    elif read_week(subject) and subject not in at_left:
        faults.add("grid_column", row=index + 1, column=block.subject + 1)
    elif _NO_LESSON.fullmatch(subject) and block.room is not None and _is_lesson(_text(row, block.room)):
        faults.add("cell_missing", row=index + 1, column=block.subject + 1)


def _is_lesson(text: str) -> bool:
    """False for an empty cell, a dash, a day, a week and the title of a class."""
    known = (read_weekday(text), read_week(text), grid_title_class_name(text))
    return _NO_LESSON.fullmatch(text) is None and all(each is None for each in known)


def _with_lesson_numbers(day: Sequence[_Cell]) -> Iterator[tuple[_Cell, int | None]]:
    """Each lesson with its number, else with that of the row directly above it, else of the one below."""
    numbers = [cell.number for cell in day]
    for steps in (range(1, len(day)), range(len(day) - 2, -1, -1)):
        for at in steps:
            near = at - 1 if steps.step == 1 else at + 1
            if numbers[at] is None and abs(day[at].row - day[near].row) == 1:
                numbers[at] = numbers[near]
    return zip(day, numbers, strict=True)


def _text(row: Sequence[str], column: int) -> str:
    return " ".join(row[column].split()) if 0 <= column < len(row) else ""

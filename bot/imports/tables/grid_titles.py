"""Titles of a printed timetable: its classes, and the words above its other columns."""

import re
from collections.abc import Callable, Sequence

from bot.imports.reading import Rows
from bot.imports.weekdays import read_week, read_weekday

_QUOTES = "«»\"„“”'‘’"
_CLASS = re.compile(
    rf"(?P<grade>[0-9]{{1,2}})\s*-?\s*[{_QUOTES}]*\s*(?P<letters>[а-яёa-z]{{0,4}})\s*[{_QUOTES}]*"
    r"(?P<word>\s*кл(?:асс)?\.?)?(?:\s*\(.*\))?",
    re.IGNORECASE,
)
"""«5А», «5 "А" класс», «10-б (физмат)», «10ФМ», «9-й класс», «11»."""

_CLASS_FIRST = re.compile(r"класс\s*:?\s*(?=[0-9])", re.IGNORECASE)
_GRADES = range(1, 13)
_NO_LETTERS = frozenset({"урок", "этаж", "нед", "каб", "мин", "час", "чет", "сем", "чел", "ч"})
_TOP_ROWS = 10
WEEKDAY_COLUMNS = 3
"""Leftmost columns in which weekdays are looked for."""

_TITLES = (
    "день дни недели неделя № n п/п урок уроки урока номер время звонки звонков расписание предмет предметы "
    "дисциплина каб кабинет кабинеты ауд аудитория к класс классы начало конец"
)
_TITLE_WORDS = frozenset(_TITLES.split())
_BETWEEN_WORDS = re.compile(r"[\s.,:/\\|]+")


def grid_title_class_name(cell: str) -> str | None:
    """The class that a title names, as «9А», «10ФМ» or «11»; None for any other text."""
    named = _CLASS.fullmatch(_CLASS_FIRST.sub("", cell.strip()))
    letters = named["letters"].upper() if named else ""
    if named is None or int(named["grade"]) not in _GRADES or letters.lower() in _NO_LETTERS:
        return None
    return f"{int(named['grade'])}{'' if letters in {'Й', 'КЛ'} else letters}"


def _is_lettered_class(cell: str) -> bool:
    """True for a class with one letter, which nothing else looks like."""
    name = grid_title_class_name(cell)
    return name is not None and len(name.lstrip("0123456789")) == 1


def is_grid_column_title(cell: str) -> bool:
    """True for an empty cell and for the usual titles of columns: «День недели», «№ урока», «Каб.»."""
    return all(word in _TITLE_WORDS for word in _BETWEEN_WORDS.split(cell.lower()) if word)


def grid_title_weekday(row: Sequence[str]) -> int | None:
    """The weekday that stands in one of the leftmost cells."""
    return next((day for cell in row[:WEEKDAY_COLUMNS] if (day := read_weekday(cell)) is not None), None)


def grid_class_title_row(rows: Rows) -> int | None:
    """The index of the row that names the classes; None in any other table.

    It has a class with one letter; else, above the first weekday, a class with other letters or with the word «класс»;
    else nothing but years of study and titles of columns.
    """
    first_day = next((index for index, row in enumerate(rows) if grid_title_weekday(row) is not None), None)
    if first_day is None:
        return None
    above = min(first_day, _TOP_ROWS)
    searches: tuple[tuple[int, Callable[[Sequence[str]], bool]], ...] = (
        (_TOP_ROWS, lambda row: any(map(_is_lettered_class, row))),
        (above, lambda row: any(grid_title_class_name(cell) and not cell.strip().isdigit() for cell in row)),
        (
            above,
            lambda row: (
                any(map(grid_title_class_name, row))
                and all(grid_title_class_name(cell) or is_grid_column_title(cell) for cell in row)
            ),
        ),
    )
    found = (index for most, fits in searches for index, row in enumerate(rows[:most]) if fits(row))
    return next(found, None)


def is_grid_structure_title(cell: str) -> bool:
    """True for a text that orders a timetable: a day, a week, a class, a title of a column, or nothing."""
    return is_grid_column_title(cell) or any(
        read(cell) is not None for read in (read_weekday, read_week, grid_title_class_name)
    )

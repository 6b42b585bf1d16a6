"""Reads the school's timetable tables: weekly template, changes, bells, holidays, reporting periods (Q16–Q22)."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.imports.reading import ReadingProblems
from bot.imports.tables.headers import Header, rows_under_header
from bot.imports.tables.planned_hours import read_planned_hours_row, read_planned_lesson_type
from bot.imports.tables.rows import TableRow
from bot.imports.weekdays import read_week, read_week_in_title, read_weekday, split_week_from_cell
from core.model.imports.timetable_tables import (
    BellRow,
    ChangeRow,
    HolidayRow,
    PeriodRow,
    ScheduleKind,
    ScheduleRow,
    ScheduleTable,
    TemplateRow,
)
from core.model.timetable import ChangeKind, Week
from core.rules.year import FIRST_GRADE, LAST_GRADE

CHANGES = {
    **dict.fromkeys(("substitution", "замена", "замещение"), ChangeKind.SUBSTITUTION),
    **dict.fromkeys(("move", "перенос", "перенесен"), ChangeKind.MOVE),
    **dict.fromkeys(("cancellation", "отмена", "отменен", "снят", "нет урока"), ChangeKind.CANCELLATION),
    **dict.fromkeys(("room", "кабинет", "смена кабинета", "замена кабинета", "аудитория"), ChangeKind.ROOM),
}
NEEDED = {
    ChangeKind.SUBSTITUTION: ("new_teacher", "new_subject"),
    ChangeKind.MOVE: ("new_date", "new_number"),
    ChangeKind.CANCELLATION: (),
    ChangeKind.ROOM: ("new_room",),
}
"""Cells of which a change of this kind needs at least one."""

USUAL_BELLS = frozenset({"обычные", "обычный", "основные", "основной", "1 смена", "первая смена", "usual"})
"""Names of the default variant of bells."""

_OF_GRADES = re.compile(r"\d\s*[-–]?\s*(?:[хйе]|го|ых|ый|ые)?\s*кл|перв\w*\s+кл|первокл", re.IGNORECASE)
"""«Дополнительные (1 класс)», «для 1-х классов», «для первоклассников»."""

DAY_NUMBERS = frozenset("1234567")
EVERY_WEEK = frozenset({"-", "обе", "каждая", "все", "любая", "every", "both"})
WEEK_NUMBERS = {"1": Week.ODD, "2": Week.EVEN}


def read_timetable_table(
    header: Header, rows: Iterable[tuple[int, Sequence[str]]], *, faults: ReadingProblems
) -> ScheduleTable:
    """The rows of a table. A row with a fault is left out, and each of its faults is a problem.

    Lessons of a sheet that is named after a week («Чётная неделя») are of that week.
    """
    kind = ScheduleKind(header.kind)
    found: list[ScheduleRow] = []
    week = read_week(faults.sheet or "") or read_week_in_title(faults.sheet or "")
    for number, cells in rows_under_header(header, rows, faults):
        cells_of_row = TableRow(number, cells, header.columns, faults)
        row = _ROWS[kind](cells_of_row)
        if isinstance(row, TemplateRow) and row.week is None:
            row = replace(row, week=week)
        if row is None:
            cells_of_row.leave_out(kind)
        else:
            found.append(row)
    return ScheduleTable(kind, faults.sheet, tuple(found))


def _template(row: TableRow) -> TemplateRow | None:
    school_class, subject, number = (
        row.school_class("class"),
        row.subject(),
        row.two_digit_number("number", required=True),
    )
    word, of_day = split_week_from_cell(row.required("weekday"))
    weekday = int(word) - 1 if word in DAY_NUMBERS else read_weekday(word)
    if word and weekday is None:
        row.add_problem("weekday", "weekday", value=word)
    if not (school_class and subject) or number is None or weekday is None:
        return None
    room, teacher, group = row.text("room"), row.text("teacher"), row.text("group")
    week = _week(row) or of_day
    return TemplateRow(row.number, None, school_class, weekday, number, subject, room, teacher, group, week)


def _week(row: TableRow) -> Week | None:
    """Odd or even; None for every week."""
    text = row.text("week")
    if text is None or text.lower() in EVERY_WEEK:
        return None
    week = WEEK_NUMBERS.get(text) or read_week(text)
    if week is None:
        row.add_problem("week", "week")
    return week


def _change(row: TableRow) -> ChangeRow | None:
    on, number = row.date("date", required=True), row.two_digit_number("number", required=True)
    school_class, subject, kind = _class(row), row.subject(), _kind(row)
    new_on, new_number = row.date("new_date"), row.two_digit_number("new_number")
    if on is None or number is None or kind is None or not (school_class and subject) or not _is_complete(row, kind):
        return None
    is_move = kind is ChangeKind.MOVE
    return ChangeRow(
        row.number,
        on,
        school_class,
        number,
        subject,
        kind,
        new_subject=row.text("new_subject"),
        new_teacher=row.text("new_teacher"),
        new_room=row.text("new_room"),
        new_on=(new_on or on) if is_move else None,
        new_number=(number if new_number is None else new_number) if is_move else None,
    )


def _class(row: TableRow) -> str:
    row.required("class")
    return row.one_class("class") or ""


def _kind(row: TableRow) -> ChangeKind | None:
    word = row.required("change")
    kind = CHANGES.get(word.lower().replace("ё", "е"))
    if word and kind is None:
        row.add_problem("change", "change")
    return kind


def _is_complete(row: TableRow, kind: ChangeKind) -> bool:
    """True where the row says what is new; otherwise adds a problem."""
    if not NEEDED[kind] or any(row.text(name) for name in NEEDED[kind]):
        return True
    row.add_problem("change", "change_incomplete", columns=", ".join(NEEDED[kind]))
    return False


def _substitution(row: TableRow) -> ChangeRow | None:
    on, school_class = row.date("date", required=True), _class(row)
    subject, new_teacher = row.subject(), row.required("new_teacher")
    number, absent, room = row.two_digit_number("number"), row.text("absent"), row.text("new_room")
    if on is None or not (school_class and subject and new_teacher):
        return None
    change = ChangeKind.SUBSTITUTION
    return ChangeRow(
        row.number, on, school_class, number, subject, change, new_teacher=new_teacher, new_room=room, absent=absent
    )


def _bell(row: TableRow) -> BellRow | None:
    number, starts, ends = row.two_digit_number("number", required=True), row.time("starts"), row.time("ends")
    on = row.date("date")
    if number is None or starts is None or ends is None:
        return None
    if ends <= starts:
        row.add_problem("ends", "ends_first")
        return None
    variant = row.text("variant") or ""
    variant = "" if variant.lower() in USUAL_BELLS else variant
    return BellRow(row.number, variant, number, starts, ends, row.text("class"), on)


def _holiday(row: TableRow) -> HolidayRow | None:
    name, starts, ends = row.required("name"), row.date("starts", required=True), row.date("ends", required=True)
    grade_from, grade_to = row.two_digit_number("grade_from"), row.two_digit_number("grade_to")
    if name and grade_from is None and grade_to is None and _OF_GRADES.search(name):
        row.add_problem("name", "holiday_grades")
        return None
    if not name or starts is None or ends is None or not _require_order(row, starts <= ends):
        return None
    return HolidayRow(row.number, name, starts, ends, grade_from, grade_to)


def _period(row: TableRow) -> PeriodRow | None:
    name, starts, ends = row.required("period"), row.date("starts", required=True), row.date("ends", required=True)
    grades, school_class = _grades(row), row.school_class("class") if row.text("class") else None
    subject = row.subject() if row.text("subject") else None
    if not name or starts is None or ends is None or not _require_order(row, starts <= ends):
        return None
    if grades and school_class:
        row.add_problem("class", "class_or_grades", value=school_class)
        return None
    return PeriodRow(row.number, name, starts, ends, grades, school_class, subject)


def _grades(row: TableRow) -> tuple[int, int] | None:
    """The grades of a row, both included; a missing end is the school's first or last grade."""
    first, last = row.two_digit_number("grade_from"), row.two_digit_number("grade_to")
    if first is None and last is None:
        return None
    grades = first or FIRST_GRADE, last or LAST_GRADE
    if not FIRST_GRADE <= grades[0] <= grades[1] <= LAST_GRADE:
        column = "grade_to" if row.text("grade_to") else "grade_from"
        row.add_problem(column, "grades")
    return grades


def _require_order(row: TableRow, in_order: bool) -> bool:  # noqa: FBT001  # the answer itself
    if not in_order:
        row.add_problem("ends", "ends_first")
    return in_order


_ROWS: Mapping[ScheduleKind, Callable[[TableRow], ScheduleRow | None]] = {
    ScheduleKind.TEMPLATE: _template,
    ScheduleKind.CHANGES: _change,
    ScheduleKind.SUBSTITUTIONS: _substitution,
    ScheduleKind.BELLS: _bell,
    ScheduleKind.HOLIDAYS: _holiday,
    ScheduleKind.PERIODS: _period,
    ScheduleKind.PLAN: read_planned_hours_row,
    ScheduleKind.LESSON_TYPES: read_planned_lesson_type,
}

"""Reads rows of the curriculum plan and of the table of lesson types (Q59, Q60)."""

from bot.imports.tables.rows import TableRow
from core.model.imports.timetable_tables import LessonTypeRow, PlanRow
from core.rules.results.statistics.lesson_types import statistics_lesson_type_key


def read_planned_hours_row(row: TableRow) -> PlanRow | None:
    """Hours of a class and subject. None, with a problem, where class, subject or hours cannot be read."""
    school_class, subject, hours = row.school_class("class"), row.subject(), row.hours("hours")
    if not (school_class and subject) or hours is None:
        return None
    word = row.text("lesson_type")
    lesson_type = statistics_lesson_type_key(word) if word else None
    return PlanRow(row.number, school_class, subject, hours, row.text("group"), row.text("term"), lesson_type)


def read_planned_lesson_type(row: TableRow) -> LessonTypeRow | None:
    """The type of one lesson. None, with a problem, where a required cell cannot be read."""
    on, number = row.date("date", required=True), row.two_digit_number("number", required=True)
    school_class, subject, word = row.school_class("class"), row.subject(), row.required("lesson_type")
    if on is None or number is None or not (school_class and subject and word):
        return None
    topic, teacher = row.text("topic"), row.text("teacher")
    return LessonTypeRow(
        row.number, on, school_class, number, subject, statistics_lesson_type_key(word), topic, teacher
    )

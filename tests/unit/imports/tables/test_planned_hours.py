"""The curriculum plan and the types of lessons are known by their headers."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from core.model.imports.reports import ReadFile
from core.model.imports.timetable_tables import LessonTypeRow, PlanRow, ScheduleKind
from tests.support.report_files import csv_text, read, written

PLAN = ("class", "subject", "hours", "term", "lesson_type")
TYPES = ("date", "class", "number", "subject", "lesson_type")


def found(folder: Path, *table: Sequence[str]) -> ReadFile:
    """A plain table; the first row is its header."""
    return read(written(folder, csv_text(*table[1:], header=table[0]), name="table.csv"))


def test_a_plan_has_hours_by_class_and_subject(tmp_path: Path) -> None:
    """Group, term and type of lesson are for those who plan so far; the headers may be Russian (Q59)."""
    header = ("Класс", "Предмет", "Подгруппа", "Часы", "Четверть", "Тип урока")
    rows = (
        ("7А", "Физика", "", "18", "1 четверть", "Лабораторная работа"),
        ("7А", "Английский", "Англ 1", "102", "", ""),
    )
    [table] = found(tmp_path, header, *rows).schedules
    assert (table.kind, table.rows) == (
        ScheduleKind.PLAN,
        (
            PlanRow(2, "7А", "Физика", 18, None, "1 четверть", "laboratory"),
            PlanRow(3, "7А", "Английский", 102, "Англ 1"),
        ),
    )


def test_a_lesson_has_a_type(tmp_path: Path) -> None:
    """A type that the school alone knows stays as it is written, in lower case (Q60)."""
    header = ("Дата", "Класс", "Урок", "Предмет", "Тип урока", "Тема", "Учитель")
    rows = (
        ("7.09.2026", "7А", "0", "Физика", "Л/р", "Рычаг", "Лисина О.С."),
        ("8.09.2026", "7А", "2", "ИЗО", "Пленэр", "", ""),
    )
    [table] = found(tmp_path, header, *rows).schedules
    assert (table.kind, table.rows) == (
        ScheduleKind.LESSON_TYPES,
        (
            LessonTypeRow(2, date(2026, 9, 7), "7А", 0, "Физика", "laboratory", "Рычаг", "Лисина О.С."),
            LessonTypeRow(3, date(2026, 9, 8), "7А", 2, "ИЗО", "пленэр"),
        ),
    )


@pytest.mark.parametrize(("table", "expected"), [
    ([PLAN, ("", "12", "много", "", "")],
     [(2, 1, "cell_missing"), (2, 2, "subject_words"), (2, 3, "whole")]),
    ([TYPES, ("31.02.2026", "алгебра", "x", "", "")],
     [(2, 1, "date"), (2, 3, "whole"), (2, 2, "class_name"), (2, 4, "cell_missing"), (2, 5, "cell_missing")]),
])  # fmt: skip
def test_every_fault_of_a_row_has_its_place(
    tmp_path: Path, table: list[tuple[str, ...]], expected: list[tuple[int, int, str]]
) -> None:
    """A plan without hours and a lesson without a type are never read in part (Q101)."""
    assert [(each.row, each.column, each.reason) for each in found(tmp_path, *table).problems] == expected


def test_a_table_with_a_class_and_a_subject_alone_is_no_plan(tmp_path: Path) -> None:
    """Too many tables have these two columns: the message would lead the operator astray."""
    assert [each.reason for each in found(tmp_path, ("class", "subject", "room"), ("7А", "ИЗО", "3")).problems] == [
        "unrecognised"
    ]

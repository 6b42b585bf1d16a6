"""Texts that order a printed timetable: each is understood, or it is refused at its place (Q101, Q113)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from core.model.imports.reports import ReadFile
from core.model.imports.timetable_tables import TemplateRow
from core.model.timetable import Week
from tests.support.report_files import csv_text, read, workbook, written

Rows = Sequence[Sequence[Any]]

WEEK: list[list[Any]] = [
    ["День", "№", "9А", "каб.", "9Б", "каб."],
    ["Понедельник", 1, "Алгебра", 21, "Физика", 22],
    ["", 2, "История", 31, "Химия", 32],
    ["Вторник", 1, "Физика", 22, "Алгебра", 21],
    ["", 2, "ИЗО", 40, "Музыка", 41],
]


def changed(row: int, column: int, text: object) -> Rows:
    table = [[*each] for each in WEEK]
    table[row][column] = text
    return table


def sheet(folder: Path, rows: Rows, *, name: str = "Лист") -> ReadFile:
    return read(workbook(folder / "week.xlsx", {name: rows}))


def lessons(found: ReadFile) -> list[tuple[str, int, int, str, Week | None]]:
    assert found.problems == ()
    rows = [row for table in found.schedules for row in table.rows if isinstance(row, TemplateRow)]
    return [(row.school_class, row.weekday, row.number, row.subject, row.week) for row in rows]


def problems(found: ReadFile) -> list[tuple[object, object, str]]:
    return [(each.row, each.column, each.reason) for each in found.problems]


@pytest.mark.parametrize("word", ["Вторнк", "вторик", "Втор-к", "Обед", "1 смена", "02.09.2026"])
def test_a_day_that_is_not_understood_is_refused(tmp_path: Path, word: str) -> None:
    """Passed over, it would put Tuesday's lessons on Monday."""
    found = sheet(tmp_path, changed(3, 0, word))
    assert (4, 1, "weekday") in problems(found)
    assert word in [each.value for each in found.problems]


def test_a_forgotten_day_shows_by_its_numbers(tmp_path: Path) -> None:
    """Numbers that go back without a new day are the lessons of another day."""
    assert problems(sheet(tmp_path, changed(3, 0, ""))) == [(4, 2, "number_back")] * 2


def test_a_day_that_comes_twice_is_refused(tmp_path: Path) -> None:
    """A second Monday below Tuesday is a slip, or another week that nobody names."""
    again: Rows = [*WEEK, ["Понедельник", 3, "Труд", 50, "Труд", 51]]
    assert problems(sheet(tmp_path, again)) == [(6, 1, "weekday_twice")]


def test_a_misspelt_day_across_the_sheet_is_refused(tmp_path: Path) -> None:
    """Days may be lines across all classes; a line that is no day is no lesson either."""
    rows: Rows = [["№", "9А", "9Б"], ["Понедельник"] * 3, [1, "Физика", "Химия"], ["Срреда"] * 3, [1, "ИЗО", "Труд"]]
    assert (4, 1, "weekday") in problems(sheet(tmp_path, rows))


def test_a_line_for_signing_under_the_table_is_told_and_no_lesson(tmp_path: Path) -> None:
    """Where no lesson follows, a text in the column of days harms nothing."""
    found = sheet(tmp_path, [*WEEK, [], ["Заместитель директора ____________"]])
    assert len(lessons(found)) == 8
    assert [(each.row, each.column, each.reason) for each in found.notes] == [(7, 1, "line_left_out")]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("10ФМ", "10ФМ"),
        ("11", "11"),
        (12, "12"),
        ("9 класс", "9"),
        ("9-й класс", "9"),
        ("Класс 10", "10"),
        ("10 хб класс", "10ХБ"),
        ("11 «СЭ» (профиль)", "11СЭ"),
    ],
)
def test_a_class_may_have_several_letters_or_none(tmp_path: Path, title: object, name: str) -> None:
    """Beside «9А» each is a class of its own, and never a room of 9А."""
    rows = [[*row[:3], *row[4:5]] for row in changed(0, 4, title)]
    found = lessons(sheet(tmp_path, rows))
    assert [(each[0], each[3]) for each in found[:5:4]] == [("9А", "Алгебра"), (name, "Физика")]


@pytest.mark.parametrize("titles", [("9 класс", "10 класс"), ("10ФМ", "10ХБ"), ("10", "11"), (9, "9Б")])
def test_classes_are_found_without_any_that_has_one_letter(tmp_path: Path, titles: tuple[object, object]) -> None:
    """Small schools have one class a year; profile classes have two letters."""
    table = [[*row] for row in WEEK]
    table[0][2], table[0][4] = titles
    assert len(lessons(sheet(tmp_path, [["МБОУ СОШ", "", "", "", "", ""], *table]))) == 8


@pytest.mark.parametrize("title", ["10А, 10Б", "физмат", "Учитель", "подгруппа", "13А"])
def test_a_title_that_is_no_class_is_refused(tmp_path: Path, title: str) -> None:
    """Its lessons would be rooms of the class before."""
    assert (1, 4, "class_title") in problems(sheet(tmp_path, changed(0, 3, title)))


def test_another_class_below_is_refused(tmp_path: Path) -> None:
    """A second table under the first would give its lessons to the first one's classes."""
    below: Rows = [["День", "№", "8А", "каб.", "8Б", "каб."], ["Среда", 1, "Труд", 50, "Труд", 51]]
    assert problems(sheet(tmp_path, [*WEEK, *below])) == [(6, 3, "class_below"), (6, 5, "class_below")]


def test_a_third_column_of_a_class_is_refused(tmp_path: Path) -> None:
    """Teachers between subject and room would be printed as rooms, and the rooms be lost."""
    rows = [[*row[:2], "9А" if at == 0 else "ИЗО", "" if at == 0 else "Иванова", 30] for at, row in enumerate(WEEK)]
    assert (2, 4, "grid_column") not in problems(sheet(tmp_path, WEEK))
    assert problems(sheet(tmp_path, [[*rows[0][:4], "Учитель"], *rows[1:]]))[0] == (1, 5, "class_title")
    sub_titles = ["", "№", "Предмет", "Учитель", "Каб."]
    found = problems(sheet(tmp_path, [[*rows[0][:4], ""], sub_titles, *rows[1:]]))
    assert found[0] == (2, 4, "column_title")


def test_times_of_lessons_are_told_to_be_left_out(tmp_path: Path) -> None:
    """Bells are a table of their own; a column of times beside the numbers is named, not dropped."""
    times = ["Время", "8:00-8:40", "8.50 – 9.30", "8:00-8:40", "8:50-9:30"]
    rows = [[*row[:2], time, *row[2:]] for row, time in zip(WEEK, times, strict=True)]
    found = sheet(tmp_path, rows)
    assert len(lessons(found)) == 8
    assert [(each.row, each.column, each.reason) for each in found.notes] == [(2, 3, "grid_times")]
    rows[1][2] = "смена"
    assert problems(sheet(tmp_path, rows)) == [(2, 3, "grid_column")]


def test_a_title_beside_its_column_is_refused(tmp_path: Path) -> None:
    """Where the titles have slipped, times and rooms stand under the class."""
    times = ["", "8:00-8:40", "8:50-9:30", "8:00-8:40", "8:50-9:30"]
    rows = [[*row[:2], time, *row[2:]] for row, time in zip(WEEK, times, strict=True)]
    assert {(2, 3, "subject_words"), (2, 5, "subject_words")} <= {*problems(sheet(tmp_path, [WEEK[0], *rows[1:]]))}


def test_a_dash_is_a_free_lesson(tmp_path: Path) -> None:
    """A printed dash is no subject."""
    assert len(lessons(sheet(tmp_path, [[*row[:2], row[2], "", row[4], ""] for row in changed(2, 2, "—")]))) == 7


def test_a_text_far_below_takes_no_number(tmp_path: Path) -> None:
    """Under an empty row a text without a number is no lesson of the row above."""
    found = problems(sheet(tmp_path, [*WEEK, [], ["", "", "Директор школы", "", "", ""]]))
    assert found == [(7, 2, "number_missing")]


@pytest.mark.parametrize("cell", ["Нечётная", "1 неделя", "числитель"])
def test_a_week_may_stand_above_its_days(tmp_path: Path, cell: str) -> None:
    """A line with a week alone is for all rows under it, up to the next such line."""
    rows = [WEEK[0], [cell], *WEEK[1:3], ["Чётная неделя"], *WEEK[1:3]]
    weeks = [each[4] for each in lessons(sheet(tmp_path, rows)) if each[0] == "9А"]
    assert weeks == [Week.ODD, Week.ODD, Week.EVEN, Week.EVEN]


def test_a_week_may_stand_beside_day_number_or_subject(tmp_path: Path) -> None:
    """With the day it is for the day, in a column or beside a subject for that lesson, in the sheet's name for all."""
    of_day = [WEEK[0], ["Понедельник (нечётная неделя)", *WEEK[1][1:]], WEEK[2], *WEEK[3:]]
    assert [each[4] for each in lessons(sheet(tmp_path, of_day))[:4]] == [Week.ODD, Week.ODD, None, None]
    beside = changed(1, 2, "Алгебра (чёт.)")
    assert lessons(sheet(tmp_path, beside))[0] == ("9А", 0, 1, "Алгебра", Week.EVEN)
    column: Rows = [
        ["День", "№", "Неделя", "9А"],
        ["Пн", 1, "нечёт", "Физика"],
        ["", 1, "чёт", "Химия"],
        ["", 2, "", "ИЗО"],
    ]
    assert [each[3:] for each in lessons(sheet(tmp_path, column))] == [
        ("Физика", Week.ODD),
        ("Химия", Week.EVEN),
        ("ИЗО", None),
    ]
    named = lessons(sheet(tmp_path, WEEK, name="Чётная неделя"))
    assert {each[4] for each in named} == {Week.EVEN}
    titled = lessons(sheet(tmp_path, [["Расписание на нечётные недели"], *WEEK]))
    assert {each[4] for each in titled} == {Week.ODD}


def test_a_class_without_its_year_is_refused_in_a_table(tmp_path: Path) -> None:
    """«девятый» would be a new class that no rule of its year knows."""
    text = csv_text(("девятый А", "пн", "1", "Физика"), header=("class", "weekday", "number", "subject"))
    assert problems(read(written(tmp_path, text, name="week.csv"))) == [(2, 1, "class_name")]


HEADER = ("class", "weekday", "number", "subject", "week")


@pytest.mark.parametrize(
    ("text", "week"),
    [("odd", Week.ODD), ("even", Week.EVEN), ("нечётная", Week.ODD), ("2", Week.EVEN), ("", None), ("обе", None)],
)
def test_a_template_may_name_the_week(tmp_path: Path, text: str, week: Week | None) -> None:
    """The column `week` holds odd, even or nothing, in either language (contracts)."""
    found = read(written(tmp_path, csv_text(("8Б", "пн", "1", "Физика", text), header=HEADER), name="week.csv"))
    assert lessons(found) == [("8Б", 0, 1, "Физика", week)]


def test_a_week_that_is_none_is_refused(tmp_path: Path) -> None:
    """A slip would put the lesson into every week."""
    text = csv_text(("8Б", "пн", "1", "Физика", "третья"), header=HEADER)
    assert problems(read(written(tmp_path, text, name="week.csv"))) == [(2, 5, "week")]


def test_sheets_of_plain_tables_are_weeks_too(tmp_path: Path) -> None:
    """A sheet «Нечётная неделя» is of odd weeks, except where a row or its day says another week."""
    rows = [HEADER, ("8Б", "пн", 1, "Физика", ""), ("8Б", "вт (чёт.)", 1, "Химия", ""), ("8Б", "ср", 1, "ИЗО", "even")]
    found = read(workbook(tmp_path / "week.xlsx", {"Нечётная неделя": rows, "Чётная": rows[:2]}))
    assert [each[4] for each in lessons(found)] == [Week.ODD, Week.EVEN, Week.EVEN, Week.EVEN]

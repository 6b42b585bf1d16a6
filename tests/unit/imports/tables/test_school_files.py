"""Faults that lists and timetables of real schools have: each is read right or refused at its place (Q101, Q113)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from core.model.imports.reports import ReadFile
from core.model.imports.timetable_tables import TemplateRow
from tests.support.report_files import csv_text, read, workbook, written

Rows = Sequence[Sequence[Any]]


def table(folder: Path, header: str, *rows: str) -> ReadFile:
    cells = [tuple(row.split("|")) for row in rows]
    return read(written(folder, csv_text(*cells, header=tuple(header.split("|"))), name="t.csv"))


def places(found: ReadFile) -> list[tuple[object, object, str]]:
    return [(each.row, each.column, each.reason) for each in found.problems]


def lessons(folder: Path, rows: Rows) -> tuple[list[tuple[str, int, int, str, str | None]], ReadFile]:
    found = read(workbook(folder / "week.xlsx", {"Лист": rows}))
    read_rows = [row for each in found.schedules for row in each.rows if isinstance(row, TemplateRow)]
    return [(row.school_class, row.weekday, row.number, row.subject, row.room) for row in read_rows], found


@pytest.mark.parametrize("word", ["вакансия", "Вакансия (0,5 ставки)", "итого: 4 чел.", "и т.д.", "и т. п.", "—", "12"])
@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        ("person|role|class|subject", "{}|учитель|5А|Физика", 1),
        ("student|birth_date|class", "{}|01.09.2015|5А", 1),
        ("guardian|student|class|relation", "Рощин Глеб|{}|5А|отец", 2),
        ("group|kind|subject|teacher|student|class", "Англ 1|группа|Физика|{}|Рощина Майя|5А", 4),
    ],
)
def test_a_word_in_the_place_of_a_name_is_no_person(
    tmp_path: Path, word: str, header: str, row: str, column: int
) -> None:
    """A post without a teacher or a total would become a person; the cell is shown by its place only (Q103)."""
    found = table(tmp_path, header, row.format(word))
    assert places(found) == [(2, column, "no_name")]
    assert [each.value for each in found.problems] == [None]


@pytest.mark.parametrize("cell", ["5А, 5Б", "5А; 5Б", "5А и 5Б", "5А/5Б", "5А–5В", "5А 5Б", "5 «А», 5 «Б»"])
@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        ("person|role|class|subject", "Мохова Анна|учитель|{}|Физика", 3),
        ("student|birth_date|class", "Рощина Майя|01.09.2015|{}", 3),
        ("class|weekday|number|subject", "{}|пн|1|Физика", 1),
        ("date|class|number|subject|change", "01.12.2026|{}|1|Физика|отмена", 2),
    ],
)
def test_a_cell_of_several_classes_is_refused(tmp_path: Path, cell: str, header: str, row: str, column: int) -> None:
    """It would become one new class of that name, which has no student (Q101)."""
    text = csv_text(tuple(row.format(cell).split("|")), header=tuple(header.split("|")), delimiter="\t")
    assert places(read(written(tmp_path, text, name="t.csv"))) == [(2, column, "several_classes")]


@pytest.mark.parametrize("cell", ["10-1", "5 «А»", "9-Б", "10 ФМ", "11 (физмат)", "7.2"])
def test_a_class_with_an_unusual_name_is_one_class(tmp_path: Path, cell: str) -> None:
    """Signs within a name do not make several classes of it."""
    assert table(tmp_path, "student|birth_date|class", f"Рощина Майя|01.09.2015|{cell}").problems == ()


@pytest.mark.parametrize(
    "name", ["Дополнительные (1 класс)", "Для 1-х классов", "для первоклассников", "Первые классы", "1 кл."]
)
def test_holidays_of_some_grades_are_not_those_of_the_school(tmp_path: Path, name: str) -> None:
    """The week of the first grades would free everybody from lessons; with their grades they are read (Q22)."""
    bare = "name|starts|ends"
    assert places(table(tmp_path, bare, f"{name}|15.02.2027|21.02.2027")) == [(2, 1, "holiday_grades")]
    whole = table(tmp_path, f"{bare}|grade_from|grade_to", f"{name}|15.02.2027|21.02.2027|1|1")
    assert whole.problems == ()
    assert table(tmp_path, bare, "Осенние|26.10.2026|03.11.2026").problems == ()


def test_a_line_of_another_encoding_is_named(tmp_path: Path) -> None:
    """Two files were joined: the line is told, and nothing is read as rubbish (Q101)."""
    path = tmp_path / "t.csv"
    rows = ["student;birth_date;class", "Рощина Майя;01.09.2015;5А", "Мохов Глеб;02.09.2015;5А"]
    path.write_bytes("\n".join(rows[:2]).encode() + b"\n" + rows[2].encode("cp1251"))
    assert places(read(path)) == [(3, None, "encoding_of_line")]


def test_marks_of_a_footnote_are_no_part_of_a_subject(tmp_path: Path) -> None:
    """«Физкультура*» is the subject that the journal knows; the line under the table is told and no lesson (Q113)."""
    note = "* Физкультура проходит в большом зале"
    rows: Rows = [
        ["День", "№", "Время", "5А", "каб.", "5Б", "каб."],
        ["Понедельник", 1, "8:30-9:10", "Физкультура*", 21, "Химия", 22],
        ["Вторник", 1, "8:30-9:10", "История", 21, "Физкультура *", 22],
        [note] * 7,
    ]
    read_lessons, found = lessons(tmp_path, rows)
    assert {subject for *_, subject, _ in read_lessons} == {"Физкультура", "Химия", "История"}
    assert found.problems == ()
    assert (4, 1, "line_left_out") in [(each.row, each.column, each.reason) for each in found.notes]


@pytest.mark.parametrize("word", ["и т.д.", "Итого", "всего 5 уроков", "нет"])
def test_a_word_in_the_place_of_a_subject_is_no_lesson(tmp_path: Path, word: str) -> None:
    """Families would read it in their timetable."""
    rows: Rows = [["День", "№", "5А", "5Б"], ["Пн", 1, "Физика", word], ["Вт", 1, "История", "Химия"]]
    assert places(lessons(tmp_path, rows)[1]) == [(2, 4, "no_name")]


@pytest.mark.parametrize("rooms", [(7, 3, 12, 1), (5, 5, 5, 5)])
def test_rooms_of_a_small_school_are_no_lesson_numbers(tmp_path: Path, rooms: tuple[int, ...]) -> None:
    """The rooms of 5А stand before the title of 5Б and are as small as numbers of lessons, but do not rise (Q16)."""
    rows: list[list[Any]] = [["День", "№", "5А", "", "5Б", ""]]
    for day in ("Пн", "Вт"):
        rows += [[day if n == 1 else "", n, "Физика", room, "Химия", room] for n, room in enumerate(rooms, start=1)]
    read_lessons, found = lessons(tmp_path, rows)
    assert found.problems == ()
    assert [(number, room) for name, day, number, _, room in read_lessons if (name, day) == ("5Б", 1)] == [
        (number, str(room)) for number, room in enumerate(rooms, start=1)
    ]


def test_a_class_of_the_second_shift_keeps_its_own_numbers(tmp_path: Path) -> None:
    """A second column of numbers rises through the day, so it is one."""
    rows: list[list[Any]] = [["День", "№", "5А", "№", "6А"]]
    for day in ("Пн", "Вт"):
        rows += [[day if n == 1 else "", n, "Физика", n + 3, "Химия"] for n in range(1, 4)]
    read_lessons, _ = lessons(tmp_path, rows)
    assert [number for name, _, number, _, _ in read_lessons if name == "6А"] == [4, 5, 6, 4, 5, 6]


@pytest.mark.parametrize("day", ["2 день", "2", "День 2", "2-й", "7Б"])
def test_a_number_or_another_class_is_no_day(tmp_path: Path, day: str) -> None:
    """It looks like the title of a class; passed over, it would put Tuesday's lessons on Monday (Q113)."""
    rows: Rows = [["День", "№", "5А", "каб."], ["Пн", 1, "Физика", 20], [day, 3, "История", 21], ["Ср", 1, "ИЗО", 22]]
    assert places(lessons(tmp_path, rows)[1]) == [(3, 1, "weekday")]

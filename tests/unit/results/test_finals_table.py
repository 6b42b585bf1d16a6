"""The long table of final marks: a row a student, subject and term."""

from datetime import date
from pathlib import Path

import pytest

from tests.support.matrix_files import Printed, html_of, marks_in, places_in, read_file, workbook_of
from tests.support.report_files import csv_text, written

HEADER = ("Ученик", "Класс", "Предмет", "Период", "Оценка")
ANYA = "Абрикосова Анна Ильинична"


def table(folder: Path, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER, encoding: str = "utf-8") -> Path:
    return written(folder, csv_text(*rows, header=header), name="итоги.csv", encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_a_table_of_one_class(tmp_path: Path, encoding: str) -> None:
    """Year, exam and final have names of their own, other terms stay as they are written (contracts)."""
    rows = [
        (ANYA, "5Г", "Русский язык", "1 четв.", "5.0"),
        (ANYA, "5 Г", "Русский язык", "Годовая оценка", "зач"),
        (ANYA, '"5 ""Г"""', "Русский язык", "Экзаменационная", "4"),
        (ANYA, "5-Г", "Музыка", "Итог", "отс"),
        (ANYA, "5Г", "Музыка", "за 3 четверть 2025/2026 учебного года", "Н/А"),
    ]
    found = read_file(table(tmp_path, *rows, encoding=encoding))
    assert found.problems == ()
    assert marks_in(found) == [
        (ANYA, "Русский язык", "1 четв.", "5"),
        (ANYA, "Русский язык", "year", "зач"),
        (ANYA, "Русский язык", "exam", "4"),
        (ANYA, "Музыка", "3 четверть", "н/а"),
    ]
    assert [(each.kind.value, each.school_class) for each in found.finals] == [("finals_table", "5Г")]


@pytest.mark.parametrize(
    ("written", "named"),
    [(("9 «В»", "9В"), "9В"), (('9 "В"', "9 В"), "9В"), (("10-б", "10Б"), "10Б"), (("10 физмат",), "10 физмат")],
)
def test_the_class_of_a_table_is_named_as_in_a_title(tmp_path: Path, written: tuple[str, ...], named: str) -> None:
    """Whichever way the first row writes the class that all rows name (contracts)."""
    rows = [(ANYA, each, "Музыка", f"{number} четверть", "5") for number, each in enumerate(written, start=1)]
    assert [each.school_class for each in read_file(table(tmp_path, *rows)).finals] == [named]


def test_comment_and_school_year(tmp_path: Path) -> None:
    """Both are optional columns; the year is that of its first day."""
    header = ("student", "class", "subject", "term", "mark", "comment", "school_year")
    row = (ANYA, "5Г", "Музыка", "year", "5", "Олимпиада", "2025/2026")
    [read] = read_file(table(tmp_path, row, header=header)).finals[0].rows
    assert (read.comment, read.school_year) == ("Олимпиада", date(2025, 9, 1))


def test_a_table_of_several_classes_has_none_of_its_own(tmp_path: Path) -> None:
    """Each row keeps the class that it names."""
    found = read_file(table(tmp_path, (ANYA, "5Г", "Музыка", "Год", "5"), (ANYA, "6Г", "Музыка", "Год", "5")))
    assert found.finals[0].school_class is None
    assert [row.school_class for row in found.finals[0].rows] == ["5Г", "6Г"]


@pytest.mark.parametrize("form", ["xlsx", "html"])
def test_the_table_in_a_workbook_or_a_page(tmp_path: Path, form: str) -> None:
    """Content decides the format."""
    printed = Printed([HEADER, (ANYA, "5Г", "Музыка", "Год", 5)])
    if form == "xlsx":
        path = workbook_of(tmp_path / "итоги.xlsx", {"Лист": printed})
    else:
        path = written(tmp_path, html_of(printed), name="итоги.xls")
    assert marks_in(read_file(path)) == [(ANYA, "Музыка", "year", "5")]


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        (1, "", "cell_missing"),
        (3, "", "cell_missing"),
        (3, "77", "subject_words"),
        (4, "", "cell_missing"),
        (4, "5 четверть", "term_unknown"),
        (5, "7", "final_mark"),
        (5, "5/4", "final_mark"),
    ],
)
def test_a_wrong_cell_is_told_at_its_place(tmp_path: Path, column: int, text: str, reason: str) -> None:
    """The whole table is checked, with row and column of each fault (Q37, Q101)."""
    row = [ANYA, "5Г", "Музыка", "Год", "5"]
    row[column - 1] = text
    found = read_file(table(tmp_path, (ANYA, "5Г", "Алгебра", "Год", "5"), tuple(row)))
    assert places_in(found) == [(reason, None, 3, column)]


def test_a_school_year_that_is_none(tmp_path: Path) -> None:
    """The second year follows the first."""
    header = (*HEADER, "Учебный год")
    found = read_file(table(tmp_path, (ANYA, "5Г", "Музыка", "Год", "5", "2025/2027"), header=header))
    assert places_in(found) == [("school_year", None, 2, 6)]


def test_two_marks_for_one_term(tmp_path: Path) -> None:
    """The second of two different marks is a problem, whatever the spelling of the term; equal ones are none."""
    rows = [(ANYA, "5Г", "Музыка", "1 четверть", mark) for mark in ("5", "5")]
    assert read_file(table(tmp_path, *rows)).problems == ()
    found = read_file(table(tmp_path, *rows, (ANYA, "5 «Г»", "музыка", "I четв.", "4")))
    assert places_in(found) == [("final_twice", None, 4, 5)]

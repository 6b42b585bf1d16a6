"""What is wrong in a matrix of final marks is told at its cell."""

from pathlib import Path

import pytest

from tests.support.matrix_files import Formula, Printed, marks_in, places_in, read_file
from tests.support.matrix_layouts import ANYA, BORIS, Row, by_terms, of_one_term, two_rows, written


def test_formulas_and_errors_matter_where_marks_stand(tmp_path: Path) -> None:
    """A stored value is read; an average that cannot be divided harms nobody, a mark that is not known does."""
    rows: list[Row] = [
        ["Итоги 7А класса за 1 четверть"],
        ["ФИО", "Алгебра", "Химия", "Средний балл"],
        [ANYA, Formula(5), "#Н/Д", "#ДЕЛ/0!"],
        [BORIS, Formula(), 4, Formula()],
        ["Средний балл", Formula(), Formula(), ""],
    ]
    found = read_file(written(tmp_path, Printed(rows), "xlsx"))
    assert marks_in(found) == [(ANYA, "Алгебра", "1 четверть", "5"), (BORIS, "Химия", "1 четверть", "4")]
    assert places_in(found) == [("error_cell", "Лист", 3, 3), ("formula_cell", "Лист", 4, 2)]


@pytest.mark.parametrize(
    ("row", "column", "text", "problem"),
    [
        (6, 4, "6", ("final_mark", 6, 4)),
        (6, 4, "н/a", ("final_mark", 6, 4)),  # a Latin letter in the mark
        (6, 4, "1", ("final_mark", 6, 4)),
        (6, 2, "", ("name_missing", 6, 2)),
        (7, 2, ANYA, ("student_twice", 7, 2)),
        (4, 6, "", ("subject_untitled", 4, 6)),
        (5, 8, "Поведение", ("term_missing", 5, 8)),
    ],
)
@pytest.mark.parametrize("form", ["xlsx", "html", "csv"])
def test_a_fault_is_told_at_its_place(
    tmp_path: Path, form: str, row: int, column: int, text: str, problem: tuple[str, int, int]
) -> None:
    """Marks that are none, marks without a name or subject, a pupil or column twice (Q37, Q101)."""
    printed = two_rows()
    rows = [[*cells] for cells in printed.rows]
    rows[row - 1][column - 1] = text
    found = read_file(written(tmp_path, Printed(rows, printed.merged), form))
    sheet = "Лист" if form == "xlsx" else None
    assert places_in(found) == [(problem[0], sheet, *problem[1:])]


@pytest.mark.parametrize(
    ("form", "reason", "row"),
    [("xlsx", "column_twice", 5), ("html", "column_twice", 5), ("csv", "subject_untitled", 4)],
)
def test_a_term_that_comes_twice_under_a_subject(tmp_path: Path, form: str, reason: str, row: int) -> None:
    """A csv file has lost how far its subject reaches, so there the second one is a subject without a title."""
    printed = two_rows()
    rows = [[*cells] for cells in printed.rows]
    rows[4][3] = "1 четверть"
    found = read_file(written(tmp_path, Printed(rows, printed.merged), form))
    assert places_in(found) == [(reason, "Лист" if form == "xlsx" else None, row, 4)]


def test_an_unknown_mark_is_quoted_and_a_name_is_not(tmp_path: Path) -> None:
    """The report shows values of mark cells only (Q103)."""
    rows: list[Row] = [["7А класс, 1 четверть"], ["ФИО", "Алгебра"], [ANYA, "6"], ["", "5"]]
    found = read_file(written(tmp_path, Printed(rows), "xlsx"))
    assert [(problem.reason, problem.value) for problem in found.problems] == [
        ("final_mark", "6"),
        ("name_missing", None),
    ]


def test_a_pupil_whose_name_is_missing_among_rows_of_terms(tmp_path: Path) -> None:
    """An empty name continues the pupil above until a term comes again: then it is another one's."""
    printed = by_terms(merged=False)
    rows = [[*cells] for cells in printed.rows]
    rows[5][1] = ""
    found = read_file(written(tmp_path, Printed(rows), "csv"))
    assert places_in(found)[0] == ("name_missing", None, 6, 2)


def test_a_row_of_terms_that_names_none(tmp_path: Path) -> None:
    """Marks of no term, and of a term that no school has."""
    rows = [[*cells] for cells in by_terms(merged=False).rows]
    rows[3][2], rows[6][2] = "", "5 четверть"
    found = read_file(written(tmp_path, Printed(rows), "xlsx"))
    assert places_in(found) == [("term_missing", "Лист", 4, 3), ("term_unknown", "Лист", 7, 3)]


def test_a_matrix_that_names_no_term_is_refused_once(tmp_path: Path) -> None:
    """Neither title nor header says which term it is."""
    found = read_file(written(tmp_path, of_one_term("7А класс"), "xlsx"))
    assert places_in(found) == [("title_without_term", "Лист", 2, 2)]

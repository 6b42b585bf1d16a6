"""Matrices of final marks are read as schools print them, whatever their heads, formats and footers look like."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.imports.results.summary import results_summary_json
from bot.locales import LocaleCatalogues
from tests.support.matrix_files import Printed, csv_of, html_of, marks_in, read_file, workbook_of
from tests.support.matrix_layouts import (
    ANYA,
    BORIS,
    BY_TERM,
    EVERY,
    ONE_TERM,
    SUBJECTS,
    VERA,
    Row,
    at_two_rows_of_one_term,
    by_terms,
    hidden,
    of_one_term,
    one_row,
    row_of_numbers,
    three_rows,
    two_rows,
    under_terms,
    written,
)


@pytest.mark.parametrize("layout", [two_rows, three_rows, one_row, row_of_numbers, under_terms, hidden])
@pytest.mark.parametrize("form", ["xlsx", "html", "csv"])
def test_a_row_a_pupil(tmp_path: Path, layout: Callable[[], Printed], form: str) -> None:
    """One to three rows of titles, bands, totals and signatures: the same marks in each format (Q100)."""
    found = read_file(written(tmp_path, layout(), form))
    assert found.problems == ()
    assert marks_in(found) == (BY_TERM if layout is under_terms else EVERY)
    assert {table.school_class for table in found.finals} == {"7А"}


@pytest.mark.parametrize("form", ["xlsx", "html", "csv"])
@pytest.mark.parametrize("repeated", [False, True])
def test_a_row_a_pupil_and_term(tmp_path: Path, form: str, *, repeated: bool) -> None:
    """The name is merged over the terms, empty below the first, or said in every row."""
    printed = by_terms(merged=form != "csv" and not repeated, repeated=repeated)
    found = read_file(written(tmp_path, printed, form))
    assert found.problems == ()
    assert marks_in(found) == BY_TERM
    assert found.finals[0].school_class == "7А"


@pytest.mark.parametrize(
    ("title", "term"),
    [
        ("Итоги успеваемости 7А класса за 2 четверть", "2 четверть"),
        ("МБОУ СОШ № 3. Итоги 7 «А» класса за II полугодие 2026/2027 учебного года", "II полугодие"),
        ('Класс: 7 "А", 3 триместр', "3 триместр"),
        ("Годовые отметки обучающихся 7-А класса", "year"),
        ("Итоги успеваемости 7А класса за 2026/2027 учебный год", "year"),
        ("Экзаменационные оценки 7А класса", "exam"),
        ("Итоговые отметки 7 класса «А»", "final"),
    ],
)  # fmt: skip
def test_the_title_names_class_and_term(tmp_path: Path, title: str, term: str) -> None:
    """Where the header has subjects only, the title says of which term they are."""
    found = read_file(written(tmp_path, of_one_term(title), "xlsx"))
    assert found.problems == ()
    assert marks_in(found) == [(name, subject, term, mark) for name, subject, _, mark in ONE_TERM]
    assert found.finals[0].school_class == "7А"


@pytest.mark.parametrize(
    ("title", "school_class"),
    [
        ("МБОУ СОШ № 7 г. Заречного, 2 четверть", None),
        ("МБОУ СОШ № 12 класс 7-в, 2 четверть", "7В"),
        ("Ведомость 11 класса школы № 9 за 2 четверть", "11"),
        ("Оценки учеников 10 ФМ класса, 2 четверть", "10ФМ"),
    ],
)  # fmt: skip
def test_the_number_of_the_school_is_no_class(tmp_path: Path, title: str, school_class: str | None) -> None:
    """Only what stands beside the word «класс» is one."""
    found = read_file(written(tmp_path, of_one_term(title), "xlsx"))
    assert found.finals[0].school_class == school_class


def test_a_page_with_its_title_above_the_table(tmp_path: Path) -> None:
    """An "xls" that is HTML: the title is a line of the page, rows count in the table."""
    page = html_of(at_two_rows_of_one_term(), "Итоги успеваемости 7А класса\n за 2 четверть")
    path = tmp_path / "итоги.xls"
    path.write_text(page, encoding="utf-8")
    found = read_file(path)
    assert marks_in(found) == ONE_TERM
    assert [(row.row, row.column) for row in found.finals[0].rows][:2] == [(3, 3), (3, 4)]


def test_a_csv_file_may_have_a_short_title_and_old_letters(tmp_path: Path) -> None:
    """The title's line has no delimiters but a comma; the letters are Windows-1251."""
    lines = csv_of(of_one_term("")).split("\r\n", 1)[1]
    path = tmp_path / "итоги.csv"
    path.write_bytes(f"Итоги успеваемости 7А класса, 2 четверть\r\n{lines}".encode("cp1251"))
    assert marks_in(read_file(path)) == ONE_TERM


def test_commas_of_titles_are_no_delimiters(tmp_path: Path) -> None:
    """Neither those between quotes nor those of short titles above a small table."""
    lines = ['"МБОУ «Лицей № 12», ул. Мира, д. 5"', "7А класс, 2 четверть", "", '"Фамилия, имя";"Русский', 'язык"']
    path = tmp_path / "итоги.csv"
    path.write_text("\r\n".join([*lines, f"{ANYA};5"]), encoding="utf-8")
    assert marks_in(read_file(path)) == [(ANYA, "Русский язык", "2 четверть", "5")]


def test_two_matrices_on_two_sheets(tmp_path: Path) -> None:
    """A sheet a term: one file, whose marks follow each other; another class is told apart mark by mark."""
    first, second = of_one_term("7А класс, 1 четверть"), of_one_term("7Б класс, 2 четверть")
    found = read_file(workbook_of(tmp_path / "итоги.xlsx", {"1": first, "2": second}))
    assert [(table.sheet, table.school_class, len(table.rows)) for table in found.finals] == [
        ("1", "7А", 5),
        ("2", "7Б", 5),
    ]
    assert results_summary_json(found, LocaleCatalogues.load().translator("ru"))["class"] is None


def test_two_matrices_on_one_sheet(tmp_path: Path) -> None:
    """The second one has its title below the first one's totals; a class that it does not name is the first one's."""
    rows = [*of_one_term("7А класс, 1 четверть").rows, [], *of_one_term("2 четверть").rows]
    found = read_file(workbook_of(tmp_path / "итоги.xlsx", {"1": Printed(rows)}))
    assert [(table.school_class, table.rows[0].term) for table in found.finals] == [
        ("7А", "1 четверть"),
        ("7А", "2 четверть"),
    ]


def test_a_header_that_is_printed_again_on_the_next_page(tmp_path: Path) -> None:
    """Class and term of the first page go on, and so do the pupils."""
    rows = [*of_one_term("7А класс, 2 четверть").rows[:5]]
    second = ["ФИО", SUBJECTS[0]], ["Яковлев Ян", 4]
    found = read_file(written(tmp_path, Printed([*rows, *(["", *row] for row in second)]), "xlsx"))
    assert found.problems == ()
    assert marks_in(found)[-1] == ("Яковлев Ян", SUBJECTS[0], "2 четверть", "4")
    assert {table.school_class for table in found.finals} == {"7А"}


def test_a_page_whose_head_is_a_table_of_labels(tmp_path: Path) -> None:
    """The label and its value are two lines of the page."""
    head = "<table><tr><td>Класс:</td><td>7А</td></tr><tr><td>Период:</td><td>2 четверть</td></tr></table>"
    path = tmp_path / "итоги.xls"
    path.write_text(html_of(at_two_rows_of_one_term(), head), encoding="utf-8")
    found = read_file(path)
    assert marks_in(found) == ONE_TERM
    assert found.finals[0].school_class == "7А"


@pytest.mark.parametrize(
    "title",
    [
        *("Ф. И. О.", "Фамилия Имя", "Фамилия, имя обучающегося", "Фамилия И.О.", "ФИО учащихся", "Список класса"),
        *("Обучающиеся", "Ученик (ца)", "Фамилия, имя, отчество ученика", "Фамилия и имя", "Ф.И.О. ребёнка"),
    ],
)
def test_the_column_of_names_has_many_titles(tmp_path: Path, title: str) -> None:
    """All of them head the pupils."""
    rows: list[Row] = [["7А класс, 1 четверть"], ["№", title, "Алгебра"], [1, ANYA, 5]]
    assert marks_in(read_file(written(tmp_path, Printed(rows), "csv"))) == [(ANYA, "Алгебра", "1 четверть", "5")]


def test_invisible_characters_in_titles_and_names(tmp_path: Path) -> None:
    """A soft hyphen that breaks a long subject on paper belongs to no name; a note says that some are left out."""
    rows: list[Row] = [
        ["7А класс,\u00a01 четверть"],
        ["ФИО\u200b", "Физи\u00adческая\nкуль\u00adтура"],
        [f"{ANYA}\u200b", 5],
    ]
    found = read_file(written(tmp_path, Printed(rows), "xlsx"))
    assert marks_in(found) == [(ANYA, "Физическая культура", "1 четверть", "5")]
    assert [note.reason for note in found.notes] == ["invisible"]


def test_marks_in_any_case_and_cells_that_say_nothing(tmp_path: Path) -> None:
    """«5.0» is a five; a deferral, a dash and whoever has left give nothing (Q37)."""
    rows: list[Row] = [
        ["Итоги 7А класса за 1 четверть"],
        ["ФИО", "Алгебра", "Химия", "Физика", "Музыка"],
        [ANYA, "5.0", " ЗАЧ ", "Н/А", 4],
        [BORIS, "отс", "-", "—", "НеЗач"],
        [VERA, "выбыла 12.01", "", "–", ""],
    ]
    found = read_file(written(tmp_path, Printed(rows), "xlsx"))
    assert found.problems == ()
    assert [mark for *_, mark in marks_in(found)] == ["5", "зач", "н/а", "4", "незач"]


def test_an_elective_about_solving_is_a_subject(tmp_path: Path) -> None:
    """«Решение педсовета» is none, «Решение задач повышенной сложности» is taught."""
    title = "Решение задач повышенной сложности"
    rows: list[Row] = [
        ["7А класс, 1 четверть"],
        ["ФИО", "Алгебра", title, "Решение педсовета"],
        [ANYA, "5", "зач", "5"],
    ]
    found = read_file(written(tmp_path, Printed(rows), "xlsx"))
    assert [subject for _, subject, *_ in marks_in(found)] == ["Алгебра", title]


def test_the_json_has_the_marks_of_the_contract(tmp_path: Path) -> None:
    """One object a file, under its name without folders."""
    rows: list[Row] = [["7А класс, 1 четверть"], ["ФИО", "Алгебра"], [ANYA, 5]]
    shown = results_summary_json(
        read_file(written(tmp_path, Printed(rows), "xlsx")), LocaleCatalogues.load().translator("ru")
    )
    assert json.loads(json.dumps(shown)) == {
        "file": "итоги.xlsx",
        "kind": "finals_matrix",
        "class": "7А",
        "results": [{"student": ANYA, "subject": "Алгебра", "term": "1 четверть", "mark": "5"}],
        "problems": [],
    }

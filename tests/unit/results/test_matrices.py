"""Matrices of final marks are read as schools print them, whatever their heads, formats and footers look like."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.imports.results.summary import finals_json
from bot.locales import Catalogues
from tests.support.matrix_files import (
    Formula,
    Printed,
    csv_of,
    html_of,
    marks_in,
    places_in,
    read_file,
    workbook_of,
)

ANYA, BORIS, VERA = "Абрикосова Анна Ильинична", "Белый-Рыжов Борис Олегович", "Вишня Вера"
MARKS = {
    ANYA: (("5", "4", "5"), ("4", "4", "зач")),
    BORIS: (("3", "", "3"), ("осв", "осв", "осв")),
    VERA: (("н/а", "3", "3"), ("5", "5", "5")),
}
SUBJECTS = ("Русский язык", "Физическая культура")
TERMS = ("1 четверть", "2 четверть", "Год")
READ = ("1 четверть", "2 четверть", "year")
EVERY = [
    (name, subject, term, mark)
    for name, marks in MARKS.items()
    for subject, of_subject in zip(SUBJECTS, marks, strict=True)
    for term, mark in zip(READ, of_subject, strict=True)
    if mark
]
BY_TERM = sorted(EVERY, key=lambda row: ([*MARKS].index(row[0]), READ.index(row[2])))
ONE_TERM = [(name, subject, "2 четверть", mark) for name, subject, term, mark in EVERY if term == "2 четверть"]
TITLE = 'Сводная ведомость успеваемости обучающихся 7 "А" класса'

Row = list[object]


def pupils(*, with_missed: bool = True) -> list[Row]:
    """A row a pupil: number, name, marks, and the missed lessons."""
    missed: Row = [5, 3] if with_missed else []
    return [[n, name, *marks[0], *marks[1], *missed] for n, (name, marks) in enumerate(MARKS.items(), start=1)]


TOTALS: list[Row] = [
    ["", "Успеваемость, %", 100, 100, 100, 100, 100, 100],
    ["", "Кол-во «5»", 2, 3, 4, 5, 2, 3],
    ["", "Классный руководитель ____________ / Орлова Н. В. /"],
]


def two_rows() -> Printed:
    """Arrangement A: subjects over their terms, missed lessons beside them, totals and a signature below."""
    head: list[Row] = [
        ["МБОУ СОШ № 5 г. Лесного"],
        [TITLE],
        [],
        ["№", "Фамилия, имя, отчество", "Русский\nязык", "", "", SUBJECTS[1], "", "", "Пропущено уроков", ""],
        ["", "", *TERMS, *TERMS, "всего", "по болезни"],
    ]
    spans = [(4, 5, 1, 1), (4, 5, 2, 2), (4, 4, 3, 5), (4, 4, 6, 8), (4, 4, 9, 10), (1, 1, 1, 10), (2, 2, 1, 10)]
    return Printed([*head, *pupils(), *TOTALS], spans)


def three_rows() -> Printed:
    """Bands stand above the subjects."""
    head: list[Row] = [
        [TITLE],
        ["№ п/п", "ФИО", "Филология", "", "", "Здоровье", "", ""],
        ["", "", SUBJECTS[0], "", "", SUBJECTS[1], "", ""],
        ["", "", *TERMS, *TERMS],
    ]
    spans = [(2, 4, 1, 1), (2, 4, 2, 2), (2, 2, 3, 5), (2, 2, 6, 8), (3, 3, 3, 5), (3, 3, 6, 8), (1, 1, 1, 8)]
    return Printed([*head, *pupils(with_missed=False)], spans)


def one_row() -> Printed:
    """One row of titles names subject and term in each of them."""
    titles = [f"{subject}, {term}" for subject in SUBJECTS for term in TERMS]
    return Printed([["7А класс"], ["№", "Ученик", *titles], *pupils(with_missed=False)])


def row_of_numbers() -> Printed:
    """The columns are numbered below their titles, and everything stands two rows and a column further."""
    printed = three_rows()
    rows = [*printed.rows[:4], [1, 2, 3, 4, 5, 6, 7, 8], *printed.rows[4:]]
    shifted = [[], [], *(["", *row] for row in rows)]
    spans = [(top + 2, bottom + 2, left + 1, right + 1) for top, bottom, left, right in printed.merged]
    return Printed(shifted, spans)


def under_terms() -> Printed:
    """The other way round: terms over their subjects, and a title that is centred above them."""
    columns = [(term, subject) for term in TERMS for subject in SUBJECTS]
    over: Row = [term if subject == SUBJECTS[0] else "" for term, subject in columns]
    head: list[Row] = [
        ["", "", "", "Успеваемость 7А класса", "", ""],
        ["№", "ФИО", *over],
        ["", "", *(subject for _, subject in columns)],
    ]
    marks = [[m[SUBJECTS.index(subject)][TERMS.index(term)] for term, subject in columns] for m in MARKS.values()]
    body: list[Row] = [[n, name, *of_pupil] for n, (name, of_pupil) in enumerate(zip(MARKS, marks, strict=True), 1)]
    spans = [(1, 1, 4, 6), (2, 3, 1, 1), (2, 3, 2, 2), *((2, 2, column, column + 1) for column in (3, 5, 7))]
    return Printed([*head, *body], spans)


def hidden() -> Printed:
    """Rows and columns that the school hides on paper belong to the sheet all the same."""
    printed = two_rows()
    return Printed(printed.rows, printed.merged, hidden_rows=[7], hidden_columns=[4])


def by_terms(*, merged: bool, repeated: bool = False) -> Printed:
    """Arrangement B: a row a pupil and term."""
    rows: list[Row] = [
        ["Итоговые оценки 7А класса"],
        ["№", "ФИО", "Период", *SUBJECTS, "Решение педагогического совета"],
    ]
    spans = [(1, 1, 1, 5)] if merged else []
    for number, (name, (first, second)) in enumerate(MARKS.items(), start=1):
        top = len(rows) + 1
        for place, term in enumerate(TERMS):
            named = place == 0 or repeated
            rows.append([number if named else "", name if named else "", term, first[place], second[place], ""])
        spans += [(top, top + 2, 1, 1), (top, top + 2, 2, 2)] if merged else []
    return Printed([*rows, ["", "Качество, %", "", 80, 100], ["", "Директор ________"]], spans)


def of_one_term(title: str) -> Printed:
    """Only the title says which term it is."""
    rows: list[Row] = [[title], ["№", "ФИО ученика", *SUBJECTS, "Средний балл", "Кол-во «5»", "Примечание"]]
    rows += [[n, name, m[0][1], m[1][1], "4,5", "3", "хор."] for n, (name, m) in enumerate(MARKS.items(), start=1)]
    return Printed([*rows, ["Средний балл", "", "3,5", "4,33"]], [(1, 1, 1, 4), (6, 6, 1, 2)])


def at_two_rows_of_one_term() -> Printed:
    """The subjects stand beside a group of two rows."""
    rows: list[Row] = [
        ["№", "ФИО", *SUBJECTS, "Пропущено уроков", "", ""],
        ["", "", "", "", "всего", "по болезни", "без уваж. причины"],
    ]
    rows += [[n, name, m[0][1], m[1][1], 5, 4, 3] for n, (name, m) in enumerate(MARKS.items(), start=1)]
    return Printed(rows, [(1, 2, 1, 1), (1, 2, 2, 2), (1, 2, 3, 3), (1, 2, 4, 4), (1, 1, 5, 7)])


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


def test_two_matrices_on_two_sheets(tmp_path: Path) -> None:
    """A sheet a term: one file, whose marks follow each other; another class is told apart mark by mark."""
    first, second = of_one_term("7А класс, 1 четверть"), of_one_term("7Б класс, 2 четверть")
    found = read_file(workbook_of(tmp_path / "итоги.xlsx", {"1": first, "2": second}))
    assert [(table.sheet, table.school_class, len(table.rows)) for table in found.finals] == [
        ("1", "7А", 5),
        ("2", "7Б", 5),
    ]
    assert finals_json(found, Catalogues.load().translator("ru"))["class"] is None


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
    shown = finals_json(read_file(written(tmp_path, Printed(rows), "xlsx")), Catalogues.load().translator("ru"))
    assert json.loads(json.dumps(shown)) == {
        "file": "итоги.xlsx",
        "kind": "finals_matrix",
        "class": "7А",
        "results": [{"student": ANYA, "subject": "Алгебра", "term": "1 четверть", "mark": "5"}],
        "problems": [],
    }


def written(folder: Path, printed: Printed, form: str) -> Path:
    """The sheet as a file of a format."""
    if form == "xlsx":
        return workbook_of(folder / "итоги.xlsx", {"Лист": printed})
    path = folder / f"итоги.{form}"
    path.write_text(html_of(printed) if form == "html" else csv_of(printed), encoding="utf-8")
    return path

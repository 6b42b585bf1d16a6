"""A class's final marks in the arrangements that schools print, and what must be read from each."""

from pathlib import Path

from tests.support.matrix_files import Printed, csv_of, html_of, workbook_of

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


def written(folder: Path, printed: Printed, form: str) -> Path:
    """The sheet as a file of a format."""
    if form == "xlsx":
        return workbook_of(folder / "итоги.xlsx", {"Лист": printed})
    path = folder / f"итоги.{form}"
    path.write_text(html_of(printed) if form == "html" else csv_of(printed), encoding="utf-8")
    return path

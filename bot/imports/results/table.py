"""Reads the long table of final marks: one row a student, subject and term (contracts, "Final marks")."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.imports.dates import read_school_year_dates
from bot.imports.reading import ReadingProblems, ReadingRules
from bot.imports.results.marks import read_final_mark_cell
from bot.imports.results.terms import read_result_term
from bot.imports.results.titles import class_in_result_title
from bot.imports.tables.headers import Header, rows_under_header
from bot.imports.tables.rows import TableRow
from core.model.imports.finals import FinalRow, FinalsKind, FinalsTable
from core.rules.marks.tokens import UnknownTokenError
from core.rules.people.names import normal_class_name, normal_name
from core.rules.results.terms import term_key


def read_results_table(
    header: Header, rows: Iterable[tuple[int, Sequence[str]]], *, rules: ReadingRules, faults: ReadingProblems
) -> FinalsTable:
    """The marks of a long table; a row with a fault is left out, and each of its faults is a problem."""
    found: list[FinalRow] = []
    classes: dict[str, str] = {}
    marks: dict[tuple[object, ...], str] = {}
    for number, cells in rows_under_header(header, rows, faults):
        known, row = len(faults.problems), TableRow(number, cells, header.columns, faults)
        school_class = row.text("class") or ""
        classes.setdefault(normal_class_name(school_class), school_class)
        if (final := _final(row, school_class or None, rules)) is not None:
            if marks.setdefault(_key(final), final.mark) != final.mark:
                row.add_problem("mark", "final_twice", value=final.mark)
            found.append(final)
        elif len(faults.problems) > known:
            row.leave_out(header.kind)
    [named] = classes.values() if len(classes) == 1 else [""]
    return FinalsTable(FinalsKind.TABLE, faults.sheet, _tidy_class(named) or None, tuple(found))


def _tidy_class(text: str) -> str:
    """The class as a title would name it: «9 "В"» is «9В»; another name («10 физмат») stays as it is."""
    tidy = class_in_result_title([f"класс {text}"]) or text
    return tidy if normal_class_name(tidy) == normal_class_name(text) else text


def _final(row: TableRow, school_class: str | None, rules: ReadingRules) -> FinalRow | None:
    """The mark of a row; None where it has none yet, and where a cell is wrong."""
    student, subject, term = row.required("student"), row.subject(), _term(row)
    mark, year = _mark(row, rules.lowest_mark), _school_year(row)
    if mark is None or not (student and subject and term):
        return None
    column, name_column = row.columns["mark"] + 1, row.columns["student"] + 1
    place = row.number, column, row.number, name_column
    return FinalRow(student, subject, term, mark, *place, school_class, row.text("comment"), year)


def _key(final: FinalRow) -> tuple[object, ...]:
    """What one mark belongs to."""
    school_class, term = normal_class_name(final.school_class or ""), term_key(final.term)
    return normal_name(final.student), school_class, normal_name(final.subject), term, final.school_year


def _term(row: TableRow) -> str | None:
    text = row.required("term")
    term = read_result_term(text)
    if text and term is None:
        row.add_problem("term", "term_unknown")
    return term


def _mark(row: TableRow, lowest_mark: int) -> str | None:
    try:
        return read_final_mark_cell(row.text("mark") or "", lowest_mark)
    except UnknownTokenError as error:
        row.add_problem("mark", "final_mark", value=error.token)
        return None


def _school_year(row: TableRow) -> date | None:
    """The first day of the year that a row names («2025/2026»); None where it names none."""
    text = row.text("school_year")
    year = read_school_year_dates(text) if text else None
    if text and year is None:
        row.add_problem("school_year", "school_year")
    return year[0] if year else None

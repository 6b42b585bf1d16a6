"""Shows what was read: as JSON (contracts), and as lines about problems for the operator."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, time
from decimal import Decimal
from itertools import chain
from typing import Any

from bot.imports.tables.schemas import COLUMN_NAMES
from core.model.channels import channel_name
from core.model.imports.reports import JournalEntry, JournalReport, PrintedTerm, Problem, ReadFile, SubjectReport
from core.model.imports.timetable_tables import ScheduleTable
from core.ports import Translator

Json = dict[str, object]


def import_summary_json(read: ReadFile, t: Translator) -> Iterator[Json]:
    """One object a report or timetable, or one for a file without any; the first one holds the problems.

    A generator, since a school's table gives an object for each of a thousand students.
    """
    reports = chain(
        (_report(read.file, report) for report in read.reports),
        (_schedule(read.file, table) for table in read.schedules),
    )
    first = next(reports, None) or _no_report(read.file)
    yield first | {"problems": [import_summary_problem_json(problem, t) for problem in read.problems]}
    yield from reports


def import_summary_problems(read: ReadFile, t: Translator) -> Iterator[str]:
    """One line a problem: file, place, value, reason. The file's name is shown to the operator only (Q103)."""
    return _lines(read.file, read.problems, t)


def import_summary_notes(read: ReadFile, t: Translator) -> Iterator[str]:
    """One line a sheet from which invisible characters were removed, with the first such cell."""
    return _lines(read.file, read.notes, t)


def _lines(file: str, problems: Iterable[Problem], t: Translator) -> Iterator[str]:
    for problem in problems:
        place = ", ".join(_place(problem, t))
        shown = t("import.value", value=problem.value) if problem.value else ""
        head = ", ".join(filter(None, (place, shown)))
        yield ": ".join(filter(None, (file, head, _problem_reason(problem, t))))


def _problem_reason(problem: Problem, t: Translator) -> str:
    """The sentence that says what is wrong and what to do."""
    facts: dict[str, Any] = {name: _shown_fact(name, fact, t) for name, fact in problem.facts}
    return t(f"import.{problem.reason}", **facts)


def _shown_fact(name: str, fact: str, t: Translator) -> str:
    """Tables, columns and channels by their names in the operator's language; other facts as they are."""
    if name in {"table", "other"}:
        return t(f"table.{fact}")
    if name in {"columns", "near"}:
        return ", ".join(_column_title(each, t) for each in fact.split(", "))
    return channel_name(fact, t) if name == "channel" else fact


def _column_title(name: str, t: Translator) -> str:
    return t(f"table.column.{name}") if name in COLUMN_NAMES else name


def _place(problem: Problem, t: Translator) -> Iterator[str]:
    if problem.sheet is not None:
        yield t("import.sheet", sheet=problem.sheet)
    if problem.row is not None:
        yield t("import.row", row=problem.row)
    if problem.column is not None and problem.title in COLUMN_NAMES:
        yield t("import.column_titled", column=problem.column, title=_column_title(problem.title, t))
    elif problem.column is not None:
        yield t("import.column", column=_shown_column(problem.column, t))


def _shown_column(column: int | str, t: Translator) -> int | str:
    """A number, or the quoted title of a column that a check of the database names."""
    return t("import.value", value=_column_title(column, t)) if column in COLUMN_NAMES else column


def _report(file: str, report: JournalReport) -> Json:
    period = report.period
    return {
        "file": file,
        "kind": report.kind.value,
        "student": report.student,
        "class": report.school_class,
        "period": {"from": period[0].isoformat(), "to": period[1].isoformat()} if period else None,
        "subjects": [_subject(subject) for subject in report.subjects],
        "problems": [],
    }


def _schedule(file: str, table: ScheduleTable) -> Json:
    """The rows as they were read; «class» is a class, weekdays count from Monday 1, dates and times are ISO 8601."""
    rows = [{_column(name): _cell(name, value) for name, value in asdict(row).items()} for row in table.rows]
    return {"file": file, "kind": table.kind.value, "sheet": table.sheet, "rows": rows, "problems": []}


def _column(name: str) -> str:
    return "class" if name == "school_class" else name


def _cell(name: str, value: object) -> object:
    match value:
        case date() | time():
            return value.isoformat()
        case int() if name == "weekday":
            return value + 1
        case _:
            return value


def _no_report(file: str) -> Json:
    return {"file": file, "kind": None, "student": None, "class": None, "period": None, "subjects": [], "problems": []}


def _subject(subject: SubjectReport) -> Json:
    return {
        "subject": subject.subject,
        "entries": [_entry(entry) for entry in subject.entries],
        "terms": [_term(term) for term in subject.terms],
    }


def _entry(entry: JournalEntry) -> Json:
    return {
        "date": entry.date.isoformat(),
        "tokens": [*entry.tokens],
        "work_kind": entry.work_kind,
        "topic": entry.topic,
        "weight": _decimal_text(entry.weight),
    }


def _term(term: PrintedTerm) -> Json:
    return {"term": term.term, "average": _decimal_text(term.average), "final": term.final}


def import_summary_problem_json(problem: Problem, t: Translator) -> Json:
    """A problem with its place and its sentence."""
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "reason": _problem_reason(problem, t),
    }


def _decimal_text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)

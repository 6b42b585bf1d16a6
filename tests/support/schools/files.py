"""Files as the readers hand them to the actions: reports of the journal and lists of people, written out by hand."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.model.imports.people_lists import (
    GroupRow,
    GuardianRow,
    PeopleKind,
    PeopleTable,
    PersonRow,
    StaffRow,
    StudentRow,
)
from core.model.imports.reports import JournalEntry, JournalReport, PrintedTerm, ReadFile, ReportKind, SubjectReport
from core.model.people import Role
from core.model.register.consents import Decision

PYOTR, VERA, ANNA = "Ёлкин Пётр Ильич", "Ёлкина Вера Ильинична", "Котова Анна Павловна"
MOTHER, FATHER = "Ёлкина Ольга Сергеевна", "Ёлкин Илья Петрович"
TERM = (date(2026, 11, 1), date(2026, 12, 31))

Cells = Mapping[str, Mapping[int, str]]
"""Subject → day of November → the cell's text."""


def entry(day: int, cell: str, topic: str | None = None, weight: str | None = None) -> JournalEntry:
    """A cell of November."""
    return JournalEntry(
        date(2026, 11, day), tuple(cell.split()), topic=topic, weight=Decimal(weight) if weight else None
    )


def report(
    cells: Cells,
    student: str | None = PYOTR,
    school_class: str | None = "8Б",
    *,
    kind: ReportKind = ReportKind.STUDENT_TOTAL,
    period: tuple[date, date] | None = TERM,
    **more: Any,
) -> JournalReport:
    """A report of one student's November."""
    subjects = tuple(
        SubjectReport(subject, tuple(entry(day, cell) for day, cell in days.items())) for subject, days in cells.items()
    )
    return JournalReport(kind, student, school_class, period, subjects, **more)


def grades(subject: str | None, *entries: JournalEntry) -> JournalReport:
    """The report of one student's marks in one subject, which knows topics and weights."""
    subjects = (SubjectReport(subject, entries),)
    return JournalReport(ReportKind.STUDENT_GRADES, PYOTR, "8Б", TERM, subjects)


def finals(*terms: PrintedTerm, subject: str = "Алгебра") -> JournalReport:
    """The report of one student's final marks."""
    subjects = (SubjectReport(subject, (), terms),)
    return JournalReport(ReportKind.STUDENT_TOTAL_MARKS, PYOTR, "8Б", TERM, subjects)


def file(*reports: JournalReport, name: str = "journal.html") -> ReadFile:
    """A file of reports; its hash follows from what it says."""
    return ReadFile(name, _sha256(reports), reports=reports)


def people(*rows: PersonRow, name: str = "people.csv") -> ReadFile:
    """A file of lists, a table a kind."""
    kinds = {StudentRow: PeopleKind.STUDENTS, GuardianRow: PeopleKind.GUARDIANS, StaffRow: PeopleKind.STAFF,
             GroupRow: PeopleKind.GROUPS}  # fmt: skip
    tables = tuple(
        PeopleTable(kind, None, tuple(row for row in rows if type(row) is noun))
        for noun, kind in kinds.items()
        if any(type(row) is noun for row in rows)
    )
    return ReadFile(name, _sha256(rows), people=tables)


def student(name: str = PYOTR, school_class: str = "8Б", **more: Any) -> StudentRow:
    """A row of the students' list."""
    return replace(StudentRow(2, name, None, school_class, None), **more)


def guardian(name: str = MOTHER, of: str = PYOTR, **more: Any) -> GuardianRow:
    """A row of the guardians' list: a mother without contacts or form unless they are given."""
    bare = GuardianRow(
        row=2,
        guardian=name,
        student=of,
        school_class=None,
        relation="мать",
        telegram=None,
        email=None,
        phone=None,
        paper=False,
        consent=None,
        form_no=None,
        form_date=None,
        confirmed_by=None,
    )
    return replace(bare, **more)


def signed(number: str = "17", **more: Any) -> dict[str, Any]:
    """The columns of a form signed in September, with a consent."""
    form = {"form_no": number, "form_date": date(2026, 9, 1), "confirmed_by": "Секретарёва И. О."}
    return form | {"consent": Decision.CONSENT} | more


def staff(name: str, role: Role = Role.TEACHER, school_class: str | None = None, **more: Any) -> StaffRow:
    """A row of the staff list."""
    return replace(StaffRow(2, name, role, school_class, None), **more)


def _sha256(content: object) -> str:
    return hashlib.sha256(repr(content).encode()).hexdigest()

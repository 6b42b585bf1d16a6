"""Contents of the e-journal's reports, the same for all their forms; not yet compared with what is known."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from core.model.imports.finals import FinalsTable
from core.model.imports.people_lists import PeopleTable
from core.model.imports.timetable_tables import ScheduleTable

YEAR, EXAM, FINAL = "year", "exam", "final"
"""Terms that are not reporting periods: marks of the year, the exam, and the final mark."""


class ReportKind(StrEnum):
    """The forms of reports that contain entries of a journal."""

    STUDENT_TOTAL = "student_total"
    STUDENT_GRADES = "student_grades"
    STUDENT_TOTAL_MARKS = "student_total_marks"
    DIARY = "diary"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One cell with something in it: absences, marks and debts («.») in the cell's order (Q101).

    `date` is the lesson's, `set_on` the day the mark was set, where the form tells them apart. Equal entries of
    different students may be one object.
    """

    date: dt.date
    tokens: tuple[str, ...]
    work_kind: str | None = None
    topic: str | None = None
    weight: Decimal | None = None
    set_on: dt.date | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedTerm:
    """A term's printed average and final mark; `term` None: the report names no term."""

    term: str | None
    average: Decimal | None
    final: str | None


@dataclass(frozen=True, slots=True)
class SubjectReport:
    """A subject's part of a report; subjects without entries are listed. `subject` None: the form does not name it."""

    subject: str | None
    entries: tuple[JournalEntry, ...] = ()
    terms: tuple[PrintedTerm, ...] = ()
    teacher: str | None = None


@dataclass(frozen=True, slots=True)
class DiaryLesson:
    """A lesson as the diary shows it; times are the school's zone. Two lessons of a day may share a number."""

    date: dt.date
    number: int | None
    starts: dt.time | None
    ends: dt.time | None
    room: str | None
    subject: str
    homework: tuple[str, ...]
    topic: str | None


@dataclass(frozen=True, slots=True)
class JournalReport:
    """One report of one student; `period` is inclusive.

    `sheet` and `row` are the place of the student's name, for later problems (unknown, ambiguous); `rows_of_days` is
    the first row of each day in the whole table.
    """

    kind: ReportKind
    student: str | None
    school_class: str | None
    period: tuple[dt.date, dt.date] | None
    subjects: tuple[SubjectReport, ...]
    lessons: tuple[DiaryLesson, ...] = ()
    sheet: str | None = None
    row: int | str | None = None
    rows_of_days: Mapping[dt.date, int] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a file and its place; rows and columns count from 1, in JSON they are the pointer and the field.

    `value` is given for marks, dates and weights only, never for names and contacts (Q103). `reason` is a key
    (`import.<reason>` in the catalogues), and `facts` are the values in its sentence, never personal data.
    """

    sheet: str | None
    row: int | str | None
    column: int | str | None
    value: str | None
    reason: str
    facts: tuple[tuple[str, str], ...] = ()
    title: str | None = field(default=None, compare=False)
    """The column's name in its table, for people; the place is the number."""


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A row of a table that was not read for its problems; `cells` are the texts of its sound cells by column.

    Whom the sound cells name is looked up all the same, so that one run tells all that is wrong with a row (Q101).
    """

    table: str
    sheet: str | None
    row: int
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The contents of a file. If it has problems, no file of the set may be written (Q101).

    `notes` are places where something unimportant was left out, `left_out` the rows that have problems.
    """

    file: str
    sha256: str
    reports: tuple[JournalReport, ...] = ()
    people: tuple[PeopleTable, ...] = ()
    schedules: tuple[ScheduleTable, ...] = ()
    finals: tuple[FinalsTable, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    left_out: tuple[LeftOutRow, ...] = ()

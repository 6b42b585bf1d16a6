"""Contents of exam protocols, the same for all their layouts; not yet matched with the school's students."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.model.imports.reports import Problem
from core.model.results.exams import ExamKind, ExamOutcome, OlympiadStage


class ExamFileKind(StrEnum):
    """The layouts of exam files; a review is the outcome of a re-check or an appeal."""

    EGE = "ege"
    EGE_REVIEW = "ege_review"
    OGE = "oge"
    OGE_REVIEW = "oge_review"
    GVE = "gve"
    VPR = "vpr"
    TABLE = "table"


REVIEWS = frozenset({ExamFileKind.EGE_REVIEW, ExamFileKind.OGE_REVIEW})
"""Files that speak of results which an earlier file has brought."""


@dataclass(frozen=True, slots=True)
class PrintedResult:
    """A row of an exam file. `student` None in a ВПР, which names nobody: there `code` stands for the student.

    `school` is the code of the school as the file prints it. `before_score` is known in re-checks of ЕГЭ only. `sheet`,
    `row` and `column` are the place of the name or the code.
    """

    outcome: ExamOutcome
    student: str | None = None
    code: str | None = None
    school_class: str | None = None
    school: str | None = None
    before_score: int | None = None
    stage: OlympiadStage | None = None
    sheet: str | None = None
    row: int = 0
    column: int | None = None


@dataclass(frozen=True, slots=True)
class PrintedExam:
    """An exam as a file names it, with its rows in their order; `threshold` is a test score."""

    kind: ExamKind
    subject: str
    on: date | None
    oral_on: date | None = None
    grade: int | None = None
    threshold: int | None = None
    max_primary: int | None = None
    results: tuple[PrintedResult, ...] = ()


@dataclass(frozen=True, slots=True)
class ExamFile:
    """The contents of an exam file. With problems nothing of it may be written (Q101). `path` is where it lies."""

    file: str
    sha256: str
    path: str = ""
    kind: ExamFileKind | None = None
    exams: tuple[PrintedExam, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeRow:
    """Which student a code of a ВПР stands for; `subject` None: in all subjects."""

    row: int
    code: str
    student: str
    school_class: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class CodeFile:
    """The school's own list of codes of a ВПР."""

    file: str
    sha256: str
    sheet: str | None = None
    rows: tuple[CodeRow, ...] = ()
    problems: tuple[Problem, ...] = ()

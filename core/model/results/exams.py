"""Exams and contests: their kinds, what a student reached, and the versions of a result (Q77, Q78)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ExamKind(StrEnum):
    """The kinds of exams and contests whose results reach families within 24 hours (R6)."""

    EGE = "ege"
    EGE_BASE = "ege_base"
    OGE = "oge"
    GVE = "gve"
    VPR = "vpr"
    SCHOOL = "school"
    OLYMPIAD = "olympiad"
    ESSAY = "essay"
    INTERVIEW = "interview"


class ExamStatus(StrEnum):
    """What became of a result; the first six after VALID are shown instead of a score (Q78)."""

    VALID = "valid"
    ABSENT = "absent"
    ABSENT_EXCUSED = "absent_excused"
    REMOVED = "removed"
    UNFINISHED = "unfinished"
    ANNULLED = "annulled"
    UNDER_APPEAL = "under_appeal"
    CHANGED = "changed"
    UPHELD = "upheld"


class OlympiadStage(StrEnum):
    """The stage of an olympiad, from the school to the country."""

    SCHOOL = "school"
    MUNICIPAL = "municipal"
    REGIONAL = "regional"
    FINAL = "final"


class OlympiadPlace(StrEnum):
    """What a participant of an olympiad became."""

    WINNER = "winner"
    PRIZE = "prize"
    PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True)
class Exam:
    """One exam of a school; `key` is its identity, `rules/results/exams.py` makes it.

    `threshold` is the lowest passing test score of the exam's own file. `on` None: the file holds no date.
    """

    id: int
    key: str
    kind: ExamKind
    subject: str
    on: date | None
    oral_on: date | None
    grade: int | None
    stage: OlympiadStage | None
    threshold: int | None
    max_primary: int | None


@dataclass(frozen=True, slots=True)
class ExamOutcome:
    """What a student reached: `score` is a test score (0–100 in ЕГЭ), `mark` 2–5, `oral` and `written` the parts.

    `passed` None: nobody decides it, or nobody has yet.
    """

    primary: int | None = None
    score: int | None = None
    mark: str | None = None
    passed: bool | None = None
    oral: int | None = None
    written: int | None = None
    status: ExamStatus = ExamStatus.VALID
    place: OlympiadPlace | None = None


@dataclass(frozen=True, slots=True)
class ExamResult:
    """A student's result in its version in force; each version starts a new 24 hours (Q74).

    `received_at` starts the 24 hours of R6; it moves with a new version, or by a correction with a reason (Q70).
    `published` is False for history (Q90).
    """

    id: int
    exam_id: int
    student_id: int
    primary: int | None
    score: int | None
    mark: str | None
    passed: bool | None
    oral: int | None
    written: int | None
    status: ExamStatus
    place: OlympiadPlace | None
    version: int
    received_at: datetime | None
    published: bool
    import_id: int | None

    @property
    def outcome(self) -> ExamOutcome:
        """What the student reached, without version and receipt."""
        return ExamOutcome(
            self.primary, self.score, self.mark, self.passed, self.oral, self.written, self.status, self.place
        )


@dataclass(frozen=True, slots=True)
class ExamResultVersion:
    """One version of a result, never changed; a published one makes a new obligation (Q74).

    `received_at` is the moment that was entered, also where it was corrected later.
    """

    id: int
    result_id: int
    version: int
    primary: int | None
    score: int | None
    mark: str | None
    passed: bool | None
    oral: int | None
    written: int | None
    status: ExamStatus
    place: OlympiadPlace | None
    received_at: datetime | None
    published: bool
    import_id: int | None

    @property
    def outcome(self) -> ExamOutcome:
        """What the student had reached in this version."""
        return ExamOutcome(
            self.primary, self.score, self.mark, self.passed, self.oral, self.written, self.status, self.place
        )

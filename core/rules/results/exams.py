"""What an exam is, whether it is passed, what of a file is new, and what is history (Q70, Q74, Q77)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from core.model.imports.exam_files import PrintedExam
from core.model.results.exams import (
    Exam,
    ExamKind,
    ExamOutcome,
    ExamResult,
    ExamResultVersion,
    ExamStatus,
    OlympiadStage,
)
from core.rules.people.names import normal_name
from core.rules.year import first_day_of_year

HISTORY_AFTER = timedelta(days=60)
"""An older exam whose moment of receipt nobody names is kept and told to nobody (contracts, Exams)."""

GEOMETRY_LIMIT = 8
"""ОГЭ in mathematics: with this primary score a mark of 2 means fewer than two points in geometry (Q77)."""

WITHOUT_SCORE = frozenset(
    {ExamStatus.ABSENT, ExamStatus.ABSENT_EXCUSED, ExamStatus.REMOVED, ExamStatus.UNFINISHED, ExamStatus.ANNULLED}
    | {ExamStatus.UNDER_APPEAL}
)
"""Statuses that are shown instead of a score (Q78)."""

Thresholds = Mapping[tuple[ExamKind, str, int], int]
"""The lowest passing test scores of the school's table, by kind, normalised subject and year."""


def exam_key(exam: PrintedExam, stage: OlympiadStage | None, *, today: date) -> str:
    """The identity of an exam: kind, subject, day and stage; a ВПР is held once a school year in each grade."""
    subject = normal_name(exam.subject)
    if exam.kind is ExamKind.VPR and exam.grade is not None:
        return f"{exam.kind}|{subject}|{first_day_of_year(exam.on or today).year}|{exam.grade}"
    return "|".join(
        (exam.kind, subject, exam.on.isoformat() if exam.on else str(first_day_of_year(today).year), stage or "")
    )


def new_exam(exam: PrintedExam, stage: OlympiadStage | None, *, today: date) -> Exam:
    """The exam of a file, without an id yet."""
    key = exam_key(exam, stage, today=today)
    return Exam(
        0, key, exam.kind, exam.subject, exam.on, exam.oral_on, exam.grade, stage, exam.threshold, exam.max_primary
    )


def enriched_exam(known: Exam, read: Exam) -> Exam:
    """The known exam with what a file adds: a re-check holds no threshold, a form of a ВПР no date."""
    return replace(
        known,
        on=known.on or read.on,
        oral_on=known.oral_on or read.oral_on,
        threshold=known.threshold if read.threshold is None else read.threshold,
        max_primary=known.max_primary if read.max_primary is None else read.max_primary,
    )


def exam_threshold_of(exam: Exam, table: Thresholds) -> int | None:
    """The lowest passing score: the file's own, else that of the school's table for the exam's year (Q77)."""
    if exam.threshold is not None or exam.on is None:
        return exam.threshold
    return table.get((exam.kind, normal_name(exam.subject), exam.on.year))


def judged_exam_outcome(outcome: ExamOutcome, threshold: int | None) -> ExamOutcome:
    """The outcome with «passed» by the threshold, where the file leaves it open; what it decides stays."""
    is_open = outcome.passed is None and outcome.status not in WITHOUT_SCORE
    if not is_open or threshold is None or outcome.score is None:
        return outcome
    return replace(outcome, passed=outcome.score >= threshold)


SETTLED = frozenset({ExamStatus.UNDER_APPEAL, ExamStatus.CHANGED, ExamStatus.UPHELD, ExamStatus.ANNULLED})
"""A protocol is older than an appeal and than an annulment, whenever it is imported."""


def is_known_exam_outcome(outcome: ExamOutcome, versions: Sequence[ExamResultVersion]) -> bool:
    """Whether some version of the result had this outcome: a protocol may be imported again after a re-check."""
    return outcome in {version.outcome for version in versions}


def is_exam_result_settled(known: ExamResult) -> bool:
    """Whether a protocol has nothing more to say about a result."""
    return known.status in SETTLED


def next_exam_result_version(
    known: ExamResult | None,
    outcome: ExamOutcome,
    *,
    ids: tuple[int, int],
    received_at: datetime | None,
    import_id: int | None,
) -> ExamResult:
    """The result as it becomes; `ids` are those of the exam and the student. Without receipt it is history."""
    exam_id, student_id = ids
    return ExamResult(
        id=known.id if known else 0,
        exam_id=exam_id,
        student_id=student_id,
        primary=outcome.primary,
        score=outcome.score,
        mark=outcome.mark,
        passed=outcome.passed,
        oral=outcome.oral,
        written=outcome.written,
        status=outcome.status,
        place=outcome.place,
        version=known.version + 1 if known else 1,
        received_at=received_at,
        published=received_at is not None,
        import_id=import_id,
    )


def version_of_exam_result(result: ExamResult) -> ExamResultVersion:
    """The row of history of a result's version in force."""
    return ExamResultVersion(
        id=0,
        result_id=result.id,
        version=result.version,
        primary=result.primary,
        score=result.score,
        mark=result.mark,
        passed=result.passed,
        oral=result.oral,
        written=result.written,
        status=result.status,
        place=result.place,
        received_at=result.received_at,
        published=result.published,
        import_id=result.import_id,
    )


def is_exam_history(on: date | None, *, today: date) -> bool:
    """Whether an exam is so old that nobody is told of it, unless the moment of receipt is named."""
    return on is not None and today - on > HISTORY_AFTER


def has_failed_exam_geometry(kind: ExamKind, subject: str, outcome: ExamOutcome) -> bool:
    """ОГЭ in mathematics: a «2» although the sum reaches the limit, since the part in geometry is below two points."""
    is_maths = kind is ExamKind.OGE and normal_name(subject) == normal_name("Математика")
    return is_maths and outcome.mark == "2" and outcome.primary is not None and outcome.primary >= GEOMETRY_LIMIT


def average_exam_result(outcomes: Collection[ExamOutcome]) -> Fraction | None:
    """The exact mean of the test scores that count, else of the marks, else of the primary scores; None without any."""
    counted = [each for each in outcomes if each.status not in WITHOUT_SCORE]
    scores = [each.score for each in counted if each.score is not None]
    marks = [int(each.mark) for each in counted if each.mark is not None]
    primary = [each.primary for each in counted if each.primary is not None]
    values = scores or marks or primary
    return Fraction(sum(values), len(values)) if values else None


def is_exam_below_threshold(outcome: ExamOutcome) -> bool:
    """Whether a student is under the threshold, or failed by the mark or the verdict."""
    return outcome.status not in WITHOUT_SCORE and outcome.passed is False


APPEALABLE = frozenset({ExamKind.EGE, ExamKind.EGE_BASE, ExamKind.OGE, ExamKind.GVE})
"""Exams whose points can be disputed within two working days after the official day of announcement."""


def can_be_appealed(kind: ExamKind, status: ExamStatus) -> bool:
    """Whether a family may dispute the points: not after an appeal, and not where there are none."""
    return kind in APPEALABLE and status is ExamStatus.VALID

"""What a family is told of a final mark and of an exam result."""

from core.model.delivery.fact_names import exam_result_fact_name, period_mark_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.family import ExamResultSet, FinalMarkSet
from core.model.results.exams import Exam, ExamOutcome, ExamResult
from core.model.results.period_marks import PeriodMark
from core.rules.results.exams import has_failed_exam_geometry


def final_mark_notice(mark: PeriodMark, *, before: str | None, subject: str) -> NewNotice:
    """Tells the family that a final mark was set or replaced (R6)."""
    notice = FinalMarkSet(subject=subject, term=mark.term, value=mark.value, before=before, subject_id=mark.subject_id)
    return NewNotice(mark.student_id, notice, period_mark_fact_name(mark.id))


def exam_result_notice(
    exam: Exam, result: ExamResult, *, before: ExamOutcome | None, before_score: int | None, threshold: int | None
) -> NewNotice:
    """Tells the family of a result, old → new where one was known or the file names it (R6, Q74)."""
    known = before or ExamOutcome(score=before_score)
    notice = ExamResultSet(
        exam=exam.kind,
        subject=exam.subject,
        on=exam.on,
        status=result.status,
        primary=result.primary,
        score=result.score,
        mark=result.mark,
        passed=result.passed,
        threshold=threshold,
        most=exam.max_primary,
        stage=exam.stage,
        place=result.place,
        geometry=has_failed_exam_geometry(exam.kind, exam.subject, result.outcome),
        before_status=before.status if before else None,
        before_primary=known.primary,
        before_score=known.score,
        before_mark=known.mark,
    )
    return NewNotice(result.student_id, notice, exam_result_fact_name(result.id))

"""What a family is told of a final mark."""

from core.model.delivery.fact_names import period_mark_fact
from core.model.delivery.obligations import NewNotice
from core.model.notices import FinalMarkSet
from core.model.results.period_marks import PeriodMark


def final_mark_notice(mark: PeriodMark, *, before: str | None, subject: str) -> NewNotice:
    """Tells the family that a final mark was set or replaced (R6)."""
    notice = FinalMarkSet(subject=subject, term=mark.term, value=mark.value, before=before, subject_id=mark.subject_id)
    return NewNotice(mark.student_id, notice, period_mark_fact(mark.id))

"""What a family is told of a final mark."""

from core.model.notices import (
    FinalMarkSet,
)
from core.model.results.period_marks import PeriodMark
from core.rules.marks.notices import News


def of_final(mark: PeriodMark, *, before: str | None, subject: str) -> News:
    """A final mark that was set or replaced (R6); a later version bears the same fact."""
    notice = FinalMarkSet(subject=subject, term=mark.term, value=mark.value, before=before, subject_id=mark.subject_id)
    return mark.student_id, notice, f"period_mark:{mark.id}"

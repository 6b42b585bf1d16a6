"""Compares printed averages and final marks with the period marks in force (R6, Q70, Q74)."""

from dataclasses import replace
from datetime import date, datetime

from core.model.imports.reports import JournalReport, PrintedTerm
from core.model.results.period_marks import PeriodMark


def new_period_mark(
    printed: PrintedTerm, *, student_id: int, subject_id: int, year_id: int, now: datetime, published: bool
) -> PeriodMark:
    """The first version of a printed term; only a final mark has a moment of receipt."""
    return PeriodMark(
        id=0,
        student_id=student_id,
        subject_id=subject_id,
        year_id=year_id,
        term=printed.term or "",
        average=printed.average,
        value=printed.final,
        version=1,
        received_at=None if printed.final is None else now,
        published=published and printed.final is not None,
        import_id=None,
    )


def changed_period_mark(before: PeriodMark | None, new: PeriodMark) -> PeriodMark | None:
    """The period mark that replaces `before`; None if nothing is new.

    A new average alone makes no version. Another final mark is a new version, received now, with new 24 hours. What the
    report leaves empty stays as it was.
    """
    if before is None:
        return None if new.average is None and new.value is None else new
    average = before.average if new.average is None else new.average
    if new.value not in {None, before.value}:
        return replace(new, id=before.id, term=before.term, average=average, version=before.version + 1)
    return None if average == before.average else replace(before, average=average)


def is_new_period_mark(kept: PeriodMark, before: PeriodMark | None) -> bool:
    """True if the family must be told: a published value in a new version."""
    return kept.published and kept.value is not None and (before is None or kept.version != before.version)


def period_marks_day(report: JournalReport) -> date | None:
    """The day whose school year a report's terms belong to: the last of its period, else of its entries."""
    if report.period is not None:
        return report.period[1]
    return max((entry.date for subject in report.subjects for entry in subject.entries), default=None)

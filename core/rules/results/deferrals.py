"""Deferrals: their dates, what ends them, and when staff are reminded (Q53)."""

from collections.abc import Iterable
from datetime import date, timedelta

from core.errors import DeferralDatesError
from core.model.results.deferrals import Deferral, DeferralEnd
from core.model.results.period_marks import MarkCell
from core.rules.marks.tokens import NOT_ASSESSED
from core.rules.results.terms import term_key

AHEAD = timedelta(days=7)
"""How long before its last day staff are told of a deferral."""


def end_of_deferral(value: str) -> DeferralEnd:
    """What a final mark makes of an open deferral."""
    return DeferralEnd.NOT_ASSESSED if value == NOT_ASSESSED else DeferralEnd.MARK


def deferral_in_force(deferrals: Iterable[Deferral], cell: MarkCell) -> Deferral | None:
    """The deferral of a cell that is in force, also after its last day."""
    return next((each for each in deferrals if each.ended_at is None and _is_of(each, cell)), None)


def deferral_ended_with(deferrals: Iterable[Deferral], cell: MarkCell, ended_at: object) -> Deferral | None:
    """The deferral of a cell that ended at the moment of a mark."""
    return next((each for each in deferrals if each.ended_at == ended_at and _is_of(each, cell)), None)


def require_deferral_dates(
    ill_from: date, ill_to: date, due_on: date, *, on: date, former: Deferral | None = None
) -> None:
    """Illness began and ends no earlier, its due day lies ahead and after it. Raises DeferralDatesError."""
    is_sound = ill_from <= ill_to and ill_from <= on and due_on > max(on, ill_to)
    if not is_sound or (former is not None and due_on <= former.due_on):
        raise DeferralDatesError


def deferral_reminder_day(deferral: Deferral, on: date) -> date | None:
    """The latest day, up to `on`, on which staff are told of an open deferral: a week ahead, and on its last day."""
    days = [day for day in (deferral.due_on, deferral.due_on - AHEAD) if day <= on]
    return days[0] if days and deferral.ended_at is None else None


def _is_of(deferral: Deferral, cell: MarkCell) -> bool:
    same = (deferral.student_id, deferral.subject_id) == (cell.student_id, cell.subject_id)
    return same and term_key(deferral.term) == term_key(cell.term)

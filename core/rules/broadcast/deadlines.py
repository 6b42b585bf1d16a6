"""By when a changed lesson must have been heard of, and when a student counts as told (Q97)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from core.model.broadcast import Acknowledging
from core.rules.delivery.timing import Policy
from core.rules.timetable.bells import DEFAULT_START

HEAD_START = timedelta(minutes=60)
"""What a family needs between hearing of a changed lesson and its beginning."""

Slot = tuple[date, time | None]
"""A date and when the lesson begins on it, by the school's clock."""


def broadcast_changes_deadline(slots: Iterable[Slot], *, now: datetime, policy: Policy) -> datetime | None:
    """An hour before the first of the lessons; where that is past, its beginning; None once it has begun."""
    starts = [datetime.combine(on, at or DEFAULT_START, tzinfo=policy.zone).astimezone(UTC) for on, at in slots]
    if not starts:
        return None
    first = min(starts)
    return next((moment for moment in (first - HEAD_START, first) if moment > now), None)


def is_told_by_deadline(rule: Acknowledging, guardians: Iterable[bool], *, student: bool | None) -> bool:
    """Whether those who have read it are enough; `student` None: the student is told nothing in person.

    A student whom nobody stands for answers for themself.
    """
    parents = list(guardians)
    if not parents:
        return bool(student)
    match rule:
        case Acknowledging.ONE_PARENT:
            return any(parents)
        case Acknowledging.BOTH_PARENTS:
            return all(parents)
        case Acknowledging.STUDENT_AND_PARENT:
            return any(parents) and student is not False

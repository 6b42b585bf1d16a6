"""Merges two queued notices about one fact, so that a family reads only the latest state (Q95)."""

from dataclasses import replace

from core.model.notices.facts import Notice
from core.model.notices.family import (
    AbsenceChanged,
    AbsenceRecorded,
    LessonChanged,
    MarkChanged,
    MarkRecorded,
    MarkWithdrawn,
)

_Entry = MarkRecorded | MarkChanged | AbsenceRecorded | AbsenceChanged
_Correction = MarkChanged | MarkWithdrawn | AbsenceChanged


def merged_notice(earlier: Notice, later: Notice) -> Notice | None:
    """One notice instead of two; None if they are about different facts.

    Nobody has read the earlier one yet: 4, then 4 → 5 becomes 5; 3 → 4, then 4 → 5 becomes 3 → 5. A change that was
    taken back stays as two notices.
    """
    if isinstance(earlier, LessonChanged) and isinstance(later, LessonChanged):
        return later if _lesson(earlier) == _lesson(later) else None
    if isinstance(earlier, _Entry) and isinstance(later, _Correction) and _continues(earlier, later):
        return _of_entry(earlier, later)
    return None


def _lesson(notice: LessonChanged) -> tuple[object, ...]:
    return notice.subject, notice.on, notice.number, notice.change, notice.group


def _continues(earlier: _Entry, later: _Correction) -> bool:
    """True for the same cell of the journal if the correction starts with the value of the earlier notice."""
    same = (earlier.kind, earlier.subject, earlier.on) == (later.kind, later.subject, later.on)
    return same and earlier.value == later.before


def _of_entry(earlier: _Entry, later: _Correction) -> Notice | None:
    value = None if isinstance(later, MarkWithdrawn) else later.value
    if isinstance(earlier, MarkRecorded | AbsenceRecorded):
        return later if value is None else replace(earlier, value=value)
    return None if value == earlier.before else replace(later, before=earlier.before)

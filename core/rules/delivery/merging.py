"""What waits in one message is told once: a mark recorded and then changed is the mark as it stands (Q95)."""

from dataclasses import replace

from core.model.notices import (
    AbsenceChanged,
    AbsenceRecorded,
    LessonChanged,
    MarkChanged,
    MarkRecorded,
    MarkWithdrawn,
    Notice,
)

_Entry = MarkRecorded | MarkChanged | AbsenceRecorded | AbsenceChanged
_Correction = MarkChanged | MarkWithdrawn | AbsenceChanged


def retold(earlier: Notice, later: Notice) -> Notice | None:
    """The one notice that says both; None where they are two facts.

    Nobody has heard the earlier one yet, so what it said counts as never told: 4, then 4 → 5 is 5; 3 → 4, then 4 → 5
    is 3 → 5. A change that was taken back stays visible as such.
    """
    if isinstance(earlier, LessonChanged) and isinstance(later, LessonChanged):
        return later if _lesson(earlier) == _lesson(later) else None
    if isinstance(earlier, _Entry) and isinstance(later, _Correction) and _continues(earlier, later):
        return _of_entry(earlier, later)
    return None


def _lesson(notice: LessonChanged) -> tuple[object, ...]:
    return notice.subject, notice.on, notice.number, notice.change, notice.group


def _continues(earlier: _Entry, later: _Correction) -> bool:
    """The same cell of the journal, and the correction starts where the earlier one ended."""
    same = (earlier.kind, earlier.subject, earlier.on) == (later.kind, later.subject, later.on)
    return same and earlier.value == later.before


def _of_entry(earlier: _Entry, later: _Correction) -> Notice | None:
    value = None if isinstance(later, MarkWithdrawn) else later.value
    if isinstance(earlier, MarkRecorded | AbsenceRecorded):
        return later if value is None else replace(earlier, value=value)
    return None if value == earlier.before else replace(later, before=earlier.before)

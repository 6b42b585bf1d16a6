"""The lessons of a day by diaries alone: a withdrawn one is shown as replaced or cancelled (Q17)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from core.model.timetable import ChangeKind, LessonChange, NamedLesson, NamedLessonChange
from core.model.year import TeachingGroup
from core.rules.timetable.lesson_changes import PlannedLesson

Planned = tuple[int, PlannedLesson, NamedLessonChange | None]
"""A lesson number, the lesson before any change, and how the diary has changed it."""


def diary_lessons(rows: Sequence[NamedLesson], groups: Mapping[int, TeachingGroup]) -> Iterator[Planned]:
    """The lessons of these groups on one date; a missing number is counted by time of day.

    A withdrawn lesson whose number a later one has became that one; without another lesson it is cancelled.
    """
    own = [row for row in rows if row.lesson.group_id in groups]
    by_age = sorted(own, key=lambda row: row.lesson.id)
    gone = [(row, at) for row in by_age if (at := row.lesson.withdrawn_at) is not None]
    held = [row for row in own if row.lesson.withdrawn_at is None]
    in_order = sorted(held, key=lambda row: (row.lesson.starts_at or time.min, row.lesson.id))
    for place, row in enumerate(in_order, 1):
        number = place if row.lesson.number is None else row.lesson.number
        before = next((each for each in gone if _is_former(each[0], row)), None)
        yield (number, *_replaced(before, row, groups[row.lesson.group_id]))
    taken = {(row.lesson.group_id, row.lesson.number) for row in held}
    for row, at in gone:
        key = row.lesson.group_id, row.lesson.number
        if row.lesson.number is not None and key not in taken:
            taken.add(key)
            yield (
                row.lesson.number,
                _planned(row, groups[row.lesson.group_id]),
                _change(row, at, ChangeKind.CANCELLATION),
            )


def _is_former(before: NamedLesson, row: NamedLesson) -> bool:
    old, new = before.lesson, row.lesson
    is_same_place = (old.group_id, old.number) == (new.group_id, new.number) and new.number is not None
    return is_same_place and old.id < new.id and (old.subject_id != new.subject_id or new.room is not None)


def _replaced(
    former: tuple[NamedLesson, datetime] | None, row: NamedLesson, group: TeachingGroup
) -> tuple[PlannedLesson, NamedLessonChange | None]:
    held = _planned(row, group)
    if former is None:
        return held, None
    before, at = former
    room = None if held.room is None else before.lesson.room
    planned = replace(_planned(before, group), room=room, starts_at=held.starts_at, ends_at=held.ends_at)
    is_same = before.lesson.subject_id == row.lesson.subject_id
    return planned, _change(before, at, ChangeKind.ROOM if is_same else ChangeKind.SUBSTITUTION, row)


def _planned(row: NamedLesson, group: TeachingGroup) -> PlannedLesson:
    lesson = row.lesson
    return PlannedLesson(
        group, lesson.subject_id, row.subject, room=lesson.room, starts_at=lesson.starts_at, ends_at=lesson.ends_at
    )


def _change(row: NamedLesson, at: datetime, kind: ChangeKind, new: NamedLesson | None = None) -> NamedLessonChange:
    lesson, became = row.lesson, new.lesson if new else None
    change = LessonChange(
        id=0,
        group_id=lesson.group_id,
        subject_id=lesson.subject_id,
        on=lesson.held_on,
        number=lesson.number or 0,
        kind=kind,
        new_subject_id=became.subject_id if became and became.subject_id != lesson.subject_id else None,
        new_teacher_id=None,
        new_room=became.room if became else None,
        new_on=None,
        new_number=None,
        broadcast_id=None,
        made_by=None,
        made_at=at,
        withdrawn_at=None,
    )
    return NamedLessonChange(change, row.subject, new.subject if new else None, None)

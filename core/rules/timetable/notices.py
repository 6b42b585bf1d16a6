"""The notice of a changed lesson."""

from core.model.notices.family import LessonChanged
from core.model.timetable import DayLesson, LessonChange, NewLessonChange


def changed_lesson_notice(
    change: NewLessonChange | LessonChange,
    lesson: DayLesson | None,
    *,
    subject: str,
    new_subject: str | None,
    new_teacher: str | None,
) -> LessonChanged:
    """The notice of a change; `lesson` is the lesson before it, None if the timetable does not have it."""
    return LessonChanged(
        subject=subject,
        on=change.on,
        number=change.number,
        change=change.kind,
        new_subject=new_subject,
        teacher=lesson.teacher if lesson else None,
        new_teacher=new_teacher,
        room=lesson.room if lesson else None,
        new_room=change.new_room,
        new_on=change.new_on,
        new_number=change.new_number,
    )

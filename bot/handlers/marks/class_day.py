"""The gradebook on a phone: a class on a lesson day, and each of its students (Q27, Q37)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.doors import TEACHERS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.timetable.own_lesson import (
    open_own_lesson_desk,
    own_lesson_of_button,
    own_lesson_student_row,
    record_own_lesson_view,
    remember_own_lesson,
    show_own_lesson_class,
)
from bot.screens.marks import gradebook as screens
from bot.screens.screen import Screen
from core.actions.marks import gradebook
from core.errors import NotFoundError
from core.model.marks.gradebook import Taught


async def class_day_choice_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for one of the actor's groups and subjects; for the group first where there are many."""
    (group_id,) = ask.exactly(1) if ask.numbers else (None,)
    taught = await gradebook.load_gradebook_subjects(visit.uow, visit.reader, on=visit.today, group_id=group_id)
    if group_id is not None and not taught:
        raise NotFoundError
    return replace(_choose_lesson(visit, taught, is_group=group_id is not None), in_place=ask.pressed)


def _choose_lesson(visit: DoorVisit, taught: Sequence[Taught], *, is_group: bool) -> Screen:
    if not taught:
        return screens.gradebook_nothing_taught_screen(visit.t)
    if len(taught) > screens.FEW and not is_group:
        return screens.gradebook_group_choice_screen(taught, visit.t, visit.seal)
    return screens.gradebook_lesson_choice_screen(taught, visit.today, visit.t, visit.seal)


async def class_day_marks_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Shows a class on a lesson day. Ends a waiting step and records the view (Q102)."""
    lesson, _ = own_lesson_of_button(ask)
    desk = await open_own_lesson_desk(visit, lesson)
    await remember_own_lesson(visit, lesson, None)
    await gradebook.record_gradebook_opening(visit.uow, visit.reader, lesson, now=visit.now)
    screen = await show_own_lesson_class(visit, desk)
    await visit.uow.commit()
    return replace(screen, in_place=ask.pressed)


async def class_day_student_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Shows one student of the lesson."""
    lesson, (student_id,) = own_lesson_of_button(ask, more=1)
    desk = await open_own_lesson_desk(visit, lesson)
    line = own_lesson_student_row(desk, student_id)
    record_own_lesson_view(visit, screens.STUDENT, student_id)
    return replace(screens.gradebook_student_day_screen(desk, line), in_place=ask.pressed)


DOORS = (
    Door(screens.JOURNAL, class_day_choice_door, TEACHERS, Behind.GROUP, command="journal"),
    Door(screens.DAY, class_day_marks_door, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.STUDENT, class_day_student_door, TEACHERS, Behind.GROUP),
)

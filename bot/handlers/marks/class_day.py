"""The gradebook on a phone: a class on a lesson day, and each of its students (Q27, Q37)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.doors import TEACHERS, Ask, Behind, Door, Visit
from bot.handlers.timetable.own_lesson import (
    class_day_screen,
    gradebook_row_of,
    lesson_of,
    open_lesson_desk,
    record_view,
    remember_lesson,
)
from bot.screens.marks import gradebook as screens
from bot.screens.screen import Screen
from core.actions.marks import gradebook
from core.errors import NotFoundError
from core.model.marks.gradebook import Taught


async def choose_gradebook(visit: Visit, ask: Ask) -> Screen:
    """Asks for one of the actor's groups and subjects; for the group first where there are many."""
    (group_id,) = ask.exactly(1) if ask.numbers else (None,)
    taught = await gradebook.gradebook_subjects(visit.uow, visit.reader, on=visit.today, group_id=group_id)
    if group_id is not None and not taught:
        raise NotFoundError
    return replace(_choose_lesson(visit, taught, is_group=group_id is not None), in_place=ask.pressed)


def _choose_lesson(visit: Visit, taught: Sequence[Taught], *, is_group: bool) -> Screen:
    if not taught:
        return screens.nothing_taught(visit.t)
    if len(taught) > screens.FEW and not is_group:
        return screens.taught_group_choice(taught, visit.t, visit.seal)
    return screens.taught_lesson_choice(taught, visit.today, visit.t, visit.seal)


async def open_gradebook_day(visit: Visit, ask: Ask) -> Screen:
    """Shows a class on a lesson day. Ends a waiting step and records the view (Q102)."""
    lesson, _ = lesson_of(ask)
    desk = await open_lesson_desk(visit, lesson)
    await remember_lesson(visit, lesson, None)
    await gradebook.record_page_opening(visit.uow, visit.reader, lesson, now=visit.now)
    screen = await class_day_screen(visit, desk)
    await visit.uow.commit()
    return replace(screen, in_place=ask.pressed)


async def open_gradebook_student(visit: Visit, ask: Ask) -> Screen:
    """Shows one student of the lesson."""
    lesson, (student_id,) = lesson_of(ask, more=1)
    desk = await open_lesson_desk(visit, lesson)
    line = gradebook_row_of(desk, student_id)
    record_view(visit, screens.STUDENT, student_id)
    return replace(screens.gradebook_student_day(desk, line), in_place=ask.pressed)


DOORS = (
    Door(screens.JOURNAL, choose_gradebook, TEACHERS, Behind.GROUP, command="journal"),
    Door(screens.DAY, open_gradebook_day, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.STUDENT, open_gradebook_student, TEACHERS, Behind.GROUP),
)

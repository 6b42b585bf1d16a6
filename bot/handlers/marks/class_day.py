"""A class on a lesson day in one screen, and the students of it (Q27, Q37)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.doors import TEACHERS, Ask, Behind, Door, Visit
from bot.handlers.timetable.own_lesson import (
    around,
    lesson_of,
    line_of,
    looked_at,
    one_number,
    open_desk,
    remember,
)
from bot.screens.marks import gradebook as screens
from bot.screens.screen import Screen
from core.actions.marks import gradebook
from core.errors import NotFoundError
from core.model.marks.gradebook import Taught


async def journal(visit: Visit, ask: Ask) -> Screen:
    """Own groups and subjects; of very many the group first. A single lesson is opened at once."""
    group_id = one_number(ask.numbers) if ask.numbers else None
    taught = await gradebook.taught_subjects(visit.uow, visit.reader, on=visit.today, group_id=group_id)
    if group_id is not None and not taught:
        raise NotFoundError
    return replace(_choice(visit, taught, is_group=group_id is not None), in_place=ask.pressed)


def _choice(visit: Visit, taught: Sequence[Taught], *, is_group: bool) -> Screen:
    if not taught:
        return screens.nothing_taught(visit.t)
    if len(taught) > screens.FEW and not is_group:
        return screens.groups(taught, visit.t, visit.seal)
    return screens.lessons(taught, visit.today, visit.t, visit.seal)


async def day(visit: Visit, ask: Ask) -> Screen:
    """A whole class on a lesson day; whatever was asked for before is forgotten, and who looked is kept (Q102)."""
    lesson, _ = lesson_of(ask.numbers)
    desk = await open_desk(visit, lesson)
    await remember(visit, lesson, None)
    await visit.uow.audit.write(
        visit.reader, "register.opened", at=visit.now, group=lesson.group_id, subject=lesson.subject_id,
        on=lesson.on.isoformat(),
    )  # fmt: skip
    screen = screens.class_day(desk, await around(visit, lesson))
    await visit.uow.commit()
    return replace(screen, in_place=ask.pressed)


async def student(visit: Visit, ask: Ask) -> Screen:
    """A student of the lesson."""
    lesson, (student_id,) = lesson_of(ask.numbers, more=1)
    desk = await open_desk(visit, lesson)
    line = line_of(desk, student_id)
    looked_at(visit, screens.STUDENT, student_id)
    return replace(screens.student_day(desk, line), in_place=ask.pressed)


DOORS = (
    Door(screens.JOURNAL, journal, TEACHERS, Behind.GROUP, command="journal"),
    Door(screens.DAY, day, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.STUDENT, student, TEACHERS, Behind.GROUP),
)

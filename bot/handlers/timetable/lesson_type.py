"""A teacher names the type of a lesson: control, laboratory, excursion … (Q60)."""

from dataclasses import replace

from bot.handlers.doors import TEACHERS, Ask, Behind, Door, Visit
from bot.handlers.timetable.own_lesson import gradebook_screen, lesson_of, open_lesson_desk, with_lesson_types
from bot.screens.marks.gradebook import LESSON_TYPE
from bot.screens.screen import Screen
from bot.screens.timetable import lesson_type as screens
from core.actions.timetable import lesson_types
from core.rules.conversation.buttons import HandleRefusedError
from core.rules.results.statistics.lesson_types import KNOWN_TYPES


async def name_lesson_type(visit: Visit, ask: Ask) -> Screen:
    """Asks for, or keeps, the type of the day's lessons. HandleRefusedError for a type that there is not."""
    lesson, chosen = lesson_of(ask, maybe=1)
    if not chosen:
        desk = await open_lesson_desk(visit, lesson)
        types = await lesson_types.lesson_types_of_day(visit.uow, visit.reader, lesson, on=visit.today)
        ask_for = screens.lesson_type_choice if types else screens.no_lesson_to_name
        return replace(ask_for(with_lesson_types(desk, types)), in_place=ask.pressed)
    if chosen[0] >= len(KNOWN_TYPES):
        raise HandleRefusedError
    await lesson_types.set_lesson_type(
        visit.uow, visit.reader, lesson, lesson_type=KNOWN_TYPES[chosen[0]], now=visit.now, on=visit.today
    )
    return replace(await gradebook_screen(visit, lesson, done=[]), in_place=ask.pressed)


DOORS = (Door(LESSON_TYPE, name_lesson_type, TEACHERS, Behind.GROUP, writes=True),)

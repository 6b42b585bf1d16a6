"""A teacher names the type of a lesson: control, laboratory, excursion … (Q60)."""

from dataclasses import replace

from bot.handlers.doors import TEACHERS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.timetable.own_lesson import (
    open_own_lesson_desk,
    own_lesson_of_button,
    own_lesson_with_types,
    show_own_lesson_gradebook,
)
from bot.screens.marks.gradebook import LESSON_TYPE
from bot.screens.screen import Screen
from bot.screens.timetable import lesson_type as screens
from core.actions.timetable import lesson_types
from core.rules.conversation.buttons import HandleRefusedError
from core.rules.results.statistics.lesson_types import KNOWN_TYPES


async def lesson_type_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for, or keeps, the type of the day's lessons. HandleRefusedError for a type that there is not."""
    lesson, chosen = own_lesson_of_button(ask, maybe=1)
    if not chosen:
        desk = await open_own_lesson_desk(visit, lesson)
        types = await lesson_types.load_lesson_types(visit.uow, visit.reader, lesson, on=visit.today)
        ask_for = screens.lesson_type_screen if types else screens.no_lesson_type_screen
        return replace(ask_for(own_lesson_with_types(desk, types)), in_place=ask.pressed)
    if chosen[0] >= len(KNOWN_TYPES):
        raise HandleRefusedError
    await lesson_types.set_lesson_type(
        visit.uow, visit.reader, lesson, lesson_type=KNOWN_TYPES[chosen[0]], now=visit.now, on=visit.today
    )
    return replace(await show_own_lesson_gradebook(visit, lesson, done=[]), in_place=ask.pressed)


DOORS = (Door(LESSON_TYPE, lesson_type_door, TEACHERS, Behind.GROUP, writes=True),)

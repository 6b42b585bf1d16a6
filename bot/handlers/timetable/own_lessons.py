"""A teacher's own lessons of a day (Q16, Q17)."""

from dataclasses import replace
from datetime import timedelta

from bot.handlers.doors import TEACHERS, Behind, Door, DoorRequest, DoorVisit
from bot.questions.model import Intent
from bot.screens.screen import Screen
from bot.screens.timetable import own_lessons
from bot.screens.timetable.days import timetable_day_on_screen
from core.actions.timetable import lookup as timetable_lookup
from core.rules.conversation.buttons import button_day

FORTNIGHT = timedelta(days=14)


async def own_lessons_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The actor's lessons of a day; today's until the last one has ended, then the next day with lessons (Q16, Q17)."""
    said = button_day(*ask.exactly(1)) if ask.numbers else ask.question.since if ask.question else None
    since = said or visit.today
    until = said or since + FORTNIGHT
    days = await timetable_lookup.look_up_teacher_timetable(
        visit.uow, visit.reader, since=since, until=until, on=visit.today
    )
    day = timetable_day_on_screen(days, visit.now.astimezone(visit.school.policy.zone).time())
    own = [lesson for lesson in day.lessons if lesson.is_held and lesson.teacher_id == visit.reader.person_id]
    return replace(own_lessons.own_lessons_screen(day, own, visit.today, visit.t, visit.seal), in_place=ask.pressed)


DOORS = (
    Door(
        own_lessons.LESSONS,
        own_lessons_door,
        TEACHERS,
        Behind.NOTHING,
        command="lessons",
        intent=Intent.TIMETABLE,
        discreet=True,
    ),
)

"""The conversation over Telegram: one router per audience, behind it the doors; a door parses, acts and shows."""

from aiogram import Dispatcher

from bot.handlers import clarification, menu
from bot.handlers.broadcast import start as broadcast_start
from bot.handlers.doors import Door, School
from bot.handlers.marks import class_day
from bot.handlers.marks import lookup as marks_lookup
from bot.handlers.register import blocking, onboarding, preferences
from bot.handlers.timetable import lookup as timetable_lookup
from bot.telegram.middleware import Doorway
from bot.telegram.routing import questions, router

__all__ = ["AUDIENCES", "DOORS", "School", "dispatcher"]

ASKED: dict[str, tuple[Door, ...]] = {
    "class_teacher": broadcast_start.DOORS,
    "teacher": class_day.DOORS,
    "family": (*marks_lookup.DOORS, *timetable_lookup.DOORS, *marks_lookup.STANDING),
    "everybody": preferences.DOORS,
}

_ASKED = [door for doors in ASKED.values() for door in doors]
MENU = menu.menu(_ASKED)

AUDIENCES = {**ASKED, "menu": (MENU,), "unclear": (clarification.asking(_ASKED),)}
"""Every door of the bot, by audience, in the order in which they are tried."""

DOORS: tuple[Door, ...] = tuple(door for doors in AUDIENCES.values() for door in doors)


def dispatcher(school: School) -> Dispatcher:
    """All routers behind the doorway, which finds out who speaks and shows what the doors return."""
    conversation = Dispatcher()
    conversation.update.outer_middleware(Doorway(school))
    audiences = (router(name, doors) for name, doors in AUDIENCES.items())
    conversation.include_routers(
        blocking.router(), onboarding.router(MENU), *audiences, questions(DOORS), onboarding.fallback(MENU)
    )
    return conversation

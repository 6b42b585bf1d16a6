"""The list of all doors, and the aiogram dispatcher with one router for each audience."""

from aiogram import Dispatcher

from bot.handlers import clarification, menu
from bot.handlers.broadcast import start as broadcast_start
from bot.handlers.doors import Door, School
from bot.handlers.marks import class_day
from bot.handlers.marks import lookup as marks_lookup
from bot.handlers.register import blocking, onboarding, preferences
from bot.handlers.timetable import lookup as timetable_lookup
from bot.telegram.middleware import ConversationMiddleware
from bot.telegram.routing import audience_router, question_router

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
    """The dispatcher with its middleware, which finds the caller and shows the replies, and all routers."""
    conversation = Dispatcher()
    conversation.update.outer_middleware(ConversationMiddleware(school))
    audiences = (audience_router(name, doors) for name, doors in AUDIENCES.items())
    conversation.include_routers(
        blocking.router(), onboarding.router(MENU), *audiences, question_router(DOORS), onboarding.fallback(MENU)
    )
    return conversation

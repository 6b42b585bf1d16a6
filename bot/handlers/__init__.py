"""The conversation over Telegram: one router per audience, behind it the doors; a door parses, acts and shows."""

from aiogram import Dispatcher

from bot.handlers import asking, broadcasting, family, membership, menu, newcomers, preferences, schoolday, teaching
from bot.handlers.doors import Door, School
from bot.handlers.doorway import Doorway
from bot.handlers.entrance import questions, router

__all__ = ["AUDIENCES", "DOORS", "School", "dispatcher"]

ASKED: dict[str, tuple[Door, ...]] = {
    "class_teacher": broadcasting.DOORS,
    "teacher": teaching.DOORS,
    "family": (*family.DOORS, *schoolday.DOORS, *family.STANDING),
    "everybody": preferences.DOORS,
}

_ASKED = [door for doors in ASKED.values() for door in doors]
MENU = menu.menu(_ASKED)

AUDIENCES = {**ASKED, "menu": (MENU,), "unclear": (asking.asking(_ASKED),)}
"""Every door of the bot, by audience, in the order in which they are tried."""

DOORS: tuple[Door, ...] = tuple(door for doors in AUDIENCES.values() for door in doors)


def dispatcher(school: School) -> Dispatcher:
    """All routers behind the doorway, which finds out who speaks and shows what the doors return."""
    conversation = Dispatcher()
    conversation.update.outer_middleware(Doorway(school))
    audiences = (router(name, doors) for name, doors in AUDIENCES.items())
    conversation.include_routers(
        membership.router(), newcomers.router(MENU), *audiences, questions(DOORS), newcomers.fallback(MENU)
    )
    return conversation

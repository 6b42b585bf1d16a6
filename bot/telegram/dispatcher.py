"""The conversation over Telegram: one router per audience, behind it the doors."""

from aiogram import Dispatcher

from bot.handlers import AUDIENCES, DOORS, MENU
from bot.handlers.doors import School
from bot.telegram.middleware import Doorway
from bot.telegram.routing import fallback, membership, newcomers, questions, router


def dispatcher(school: School) -> Dispatcher:
    """All routers behind the doorway, which finds out who speaks and shows what the doors return."""
    conversation = Dispatcher()
    conversation.update.outer_middleware(Doorway(school))
    audiences = (router(name, doors) for name, doors in AUDIENCES.items())
    conversation.include_routers(membership(), newcomers(MENU), *audiences, questions(DOORS), fallback(MENU))
    return conversation

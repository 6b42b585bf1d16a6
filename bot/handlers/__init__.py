"""The conversation over Telegram: one router per audience; a handler parses, acts and returns what to show."""

from aiogram import Dispatcher

from bot.handlers import family, membership, newcomers
from bot.handlers.doorway import Doorway, School

__all__ = ["School", "dispatcher"]


def dispatcher(school: School) -> Dispatcher:
    """All routers behind the doorway, which opens a unit of work and finds out who speaks."""
    conversation = Dispatcher()
    conversation.update.outer_middleware(Doorway(school))
    conversation.include_routers(membership.router(), newcomers.router(), family.router())
    return conversation

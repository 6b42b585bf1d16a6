"""The aiogram dispatcher: the middleware and one router for each audience of doors."""

from aiogram import Dispatcher

from bot.handlers import AUDIENCES, DOORS, MENU
from bot.handlers.doors import School
from bot.telegram.middleware import ConversationMiddleware
from bot.telegram.routing import audience_router, fallback_router, membership_router, newcomer_router, question_router


def dispatcher(school: School) -> Dispatcher:
    """The dispatcher with its middleware, which finds the caller and shows the replies, and all routers."""
    conversation = Dispatcher()
    conversation.update.outer_middleware(ConversationMiddleware(school))
    audiences = (audience_router(name, doors) for name, doors in AUDIENCES.items())
    conversation.include_routers(
        membership_router(), newcomer_router(MENU), *audiences, question_router(DOORS), fallback_router(MENU)
    )
    return conversation

"""A family blocks the bot, or lets it in again: Telegram tells at once (Q84)."""

from aiogram import Router
from aiogram.filters import IS_MEMBER, IS_NOT_MEMBER, ChatMemberUpdatedFilter
from aiogram.types import ChatMemberUpdated

from bot.handlers.doorway import CHANNEL, Visit
from core.actions import contact


def router() -> Router:
    """Transitions between member and not."""
    door = Router(name="membership")
    door.my_chat_member.register(blocked, ChatMemberUpdatedFilter(IS_MEMBER >> IS_NOT_MEMBER))
    door.my_chat_member.register(unblocked, ChatMemberUpdatedFilter(IS_NOT_MEMBER >> IS_MEMBER))
    return door


async def blocked(_event: ChatMemberUpdated, visit: Visit) -> None:
    """The chat is set aside; what waits for it moves to the next agreed channel."""
    await contact.chat_blocked(visit.uow, CHANNEL, visit.chat, now=visit.now, policy=visit.school.policy)


async def unblocked(_event: ChatMemberUpdated, visit: Visit) -> None:
    """The chat is used again."""
    await contact.chat_unblocked(visit.uow, CHANNEL, visit.chat, now=visit.now)

"""A chat that blocks the bot, or allows it again (Q84)."""

from bot.handlers.doors import Caller
from core.actions import conversation
from core.actions.register import contacts


async def chat_blocked(caller: Caller) -> None:
    """Suspends the chat; its waiting deliveries move to the next agreed channel."""
    async with caller.school.open_uow() as uow:
        if await conversation.claim_update(uow, caller.channel, caller.update_ids):
            await contacts.set_blocked_contact_aside(
                uow, caller.channel, caller.address, now=caller.now, policy=caller.school.policy
            )


async def chat_unblocked(caller: Caller) -> None:
    """Uses the chat again."""
    async with caller.school.open_uow() as uow:
        if await conversation.claim_update(uow, caller.channel, caller.update_ids):
            await contacts.resume_unblocked_contact(uow, caller.channel, caller.address, now=caller.now)

"""A chat that blocks or mutes the bot, or allows and hears it again (Q84)."""

from datetime import UTC, datetime, timedelta

from bot.handlers.doors import DoorCaller
from core.actions import conversation
from core.actions.register import contacts

LONGEST_MUTE = timedelta(days=3650)
"""For a mute without an end, and for one whose end is no moment."""


async def blocking_chat_door(caller: DoorCaller) -> None:
    """Suspends the chat; its waiting deliveries move to the next agreed channel."""
    async with caller.school.open_uow() as uow:
        if await conversation.claim_conversation_update(uow, caller.channel, caller.update_ids):
            await contacts.set_blocked_contact_aside(
                uow, caller.channel, caller.address, now=caller.now, policy=caller.school.policy
            )


async def unblocking_chat_door(caller: DoorCaller) -> None:
    """Uses the chat again."""
    async with caller.school.open_uow() as uow:
        if await conversation.claim_conversation_update(uow, caller.channel, caller.update_ids):
            await contacts.resume_unblocked_contact(uow, caller.channel, caller.address, now=caller.now)


async def reopening_blocked_chat_door(caller: DoorCaller) -> None:
    """Uses a chat again that had blocked the bot; what is said there is answered afterwards.

    It is asked at every message, so it writes, and waits for those who write, only where the chat is blocked.
    """
    async with caller.school.open_uow(reading=True) as uow:
        is_blocked = await contacts.is_contact_chat_blocked(uow, caller.channel, caller.address)
    if is_blocked:
        async with caller.school.open_uow() as uow:
            await contacts.reopen_blocked_contact(uow, caller.channel, caller.address, now=caller.now)


async def muting_chat_door(caller: DoorCaller, milliseconds: int | None) -> None:
    """Results start at the next way until that moment of the messenger's clock, or until it is heard again."""
    latest = caller.now + LONGEST_MUTE
    is_moment = milliseconds is not None and 0 < milliseconds < latest.timestamp() * 1000
    until = datetime.fromtimestamp(milliseconds / 1000, UTC) if is_moment and milliseconds is not None else latest
    await _mute(caller, until)


async def unmuting_chat_door(caller: DoorCaller) -> None:
    """The chat is heard again."""
    await _mute(caller, None)


async def _mute(caller: DoorCaller, until: datetime | None) -> None:
    async with caller.school.open_uow() as uow:
        if await conversation.claim_conversation_update(uow, caller.channel, caller.update_ids):
            await contacts.mute_contact(uow, caller.channel, caller.address, until=until, now=caller.now)

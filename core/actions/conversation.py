"""What a conversation keeps: who speaks in a chat, what the chat waits for, and that an update counts once."""

from collections.abc import Sequence
from datetime import date, datetime

from core.model.conversation import Dialog
from core.model.people import Speaker
from core.ports import UnitOfWork


async def is_first_time(uow: UnitOfWork, update_id: int | None) -> bool:
    """Whether this transaction may apply the update: true for one transaction only, and for an update without an id.

    The caller commits the mark together with the effects of the update.
    """
    return update_id is None or await uow.conversations.apply(update_id)


async def speakers(uow: UnitOfWork, channel: str, address: str, *, on: date) -> Sequence[Speaker]:
    """The persons who share a chat, each with the roles of that date (Q80, Q127)."""
    return await uow.conversations.speakers(channel, address, on=on)


async def dialog(uow: UnitOfWork, chat: str) -> Dialog:
    """The step and the draft that the chat keeps; an empty one where it keeps nothing."""
    return await uow.conversations.dialog(chat)


async def keep_dialog(uow: UnitOfWork, kept: Dialog, *, now: datetime) -> None:
    """Replaces what the chat keeps; the caller commits."""
    await uow.conversations.keep(kept, at=now)

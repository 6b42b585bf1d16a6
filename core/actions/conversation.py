"""What a conversation keeps: who speaks in a chat, what the chat waits for, and that an update counts once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.actions.delivery import acquaintance
from core.model.conversation import Arrival, Dialog
from core.model.delivery.states import Status
from core.model.people import Actor, Speaker
from core.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class AnsweredUpdate:
    """What is kept once the answer to an update was shown.

    `views`: who saw what of which student (Q102). `left_step`: the step that no longer waits for words. `child_id`: the
    child that the chat is about from now on; None: as before. `taken`: `Dialog.taken` from now on; None: as before.
    `opened`: who opened which results, by fact: that is acquaintance with them (Q72). `asked`: `Dialog.asked` from now
    on; None: as before.
    """

    update_id: int
    chat: str
    views: Sequence[tuple[Actor, str, int]] = ()
    left_step: str | None = None
    child_id: int | None = None
    taken: Mapping[str, Any] | None = None
    opened: Sequence[tuple[Actor, Collection[str]]] = ()
    asked: Mapping[str, Any] | None = None


async def claim_conversation_update(uow: UnitOfWork, channel: str, update_ids: Sequence[int]) -> bool:
    """True if this transaction may apply the updates of one message: one transaction only, or any without an id.

    The caller commits the mark together with the effects of the message.
    """
    return all([await uow.conversations.apply(channel, update_id) for update_id in update_ids])


async def load_conversation_speakers(uow: UnitOfWork, channel: str, address: str, *, on: date) -> Sequence[Speaker]:
    """The persons who share a chat, each with the roles of that date (Q80, Q127)."""
    return await uow.conversations.speakers(channel, address, on=on)


async def load_conversation_state(
    uow: UnitOfWork, channel: str, chat: str, *, on: date
) -> tuple[Sequence[Speaker], Dialog]:
    """Who may be speaking in a chat, and what the chat keeps: all that is known before a door is chosen."""
    return await uow.conversations.heard_in(channel, chat, on=on)


async def load_known_conversation_chats(uow: UnitOfWork, channel: str, addresses: Iterable[str]) -> frozenset[str]:
    """Those of the chats in which somebody speaks whom the school knows."""
    return await uow.conversations.known(channel, frozenset(addresses))


async def load_conversation_dialog(uow: UnitOfWork, channel: str, chat: str) -> Dialog:
    """The step and the draft that the chat keeps; an empty one where it keeps nothing."""
    return await uow.conversations.dialog(channel, chat)


async def save_conversation_dialog(uow: UnitOfWork, kept: Dialog, *, now: datetime) -> None:
    """Replaces what the chat keeps; the caller commits."""
    await uow.conversations.keep(kept, at=now)


async def keep_conversation_arrivals(uow: UnitOfWork, arrivals: Sequence[Arrival]) -> frozenset[int]:
    """Keeps updates of one channel until they are answered; the ids of those that were not kept yet."""
    return frozenset(await uow.conversations.arrive(arrivals))


async def claim_unfinished_conversations(
    uow: UnitOfWork, channel: str, *, holder: str, now: datetime, silent_since: datetime
) -> Sequence[Arrival]:
    """Unanswered updates of the holder and of holders that were silent since then, oldest first."""
    return await uow.conversations.claim_unfinished(channel, holder=holder, now=now, silent_since=silent_since)


async def forget_conversation_arrivals(uow: UnitOfWork, *, before: datetime) -> None:
    """Drops the ids of updates that were finished before that moment; the caller commits."""
    await uow.conversations.forget(before=before)


async def record_conversation_answers(
    uow: UnitOfWork, channel: str, answered: Sequence[AnsweredUpdate], *, closes: Mapping[str, Status], now: datetime
) -> None:
    """Writes who saw what, moves the dialogs on, and finishes the updates; the caller commits."""
    for update in answered:
        for reader, facts in update.opened:
            await acquaintance.record_acquaintance_by_opening(uow, reader, facts, closes=closes, now=now)
        for reader, what, student_id in update.views:
            await uow.audit.write(reader, f"{what}.opened", at=now, student=student_id)
        if update.left_step is not None:
            await uow.conversations.leave(channel, update.chat, update.left_step)
        if update.child_id is not None:
            await uow.conversations.turn_to(channel, update.chat, update.child_id, at=now)
        if update.taken is not None:
            await uow.conversations.remember_taken(channel, update.chat, update.taken, at=now)
        if update.asked is not None:
            await uow.conversations.remember_asked(channel, update.chat, update.asked, at=now)
    await uow.conversations.finish(channel, [update.update_id for update in answered], at=now)


async def erase_files(uow: UnitOfWork, *, now: datetime) -> None:
    """Files that were kept for families of other channels go with their term; the caller commits."""
    await uow.conversations.erase_files(before=now)

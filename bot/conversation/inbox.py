"""Stores updates before they are confirmed to the messenger, until they are answered, so that a kill loses none.

Each update is handled in its chat's turn. Its effects and the mark "applied" commit together, so that an update that is
handled again after a kill is not applied twice.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from bot import metrics
from bot.backoff import Backoff, backoff_seconds
from bot.conversation.answering import AnsweringConversation, UpdateProgress
from bot.conversation.chat_queues import ChatQueues
from bot.conversation.group_commit import GroupCommit
from bot.conversation.joining import is_joined_message_part, join_conversation_messages, may_join_next_message
from bot.conversation.messenger import (
    HeardKind,
    Incoming,
    Messenger,
    MessengerUpdate,
    NotShownError,
    UnreadableUpdateError,
)
from bot.conversation.rate_limit import MESSAGES, PRESSES, RateLimit, Verdict
from bot.handlers.doors import DoorSchool
from core.actions import conversation
from core.actions.conversation import AnsweredUpdate
from core.actions.register import contacts
from core.errors import StorageError
from core.model.conversation import Arrival
from core.ports import UnitOfWork

HANDLED_AT_ONCE = 16
STRANGERS_AT_ONCE = 8
"""Of these, for unknown chats, so that they never block families."""

MOST_TRIES = 12
"""Tries to show an answer; with the backoff they take about five minutes."""

MOST_FAILURES = 10
"""Failures of one update by errors of our own, counted only while the database was in reach."""

PARTS = 0.7
"""Seconds without another part after which an album or a cut text is complete."""

NO_MESSAGES = frozenset({HeardKind.BLOCKED, HeardKind.UNBLOCKED, HeardKind.MUTED, HeardKind.UNMUTED})
"""What the messenger tells of a chat; the rate limit does not count it."""

TICK = timedelta(microseconds=1)
SWEEP = 10.0  # seconds between two searches for unhandled updates
ENDING = 5.0  # seconds for running answers after the order to stop
SILENCE = timedelta(minutes=1)
"""Another process counts as dead after this time."""

RETURNS = timedelta(days=2)
"""How long update numbers are kept: a messenger repeats unconfirmed updates for a day."""

log = structlog.get_logger()


@dataclass(slots=True)
class QueuedUpdate:
    """An update in its chat's queue, and how far it has come.

    `heard`: once it was read; `queued_at`: seconds of the event loop; `parts`: the updates of one message of which this
    is the first, once they are complete.
    """

    update: Incoming
    progress: UpdateProgress = field(default_factory=UpdateProgress)
    is_applied: bool = False
    heard: MessengerUpdate | None = None
    queued_at: float = 0.0
    parts: "tuple[QueuedUpdate, ...]" = ()
    tries: int = 0
    failures: int = 0


class Inbox:
    """Updates of one messenger that are not answered yet.

    `holder` names the process and stays the same after a restart.
    """

    def __init__(
        self, messenger: Messenger, answering: AnsweringConversation, *, school: DoorSchool, holder: str
    ) -> None:
        self._messenger = messenger
        self._conversation = answering
        self._school = school
        self._holder = holder
        self._said, self._pressed = RateLimit(MESSAGES), RateLimit(PRESSES)
        self._turns: ChatQueues[QueuedUpdate] = ChatQueues(strangers_at_once=STRANGERS_AT_ONCE)
        self._keeping = GroupCommit(self._store)
        self._known: set[str] = set()
        self._in_hand: set[int] = set()
        self._ended: set[int] = set()
        self._failed: dict[int, QueuedUpdate] = {}
        self._answering: set[asyncio.Task[None]] = set()
        self._has_looked = False
        self._arrived_at = datetime.min.replace(tzinfo=UTC)
        self.set_aside = 0
        """Count of unreadable updates."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """While the block runs, handle waiting and new updates; at its end finish those that have begun.

        Answers that still wait for the messenger after ENDING seconds are left to the next process.
        """
        jobs = [asyncio.create_task(self._sweep()), asyncio.create_task(self._handle_in_turn())]
        try:
            yield
        finally:
            for job in jobs:
                job.cancel()
            if self._answering:
                await asyncio.wait(self._answering, timeout=ENDING)
            for answering in self._answering:
                answering.cancel()
            await asyncio.gather(*jobs, *self._answering, return_exceptions=True)

    @property
    def unanswered(self) -> int:
        """Updates that wait or are handled."""
        return len(self._turns)

    async def accept(self, updates: Iterable[object]) -> None:
        """Store raw updates; after that they may be confirmed to the messenger. Raises StorageError.

        Updates that a killed process left are older, so they are queued first.
        """
        if not self._has_looked:
            await self._queue_waiting()
        admitted = [queued for raw in updates if (queued := self._admit(raw)) is not None]
        if admitted:
            new = await self._keeping.add(*(self._arrival(queued.update) for queued in admitted))
            for queued in admitted:
                if queued.update.update_id in new:
                    self._queue(queued)

    def _admit(self, raw: object) -> QueuedUpdate | None:
        """The update to store; None outside private chats, for an unreadable one, and beyond the rate limit."""
        try:
            update = self._messenger.parse(raw)
        except UnreadableUpdateError as unreadable:
            self._count_unreadable(unreadable)
            return None
        if update is None or update.kind in NO_MESSAGES:
            return QueuedUpdate(update) if update is not None else None
        match self._judge(update):
            case Verdict.ADMITTED:
                return QueuedUpdate(update)
            case Verdict.WARNED:
                return QueuedUpdate(update, UpdateProgress(is_too_many=True))
            case Verdict.SILENT:
                return None

    def _judge(self, update: Incoming) -> Verdict:
        """By the loop's clock: after a wall clock that was put back a minute would last for hours."""
        limit = self._pressed if update.kind is HeardKind.PRESS else self._said
        return limit.judge(update.chat, update.update_id, now=_now())

    def _count_unreadable(self, unreadable: UnreadableUpdateError) -> None:
        """Count and log an unreadable update by its kind, without its content (Q103)."""
        self.set_aside += 1
        log.warning("conversation.set_aside", kind=unreadable.kind, count=self.set_aside)

    def _arrival(self, update: Incoming) -> Arrival:
        """Each one later than the one before, since a messenger's ids of updates need not rise."""
        self._arrived_at = max(self._school.clock(), self._arrived_at + TICK)
        return Arrival(
            self._messenger.channel, update.update_id, update.chat, update.body, self._holder, self._arrived_at,
            applied=False,
        )  # fmt: skip

    async def _store(self, arrivals: Sequence[Arrival]) -> frozenset[int]:
        async with self._school.open_uow() as uow:
            new = await conversation.keep_conversation_arrivals(uow, arrivals)
            await self._learn_known_chats(uow, arrivals)
            await uow.commit()
        return new

    async def _learn_known_chats(self, uow: UnitOfWork, arrivals: Iterable[Arrival]) -> None:
        """Look up which chats are known, before their turn; known ones are cached."""
        unheard = {arrival.chat for arrival in arrivals} - self._known
        if unheard:
            self._known |= await conversation.load_known_conversation_chats(uow, self._messenger.channel, unheard)

    def _queue(self, queued: QueuedUpdate) -> None:
        update = queued.update
        if update.update_id not in self._in_hand:
            self._in_hand.add(update.update_id)
            queued.queued_at, queued.parts = _now(), ()
            self._turns.add(update.chat, queued, is_known=update.chat in self._known)

    async def _handle_in_turn(self) -> None:
        room = asyncio.Semaphore(HANDLED_AT_ONCE)
        while True:
            await room.acquire()
            chat, queued = await self._turns.next()
            answering = asyncio.create_task(self._answer(chat, queued))
            self._answering.add(answering)
            answering.add_done_callback(self._answering.discard)
            answering.add_done_callback(lambda _: room.release())

    async def _answer(self, chat: str, queued: QueuedUpdate) -> None:
        """Handle one update; an answer that is not accepted now is retried before the chat's next update."""
        if (wait := self._find_parts(chat, queued)) > 0:
            self._turns.retry_later(chat, after=wait)
            return
        queued.tries += 1
        queued.progress.is_last_try = queued.tries >= MOST_TRIES or queued.failures >= MOST_FAILURES - 1
        try:
            await self._handle(queued)
        except NotShownError as wait:
            self._turns.retry_later(chat, after=backoff_seconds(queued.tries, at_least=wait.retry_after))
            return
        except Exception as error:  # noqa: BLE001  # one update must not stop the others; its text may be personal (Q103)
            queued.failures += 1
            self._failed[queued.update.update_id] = queued  # the next sweep finds it still waiting
            if not isinstance(error, StorageError):  # which the sweep logs
                log.error("conversation.not_ended", error=type(error).__name__)  # noqa: TRY400  # for the same reason
        metrics.observe_update_metric(_now() - queued.queued_at)
        self._ended.update(part.update.update_id for part in queued.parts)
        self._turns.done(chat, len(queued.parts))

    def _find_parts(self, chat: str, queued: QueuedUpdate) -> float:
        """Sets the parts of the message that begins here; the seconds to wait for another one."""
        if queued.parts:
            return 0
        parts: list[QueuedUpdate] = []
        for waiting in self._turns.waiting(chat):
            if parts and not self._is_next_part(parts[-1], waiting):
                queued.parts = tuple(parts)
                return 0
            parts.append(waiting)
        last = self._heard(parts[-1])
        wait = parts[-1].queued_at + PARTS - _now() if last is not None and may_join_next_message(last) else 0
        queued.parts = tuple(parts) if wait <= 0 else ()
        return wait

    def _is_next_part(self, before: QueuedUpdate, after: QueuedUpdate) -> bool:
        """Updates whose effects were committed apart, or of which one is beyond the rate limit, are no one message."""
        first, second = self._heard(before), self._heard(after)
        is_alike = before.is_applied == after.is_applied
        is_limited = before.progress.is_too_many or after.progress.is_too_many
        return (
            first is not None
            and second is not None
            and is_alike
            and not is_limited
            and is_joined_message_part(first, second)
        )

    def _heard(self, queued: QueuedUpdate) -> MessengerUpdate | None:
        """What the update says; None where it is unreadable."""
        if queued.heard is None:
            with suppress(UnreadableUpdateError):
                queued.heard = self._messenger.read(queued.update)
        return queued.heard

    async def _handle(self, queued: QueuedUpdate) -> None:
        """Answer the update, or drop it where it is unreadable or has failed too often."""
        if queued.failures >= MOST_FAILURES:
            await self._forget(queued)
            log.error("conversation.given_up")
            return
        try:
            heard = queued.heard = queued.heard or self._messenger.read(queued.update)
        except UnreadableUpdateError as unreadable:
            await self._forget(queued)
            self._count_unreadable(unreadable)
        else:
            heard = join_conversation_messages(
                [heard, *(part.heard for part in queued.parts[1:] if part.heard is not None)]
            )
            await self._conversation.answer(heard, queued.progress)
            if queued.progress.caller is not None and not queued.progress.caller.speakers:
                self._known.discard(queued.update.chat)

    async def _forget(self, queued: QueuedUpdate) -> None:
        forgotten = [AnsweredUpdate(part.update.update_id, part.update.chat) for part in queued.parts]
        async with self._school.open_uow() as uow:
            await conversation.record_conversation_answers(
                uow, self._messenger.channel, forgotten, closes=self._school.closes, now=self._school.clock()
            )
            await uow.commit()

    async def _sweep(self) -> None:
        """Every SWEEP seconds: queue updates of dead processes, delete old update numbers, tell confirmed chats."""
        backoff = Backoff("conversation")
        while True:
            try:
                await self._queue_waiting()
                await self._conversation.announce_confirmed()
            except StorageError:
                backoff.failed("no_database")
            except Exception as error:  # noqa: BLE001  # the next sweep may succeed; its text may be personal (Q103)
                backoff.failed("not_looked", error=error)
            else:
                backoff.worked()
            await asyncio.sleep(SWEEP)

    async def _queue_waiting(self) -> None:
        """Queue waiting updates. Those that end during the query stay marked as in hand until the next sweep."""
        ended = frozenset(self._ended)
        now = self._school.clock()
        async with self._school.open_uow() as uow:
            waiting = await conversation.claim_unfinished_conversations(
                uow, self._messenger.channel, holder=self._holder, now=now, silent_since=now - SILENCE
            )
            await conversation.forget_conversation_arrivals(uow, before=now - RETURNS)
            await contacts.end_past_mutes(uow, now=now)
            await self._learn_known_chats(uow, waiting)
            await uow.commit()
        self._ended -= ended
        self._in_hand -= ended
        failed = {number: self._failed.pop(number, None) for number in ended}
        for arrival in waiting:
            update = self._messenger.restore(arrival.update_id, arrival.chat, arrival.body)
            self._queue(failed.get(update.update_id) or QueuedUpdate(update, is_applied=arrival.applied))
        self._has_looked = True


def _now() -> float:
    return asyncio.get_running_loop().time()

"""Updates are kept before Telegram is told that they came, and until they are answered: a kill loses none.

Each is handled in its chat's turn. Its effects commit together with the note that they are applied, so whoever takes
it up after a kill does not apply it again.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from aiogram import Bot, Dispatcher

from bot.conversation.chat_queues import Turns
from bot.conversation.group_commit import Together
from bot.conversation.rate_limit import Limit, Verdict
from bot.handlers.doors import CHANNEL, School
from bot.run.backoff import Backoff, backoff_seconds
from bot.telegram.incoming import Incoming, UnreadableError, incoming, kept
from bot.telegram.middleware import Course
from bot.telegram.replies import NotShownError
from core.errors import StorageError
from core.model.conversation import Arrival
from core.ports import UnitOfWork

HANDLED_AT_ONCE = 16
STRANGERS_AT_ONCE = 8
"""Of them; whoever the school does not know waits while those are busy, the families do not."""

MOST_TRIES = 12
"""To show an answer; with the growing pauses about five minutes."""

MOST_FAILURES = 10
"""Of an update by an error that is none of Telegram's; between two of them the database was in reach."""

SWEEP = 10.0  # seconds between two looks for updates that nobody has in hand
ENDING = 5.0  # seconds for the answers under way when told to stop
SILENCE = timedelta(minutes=1)
"""After which another process counts as dead."""

RETURNS = timedelta(days=2)
"""Telegram keeps what was not confirmed for a day, and brings it again."""

log = structlog.get_logger()


@dataclass(slots=True)
class QueuedUpdate:
    """An update in its chat's turn, and how far it has come."""

    update: Incoming
    course: UpdateProgress = field(default_factory=UpdateProgress)
    tries: int = 0
    failures: int = 0


class Inbox:
    """What came in and is not answered yet. `holder` tells processes apart and is the same after a restart."""

    def __init__(self, bot: Bot, conversation: Dispatcher, *, school: School, holder: str) -> None:
        self._bot = bot
        self._conversation = conversation
        self._school = school
        self._holder = holder
        self._limit = Limit()
        self._turns: Turns[QueuedUpdate] = Turns(strangers_at_once=STRANGERS_AT_ONCE)
        self._keeping = Together(self._keep)
        self._known: set[str] = set()
        self._in_hand: set[int] = set()
        self._ended: set[int] = set()
        self._failed: dict[int, QueuedUpdate] = {}
        self._answering: set[asyncio.Task[None]] = set()
        self._has_looked = False
        self.set_aside = 0
        """Updates that nobody could read."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """What waited is taken up, and what comes is handled while the block runs; what has begun then is ended.

        Whoever still waits for Telegram after ENDING seconds is left to the next process.
        """
        jobs = [asyncio.create_task(self._sweep()), asyncio.create_task(self._serve())]
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

    async def take(self, updates: Iterable[object]) -> None:
        """Raw updates; returns when all that will be answered is kept, so Telegram may forget it. Raises StorageError.

        What a killed process left was said before, so it is queued before.
        """
        if not self._has_looked:
            await self._take_up()
        admitted = [said for raw in updates if (said := self._judged(raw)) is not None]
        if admitted:
            new = await self._keeping.add(*(self._arrival(said.update) for said in admitted))
            for said in admitted:
                if said.update.update_id in new:
                    self._queue(said)

    def _judged(self, raw: object) -> QueuedUpdate | None:
        """None for what is nobody's private chat, what nobody can read, and what a flooded chat says in vain."""
        try:
            update = incoming(raw)
        except UnreadableUpdateError as unreadable:
            self._put_aside(unreadable)
            return None
        if update is None or update.kind == "my_chat_member":
            return QueuedUpdate(update) if update is not None else None
        is_press = update.kind == "callback_query"
        match self._limit.judge(update.chat, is_press=is_press, now=self._school.clock()):
            case Verdict.ADMITTED:
                return QueuedUpdate(update)
            case Verdict.WARNED:
                return QueuedUpdate(update, UpdateProgress(is_too_many=True))
            case Verdict.SILENT:
                return None

    def _put_aside(self, unreadable: UnreadableUpdateError) -> None:
        """Counted and named by its kind; nothing of what it says (Q103)."""
        self.set_aside += 1
        log.warning("conversation.set_aside", kind=unreadable.kind, count=self.set_aside)

    def _arrival(self, update: Incoming) -> Arrival:
        now = self._school.clock()
        return Arrival(update.update_id, update.chat, update.body, self._holder, now, applied=False)

    async def _keep(self, arrivals: Sequence[Arrival]) -> frozenset[int]:
        async with self._school.open_uow() as uow:
            new = frozenset(await uow.conversations.arrive(arrivals))
            await self._meet(uow, arrivals)
            await uow.commit()
        return new

    async def _meet(self, uow: UnitOfWork, arrivals: Iterable[Arrival]) -> None:
        """Finds out which chats are known before their turn comes; who once was is not asked about again."""
        unheard = {arrival.chat for arrival in arrivals} - self._known
        if unheard:
            self._known |= await uow.conversations.known(CHANNEL, unheard)

    def _queue(self, said: QueuedUpdate) -> None:
        update = said.update
        if update.update_id not in self._in_hand:
            self._in_hand.add(update.update_id)
            self._turns.add(update.chat, said, is_known=update.chat in self._known)

    async def _serve(self) -> None:
        room = asyncio.Semaphore(HANDLED_AT_ONCE)
        while True:
            await room.acquire()
            chat, said = await self._turns.next()
            answering = asyncio.create_task(self._answer(chat, said))
            self._answering.add(answering)
            answering.add_done_callback(self._answering.discard)
            answering.add_done_callback(lambda _: room.release())

    async def _answer(self, chat: str, said: QueuedUpdate) -> None:
        """An answer that Telegram does not take now is tried again before the chat's next update."""
        said.tries += 1
        said.course.is_last_try = said.tries >= MOST_TRIES or said.failures >= MOST_FAILURES - 1
        try:
            await self._handle(said)
        except NotShownError as wait:
            self._turns.again(chat, after=backoff_seconds(said.tries, at_least=wait.retry_after))
            return
        except Exception as error:  # noqa: BLE001  # one update must not stop the others; its text may be personal (Q103)
            said.failures += 1
            self._failed[said.update.update_id] = said  # the next look finds it still waiting
            if not isinstance(error, StorageError):  # of which the look itself speaks
                log.error("conversation.not_ended", error=type(error).__name__)  # noqa: TRY400  # for the same reason
        self._ended.add(said.update.update_id)
        self._turns.done(chat)

    async def _handle(self, said: QueuedUpdate) -> None:
        """To its end, whatever that is: nobody can read it, it failed too often, or it was answered."""
        if said.failures >= MOST_FAILURES:
            await self._forget(said)
            log.error("conversation.given_up")
            return
        try:
            update = said.update.read(self._bot)
        except UnreadableUpdateError as unreadable:
            await self._forget(said)
            self._put_aside(unreadable)
        else:
            await self._conversation.feed_update(self._bot, update, course=said.course)
            if said.course.caller is not None and not said.course.caller.speakers:
                self._known.discard(said.update.chat)

    async def _forget(self, said: QueuedUpdate) -> None:
        async with self._school.open_uow() as uow:
            await uow.conversations.finish([said.update.update_id], at=self._school.clock())
            await uow.commit()

    async def _sweep(self) -> None:
        """Now and then: what a killed process left, what another one lets lie, and numbers that never come again."""
        backoff = Backoff("conversation")
        while True:
            try:
                await self._take_up()
            except StorageError:
                backoff.failed("no_database")
            except Exception as error:  # noqa: BLE001  # the next look may succeed; its text may be personal (Q103)
                backoff.failed("not_looked", error=error)
            else:
                backoff.worked()
            await asyncio.sleep(SWEEP)

    async def _take_up(self) -> None:
        """What ended before the look began is not found by it; what ends meanwhile counts as in hand until the next."""
        ended = frozenset(self._ended)
        now = self._school.clock()
        async with self._school.open_uow() as uow:
            waiting = await uow.conversations.waiting(holder=self._holder, now=now, silent_since=now - SILENCE)
            await uow.conversations.forget(before=now - RETURNS)
            await self._meet(uow, waiting)
            await uow.commit()
        self._ended -= ended
        self._in_hand -= ended
        failed = {number: self._failed.pop(number, None) for number in ended}
        for arrival in waiting:
            update = kept(arrival.update_id, arrival.chat, arrival.body)
            self._queue(failed.get(update.update_id) or QueuedUpdate(update))
        self._has_looked = True

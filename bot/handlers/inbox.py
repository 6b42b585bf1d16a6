"""Updates are kept before Telegram is told that they came, and until they are answered: a kill loses none.

Each is handled in its chat's turn. Its effects commit together with the note that they are applied, so whoever takes
it up after a kill does not apply it again.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiogram import Bot, Dispatcher
from aiogram.enums import ChatType
from aiogram.types import Chat, Update

from bot.handlers.doors import School
from bot.handlers.limit import Limit, Verdict
from bot.handlers.showing import NotShownError
from bot.handlers.together import Together
from bot.handlers.turns import Turns
from core.errors import StorageError
from core.model.conversation import Arrival

HANDLED_AT_ONCE = 16
MOST_TRIES = 10
LONGEST_PAUSE = 60.0  # seconds between two tries to show an answer

SWEEP = 10.0  # seconds between two looks for updates that nobody has in hand
SILENCE = timedelta(minutes=1)
"""After which another process counts as dead."""

RETURNS = timedelta(days=2)
"""Telegram keeps what was not confirmed for a day, and brings it again."""

log = structlog.get_logger()


@dataclass(slots=True)
class Said:
    """An update in its chat's turn; `is_too_many`: the answer is that there were too many."""

    update: Update
    is_too_many: bool = False
    tries: int = 1


class Inbox:
    """What came in and is not answered yet. `holder` tells processes apart and is the same after a restart."""

    def __init__(self, bot: Bot, conversation: Dispatcher, *, school: School, holder: str) -> None:
        self._bot = bot
        self._conversation = conversation
        self._school = school
        self._holder = holder
        self._limit = Limit()
        self._turns: Turns[Said] = Turns()
        self._keeping = Together(self._keep)
        self._in_hand: set[int] = set()
        self._ended: set[int] = set()
        self._answering: set[asyncio.Task[None]] = set()
        self._has_looked = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """What waited is taken up, and what comes is handled while the block runs; what has begun then is ended."""
        jobs = [asyncio.create_task(self._sweep()), asyncio.create_task(self._serve())]
        try:
            yield
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, *self._answering, return_exceptions=True)

    async def take(self, updates: Sequence[Update]) -> None:
        """Returns when all that will be answered is kept; Telegram may forget it then. Raises StorageError.

        What a killed process left was said before, so it is queued before.
        """
        if not self._has_looked:
            await self._take_up()
        admitted = [said for update in updates if (said := self._judged(update)) is not None]
        if admitted:
            new = await self._keeping.add(*(self._arrival(said.update) for said in admitted))
            for said in admitted:
                if said.update.update_id in new:
                    self._queue(said)

    def _judged(self, update: Update) -> Said | None:
        """None for what is nobody's private chat, and for what a flooded chat says in vain."""
        chat = chat_of(update)
        if chat is None or chat.type != ChatType.PRIVATE:
            return None
        if update.my_chat_member is not None:
            return Said(update)
        is_press = update.callback_query is not None
        match self._limit.judge(str(chat.id), is_press=is_press, now=self._school.clock()):
            case Verdict.ADMITTED:
                return Said(update)
            case Verdict.WARNED:
                return Said(update, is_too_many=True)
            case Verdict.SILENT:
                return None

    def _arrival(self, update: Update) -> Arrival:
        body = update.model_dump_json(exclude_unset=True)
        now = self._school.clock()
        return Arrival(update.update_id, _chat_id(update), body, self._holder, now, applied=False)

    async def _keep(self, arrivals: Sequence[Arrival]) -> frozenset[int]:
        async with self._school.open_uow() as uow:
            new = frozenset(await uow.conversations.arrive(arrivals))
            await uow.commit()
        return new

    def _queue(self, said: Said) -> None:
        if said.update.update_id not in self._in_hand:
            self._in_hand.add(said.update.update_id)
            self._turns.add(_chat_id(said.update), said)

    async def _serve(self) -> None:
        room = asyncio.Semaphore(HANDLED_AT_ONCE)
        while True:
            await room.acquire()
            chat, said = await self._turns.next()
            answering = asyncio.create_task(self._answer(chat, said))
            self._answering.add(answering)
            answering.add_done_callback(self._answering.discard)
            answering.add_done_callback(lambda _: room.release())

    async def _answer(self, chat: str, said: Said) -> None:
        """An answer that Telegram does not take now is tried again before the chat's next update."""
        is_last = said.tries >= MOST_TRIES
        try:
            await self._conversation.feed_update(
                self._bot, said.update, is_too_many=said.is_too_many, is_last_try=is_last
            )
        except NotShownError as wait:
            self._turns.again(chat, after=max(wait.retry_after, min(2.0**said.tries, LONGEST_PAUSE)))
            said.tries += 1
        except StorageError:
            self._ended.add(said.update.update_id)  # the next look finds it still waiting
            self._turns.done(chat)
        except Exception as error:  # noqa: BLE001  # one update must not stop the others; its text may be personal (Q103)
            log.error("conversation.not_ended", error=type(error).__name__)  # noqa: TRY400  # for the same reason
            self._turns.done(chat)
        else:
            self._ended.add(said.update.update_id)
            self._turns.done(chat)

    async def _sweep(self) -> None:
        """Now and then: what a killed process left, what another one lets lie, and numbers that never come again."""
        while True:
            try:
                await self._take_up()
            except StorageError:
                log.warning("conversation.no_database")
            except Exception as error:  # noqa: BLE001  # the next look may succeed; its text may be personal (Q103)
                log.error("conversation.not_looked", error=type(error).__name__)  # noqa: TRY400  # for the same reason
            await asyncio.sleep(SWEEP)

    async def _take_up(self) -> None:
        """What ended before the look began is not found by it; what ends meanwhile counts as in hand until the next."""
        ended, self._ended = self._ended, set()
        now = self._school.clock()
        async with self._school.open_uow() as uow:
            waiting = await uow.conversations.waiting(holder=self._holder, now=now, silent_since=now - SILENCE)
            await uow.conversations.forget(before=now - RETURNS)
            await uow.commit()
        self._in_hand -= ended
        for arrival in waiting:
            self._queue(Said(Update.model_validate_json(arrival.body, context={"bot": self._bot})))
        self._has_looked = True


def chat_of(update: Update) -> Chat | None:
    """The chat in which something was said, pressed, blocked or unblocked."""
    if update.callback_query is not None:
        return update.callback_query.message.chat if update.callback_query.message is not None else None
    event = update.message or update.my_chat_member
    return event.chat if event is not None else None


def _chat_id(update: Update) -> str:
    chat = chat_of(update)
    return str(chat.id) if chat is not None else ""

"""Updates between Telegram and their answers: kept, handled in turn, ended once."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Chat, Message, Update, User

from bot.handlers import School, dispatcher, inbox
from bot.handlers.inbox import Inbox
from bot.locales import Catalogues
from core.ports import UnitOfWorkFactory
from core.rules.evidence import CLOSES
from core.rules.timing import Policy
from notifiers.discovery import normalise
from tests.builders import NOW
from tests.telegram import TOKEN, Recording

PATIENCE = 5.0


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Unreachable(Recording):
    """Telegram that cannot be reached for so many calls."""

    def __init__(self) -> None:
        super().__init__()
        self.failures = 0

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  # under this name
    ) -> TelegramType:
        if self.failures:
            self.failures -= 1
            raise TelegramNetworkError(method=method, message="connection reset")
        return await super().make_request(bot, method, timeout)


class World:
    """A bot before a school in which nobody is known, and what it said to whom."""

    def __init__(self, open_uow: UnitOfWorkFactory) -> None:
        self.clock = Clock()
        self.telegram = Unreachable()
        self.school = School(
            open_uow, Catalogues.load(), self.clock, Policy(), CLOSES, b"key", "ru", normalise=normalise
        )
        self._numbers = iter(range(1, 1000))

    def process(self, holder: str = "polling") -> Inbox:
        """A process of the bot."""
        bot = Bot(TOKEN, session=self.telegram)
        return Inbox(bot, dispatcher(self.school), school=self.school, holder=holder)

    def says(self, chat: int, text: str, *, kind: str = "private") -> Update:
        user = User(id=chat, is_bot=False, first_name="Некто")
        message = Message(message_id=1, date=NOW, chat=Chat(id=chat, type=kind), from_user=user, text=text)
        return Update(update_id=next(self._numbers), message=message)

    @property
    def answered(self) -> list[int]:
        """The chats that got a message, in order."""
        return [int(each.chat_id) for each in self.telegram.sent if isinstance(each, SendMessage)]

    @property
    def said(self) -> list[str]:
        return [each.text for each in self.telegram.sent if isinstance(each, SendMessage)]

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not happened():
                await asyncio.sleep(0.005)

    async def waiting(self) -> list[int]:
        """The updates that are kept and not answered; nobody's are taken away."""
        async with self.school.open_uow() as uow:
            found = await uow.conversations.waiting(
                holder="nobody", now=self.clock(), silent_since=self.clock() + timedelta(1)
            )
        return [each.update_id for each in found]


@pytest.fixture
def world(open_uow: UnitOfWorkFactory, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(inbox, "SWEEP", 0.02)
    return World(open_uow)


async def test_an_update_is_kept_before_telegram_may_forget_it(world: World) -> None:
    """A process that is killed before it could answer leaves the question to the next one."""
    await world.process().take([world.says(501, "/help"), world.says(502, "/help")])
    assert await world.waiting() == [1, 2]
    async with world.process().open():
        await world.until(lambda: sorted(world.answered) == [501, 502])
    assert await world.waiting() == []


async def test_an_answered_update_that_comes_again_is_not_answered_again(world: World) -> None:
    """Telegram repeats what was not confirmed; whoever was answered already hears nothing (Q88)."""
    question = world.says(501, "/help")
    process = world.process()
    async with process.open():
        await process.take([question])
        await world.until(lambda: world.answered == [501])
        await process.take([question, question, world.says(502, "/help")])
        await world.until(lambda: 502 in world.answered)
    async with world.process().open():
        await asyncio.sleep(0.1)
    assert world.answered == [501, 502]


async def test_what_was_applied_before_a_kill_is_not_applied_again(world: World) -> None:
    """A code that bound the chat is not tried a second time: the person hears that it is done (Q82, Q88)."""
    await world.process().take([world.says(501, "/start ABCDEFGH")])
    async with world.school.open_uow() as uow:
        assert await uow.conversations.apply(1)
        await uow.commit()
    async with world.process().open():
        await world.until(lambda: bool(world.answered))
    assert "уже сделано" in world.said[0]


async def test_what_a_killed_process_left_comes_before_what_is_said_after_it(world: World) -> None:
    """A chat is answered in order over a restart too: a teacher's second mark never overtakes the first (Q88)."""
    await world.process().take([world.says(501, "/start ABCDEFGH")])
    process = world.process()
    await process.take([world.says(501, "/help")])
    async with process.open():
        await world.until(lambda: len(world.answered) == 2)
    assert "Код не подошёл" in world.said[0]
    assert "Код не подошёл" not in world.said[1]


async def test_a_living_process_takes_up_what_a_dead_one_left(world: World) -> None:
    """Behind a webhook several processes share the work; the silent one's updates are taken over after a minute."""
    await world.process("host:1").take([world.says(501, "/help")])
    async with world.process("host:2").open():
        await asyncio.sleep(0.1)
        assert world.answered == []
        world.clock.now += timedelta(minutes=2)
        await world.until(lambda: world.answered == [501])


async def test_an_answer_that_could_not_be_shown_is_shown_later_and_in_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram out of reach loses no answer, and the chat's next question waits for the first."""
    monkeypatch.setattr(inbox, "LONGEST_PAUSE", 0.01)
    monkeypatch.setattr("bot.handlers.showing.PAUSE", 0.01)
    world.telegram.failures = 3
    process = world.process()
    async with process.open():
        await process.take([world.says(501, "/start ABCDEFGH"), world.says(501, "/help")])
        await world.until(lambda: len(world.said) == 2)
    assert "уже сделано" in world.said[0]
    assert "/start КОД" in world.said[1]
    assert await world.waiting() == []


async def test_an_answer_that_telegram_never_takes_holds_nobody_up_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some tries it is given up, and the chat goes on."""
    monkeypatch.setattr(inbox, "LONGEST_PAUSE", 0.01)
    monkeypatch.setattr("bot.handlers.showing.PAUSE", 0.01)
    world.telegram.failures = inbox.MOST_TRIES
    process = world.process()
    async with process.open():
        await process.take([world.says(501, "first"), world.says(501, "second")])
        await world.until(lambda: len(world.said) == 1)
    assert await world.waiting() == []


async def test_a_flood_of_one_chat_does_not_slow_the_others(world: World) -> None:
    """Whoever asks after a chat's thirty commands is answered among the first, not after them."""
    flood = [world.says(501, f"вопрос {number}") for number in range(30)]
    others = [world.says(chat, "/help") for chat in range(502, 512)]
    process = world.process()
    await process.take([*flood, *others])
    async with process.open():
        await world.until(lambda: len(world.answered) == 40)
    assert max(world.answered.index(chat) for chat in range(502, 512)) < 16


async def test_beyond_thirty_commands_there_is_one_sentence_and_silence(world: World) -> None:
    """The chat that floods hears so once, costs nothing more, and is answered again when the minute is over."""
    process = world.process()
    async with process.open():
        await process.take([world.says(501, "/help") for _ in range(40)])
        await world.until(lambda: len(world.said) == 31)
        await process.take([world.says(501, "/help"), world.says(502, "/help")])
        await world.until(lambda: 502 in world.answered)
        assert sum("Слишком много" in text for text in world.said) == 1
        assert "Слишком много" in world.said[30]
        world.clock.now += timedelta(minutes=1)
        await process.take([world.says(501, "/help")])
        await world.until(lambda: len(world.answered) == 33)


async def test_only_private_chats_are_listened_to(world: World) -> None:
    """A group is no person, so nothing said there is kept or answered (Q14)."""
    await world.process().take([world.says(-100, "/marks", kind="group")])
    assert await world.waiting() == []

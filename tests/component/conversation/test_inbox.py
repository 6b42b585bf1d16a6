"""Updates between Telegram and their answers: kept, handled in turn, ended once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from structlog.testing import capture_logs

from bot import backoff
from bot.conversation import inbox
from bot.conversation.answering import AnsweringConversation
from bot.conversation.inbox import HANDLED_AT_ONCE, Inbox
from bot.conversation.replies import MOST_REPEATS
from bot.handlers.doors import DoorSchool
from bot.locales import LocaleCatalogues
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.session import AnswerLostError
from core.errors import StorageError
from core.model.conversation import Arrival
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.telegram import TOKEN, Recording
from tests.support.delivery.fakes import CLOSES
from tests.support.schools.builders import NOW, a_family

LONGEST_STOP = 5.0


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Unreachable(Recording):
    """Telegram that cannot be reached for so many calls, or takes so many without an answer that can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.failures = 0
        self.lost = 0
        self.error: Exception | None = None
        self.when_shown: Callable[[], None] = lambda: None

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  # under this name
    ) -> TelegramType:
        if self.failures:
            self.failures -= 1
            raise self.error or TelegramNetworkError(method=method, message="connection reset")
        answer = await super().make_request(bot, method, timeout)
        self.when_shown()
        if self.lost:
            self.lost -= 1
            raise AnswerLostError(method=method, message="no answer of Telegram")
        return answer


class World:
    """A bot before a school in which nobody is known, and what it said to whom."""

    def __init__(self, open_uow: UnitOfWorkFactory) -> None:
        self.clock = Clock()
        self.telegram = Unreachable()
        self.open_uow = open_uow
        self.storms = 0
        self.school = DoorSchool(
            self.opened,
            LocaleCatalogues.load(),
            self.clock,
            Policy(),
            CLOSES,
            b"key",
            "ru",
            channels=InstalledChannelDirectory(),
        )
        self._numbers = count(1)

    def process(self, holder: str = "polling") -> Inbox:
        """A process of the bot."""
        messenger = TelegramMessenger(Bot(TOKEN, session=self.telegram))
        return Inbox(
            messenger, AnsweringConversation.of_all_doors(self.school, messenger), school=self.school, holder=holder
        )

    @asynccontextmanager
    async def opened(self, *, reading: bool = False) -> AsyncIterator[UnitOfWork]:
        """The database, which is out of reach for so many who write."""
        if not reading and self.storms:
            self.storms -= 1
            raise StorageError
        async with self.open_uow(reading=reading) as uow:
            yield uow

    def says(self, chat: int, text: str, *, kind: str = "private", **more: Any) -> dict[str, Any]:
        """An update as Telegram writes it."""
        user = {"id": chat, "is_bot": False, "first_name": "Некто"}
        message = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": kind}, "from": user, "text": text}
        return {"update_id": next(self._numbers), "message": message | more}

    @property
    def answered(self) -> list[int]:
        """The chats that got a message, in order."""
        return [int(each.chat_id) for each in self.telegram.sent if isinstance(each, SendMessage)]

    @property
    def said(self) -> list[str]:
        return [each.text for each in self.telegram.sent if isinstance(each, SendMessage)]

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(LONGEST_STOP):
            while not happened():
                await asyncio.sleep(0.005)

    async def keep(self, update_id: int, body: str) -> None:
        """An update as another version of the bot may have kept it."""
        async with self.school.open_uow() as uow:
            await uow.conversations.arrive([Arrival("telegram", update_id, "501", body, "polling", NOW, applied=False)])
            await uow.commit()

    async def waiting(self) -> list[int]:
        """The updates that are kept and not answered; nobody's are taken away."""
        async with self.school.open_uow() as uow:
            found = await uow.conversations.claim_unfinished(
                "telegram", holder="nobody", now=self.clock(), silent_since=self.clock() + timedelta(1)
            )
        return [each.update_id for each in found]


@pytest.fixture
def world(open_uow: UnitOfWorkFactory, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(inbox, "SWEEP", 0.02)
    return World(open_uow)


async def test_an_update_is_kept_before_telegram_may_forget_it(world: World) -> None:
    """A process that is killed before it could answer leaves the question to the next one."""
    await world.process().accept([world.says(501, "/help"), world.says(502, "/help")])
    assert await world.waiting() == [1, 2]
    async with world.process().open():
        await world.until(lambda: sorted(world.answered) == [501, 502])
    assert await world.waiting() == []


@pytest.mark.parametrize("code", ["\ud800", "\0\x1b", "\u202e"])
async def test_a_code_of_unseen_characters_is_a_wrong_code(world: World, code: str) -> None:
    """Half a character cannot be hashed; it is no code, and no fault of ours."""
    process = world.process()
    async with process.open():
        await process.accept([world.says(501, f"/start {code}AAAA")])
        await world.until(lambda: bool(world.said))
    assert world.said[0].startswith("Код не подошёл")


async def test_an_answered_update_that_comes_again_is_not_answered_again(world: World) -> None:
    """Telegram repeats what was not confirmed; whoever was answered already hears nothing (Q88)."""
    question = world.says(501, "/help")
    process = world.process()
    async with process.open():
        await process.accept([question])
        await world.until(lambda: world.answered == [501])
        await process.accept([question, question, world.says(502, "/help")])
        await world.until(lambda: 502 in world.answered)
    async with world.process().open():
        await asyncio.sleep(0.1)
    assert world.answered == [501, 502]


async def test_what_was_applied_before_a_kill_is_not_applied_again(world: World) -> None:
    """A code that bound the chat is not tried a second time: the person hears that it is done (Q82, Q88)."""
    await world.process().accept([world.says(501, "/start ABCDEFGH")])
    async with world.school.open_uow() as uow:
        assert await uow.conversations.apply("telegram", 1)
        await uow.commit()
    async with world.process().open():
        await world.until(lambda: bool(world.answered))
    assert "уже сделано" in world.said[0]


async def test_what_a_killed_process_left_comes_before_what_is_said_after_it(world: World) -> None:
    """A chat is answered in order over a restart too: a teacher's second mark never overtakes the first (Q88)."""
    await world.process().accept([world.says(501, "/start ABCDEFGH")])
    process = world.process()
    await process.accept([world.says(501, "/help")])
    async with process.open():
        await world.until(lambda: len(world.answered) == 2)
    assert "Код не подошёл" in world.said[0]
    assert "Код не подошёл" not in world.said[1]


async def test_a_living_process_takes_up_what_a_dead_one_left(world: World) -> None:
    """Behind a webhook several processes share the work; the silent one's updates are taken over after a minute."""
    await world.process("host:1").accept([world.says(501, "/help")])
    async with world.process("host:2").open():
        await asyncio.sleep(0.1)
        assert world.answered == []
        world.clock.now += timedelta(minutes=2)
        await world.until(lambda: world.answered == [501])


async def test_an_answer_that_could_not_be_shown_is_shown_later_and_in_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram out of reach loses no answer, and the chat's next question waits for the first."""
    monkeypatch.setattr(backoff, "LONGEST", 0.01)
    world.telegram.failures = 3
    process = world.process()
    async with process.open():
        await process.accept([world.says(501, "/start ABCDEFGH"), world.says(501, "/help")])
        await world.until(lambda: len(world.said) == 2)
    assert "Код не подошёл" in world.said[0]
    assert "/start КОД" in world.said[1]
    assert await world.waiting() == []


async def test_an_answer_that_telegram_never_takes_holds_nobody_up_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some tries it is given up, and the chat goes on."""
    monkeypatch.setattr(backoff, "LONGEST", 0.01)
    world.telegram.failures = inbox.MOST_TRIES
    process = world.process()
    async with process.open():
        await process.accept([world.says(501, "first"), world.says(501, "second")])
        await world.until(lambda: len(world.said) == 1)
    assert await world.waiting() == []


async def test_a_flood_of_one_chat_does_not_slow_the_others(world: World) -> None:
    """Whoever asks after a chat's thirty commands is answered among the first, not after them."""
    flood = [world.says(501, f"вопрос {number}") for number in range(30)]
    others = [world.says(chat, "/help") for chat in range(502, 512)]
    process = world.process()
    await process.accept([*flood, *others])
    async with process.open():
        await world.until(lambda: len(world.answered) == 40)
    assert max(world.answered.index(chat) for chat in range(502, 512)) < 16


async def test_beyond_thirty_commands_there_is_one_sentence_and_silence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chat that floods hears so once, costs nothing more, and is answered again when the minute is over.

    A wall clock that is put back meanwhile makes the minute no longer.
    """
    moment = [1000.0]
    monkeypatch.setattr(inbox, "_now", lambda: moment[0])
    process = world.process()
    async with process.open():
        await process.accept([world.says(501, "/help") for _ in range(40)])
        await world.until(lambda: len(world.said) == 31)
        await process.accept([world.says(501, "/help"), world.says(502, "/help")])
        await world.until(lambda: 502 in world.answered)
        assert sum("Слишком много" in text for text in world.said) == 1
        assert "Слишком много" in world.said[30]
        world.clock.now -= timedelta(hours=2)
        moment[0] += 60
        await process.accept([world.says(501, "/help")])
        await world.until(lambda: len(world.answered) == 33)


async def test_only_private_chats_are_listened_to(world: World) -> None:
    """A group is no person, so nothing said there is kept or answered (Q14)."""
    await world.process().accept([world.says(-100, "/marks", kind="group")])
    assert await world.waiting() == []


OF_THE_FUTURE = [
    {"forward_origin": {"type": "time_machine", "date": 0}},
    {"chat_background_set": {"type": {"type": "hologram"}}},
    {"date": None},
    {"from": {"id": "somebody"}},
    {"reply_to_message": []},
]


@pytest.mark.parametrize("strange", OF_THE_FUTURE)
async def test_what_cannot_be_read_is_set_aside_and_the_rest_is_served(world: World, strange: dict[str, Any]) -> None:
    """Counted, named by its kind and by nothing of its content; it is over, also after a restart (Q120)."""
    process = world.process()
    with capture_logs() as lines:
        async with process.open():
            unreadable = world.says(501, "Соколова Анна: 2", **strange)
            await process.accept([unreadable, world.says(501, "/help"), world.says(502, "/help")])
            await world.until(lambda: sorted(world.answered) == [501, 502])
    assert await world.waiting() == []
    assert process.set_aside == 1
    assert [(line["kind"], line["count"]) for line in lines if line["event"] == "conversation.set_aside"] == [
        ("message", 1)
    ]
    assert "Анна" not in repr(lines)


@pytest.mark.parametrize(
    "raw", [None, [], {"update_id": "7"}, {"update_id": 10**30, "message": {}}, {"update_id": 900, "telepathy": {}}]
)
async def test_what_is_no_update_hides_no_other(world: World, raw: object) -> None:
    """Not even a number is asked of it: it is counted and the next is taken."""
    process = world.process()
    async with process.open():
        await process.accept([raw, world.says(501, "/help")])
        await world.until(lambda: world.answered == [501])
    assert process.set_aside == 1


@pytest.mark.parametrize("chat", [10**30, 1 << 63, "501", None])
async def test_a_chat_beyond_all_numbers_is_set_aside(world: World, chat: Any) -> None:
    """A number that no database keeps costs one line in the log and not the batch it came in."""
    process = world.process()
    async with process.open():
        await process.accept([world.says(chat, "/help"), world.says(501, "/help")])
        await world.until(lambda: world.answered == [501])
    assert process.set_aside == 1


@pytest.mark.parametrize("body", ["", "null", "{", '{"update_id": 900, "message": {"text": "of another version"}}'])
async def test_what_another_version_kept_stops_nobody(world: World, body: str) -> None:
    """A row that does not parse any more is set aside, and what waits behind it is taken up (Q120)."""
    await world.keep(900, body)
    await world.process().accept([world.says(501, "/help")])
    process = world.process()
    async with process.open():
        await world.until(lambda: world.answered == [501])
        await world.until(lambda: process.set_aside == 1)
    assert await world.waiting() == []


async def test_an_answer_that_may_have_been_shown_comes_again_with_its_mark_and_a_bound(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Telegram says can never be read: some copies, all but one marked, then the chat goes on (Q121)."""
    monkeypatch.setattr(backoff, "LONGEST", 0.01)
    world.telegram.lost = MOST_REPEATS + 1
    process = world.process()
    async with process.open():
        await process.accept([world.says(501, "/start ABCDEFGH"), world.says(501, "/help")])
        await world.until(lambda: len(world.said) == MOST_REPEATS + 2)
    assert ["(повтор)" in text for text in world.said] == [False, *[True] * MOST_REPEATS, False]
    assert all("Код не подошёл" in text for text in world.said[:-1])
    assert "/start КОД" in world.said[-1]
    assert await world.waiting() == []


async def test_an_answer_that_nobody_took_comes_without_a_mark(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mark on the only copy would only puzzle."""
    monkeypatch.setattr(backoff, "LONGEST", 0.01)
    world.telegram.failures = 1
    process = world.process()
    async with process.open():
        await process.accept([world.says(501, "/help")])
        await world.until(lambda: len(world.said) == 1)
    assert "(повтор)" not in world.said[0]


@pytest.mark.parametrize("error", [RuntimeError("Соколова Анна"), ValueError(), KeyError(501), AttributeError()])
async def test_an_error_that_nobody_foresaw_keeps_no_update_in_hand(world: World, error: Exception) -> None:
    """It is tried again by the next look, so one bad moment loses no answer; nothing of its text is logged (Q103)."""
    world.telegram.error, world.telegram.failures = error, 2
    process = world.process()
    with capture_logs() as lines:
        async with process.open():
            await process.accept([world.says(501, "/help")])
            await world.until(lambda: world.answered == [501])
    assert await world.waiting() == []
    assert "Анна" not in repr(lines)


async def test_an_error_that_never_ends_is_given_up(world: World) -> None:
    """After ten looks the update is over, with a line in the log; the chat's next question is answered."""
    world.telegram.error, world.telegram.failures = RuntimeError(), inbox.MOST_FAILURES
    process = world.process()
    with capture_logs() as lines:
        async with process.open():
            await process.accept([world.says(501, "/help")])
            await world.until(lambda: "conversation.given_up" in [line["event"] for line in lines])
            await process.accept([world.says(501, "/help")])
            await world.until(lambda: world.answered == [501])
    assert await world.waiting() == []


@pytest.mark.parametrize("storms", [1, 3])
async def test_an_answer_that_was_shown_is_not_shown_again_when_the_database_comes_back(
    world: World, storms: int
) -> None:
    """The note that it is over could not be written; the looks for it fail too, and no update is forgotten in hand."""
    process = world.process()

    def begin() -> None:
        world.storms, world.telegram.when_shown = storms, lambda: None

    async with process.open():
        world.telegram.when_shown = begin
        await process.accept([world.says(501, "/help")])
        await world.until(lambda: world.answered == [501] and not world.storms)
        await process.accept([world.says(501, "/help")])
        await world.until(lambda: len(world.answered) == 2)
        await asyncio.sleep(0.5)
    assert world.answered == [501, 501]
    assert await world.waiting() == []


async def test_a_family_does_not_wait_for_a_crowd_of_strangers(world: World, open_uow: UnitOfWorkFactory) -> None:
    """Two thousand strangers were here first; whom the school knows is answered among the first sixteen (Q120)."""
    await a_family(open_uow)
    process = world.process()
    for batch in range(20):
        await process.accept([world.says(10_000 + 100 * batch + number, "/help") for number in range(100)])
    await process.accept([world.says(501, "/help")])
    async with process.open():
        await world.until(lambda: 501 in world.answered)
    assert world.answered.index(501) < HANDLED_AT_ONCE


async def test_a_family_is_known_after_a_restart_too(world: World, open_uow: UnitOfWorkFactory) -> None:
    """What a killed process left is sorted in the same way, before anybody has spoken to the new one."""
    await a_family(open_uow)
    await world.process().accept([world.says(10_000 + number, "/help") for number in range(100)])
    await world.process().accept([world.says(501, "/help")])
    async with world.process().open():
        await world.until(lambda: 501 in world.answered)
    assert world.answered.index(501) < HANDLED_AT_ONCE


async def test_an_answer_that_hangs_does_not_hold_up_the_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told to stop, the bot waits for a silent Telegram a little while only; the next process answers."""
    monkeypatch.setattr(inbox, "ENDING", 0.05)
    silence = asyncio.Event()

    class Silent(Recording):
        async def make_request(self, *_: Any, **__: Any) -> Any:
            await silence.wait()

    messenger = TelegramMessenger(Bot(TOKEN, session=Silent()))
    answering = AnsweringConversation.of_all_doors(world.school, messenger)
    process = Inbox(messenger, answering, school=world.school, holder="polling")
    async with asyncio.timeout(LONGEST_STOP):
        async with process.open():
            await process.accept([world.says(501, "/help")])
            await asyncio.sleep(0.2)
    assert await world.waiting() == [1]

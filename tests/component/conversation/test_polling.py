"""Where the reading of updates has come to, whatever comes, and that nothing is asked for without a pause."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError

from bot.conversation.inbox import Inbox
from bot.conversation.line.connection import AnotherInstanceError
from bot.telegram import polling
from bot.telegram.connection import TelegramConnectionCalls
from bot.telegram.polling import poll_telegram
from bot.telegram.session import AnswerLostError, FetchUpdates
from core.errors import StorageError


def update(number: object) -> dict[str, Any]:
    return {"update_id": number, "message": {}}


class Telegram:
    """Says one thing after the other to who fetches updates, and tells the bot to stop when it has nothing to say."""

    def __init__(self, *answers: Sequence[object] | Exception) -> None:
        self.stopping = asyncio.Event()
        self.asked: list[FetchUpdates] = []
        self.taken: list[object] = []
        self.pauses: list[int] = []
        self.out_of_reach = 0
        self._answers = list(answers)

    async def delete_webhook(self) -> bool:
        return True

    async def __call__(self, question: FetchUpdates, *, request_timeout: int) -> Sequence[object]:
        assert request_timeout > polling.LONG_POLL
        self.asked.append(question)
        if not self._answers:
            self.stopping.set()
            await asyncio.sleep(10)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def accept(self, updates: Sequence[object]) -> None:
        if self.out_of_reach:
            self.out_of_reach -= 1
            raise StorageError
        self.taken += updates

    def pause(self, tries: int, *, at_least: float = 0.0) -> float:  # noqa: ARG002  # by this name
        self.pauses.append(tries)
        return 0.0

    @property
    def offsets(self) -> list[int | None]:
        return [question.offset for question in self.asked]


async def polled(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> Telegram:
    """The bot polls until Telegram has nothing more to say."""
    monkeypatch.setattr(polling, "AGAIN", 0)
    monkeypatch.setattr(polling, "backoff_seconds", telegram.pause)
    monkeypatch.setattr("bot.backoff.FIRST", 0)
    reach = TelegramConnectionCalls(telegram.stopping, asyncio.Event())
    bot, inbox = cast("Bot", telegram), cast("Inbox", telegram)
    async with asyncio.timeout(10):
        await poll_telegram(bot, inbox, kinds=["message"], reach=reach, stopping=telegram.stopping)
    return telegram


@pytest.mark.parametrize(
    ("batch", "offset"),
    [
        ([update(5), update(6)], 7),
        ([update(6), update(5)], 7),
        ([update(5), update("7"), update(6)], 7),
        ([update(5), update(10**30)], 6),
        ([update(5), {}, None, "?", [update(9)]], 6),
        ([update(1 << 40), update(3), update(-7)], 4),
    ],
)
async def test_the_offset_goes_behind_all_that_has_a_number(
    monkeypatch: pytest.MonkeyPatch, batch: list[object], offset: int
) -> None:
    """In any order, and past what has none: it is handed on to be set aside, and does not come again for ever."""
    telegram = await polled(Telegram(batch), monkeypatch)
    assert telegram.offsets == [None, offset]
    assert telegram.taken == batch


async def test_the_offset_follows_telegram_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a week of silence Telegram begins with another number, which may be lower (a summer's day)."""
    telegram = await polled(Telegram([update(900_000)], [update(17)]), monkeypatch)
    assert telegram.offsets == [None, 900_001, 18]
    assert telegram.pauses == []


@pytest.mark.parametrize(
    "said", [[], [update(5)], [update("5")], [{}]], ids=["nothing", "the same", "no number", "no update"]
)
async def test_what_brings_nothing_forward_is_not_asked_for_at_once(
    monkeypatch: pytest.MonkeyPatch, said: list[object]
) -> None:
    """A proxy that keeps an answer, or a Telegram that knows no offset: each such answer makes the pause longer."""
    telegram = await polled(Telegram([update(5)], said, said, said, [update(6)], []), monkeypatch)
    assert telegram.pauses == [1, 2, 3, 1]
    assert telegram.offsets[-1] == 7


async def test_an_answer_that_cannot_be_read_is_asked_for_in_smaller_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that cuts what is long cuts it every time; half as many updates may come through."""
    lost = AnswerLostError(FetchUpdates(), "cut")
    telegram = await polled(Telegram(lost, lost, [update(1)], [update(2)]), monkeypatch)
    assert [question.limit for question in telegram.asked] == [100, 50, 25, 50, 100]


async def test_nothing_is_confirmed_that_could_not_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the database is out of reach the same updates are tried again, and Telegram is not asked."""
    telegram = Telegram([update(5)])
    telegram.out_of_reach = 3
    await polled(telegram, monkeypatch)
    assert telegram.taken == [update(5)]
    assert telegram.offsets == [None, 6]


def conflict() -> TelegramConflictError:
    return TelegramConflictError(FetchUpdates(), "terminated by other getUpdates request")


async def test_ten_conflicts_running_end_a_newcomer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine do not, and a poll that goes well between them changes nothing while the other is near."""
    going_on = await polled(Telegram(*[conflict() for _ in range(9)], []), monkeypatch)
    assert len(going_on.asked) == 11
    ended = Telegram(*[conflict() for _ in range(5)], [update(1)], *[conflict() for _ in range(5)])
    with pytest.raises(AnotherInstanceError):
        await polled(ended, monkeypatch)


async def test_who_was_here_first_outlasts_the_newcomer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each poll ends the other's, so both count the same: the newcomer has had enough at ten, and then it is quiet."""
    monkeypatch.setattr(polling, "SETTLED", -1)
    first = await polled(Telegram(*[conflict() for _ in range(10)], [], *[conflict() for _ in range(10)]), monkeypatch)
    assert len(first.asked) == 22
    with pytest.raises(AnotherInstanceError):
        await polled(Telegram(*[conflict() for _ in range(11)]), monkeypatch)

"""How much one chat may say in a minute."""

from itertools import count

from bot.conversation import rate_limit
from bot.conversation.rate_limit import MESSAGES, PRESSES, RateLimit, Verdict

NUMBERS = count(1)


def said(chats: RateLimit, times: int, *, chat: str = "501", seconds: float = 0) -> list[Verdict]:
    return [chats.judge(chat, next(NUMBERS), now=1000.0 + seconds) for _ in range(times)]


def test_thirty_commands_a_minute_are_answered() -> None:
    """The thirty-first gets one sentence, and then there is silence until the minute is over."""
    chats = RateLimit(MESSAGES)
    assert MESSAGES == 30
    assert said(chats, 30) == [Verdict.ADMITTED] * 30
    assert said(chats, 3, seconds=59) == [Verdict.WARNED, Verdict.SILENT, Verdict.SILENT]
    assert said(chats, 1, seconds=60) == [Verdict.ADMITTED]


def test_a_teacher_may_press_more_than_say() -> None:
    """A class of thirty is marked by pressing buttons; a flood of presses ends in the same silence."""
    chats = RateLimit(PRESSES)
    assert said(chats, PRESSES) == [Verdict.ADMITTED] * PRESSES
    assert said(chats, 2) == [Verdict.WARNED, Verdict.SILENT]


def test_an_update_that_comes_again_is_counted_once() -> None:
    """While the database is away the same updates are stored in vain again and again: nobody falls silent by that."""
    chats = RateLimit(MESSAGES)
    numbers = range(MESSAGES + 2)
    wanted = [Verdict.ADMITTED] * MESSAGES + [Verdict.WARNED, Verdict.SILENT]
    for second in range(0, 60, 5):
        assert [chats.judge("501", number, now=1000.0 + second) for number in numbers] == wanted


def test_each_chat_has_its_own_minute() -> None:
    """The silence of one chat is nothing to another."""
    chats = RateLimit(MESSAGES)
    said(chats, 40)
    assert said(chats, 1, chat="502") == [Verdict.ADMITTED]


def test_minutes_that_are_over_are_dropped() -> None:
    """A year of strangers does not fill the memory."""
    chats = RateLimit(MESSAGES)
    for number in range(rate_limit.MOST_CHATS):
        said(chats, 1, chat=str(number))
    said(chats, 1, chat="new", seconds=61)
    assert len(chats._minutes) == 1  # noqa: SLF001  # what is remembered is not shown elsewhere

"""A way that is down is left after a while, and news that is stale by then is not told (Q123)."""

from collections import deque
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from core.model.delivery.states import Reason, State, Status
from core.model.notices.facts import Notice
from core.model.notices.family import Announcement, HomeworkDue, LessonChanged, MarkRecorded
from core.model.timetable import ChangeKind
from core.ports import UnavailableError, UncertainError, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from tests.support.delivery.post import Post, deliveries, rows
from tests.support.schools.builders import FINAL, MARK, NOW, Family, a_family

DOWN = UnavailableError(Reason.CHANNEL_DOWN)
CANCELLED = LessonChanged("Физика", NOW.date(), 3, ChangeKind.CANCELLATION)
HOMEWORK = HomeworkDue("Физика", date(2026, 11, 21), "§ 12", starts=time(9))
ANNOUNCED = Announcement("Собрание в пятницу", NOW.date(), "Белова Т. И.")


@pytest.fixture
async def family(open_uow: UnitOfWorkFactory) -> Family:
    """A student whose mother agreed to Telegram, then e-mail."""
    return await a_family(open_uow)


LOUD = Policy(quiet=None)
"""A school without quiet hours, so that a minute is a minute."""


def a_post(family: Family, policy: Policy = LOUD) -> Post:
    """A worker whose Telegram is down for good."""
    post = Post(family.open_uow, policy=policy)
    post.telegram.script = deque([DOWN] * 1000)
    return post


async def test_a_mark_goes_by_mail_when_telegram_is_down_for_half_a_day(family: Family) -> None:
    """Not a second before twelve hours are over, and then the mail says that it comes late."""
    await family.learns(MARK)
    post = a_post(family)
    await post.drain()
    await post.drain(hours=12, minutes=1)
    await post.drain(seconds=59)
    assert [channel for channel, *_ in await deliveries(family.open_uow)] == ["telegram"]
    await post.drain(seconds=1)
    await post.drain(minutes=2)
    ((_, text, _),) = post.email.sent
    assert text.title.endswith("(с опозданием)")
    assert text.short.endswith("(с опозданием)")
    assert (await rows(family.open_uow))[0].obligation.state is State.CLOSED


async def test_what_waited_meanwhile_is_told_in_one_mail(family: Family) -> None:
    """Marks of one morning are merged, whichever way they take in the end."""
    await family.learns(MARK, MarkRecorded("Физика", NOW.date(), "4"))
    post = a_post(family)
    await post.drain()
    await post.drain(hours=12, minutes=2)
    await post.drain(minutes=2)
    ((_, text, _),) = post.email.sent
    assert len(text.sections[0].lines) == 2


async def test_telegram_that_comes_back_does_not_say_it_again(family: Family) -> None:
    """The mail closed it, so the message that waited is withdrawn with the reason (Q87)."""
    await family.learns(MARK)
    post = a_post(family)
    await post.drain()
    await post.drain(hours=12, minutes=2)
    await post.drain(minutes=2)
    post.telegram.script.clear()
    await post.drain(hours=2)
    assert not post.telegram.sent
    assert await deliveries(family.open_uow) == [
        ("telegram", Status.WITHDRAWN, Reason.ALREADY_PROVED),
        ("email", Status.ACCEPTED, None),
    ]


async def test_an_announcement_waits_as_long_as_the_school_says(family: Family) -> None:
    """The setting names a kind, or all others."""
    await family.learns(ANNOUNCED)
    post = a_post(
        family, Policy(quiet=None, next_way_after={"announcements": timedelta(hours=1), "others": timedelta(hours=9)})
    )
    await post.drain()
    await post.drain(hours=1, minutes=2)
    await post.drain(minutes=2)
    assert len(post.email.sent) == 1


async def test_a_mark_on_time_says_nothing_of_being_late(family: Family) -> None:
    """Nor does one whose channel came back within the patience."""
    await family.learns(MARK)
    post = Post(family.open_uow, policy=LOUD)
    post.telegram.script = deque([DOWN] * 3)
    await post.drain()
    for _ in range(4):
        await post.drain(hours=2)
    ((_, text, _),) = post.telegram.sent
    assert "опозданием" not in text.title


async def test_what_was_perhaps_accepted_takes_no_second_way(family: Family) -> None:
    """Patience ends what was not sent; a mark with a lost answer is shown as uncertain, days later too (Q121)."""
    await family.learns(MARK)
    post = Post(family.open_uow)
    post.telegram.script.append(UncertainError())
    await post.drain()
    await post.drain(minutes=3)
    await post.drain(days=3)
    assert not post.email.sent
    assert await deliveries(family.open_uow) == [("telegram", Status.UNCERTAIN, Reason.ANSWER_LOST)]


@pytest.mark.parametrize(
    ("notice", "alive", "stale"),
    [
        (CANCELLED, {"hours": 11, "minutes": 59}, {"minutes": 1}),  # Moscow's midnight
        (HOMEWORK, {"hours": 20, "minutes": 59}, {"minutes": 1}),  # nine o'clock of the day it is for
        (ANNOUNCED, {"days": 6, "hours": 23, "minutes": 59}, {"minutes": 1}),
    ],
)
async def test_stale_news_is_told_to_nobody(
    family: Family, notice: Notice, alive: dict[str, float], stale: dict[str, float]
) -> None:
    """It ends as expired on every way, at its moment and not before, and the row says why."""
    await family.learns(notice)
    post = a_post(family)
    post.email.script = deque([DOWN] * 1000)
    post.paper.script = deque([DOWN] * 1000)
    await post.drain()
    await post.drain(**alive)
    (row,) = await rows(family.open_uow)
    assert row.obligation.state is State.OPEN
    await post.drain(**stale)
    for channel in (post.telegram, post.email, post.paper):
        channel.script.clear()
    await post.drain(hours=2)
    (row,) = await rows(family.open_uow)
    assert (row.obligation.state, row.deliveries[-1].status) == (State.EXPIRED, Status.WITHDRAWN)
    assert row.deliveries[-1].reason is Reason.EXPIRED
    assert not [*post.telegram.sent, *post.email.sent, *post.paper.sent]


async def test_news_that_was_stale_when_it_came_is_not_told(family: Family) -> None:
    """A change of last week's lesson, entered today, is on record and told to nobody."""
    await family.learns(LessonChanged("Физика", date(2026, 11, 13), 3, ChangeKind.CANCELLATION))
    post = Post(family.open_uow)
    await post.drain()
    await post.drain(hours=1)
    assert not post.telegram.sent
    assert (await rows(family.open_uow))[0].obligation.state is State.EXPIRED


async def test_a_result_is_owed_however_late_it_is(family: Family) -> None:
    """R6 never expires: after 300 hours without any channel the mark is still told."""
    await family.learns(FINAL)
    post = a_post(family)
    post.email.script = deque([DOWN] * 1000)
    post.paper.script = deque([DOWN] * 1000)
    await post.drain()
    await post.drain(hours=300)
    assert (await rows(family.open_uow))[0].obligation.state is State.OPEN
    for channel in (post.telegram, post.email, post.paper):
        channel.script.clear()
    await post.drain(hours=2)
    assert (await rows(family.open_uow))[0].obligation.state is State.CLOSED


async def test_a_phone_that_is_off_is_left_for_the_next_way(family: Family) -> None:
    """Accepted is not delivered: what closes nothing leaves the next way its turn."""
    await family.learns(MARK)
    post = Post(family.open_uow, policy=LOUD)
    post.worker.identity = replace(post.worker.identity, closes={"email": Status.ACCEPTED})
    await post.drain()
    await post.drain(minutes=2)
    await post.drain(hours=12)
    await post.drain(minutes=2)
    assert (len(post.telegram.sent), len(post.email.sent)) == (1, 1)

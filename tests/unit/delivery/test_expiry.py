"""From when a notice is told no more (Q123): each kind at its boundary."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.model.notices.facts import Notice
from core.model.notices.family import (
    AbsenceRecorded,
    Announcement,
    ControlWorkAhead,
    FinalMarkSet,
    HomeworkDue,
    LessonChanged,
    MarkRecorded,
    RecommendationGiven,
)
from core.model.notices.kinds import NoticeKind
from core.model.notices.staff import ResultsUntold
from core.model.timetable import ChangeKind
from core.rules.delivery.expiry import expiry_of_notice
from core.rules.delivery.timing import Policy

FRIDAY = date(2026, 11, 20)
PUBLISHED = datetime(2026, 11, 20, 9, tzinfo=UTC)


def expiry(notice: Notice) -> datetime | None:
    """By Moscow's clock, three hours ahead of UTC."""
    return expiry_of_notice(notice, published_at=PUBLISHED, policy=Policy())


def test_a_changed_lesson_is_news_until_the_day_is_over() -> None:
    """Midnight in Moscow is 21:00 UTC of the day before."""
    cancelled = LessonChanged("Физика", FRIDAY, 3, ChangeKind.CANCELLATION)
    assert expiry(cancelled) == datetime(2026, 11, 20, 21, tzinfo=UTC)


def test_a_moved_lesson_is_news_until_the_later_of_its_two_days_is_over() -> None:
    """Moved ahead or back, whoever hears of it on the second day still needs it."""
    later = LessonChanged("Физика", FRIDAY, 3, ChangeKind.MOVE, new_on=date(2026, 11, 24))
    earlier = LessonChanged("Физика", FRIDAY, 3, ChangeKind.MOVE, new_on=date(2026, 11, 18))
    assert expiry(later) == datetime(2026, 11, 24, 21, tzinfo=UTC)
    assert expiry(earlier) == datetime(2026, 11, 20, 21, tzinfo=UTC)


@pytest.mark.parametrize(("starts", "expected"), [(time(10, 50), (7, 50)), (None, (5, 0))])
def test_homework_is_news_until_its_lesson_begins(starts: time | None, expected: tuple[int, int]) -> None:
    """Without a bell a lesson begins at eight; a control work is the same."""
    moment = datetime(2026, 11, 20, *expected, tzinfo=UTC)
    assert expiry(HomeworkDue("Физика", FRIDAY, "§ 12", starts=starts)) == moment
    assert expiry(ControlWorkAhead("Физика", FRIDAY, "Контрольная", starts=starts)) == moment


def test_an_announcement_is_news_for_a_week() -> None:
    """Counted from its publication, not from the day that it names."""
    assert expiry(Announcement("Собрание", FRIDAY, "Белова Т. И.")) == PUBLISHED + timedelta(days=7)


@pytest.mark.parametrize(
    "notice",
    [
        MarkRecorded("Физика", FRIDAY, "5"),
        AbsenceRecorded("Физика", FRIDAY, "УП"),
        RecommendationGiven("Физика", FRIDAY, "Белова Т. И.", "Повторить § 12"),
    ],
)
def test_what_stays_true_is_news_for_two_months(notice: Notice) -> None:
    """After that the bot and the extract tell it better."""
    assert expiry(notice) == PUBLISHED + timedelta(days=60)


def test_results_and_their_warnings_never_expire() -> None:
    """R6 is owed until it is proved."""
    assert expiry(FinalMarkSet("Физика", "1 четверть", "5")) is None
    assert expiry(ResultsUntold(NoticeKind.FINALS, 3, PUBLISHED)) is None


def test_a_reminder_is_the_same_whatever_the_bell_says() -> None:
    """Bells that change after it was told do not tell it again."""
    assert HomeworkDue("Физика", FRIDAY, "§ 12", starts=time(9)) == HomeworkDue("Физика", FRIDAY, "§ 12")

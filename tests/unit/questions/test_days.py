"""Each way of saying a date, at its boundaries (contracts, Questions)."""

from datetime import date

import pytest

from bot.bench.questions_bench import SUBJECTS
from bot.questions.grammar import understand_by_grammar

MONDAY, WEDNESDAY, SUNDAY = date(2026, 12, 7), date(2026, 12, 9), date(2026, 12, 13)


def days(words: str, today: date = WEDNESDAY) -> str:
    question = understand_by_grammar(words, today=today, subjects=SUBJECTS, children=())
    if question.since is None or question.until is None:
        return ""
    return f"{question.since:%d.%m.%y}" + ("" if question.since == question.until else f"–{question.until:%d.%m.%y}")


@pytest.mark.parametrize(
    ("said", "ahead", "back"),
    [
        ("вторник", "15.12.26", "08.12.26"),
        ("среду", "09.12.26", "09.12.26"),
        ("четверг", "10.12.26", "03.12.26"),
    ],
)
def test_a_weekday_is_the_nearest_and_today_counts(said: str, ahead: str, back: str) -> None:
    """Ahead for all but marks, for marks behind."""
    assert days(f"дз на {said}") == ahead
    assert days(f"оценки за {said}") == back


def test_next_and_last_weekdays_are_those_of_the_calendar_weeks() -> None:
    """«в следующий вторник» is next week's on every day of this week, «в прошлый» last week's."""
    assert {days("расписание на следующий вторник", day) for day in (MONDAY, WEDNESDAY, SUNDAY)} == {"15.12.26"}
    assert {days("оценки за прошлый вторник", day) for day in (MONDAY, WEDNESDAY, SUNDAY)} == {"01.12.26"}


@pytest.mark.parametrize("words", ["дз на неделю", "контрольные на этой неделе", "расписание на эту неделю"])
def test_this_week_is_the_coming_one_on_a_sunday(words: str) -> None:
    """Monday to Sunday of this week; on a Sunday of the next."""
    assert days(words, MONDAY) == days(words, WEDNESDAY) == days(words, date(2026, 12, 12)) == "07.12.26–13.12.26"
    assert days(words, SUNDAY) == "14.12.26–20.12.26"


def test_marks_of_a_week_are_those_of_seven_days_with_today() -> None:
    """«за неделю» looks back over today and six days before."""
    assert days("оценки за неделю") == "03.12.26–09.12.26"
    assert days("marks for the week", SUNDAY) == "07.12.26–13.12.26"


def test_weeks_before_and_after_are_whole() -> None:
    """Last and next week are calendar weeks, also on a Sunday."""
    assert days("оценки за прошлую неделю", SUNDAY) == "30.11.26–06.12.26"
    assert days("дз на следующую неделю", SUNDAY) == "14.12.26–20.12.26"
    assert days("дз на следующую неделю", MONDAY) == "14.12.26–20.12.26"


def test_a_day_and_month_are_the_nearest() -> None:
    """Ahead the next one, for marks the last one; today is both; a year that is said holds."""
    assert (days("дз на 9.12"), days("оценки за 09.12")) == ("09.12.26", "09.12.26")
    assert (days("дз на 8.12"), days("оценки за 10.12")) == ("08.12.27", "10.12.25")
    assert days("оценки за 15 декабря 2024 года") == "15.12.24"
    assert days("homework for Dec 15") == days("homework for the 15th of December") == "15.12.26"


def test_the_29th_of_february_is_that_of_a_leap_year() -> None:
    """A day that this year lacks is the nearest that there is; one that no year has is asked about."""
    assert (days("дз на 29.02"), days("оценки за 29 февраля")) == ("29.02.28", "29.02.24")
    assert days("дз на 31.02") == ""


def test_a_day_without_a_month_is_in_the_nearest_month_that_has_it() -> None:
    """«31-го» in February means March."""
    assert days("дз на 15-е") == "15.12.26"
    assert days("дз на 8 число") == "08.01.27"
    assert days("дз на 31-е", date(2027, 2, 1)) == "31.03.27"
    assert days("оценки за двадцать пятое") == "25.11.26"


def test_a_month_is_whole_and_the_current_one_counts() -> None:
    """For marks the nearest past or the current one, else the nearest ahead."""
    assert days("оценки за декабрь") == days("контрольные в декабре") == "01.12.26–31.12.26"
    assert days("оценки за январь") == "01.01.26–31.01.26"
    assert days("контрольные в январе") == "01.01.27–31.01.27"
    assert days("контрольные в феврале", date(2028, 1, 1)) == "01.02.28–29.02.28"
    assert days("оценки за прошлый месяц") == "01.11.26–30.11.26"


@pytest.mark.parametrize(
    "words", ["оценки за четверть", "оценки за год", "дз", "контрольные в этой четверти", "оценки"]
)
def test_a_term_and_no_date_say_no_date(words: str) -> None:
    """The usual dates of the look-up hold then."""
    assert days(words) == ""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("дз на послезавтра", "11.12.26"), ("оценки за позавчера", "07.12.26"), ("дз через два дня", "11.12.26"),
        ("контрольная через неделю", "16.12.26"), ("homework in 3 days", "12.12.26"),
        ("оценки 2 дня назад", "07.12.26"),
        ("расписание на среду следующей недели", "16.12.26"), ("timetable for next week Friday", "18.12.26"),
        ("дз на выходные", "12.12.26–13.12.26"), ("оценки за выходные", "05.12.26–06.12.26"),
        ("оценки с 1 по 5 декабря", "01.12.26–05.12.26"), ("оценки с понедельника", "07.12.26–09.12.26"),
        ("расписание с понедельника по среду", "14.12.26–16.12.26"), ("оценки за 01.12-05.12", "01.12.26–05.12.26"),
        ("контрольные до конца недели", "09.12.26–13.12.26"), ("оценки с начала месяца", "01.12.26–09.12.26"),
        ("что задали сегодня на завтра", "10.12.26"), ("дз на понедельник 14 декабря", "14.12.26"),
        ("дочь вчера болела, что задали", "08.12.26"), ("дочь вчера болела, какое дз", ""),
        ("уроки в 8.30", ""), ("оценки за 1 четверть", ""),
    ],
)  # fmt: skip
def test_a_date_is_found_however_it_is_said(words: str, found: str) -> None:
    """Relative days, ranges and weeks; of several dates the one that is asked about."""
    assert days(words) == found


def test_a_span_from_a_day_ahead_is_that_day() -> None:
    """«оценки с завтра» looks back, but no span ends before it begins; «с понедельника» is until today."""
    assert days("оценки с завтра") == "10.12.26"
    assert days("оценки с начала следующего месяца") == "01.01.27–31.01.27"
    assert days("оценки с понедельника") == "07.12.26–09.12.26"

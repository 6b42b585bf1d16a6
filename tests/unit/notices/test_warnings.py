"""Warnings in words, for staff alone: results about to be late, one-time codes being guessed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from core.model.notices.kinds import NoticeKind
from core.model.notices.staff import (
    CodesGuessed,
    ConsentsExpiring,
    ContactsWaiting,
    DeferralsEnding,
    ErasuresDue,
    FinalMarksMissing,
    MessagesRejected,
    ResultsUntold,
)
from notifiers.sms.parts import sms_part_count
from notifiers.words.texts import compose_text
from tests.support.delivery.parcels import ENGLISH, KEY, NOBODY, RUSSIAN, parcel

DUE = datetime(2026, 11, 13, 14, 30, tzinfo=timezone(timedelta(hours=3)))


@pytest.mark.parametrize("discreet", [False, True])
def test_a_warning_is_the_same_in_a_discreet_channel(*, discreet: bool) -> None:
    """It names nobody, so it is said in full everywhere (Q75, Q85)."""
    warning = ResultsUntold(NoticeKind.FINALS, 21, DUE)
    text = compose_text(parcel((NOBODY, warning), discreet=discreet), RUSSIAN, key=KEY)
    assert text.title == "Итоги: срок 24 часа"
    assert [line for section in text.sections for line in section.lines] == [
        "срок пт 13.11, 14:30, итоговые оценки: 21 сообщение не дошло"
    ]
    assert text.footer == "Кому и о чём: /hours или vestnik obligations --open"


def test_an_sms_of_a_warning_is_one_part() -> None:
    """Term, kind and number fit 70 characters (Q91)."""
    short = compose_text(parcel((NOBODY, ResultsUntold(NoticeKind.FINALS, 312, DUE))), RUSSIAN, key=KEY).short
    assert short == "срок пт 13.11, 14:30: итоговые оценки 312 сообщений не дошли"
    assert sms_part_count(short) == 1


def test_what_is_late_and_what_is_near_stand_apart() -> None:
    """Finals and exams each have their line, and what is past says so."""
    warnings = (
        ResultsUntold(NoticeKind.EXAMS, 2, DUE),
        ResultsUntold(NoticeKind.FINALS, 1, DUE - timedelta(days=1), is_late=True),
    )
    text = compose_text(parcel(*((NOBODY, each) for each in warnings)), ENGLISH, key=KEY)
    assert [line for section in text.sections for line in section.lines] == [
        "was due Thu 12.11, 14:30, final marks: 1 message has not arrived",
        "due Fri 13.11, 14:30, exams and contests: 2 messages have not arrived",
    ]


def test_the_hour_is_the_schools() -> None:
    """The notice brings its term by the school's clock, and the outbox keeps it so (Q105)."""
    assert DUE.astimezone(UTC).hour == 11
    short = compose_text(
        parcel((NOBODY, ResultsUntold(NoticeKind.EXAMS, 1, DUE, is_late=True))), RUSSIAN, key=KEY
    ).short
    assert "14:30" in short


def test_an_alarm_of_a_channel_names_nobody_and_says_what_to_do() -> None:
    """Which channel, since when, how many; a channel of somebody else bears its own name."""
    alarms = tuple((NOBODY, MessagesRejected(channel, 7, DUE)) for channel in ("email", "pigeon"))
    text = compose_text(parcel(*alarms), ENGLISH, key=KEY)
    assert [line for section in text.sections for line in section.lines] == [
        "since 14:30, e-mail: messages to 7 addressees were not taken",
        "since 14:30, pigeon: messages to 7 addressees were not taken",
    ]
    assert "addresses stay in use" in (text.footer or "")
    assert not text.unsubscribable


@pytest.mark.parametrize("discreet", [False, True])
def test_guessed_codes_are_told_without_a_name(*, discreet: bool) -> None:
    """How many, what is refused and what goes on; nobody's chat is named (Q82)."""
    text = compose_text(parcel((NOBODY, CodesGuessed(DUE.date(), 100)), discreet=discreet), RUSSIAN, key=KEY)
    assert text.title == "Безопасность"
    assert text.sections[0].lines == (
        "пт 13.11, одноразовые коды: 100 неверных за час. Набранные коды час не принимаются, ссылки действуют",
    )
    assert text.footer is None
    assert not text.unsubscribable


@pytest.mark.parametrize(
    ("is_over", "words"),
    [
        (False, "пт 13.11, 8Б: 2 отсрочки скоро кончатся"),
        (True, "пт 13.11, 8Б: 2 отсрочки кончаются в этот день, а оценок нет"),
    ],
)
def test_deferrals_that_run_out_are_counted_without_a_name(words: str, *, is_over: bool) -> None:
    """The class, the day and how many; nobody is named (Q53)."""
    text = compose_text(parcel((NOBODY, DeferralsEnding("8Б", DUE.date(), 2, is_over))), RUSSIAN, key=KEY)
    assert (text.title, text.sections[0].lines, text.unsubscribable) == ("Отсрочки", (words,), False)


def test_a_teacher_is_reminded_of_missing_marks_without_a_students_name() -> None:
    """Class, subject, term and how many; a button for each leads to the page with the students (Q52)."""
    missing = FinalMarksMissing("8Б", "Алгебра", "1 четверть", 3, group_id=7, subject_id=8, term_number=9)
    text = compose_text(parcel((NOBODY, missing)), RUSSIAN, key=KEY)
    assert text.title == "Итоговые оценки: не хватает"
    assert text.sections[0].lines == ("1 четверть, 8Б · Алгебра: нет 3 оценок",)
    [row] = text.buttons
    assert row[0].label == "8Б · Алгебра: 3"
    assert (row[0].data or "").startswith("fclass-7-8-9-")
    assert not text.unsubscribable


@pytest.mark.parametrize(
    ("warning", "words"),
    [
        (
            ErasuresDue(DUE.date(), 2),
            (
                "до 13.11.2026, отозванные согласия: у 2 человек контакты пора уничтожить: vestnik erase. В последний"
                " день это произойдёт само"
            ),
        ),
        (
            ConsentsExpiring(DUE.date(), 3),
            "до 13.11.2026, сроки согласий: заканчиваются 3 согласия: выдайте новые бланки",
        ),
    ],
)
def test_the_secretary_is_reminded_of_consents_without_a_name(
    warning: ErasuresDue | ConsentsExpiring, words: str
) -> None:
    """How many and until when; nobody is named, so a discreet channel says the same (Q7, Q10, Q85)."""
    for discreet in (False, True):
        text = compose_text(parcel((NOBODY, warning), discreet=discreet), RUSSIAN, key=KEY)
        assert (text.title, text.unsubscribable) == ("Согласия", False)
        if not discreet:
            assert text.sections[0].lines == (words,)


def test_a_class_teacher_is_told_of_contacts_without_a_name() -> None:
    """Class and how many; the button leads to the list of the families, in a discreet chat there is none (Q84, Q85)."""
    waiting = ContactsWaiting("8Б", DUE.date(), 2)
    text = compose_text(parcel((NOBODY, waiting)), RUSSIAN, key=KEY)
    assert text.title == "Контакты семей"
    assert text.sections[0].lines == ("пт 13.11, 8Б: 2 контакта ждут подтверждения дольше недели",)
    [row] = text.buttons
    assert row[0].label == "Кто ждёт"
    assert (row[0].data or "").startswith("famwait-")
    assert not text.unsubscribable
    assert compose_text(parcel((NOBODY, waiting), discreet=True), RUSSIAN, key=KEY).buttons == ()

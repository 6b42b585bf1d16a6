"""The screens of a broadcast at their fullest: a whole year of study, long names that look like markup (Q91, Q97)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.handlers.broadcast.sms_cost import broadcast_sms_parts
from bot.locales import LANGUAGES, LocaleCatalogues
from bot.screens.broadcast import compose, draft, phone_calls, sent
from bot.screens.broadcast import preview as preview_screens
from bot.screens.screen import LONGEST_PAGE, Screen, screen_text
from core.actions.broadcast.acknowledgements import LoadedAcknowledgements, PersonReading, StudentReading
from core.actions.broadcast.phone_calls import PersonToCall
from core.actions.broadcast.recipients import Addressee, BroadcastRecipientsPreview
from core.model.broadcast import Acknowledging, Broadcast, BroadcastState, Draft
from core.model.conversation import SentFile
from core.model.delivery.obligations import PhoneCall
from core.model.delivery.states import Status
from core.model.notices.facts import Notice
from core.model.notices.family import Announcement, LessonChanged
from core.model.people import Person
from core.model.timetable import ChangeKind, DayLesson, NewLessonChange, SchoolDay
from core.model.year import Subject
from notifiers.directory import InstalledChannelDirectory

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
NAME = "<&>Удивительно-Длинная <&>Имярек <&>Отчествовна <&>и ещё немного"
CATALOGUES = LocaleCatalogues.load()
MOST_BUTTONS = 100


def board(language: str = "ru", *, discreet: bool = False) -> compose.ComposeScreenFrame:
    """Four classes at once."""
    names = {number: f"5{letter}" for number, letter in enumerate("АБВГ", start=1)}
    return compose.ComposeScreenFrame(
        title=", ".join(names.values()), groups=names, today=NOW.date(), zone=ZoneInfo("Europe/Moscow"),
        t=CATALOGUES.translator(language), seal=lambda handle: handle.action, is_discreet=discreet,
        notice_words=InstalledChannelDirectory().notice_words,
    )  # fmt: skip


CHANGES = tuple(
    NewLessonChange(1, 1, MONDAY, number, ChangeKind.SUBSTITUTION, new_teacher_id=2) for number in range(40)
)
NOTICES = [
    LessonChanged(NAME, MONDAY, number, ChangeKind.SUBSTITUTION, new_subject=NAME, new_teacher=NAME, group="5А")
    for number in range(40)
]
DRAFT = Draft(
    frozenset({1}),
    CHANGES,
    "<&> " * 600,
    Acknowledging.BOTH_PARENTS,
    (SentFile(NAME, "application/pdf", "1", "telegram"),),
)
SENT = Broadcast(
    1, 1, DRAFT.text, DRAFT.rule, NOW, BroadcastState.SENT, NOW, NOW, None, DRAFT.files, NOW + timedelta(days=2)
)


def addressee(number: int, channel: str | None, *, consented: bool = True) -> Addressee:
    """One of many persons."""
    notices: tuple[Notice, ...] = (*NOTICES[:3], Announcement("Собрание", MONDAY, NAME))
    return Addressee(number, NAME, number, NAME, "ru", channel, consented, notices)


def preview() -> BroadcastRecipientsPreview:
    """A hundred and twenty students with two parents each."""
    ways = ("telegram", "email", "sms", "paper", None)
    families = tuple(addressee(number, ways[number % 5], consented=number % 2 == 0) for number in range(240))
    return BroadcastRecipientsPreview(NOW, families, tuple(addressee(number, "telegram") for number in range(20)))


def heard(state: BroadcastState = BroadcastState.SENT) -> LoadedAcknowledgements:
    """As many in the list."""
    person = PersonReading(1, NAME, is_student=False, channel="telegram", status=Status.ACCEPTED, read_at=None)
    students = tuple(
        StudentReading(number, NAME, (person, person), is_told=False, is_late=False) for number in range(120)
    )
    return LoadedAcknowledgements(replace(SENT, state=state), tuple(NOTICES), students, students[:20])


def to_call() -> list[PersonToCall]:
    """A whole year of study, every second person reached already."""
    call = PhoneCall(1, NAME, NOW)
    readings = heard().students[0].persons[0]
    return [
        PersonToCall(replace(readings, person_id=number, read_at=NOW, call=call) if number % 2 else readings, (NAME,))
        for number in range(240)
    ]


def screens(here: compose.ComposeScreenFrame) -> Iterator[Screen]:
    """All of them, full."""
    lesson = DayLesson(1, 1, None, 1, NAME, 1, NAME, NAME, None, None)
    people = [Person(number, NAME, "", None, "ru") for number in range(120)]
    subjects = [Subject(number, NAME, "") for number in range(80)]
    kind = ChangeKind.MOVE
    yield compose.compose_kind_screen(here)
    yield compose.compose_day_screen(here, [MONDAY] * 8, kind, hint="broadcast.date_unclear")
    yield compose.compose_lesson_screen(here, SchoolDay(MONDAY, (lesson,) * 120), kind, [])
    yield compose.compose_lesson_screen(here, SchoolDay(MONDAY, ()), kind, [])
    yield compose.compose_substitute_screen(here, people, page=1, hint="broadcast.no_teacher")
    yield compose.compose_subject_screen(here, subjects, may_stay=True, hint="broadcast.no_subject")
    yield compose.compose_room_screen(here, [NAME] * 40)
    yield compose.compose_number_screen(here, MONDAY, range(9))
    yield draft.broadcast_draft_screen(here, DRAFT, NOTICES)
    yield draft.broadcast_draft_screen(here, Draft(frozenset({1})), [])
    yield draft.draft_acknowledging_screen(here, Acknowledging.ONE_PARENT)
    yield draft.draft_sending_time_screen(here, [NOW, NOW])
    yield draft.draft_announcement_screen(here, hint="broadcast.too_long")
    yield preview_screens.broadcast_preview_screen(here, preview(), DRAFT, sms_parts=999)
    yield preview_screens.refused_preview_screen(here)
    yield from (sent.sent_broadcast_screen(here, heard(state), NOTICES, note="…") for state in BroadcastState)
    yield phone_calls.phone_calls_screen(here, 1, to_call(), page=1, note="…")
    yield sent.sent_broadcast_list_screen([SENT] * 10, ["20.11"] * 10, here.t, here.seal)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_fits_at_its_fullest(language: str) -> None:
    """One page, a hundred buttons, in both languages (Q91)."""
    for screen in screens(board(language)):
        assert len(screen_text(screen.text)) <= LONGEST_PAGE
        assert sum(map(len, screen.buttons)) <= MOST_BUTTONS


def test_a_discreet_messenger_shows_counts_and_no_names_of_families() -> None:
    """Who must be called and who has read it is personal, how many is not (Q85)."""
    here = board(discreet=True)
    shown = [
        preview_screens.broadcast_preview_screen(
            here, BroadcastRecipientsPreview(None, preview().families, ()), Draft(frozenset({1})), sms_parts=1
        ),
        sent.sent_broadcast_screen(here, heard(), []),
    ]
    for screen in shown:
        assert "Имярек" not in screen.text


def test_what_was_called_back_does_not_look_switched_off() -> None:
    """Seen by the worker or not, nobody was told, and nobody had switched anything off (Q97)."""
    here = board()
    unreached = PersonReading(1, NAME, is_student=False, channel=None, status=None, read_at=None, called_back=True)
    for persons in ((unreached,), ()):
        student = StudentReading(1, NAME, persons, is_told=False, is_late=False)
        recalled = LoadedAcknowledgements(replace(SENT, state=BroadcastState.RECALLED), (), (student,), ())
        assert "отозвано" in sent.sent_broadcast_screen(here, recalled, []).text


def test_parts_of_sms_are_counted_in_the_words_that_will_be_sent() -> None:
    """A person with two children in the class gets one message; Cyrillic has 70 characters, or 67 a part (Q91, Q97)."""
    change = LessonChanged("Алгебра", MONDAY, 2, ChangeKind.CANCELLATION)

    def told(person: int, student: int, channel: str, *notices: LessonChanged | Announcement) -> Addressee:
        return Addressee(person, "Мать", student, f"Иванов Пётр{student}", "ru", channel, True, notices)  # noqa: FBT003  # a field

    def parts(*addressees: Addressee) -> int:
        return broadcast_sms_parts(addressees, InstalledChannelDirectory(), CATALOGUES.translator, discreet=False)

    long = Announcement("слово " * 40, MONDAY, "Автор")
    assert parts(told(1, 1, "sms", change), told(2, 2, "telegram", long)) == 1
    assert parts(told(1, 1, "sms", change), told(3, 2, "sms", change)) == 2
    assert parts(told(1, 1, "sms", change), told(1, 2, "sms", change)) < 4
    assert parts(told(1, 1, "sms", long)) > 1

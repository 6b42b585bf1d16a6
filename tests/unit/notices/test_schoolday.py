"""The school day in words: changed lessons, announcements, homework, control works, advice."""

import re
from dataclasses import replace
from typing import get_args

import pytest

from bot.locales import LANGUAGES
from core.model.delivery.text import Section
from core.model.notices.facts import Notice, notice_to_facts
from core.model.notices.family import (
    Announcement,
    ControlWorkAhead,
    ExamResultSet,
    FamilyNotice,
    ForecastGiven,
    HomeworkDue,
    JournalNotice,
    LessonChanged,
    MarkRecorded,
    RecommendationGiven,
    TermFinished,
    WeeklyExtract,
)
from core.model.notices.personal import ConsentExpiring
from core.model.timetable import ChangeKind
from core.rules.conversation.buttons import Handle
from notifiers.sms.parts import sms_part_count
from notifiers.words.texts import compose_text
from tests.support.delivery.parcels import (
    ANYA,
    BORIS,
    CATALOGUES,
    DAY,
    ENGLISH,
    KEY,
    NEXT_DAY,
    NOBODY,
    RUSSIAN,
    About,
    composed,
    handles,
    labels,
    lines,
    parcel,
)

SCHOOL_DAY: list[tuple[Notice, list[str]]] = [
    (
        LessonChanged(
            "Алгебра", DAY, 2, ChangeKind.SUBSTITUTION, teacher="Иванова Ирина Ильинична", new_teacher="Петров П. П."
        ),
        ["чт 12.11, 2 урок, Алгебра: замена, Иванова И. И. → Петров П. П."],
    ),
    (
        LessonChanged("Алгебра", DAY, 2, ChangeKind.SUBSTITUTION, new_subject="Физика", new_room="31"),
        ["чт 12.11, 2 урок: замена, Алгебра → Физика, кабинет 31"],
    ),
    (
        LessonChanged("Алгебра", DAY, 2, ChangeKind.MOVE, room="12", new_room="31", new_on=NEXT_DAY, new_number=5),
        ["чт 12.11, 2 урок, Алгебра: перенос → пт 13.11, 5 урок, кабинет 12 → 31"],
    ),
    (
        LessonChanged("Алгебра", DAY, 0, ChangeKind.MOVE, new_on=DAY, new_number=7),
        ["чт 12.11, 0 урок, Алгебра: перенос → 7 урок"],
    ),
    (LessonChanged("Алгебра", DAY, 2, ChangeKind.CANCELLATION), ["чт 12.11, 2 урок, Алгебра: отменён"]),
    (
        LessonChanged("Алгебра", DAY, 2, ChangeKind.ROOM, room="12", new_room="31"),
        ["чт 12.11, 2 урок, Алгебра: кабинет 12 → 31"],
    ),
    (
        LessonChanged("Алгебра", DAY, 2, ChangeKind.CANCELLATION, called_off=True),
        ["чт 12.11, 2 урок, Алгебра: отбой: урок по расписанию"],
    ),
    (
        Announcement("Завтра сбор в 9:00.\n\nВозьмите  сменную обувь.", DAY, "Петрова Мария Олеговна"),
        ["Завтра сбор в 9:00.", "Возьмите сменную обувь.", "— Петрова М. О., 12.11"],
    ),
    (HomeworkDue("Алгебра", NEXT_DAY, "№ 5,\n№ 7"), ["Алгебра, на пт 13.11: № 5, № 7"]),
    (HomeworkDue("Алгебра", NEXT_DAY, "№ 5", files=2), ["Алгебра, на пт 13.11: № 5 (2 файла)"]),
    (
        ControlWorkAhead("Физика", NEXT_DAY, "Контрольная работа", "Законы Ньютона"),
        ["Физика, пт 13.11: контрольная работа («Законы Ньютона»)"],
    ),
    (ControlWorkAhead("Физика", NEXT_DAY, "Диктант"), ["Физика, пт 13.11: диктант"]),
    (
        RecommendationGiven("Алгебра", DAY, "Ким Ён", "Повторить дроби."),
        ["Алгебра, 12.11: Повторить дроби. (Ким Ё.)"],
    ),
    (RecommendationGiven(None, DAY, "Ким Ён", "Больше читать."), ["В целом, 12.11: Больше читать. (Ким Ё.)"]),
    (
        TermFinished("1 четверть", DAY, 8, "4.25", deferred=1),
        ["все предметы, 1 четверть: 8 итоговых оценок, средний балл 4,25, отсрочек: 1"],
    ),
    (TermFinished("year", DAY, 1, None), ["все предметы, Год: 1 итоговая оценка"]),
    (
        ConsentExpiring(DAY),
        [
            (
                "до 12.11.2026, согласие на обработку данных: заканчивается: подпишите в школе новое, иначе сведения"
                " будут выдаваться на бумаге"
            )
        ],
    ),
    (WeeklyExtract(DAY), ["Выписка, чт 12.11: новых сообщений за неделю нет"]),
]


@pytest.mark.parametrize(("notice", "said"), SCHOOL_DAY)
def test_the_school_day_reads_as_old_and_new(notice: Notice, said: list[str]) -> None:
    """Changed lessons, announcements, homework, control works and advice have their lines (Q17, Q19, Q23, Q24)."""
    assert lines(notice) == said


def test_every_notice_has_its_words() -> None:
    """These sentences, and those of journal, exams and forecasts, cover every notice of a family."""
    elsewhere = {*get_args(JournalNotice), ExamResultSet, ForecastGiven}
    assert {type(notice) for notice, _ in SCHOOL_DAY} - {ConsentExpiring} == set(get_args(FamilyNotice)) - elsewhere


@pytest.mark.parametrize("notice", [notice for notice, _ in SCHOOL_DAY])
def test_english_says_every_notice(notice: Notice) -> None:
    """No notice borrows the school's language for its own words."""
    text = compose_text(parcel(((5, "Smith Ann"), notice)), ENGLISH, key=KEY)
    ours = " ".join([text.title, text.short, *(button.label for row in text.buttons for button in row)])
    facts = " ".join(str(value) for value in notice_to_facts(notice).values())
    assert {word for word in re.findall("[а-яё]{3,}", ours.casefold()) if word not in facts.casefold()} == set()


SHORT: list[tuple[Notice, str]] = [
    (
        LessonChanged("Алгебра", DAY, 2, ChangeKind.SUBSTITUTION, teacher="Ким Ён", new_teacher="Петров Пётр"),
        "Аня С., чт 12.11: 2 урок, Алгебра замена, Петров П.",
    ),
    (
        LessonChanged("Русский язык", DAY, 3, ChangeKind.SUBSTITUTION, new_teacher="Титов Олег Ильич", new_room="31"),
        "Аня С., чт 12.11: 3 урок, Русский язык замена, Титов О. И., кабинет 31",
    ),
    (
        LessonChanged("Алгебра", DAY, 2, ChangeKind.SUBSTITUTION, new_subject="Физика", new_teacher="Титов Олег"),
        "Аня С., чт 12.11: 2 урок замена, Алгебра → Физика, Титов О.",
    ),
    (
        LessonChanged("Алгебра", DAY, 2, ChangeKind.MOVE, new_on=NEXT_DAY, new_number=5),
        "Аня С., чт 12.11: 2 урок, Алгебра перенос → пт 13.11, 5 урок",
    ),
    (LessonChanged("Физика", DAY, 1, ChangeKind.CANCELLATION), "Аня С., чт 12.11: 1 урок, Физика отменён"),
    (Announcement("Завтра сбор\nв 9:00", DAY, "Ким Ён"), "Аня С.: Завтра сбор в 9:00"),
    (HomeworkDue("Алгебра", NEXT_DAY, "№ 5"), "Аня С.: Алгебра на пт 13.11 № 5"),
    (ControlWorkAhead("Физика", NEXT_DAY, "Контрольная"), "Аня С.: Физика пт 13.11 контрольная"),
]


@pytest.mark.parametrize(("notice", "short"), SHORT)
def test_an_sms_names_the_child_the_day_and_the_change(notice: Notice, short: str) -> None:
    """The whole message in one Cyrillic part where nothing in it is long (Q91)."""
    assert composed((ANYA, notice)).short == short
    assert sms_part_count(short) == 1


@pytest.mark.parametrize(
    "notice",
    [
        Announcement("Собрание " * 100, DAY, "Ким Ён"),
        HomeworkDue("Алгебра", NEXT_DAY, "Параграф " * 100),
        RecommendationGiven(None, DAY, "Ким Ён", "Читать " * 100),
    ],
)
def test_long_words_are_cut_to_three_parts(notice: Notice) -> None:
    """However long a teacher writes, one SMS is three parts and the child is named, alone and among others (Q91)."""
    alone = composed((ANYA, notice)).short
    among = composed((ANYA, MarkRecorded("Алгебра", DAY, "5")), (ANYA, notice), (BORIS, notice)).short
    assert sms_part_count(alone) == 3
    assert alone.startswith("Аня С.: ")
    assert alone.endswith("…")
    assert sms_part_count(among) <= 3
    assert "Аня С.: " in among
    assert "Борис С.: " in among


def test_changes_of_a_day_stand_by_their_lesson() -> None:
    """Several changes of one child are a timetable's lines: by day and number."""
    cancelled = [
        LessonChanged("Алгебра", on, number, ChangeKind.CANCELLATION)
        for on, number in ((NEXT_DAY, 1), (DAY, 4), (DAY, 0))
    ]
    text = composed(*((ANYA, notice) for notice in cancelled))
    assert text.title == "Изменения в расписании: Смирнова Аня Петровна"
    assert [line.partition(",")[2][:8] for line in text.sections[0].lines] == [" 0 урок,", " 4 урок,", " 1 урок,"]
    assert text.short == (
        "Аня С., чт 12.11: 0 урок, Алгебра отменён, 4 урок, Алгебра отменён; Аня С., пт 13.11: 1 урок, Алгебра отменён"
    )


def test_staff_read_the_class_and_no_child() -> None:
    """A substitute is told which class, lesson and day; nothing of a child is at hand there."""
    change = LessonChanged("Алгебра", DAY, 2, ChangeKind.CANCELLATION, group="8 Б")
    other = LessonChanged("Алгебра", DAY, 3, ChangeKind.CANCELLATION, group="9 А")
    text = composed((NOBODY, change))
    assert text.title == "Изменения в расписании: 8 Б"
    assert text.short == "8 Б, чт 12.11: 2 урок, Алгебра отменён"
    assert handles(text) == [Handle("read", (9,))]
    both = composed((NOBODY, other), (NOBODY, change))
    assert [section.heading for section in both.sections] == [
        "8 Б. Изменения в расписании",
        "9 А. Изменения в расписании",
    ]


def test_changed_lessons_and_homework_lead_to_their_day() -> None:
    """A button for the timetable of the day and for what is due; reading of changes is proved (Q95, Q97)."""
    lesson = composed((ANYA, LessonChanged("Алгебра", DAY, 2, ChangeKind.CANCELLATION)))
    assert labels(lesson) == ["Прочитано", "Расписание на 12.11: Аня", "Не присылать: изменения в расписании"]
    assert handles(lesson)[1] == Handle("day", (5, 20261112))
    homework = composed((ANYA, HomeworkDue("Алгебра", NEXT_DAY, "№ 5")))
    assert labels(homework) == ["Задания на 13.11: Аня", "Не присылать: домашние задания"]
    assert handles(homework)[0] == Handle("homework", (5, 20261113))
    assert handles(composed((ANYA, ControlWorkAhead("Физика", DAY, "Зачёт"))))[0] == Handle("control", (5,))
    assert handles(composed((ANYA, RecommendationGiven(None, DAY, "Ким Ён", "Читать."))))[0] == Handle("advice", (5,))
    assert handles(composed((ANYA, Announcement("Сбор", DAY, "Ким Ён"))))[0] == Handle("read", (9,))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_discreet_channel_tells_of_lessons_but_of_nobody(language: str) -> None:
    """A changed lesson and homework are no personal data; names and marks stay out (Q85)."""
    change = LessonChanged("Алгебра", DAY, 2, ChangeKind.SUBSTITUTION, teacher="Ким Ён", new_teacher="Петров Пётр")
    facts: list[tuple[About, Notice]] = [
        (ANYA, change),
        (BORIS, change),
        (ANYA, MarkRecorded("Физика", DAY, "2")),
    ]
    text = compose_text(parcel(*facts, discreet=True), CATALOGUES.translator(language), key=KEY)
    assert len(text.sections) == 2
    assert len(text.sections[0].lines) == 1
    assert "Алгебра" in text.sections[0].lines[0]
    assert not any(word in f"{text}" for word in ("Смирнов", "Аня", "Борис", "Физика", "Ким", "Петров"))
    assert handles(text) == [Handle("read", (9,)), Handle("day", (0, 20261112))]


def test_a_discreet_change_says_its_day_and_lesson() -> None:
    """Alone it has the title of its kind."""
    change = LessonChanged("Алгебра", DAY, 2, ChangeKind.CANCELLATION)
    text = compose_text(parcel((ANYA, change), discreet=True), RUSSIAN, key=KEY)
    assert text.title == "Изменения в расписании"
    assert text.sections == (Section(None, ("чт 12.11, 2 урок, Алгебра: отменён",)),)
    assert text.short == "чт 12.11: 2 урок, Алгебра отменён"


def test_a_file_is_shown_in_telegram_and_named_elsewhere() -> None:
    """Telegram keeps it, so it comes once for two children; a mail and an SMS say where it is (Q97)."""
    plan = Announcement("План каникул", DAY, "Ким Ён", None, "план.pdf", "application/pdf", "kept-1", "telegram")
    both = parcel((ANYA, plan), (BORIS, plan))
    shown = compose_text(both, RUSSIAN, key=KEY)
    assert [(file.name, file.reference, file.instead) for file in shown.attachments] == [
        ("план.pdf", "kept-1", "Файл «план.pdf» не открылся, он есть у автора сообщения")
    ]
    assert "план.pdf" not in f"{shown.sections} {shown.short}"
    mail = compose_text(replace(parcel((ANYA, plan)), channel="email"), RUSSIAN, key=KEY)
    assert mail.attachments == ()
    assert mail.sections[0].lines[1] == "Файл «план.pdf»: в Telegram или у автора сообщения"
    assert mail.short == "Аня С.: Файл – в Telegram или у автора. План каникул"


def test_a_discreet_channel_gets_no_file() -> None:
    """What may not be said there is not shown there either (Q85)."""
    plan = Announcement("План каникул", DAY, "Ким Ён", None, "план.pdf", "application/pdf", "kept-1", "telegram")
    text = compose_text(parcel((ANYA, plan), discreet=True), RUSSIAN, key=KEY)
    assert text.attachments == ()
    assert "план.pdf" not in f"{text}"


def test_a_discreet_sms_names_nobody() -> None:
    """The substitute stands in an SMS of a channel with full content only (Q85)."""
    change = LessonChanged("Алгебра", DAY, 2, ChangeKind.SUBSTITUTION, teacher="Ким Ён", new_teacher="Петров Пётр")
    short = compose_text(parcel((ANYA, change), discreet=True), RUSSIAN, key=KEY).short
    assert "замена" in short
    assert "Петров" not in short


@pytest.mark.parametrize("sign", ["😀", "👨\u200d👩\u200d👧", "🇷🇺", "Ж"])
@pytest.mark.parametrize("words", [1, 40, 80, 300])
@pytest.mark.parametrize("repeated", [False, True])
def test_an_announcement_of_emoji_takes_three_parts_at_most(sign: str, words: int, repeated: bool) -> None:  # noqa: FBT001  pytest gives it
    """A part counts UTF-16 units, of which an emoji takes two or more; none is cut in half (Q91)."""
    long = Announcement(" ".join([f"Сбор {sign}"] * words), DAY, "Ким Ён")
    short = compose_text(parcel((ANYA, long), repeated=repeated), RUSSIAN, key=KEY).short
    several = composed((ANYA, long), (BORIS, long), (ANYA, HomeworkDue("Алгебра", NEXT_DAY, sign * 50))).short
    assert sms_part_count(short) <= 3
    assert sms_part_count(several) <= 3
    assert (short + several).encode("utf-16-be").decode("utf-16-be") == short + several

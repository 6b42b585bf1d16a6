"""The register as words and buttons: a whole class on one screen, however many and long its names are."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.screens.marks import corrections, gradebook
from bot.screens.marks.gradebook import GradebookScreenDesk
from bot.screens.schoolwork import giving
from bot.screens.screen import LONGEST_PAGE, Screen, screen_text
from core.errors import (
    ConflictError,
    FirstGradeError,
    FutureLessonError,
    JournalModeError,
    MixedKindsError,
)
from core.model.marks.entries import Entry, EntryVersion
from core.model.marks.gradebook import GradebookPage, GradebookRow, LessonDay, OpenedEntry, Work
from core.model.schoolwork.control_works import Caution, ControlWork, WorkloadRule
from core.model.schoolwork.homework import AssignedHomework, Homework
from core.model.year import GroupKind, TeachingGroup
from core.ports import Translator
from core.rules.conversation.buttons import Handle, unpack_button
from core.rules.marks.gradebook import GradebookRules, judged_gradebook_line
from core.rules.marks.tokens import UnknownTokenError, token_kind
from tests.support.conversation.screens import CHAT, EN, KEY, RU, seal, words_of
from tests.support.schools.long_school import long_name, long_subject

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LESSON = LessonDay(3, 5, TODAY)
GROUP = TeachingGroup(3, GroupKind.CLASS, "8Б", "8б", 8, None, None)
MOST_BUTTONS, LABEL = 100, 64
BOT = GradebookRules(made_in="bot")


def entry(value: str, *, waits: bool = False, number: int = 1, comment: str | None = None) -> Entry:
    return Entry(
        number, 7, 5, TODAY, token_kind(value), value, "Контрольная работа", "Дроби", Decimal("20.0"), 1, None, None,
        NOW, None, comment=comment, awaiting=waits, publish_at=NOW + timedelta(minutes=30) if waits else None,
    )  # fmt: skip


def desk(
    *lines: GradebookRow,
    t: Translator = RU,
    policy: GradebookRules = BOT,
    subject: str = "Алгебра",
    work: Work | None = None,
) -> GradebookScreenDesk:
    register = GradebookPage(LESSON, GROUP, subject, "Сложение дробей", lines)
    return GradebookScreenDesk(
        page=register, today=TODAY, zone=ZoneInfo("Europe/Moscow"), t=t, seal=seal, policy=policy,
        work=work or Work(),
    )  # fmt: skip


def line(name: str, *entries: Entry, number: int = 7, school_class: str = "8Б") -> GradebookRow:
    return GradebookRow(number, name, school_class, entries)


def labels(screen: Screen) -> list[list[str]]:
    return [[button.label for button in row] for row in screen.buttons]


ANNA = line("Белова Анна Кирилловна", entry("5"), entry("НП", number=2), entry(".", waits=True, number=3))
PYOTR = line("Ершов Пётр Ильич", number=8)


def test_a_class_is_a_numbered_list_with_its_marks() -> None:
    """Absences stand beside marks, a debt is a word, and what parents do not see yet bears an hourglass (Q27, Q28)."""
    shown = gradebook.gradebook_class_day_screen(desk(ANNA, PYOTR), (TODAY - timedelta(days=2), None))
    assert words_of(shown) == (
        "**8Б · Алгебра**\nсегодня, пт 20.11\nТема: Сложение дробей\n⏳ – родители увидят в 12:30\n\n"
        "1. Белова А. К.: **5, НП, долг ⏳**\n2. Ершов П. И."
    )
    assert labels(shown)[:2] == [["1. Белова А. К.: 5 НП долг ⏳", "2. Ершов П. И."], ["‹ ср 18.11", "сегодня"]]


def test_each_button_says_lesson_and_student() -> None:
    """Whatever is written is written for the lesson that the button stands for."""
    shown = gradebook.gradebook_class_day_screen(desk(ANNA, PYOTR), (None, None))
    handle = unpack_button(shown.buttons[0][1].data or "", channel="telegram", chat=CHAT, key=KEY)
    assert handle == Handle(gradebook.STUDENT, (3, 5, 20261120, 8))


@pytest.mark.parametrize("t", [RU, EN])
def test_forty_long_names_fit_one_screen(t: Translator) -> None:
    """Nobody of forty with sixty characters and «<&>"» in each name is left out (Q91)."""
    lines = [line(long_name(place), entry("5", waits=True), entry("НП"), number=place) for place in range(40)]
    work = Work("Контрольная работа", Decimal(20), "Д" * 200)
    shown = gradebook.gradebook_class_day_screen(desk(*lines, t=t, subject=long_subject(1), work=work), (None, None))
    assert "\n40. " in words_of(shown)
    assert fits(shown)


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=40))
def test_no_class_is_longer_than_a_message(names: list[str]) -> None:
    """Whatever people are called, the screen is a message and its buttons are buttons (Q91)."""
    lines = [line(name, entry("5"), number=place) for place, name in enumerate(names)]
    for shown in (
        gradebook.gradebook_class_day_screen(desk(*lines), (None, None)),
        corrections.correction_line_screen(desk(*lines)),
    ):
        assert fits(shown)


@pytest.mark.parametrize("words", ["<&>" * 1365, "длинное слово " * 292])
def test_whatever_a_teacher_types_is_shown_on_one_screen(words: str) -> None:
    """A message of 4096 characters as homework, topic, work, comment, advice or weight: each screen is one (Q91)."""
    room = desk(ANNA, work=Work(words, Decimal(20), words))
    room = replace(room, page=replace(room.page, topic=words))
    noted = OpenedEntry(entry("5", comment=words), LESSON, "Алгебра", ANNA, ())
    homework = Homework(1, 3, 5, TODAY, words, 9, NOW, None)
    given = [AssignedHomework(homework, "Алгебра", None, None, ())] * 40
    planned = [ControlWork(1, 3, 5, TODAY, 2, words, words, 9, NOW, None)] * 40
    for shown in (
        gradebook.gradebook_class_day_screen(room, (None, None)),
        gradebook.gradebook_student_day_screen(room, ANNA),
        corrections.entry_correction_screen(noted, room),
        corrections.correction_comment_screen(noted, room),
        corrections.correction_line_check_screen(judged_gradebook_line(words, [ANNA], policy=BOT), room),
        corrections.correction_weight_screen(UnknownTokenError(words), room),
        corrections.correction_refused_screen(UnknownTokenError(words), room, name=ANNA.name),
        giving.giving_homework_done_screen(room, 1, due_on=TODAY, text=words, files=1, cautions=[]),
        giving.giving_planned_work_screen(room, 1, on=TODAY, words=words, cautions=[]),
        giving.giving_recommendation_check_screen(room, ANNA, words),
        giving.giving_homework_screen(room, TODAY, [TODAY] * 6, given),
        giving.giving_opened_homework_screen(room, homework),
        giving.giving_control_work_screen(room, TODAY, [TODAY] * 6, planned),
    ):
        assert fits(shown)


def test_advice_is_read_whole_before_it_is_sent() -> None:
    """The question stands first, so that it is never what does not fit."""
    shown = giving.giving_recommendation_check_screen(desk(ANNA), ANNA, "Повторить <дроби> " * 60)
    assert words_of(shown).index("Кому отправить?") < words_of(shown).index("Повторить")
    assert words_of(shown).count("<дроби>") == 60


def fits(screen: Screen) -> bool:
    """Whether the screen is one message with buttons that a messenger takes."""
    buttons = [button for row in screen.buttons for button in row]
    is_short = len(screen_text(screen.text)) <= LONGEST_PAGE and len(buttons) <= MOST_BUTTONS
    return is_short and all(len(button.label) <= LABEL for button in buttons)


def test_a_student_has_a_button_for_each_token() -> None:
    """Marks, verdicts, a debt and absences; a one only where the school gives it (Q37)."""
    shown = labels(gradebook.gradebook_student_day_screen(desk(ANNA), ANNA))
    assert shown[0] == ["Изменить: 5", "Изменить: НП", "Изменить: долг ⏳"]
    assert shown[1:4] == [["5", "4", "3", "2"], ["зач", "незач", "н/а", "долг"], ["Н", "УП", "Б", "НП", "ОП", "ОСВ"]]
    with_ones = desk(ANNA, policy=replace(BOT, lowest_mark=1))
    assert ["5", "4", "3", "2", "1"] in labels(gradebook.gradebook_student_day_screen(with_ones, ANNA))


def test_a_first_grade_has_absences_only() -> None:
    """There is no button for a mark that would be refused (Q26)."""
    child = line("Малышев Иван", school_class="1А")
    assert labels(gradebook.gradebook_student_day_screen(desk(child), child))[0] == ["Н", "УП", "Б", "НП", "ОП", "ОСВ"]


def test_an_entry_tells_its_history_and_offers_its_own_kind() -> None:
    """Before → after with the time, and no way from a mark to an absence (Q27, Q38)."""
    made = EntryVersion(1, 1, 2, ".", "5", NOW, 9, "correction", None)
    opened = OpenedEntry(entry("5", waits=True, comment="Сдал <позже>"), LESSON, "Алгебра", PYOTR, (made,))
    shown = corrections.entry_correction_screen(opened, desk(PYOTR))
    assert words_of(shown) == (
        "**Ершов Пётр Ильич**\n8Б · Алгебра · пт 20.11\n\n"
        "**5 ⏳** – Контрольная работа, вес 20, «Дроби» – Сдал <позже> – родители увидят в 12:30\n"
        "20.11 12:00: долг → 5"
    )
    assert labels(shown)[:3] == [
        ["→ 4", "→ 3", "→ 2", "→ зач"],
        ["→ незач", "→ н/а", "→ долг"],
        ["Отменить изменение", "Снять", "Комментарий"],
    ]
    absence = replace(opened, entry=entry("УП"))
    assert labels(corrections.entry_correction_screen(absence, desk(PYOTR)))[0] == ["→ Н", "→ Б", "→ НП", "→ ОП"]


def test_a_withdrawn_entry_can_only_be_restored() -> None:
    """It stands in the journal with its history, and undo brings it back."""
    gone = replace(entry("2"), withdrawn_at=NOW)
    shown = corrections.entry_correction_screen(OpenedEntry(gone, LESSON, "Алгебра", PYOTR, ()), desk(PYOTR))
    assert "Запись снята: 2" in words_of(shown)
    assert labels(shown) == [["Отменить изменение"], ["‹ Весь класс"]]


def test_a_withdrawn_debt_is_a_word() -> None:
    """Nowhere does a bare «.» stand for it (Q28)."""
    gone = replace(entry("."), withdrawn_at=NOW)
    shown = corrections.entry_correction_screen(OpenedEntry(gone, LESSON, "Алгебра", PYOTR, ()), desk(PYOTR))
    assert "Запись снята: долг" in words_of(shown)
    assert corrections.correction_screen_written_line(gone, PYOTR.name, desk(PYOTR)) == "✓ Ершов П. И.: снято – долг"


def test_a_line_is_read_student_by_student() -> None:
    """A dash is nothing, «5/4» is two marks, and a good line may be written."""
    found = desk(ANNA, PYOTR)
    shown = corrections.correction_line_check_screen(
        judged_gradebook_line("- 5/4", found.page.lines, policy=BOT), found
    )
    assert "Ершов П. И.: **5, 4**" in words_of(shown)
    assert "Белова" not in words_of(shown)
    assert labels(shown)[0] == ["Записать"]


@pytest.mark.parametrize("typed", ["", "- -", "5 4 3", "5 7", "отл", "5 1"])
def test_a_faulty_line_cannot_be_written(typed: str) -> None:
    """Nothing said, too much said, or something that is no token: there is no button to write it (Q37)."""
    found = desk(ANNA, PYOTR)
    shown = corrections.correction_line_check_screen(judged_gradebook_line(typed, found.page.lines, policy=BOT), found)
    assert labels(shown) == [["‹ Весь класс"]]


@pytest.mark.parametrize("t", [RU, EN])
@pytest.mark.parametrize(
    "refusal",
    [
        ConflictError(),
        FirstGradeError(),
        FutureLessonError(),
        JournalModeError(),
        MixedKindsError(),
        UnknownTokenError("6+"),
    ],
)
def test_every_refusal_has_its_sentence(refusal: corrections.Refusal, t: Translator) -> None:
    """What, where, and what to do instead (Q26, Q37)."""
    shown = corrections.correction_refused_screen(refusal, desk(ANNA, t=t), name=ANNA.name)
    assert ANNA.name in words_of(shown)
    assert "20.11" in words_of(shown)
    assert ("6+" in words_of(shown)) is isinstance(refusal, UnknownTokenError)


@pytest.mark.parametrize("t", [RU, EN])
@pytest.mark.parametrize("rule", list(WorkloadRule))
def test_every_norm_is_named_with_its_figures(rule: WorkloadRule, t: Translator) -> None:
    """A warning names the rule that is broken, and the teacher decides (Q20, Q25)."""
    caution = Caution(rule, subject="Физика", group="8В", on=TODAY, number=1, count=9, limit=7)
    shown = giving.giving_planned_work_screen(desk(ANNA, t=t), 4, on=TODAY, words="Диктант", cautions=[caution])
    figures = {
        WorkloadRule.ONE_A_DAY: ["Физика"], WorkloadRule.INTERVAL: ["20.11", "8В"], WorkloadRule.SHARE: ["9", "7"],
        WorkloadRule.EDGE_LESSON: ["1"], WorkloadRule.HOMEWORK: ["9", "7"],
    }[rule]  # fmt: skip
    assert "⚠" in words_of(shown)
    assert all(figure in words_of(shown) for figure in figures)
    assert len(shown.buttons) == 2


def test_in_journal_mode_the_register_is_only_looked_at() -> None:
    """The reason stands above, and no button would write a mark."""
    shown = gradebook.gradebook_class_day_screen(desk(ANNA, policy=GradebookRules()), (None, None))
    assert "в электронном журнале" in words_of(shown)
    doors = {
        unpack_button(button.data or "", channel="telegram", chat=CHAT, key=KEY).action
        for row in shown.buttons
        for button in row
    }
    assert doors.isdisjoint({gradebook.STUDENT, gradebook.LINE, gradebook.WORK})

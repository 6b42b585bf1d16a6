"""What the bot shows, as words: screens are pure, so they are read here as they stand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales import Catalogues
from bot.screens import marks, welcome
from bot.screens.screen import LONGEST, Screen
from core.model.journal import ReportKind
from core.model.marks import Entry, EntryKind, PeriodMark
from core.model.people import Person
from core.rules.cells import ABSENCES, kind_of
from core.rules.handles import Handle, pack, unpack

CATALOGUES = Catalogues.load()
RU = CATALOGUES.translator("ru")
ANNA = Person(7, "Белова Анна Кирилловна", "белова анна кирилловна", None, "ru")
ARTYOM = Person(8, "Ковалёв Артём Денисович", "ковалев артем денисович", None, "ru")
KEY = b"screens"
CHAT = "101"


def seal(handle: Handle) -> str:
    return pack(handle, chat=CHAT, key=KEY)


def entry(value: str, day: int, *, subject_id: int = 1, topic: str | None = None, weight: str | None = None) -> Entry:
    return Entry(
        id=day * 100 + subject_id,
        student_id=ANNA.id,
        subject_id=subject_id,
        on=date(2026, 10, day),
        kind=kind_of(value),
        value=value,
        work_kind="Контрольная работа" if topic else None,
        topic=topic,
        weight=Decimal(weight) if weight else None,
        version=1,
        source=ReportKind.TABLE,
        import_id=1,
        recorded_at=datetime(2026, 10, day, tzinfo=UTC),
        withdrawn_at=None,
    )


def final(value: str | None, average: str | None) -> PeriodMark:
    return PeriodMark(
        1,
        ANNA.id,
        1,
        1,
        "1 четверть",
        Decimal(average) if average else None,
        value,
        1,
        None,
        published=True,
        import_id=1,
    )


def overview(entries: Sequence[tuple[Entry, str]], *, siblings: bool = False) -> Screen:
    return marks.overview(ANNA, entries, RU, seal, siblings=siblings)


def test_the_overview_names_the_child_and_the_newest_day_first() -> None:
    """A line for each day and subject, the child's name above, a button for each subject (Q13, Q15)."""
    shown = overview([(entry("4", 5), "Алгебра"), (entry("5", 6), "Алгебра"), (entry(".", 6, subject_id=2), "Химия")])
    assert shown.text == (
        "<b>Белова Анна Кирилловна</b>\n\n06.10 Алгебра: <b>5</b>\n06.10 Химия: <b>работа не сдана</b>\n"
        "05.10 Алгебра: <b>4</b>"
    )
    assert [[button.label for button in row] for row in shown.buttons] == [["Алгебра", "Химия"]]


def test_a_subject_shows_the_work_behind_each_mark() -> None:
    """Kind, topic, weight and the printed period stand with the marks; absences are told in words (Q13, Q27)."""
    entries = [(entry("УП", 5), "Алгебра"), (entry("5", 6, topic="Корни <n>", weight="20.0"), "Алгебра")]
    shown = marks.subject(ANNA, entries, [final("5", "4.50")], RU, seal)
    assert shown.text == (
        "<b>Белова Анна Кирилловна</b>\n<b>Алгебра</b>\n\n1 четверть: средняя 4,50, итоговая <b>5</b>\n\n"
        "06.10 <b>5</b> – Контрольная работа, «Корни &lt;n&gt;», вес 20\n"
        "05.10 <b>УП</b> – пропуск по уважительной причине"
    )


def test_the_choice_of_a_child_shows_nothing_but_names() -> None:
    """Before a child is chosen nobody's marks are on the screen (Q15)."""
    shown = marks.choice([ANNA, ARTYOM], RU, seal)
    assert [row[0].label for row in shown.buttons] == [ANNA.name, ARTYOM.name]
    handles = [unpack(row[0].data or "", chat=CHAT, key=KEY) for row in shown.buttons]
    assert handles == [Handle(marks.CHILD, (7,)), Handle(marks.CHILD, (8,))]


def test_a_parent_of_several_finds_the_way_back() -> None:
    """With brothers and sisters the overview has a button to the choice, an only child's has none."""
    assert overview([], siblings=True).buttons[-1][0].label == "‹ Другой ребёнок"
    assert overview([]).buttons == ()


@given(st.lists(st.text(max_size=300), min_size=1, max_size=60))
def test_no_screen_is_longer_than_telegram_takes(topics: list[str]) -> None:
    """However much a subject holds, its screen fits one message and is cut at a line (Q91)."""
    entries = [(entry("5", 1 + place % 28, topic=topic or "?"), "Алгебра") for place, topic in enumerate(topics)]
    shown = marks.subject(ANNA, entries, [], RU, seal)
    assert len(shown.text.encode("utf-16-le")) // 2 <= LONGEST
    assert shown.text.count("<b>") == shown.text.count("</b>")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_absence_of_the_journal_has_words(language: str) -> None:
    """Each code that a cell may hold is explained to the family (Q27)."""
    t = CATALOGUES.translator(language)
    for code in ABSENCES:
        shown = marks.subject(ANNA, [(entry(code, 5), "Алгебра")], [], t, seal)
        assert " – " in shown.text


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_strangers_screen_names_nobody(language: str) -> None:
    """The first screen has instructions and no button at all (Q106)."""
    shown = welcome.stranger(CATALOGUES.translator(language))
    assert "/start" in shown.text
    assert shown.buttons == ()


def test_a_debt_is_no_score() -> None:
    """«.» is open work: it is told as such and never as a mark (Q28)."""
    debt = entry(".", 5)
    assert debt.kind is EntryKind.DEBT
    assert "." not in overview([(debt, "Химия")]).text.removeprefix("<b>Белова Анна Кирилловна</b>\n\n05.10")

"""What the bot shows of the journal, as words: screens are pure, so they are read here as they stand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.screens.frame import ScreenFrameLook
from bot.screens.marks import absences_and_debts, lookup
from bot.screens.register import onboarding
from bot.screens.results import lookup as result_screens
from bot.screens.screen import BOLD, LONGEST_PAGE, screen_text
from core.model.marks.entries import EntryKind
from core.model.marks.gradebook import SeenChange
from core.model.year import ReportingPeriod
from core.rules.conversation.buttons import MARKS, SUBJECT
from core.rules.marks.tokens import ABSENCES
from tests.support.conversation.screens import ANNA, CATALOGUES, EN, RU, entry, final, frame, handle, labels, words_of

QUARTER = ReportingPeriod(1, 1, "1 четверть", date(2026, 9, 1), date(2026, 10, 25))
CORRECTED = SeenChange(501, date(2026, 10, 5), 1, "Алгебра", "3", "4", datetime(2026, 10, 7, tzinfo=UTC))


THRESHOLDS = (Decimal("2.6"), Decimal("3.6"), Decimal("4.6"))
subject = partial(lookup.subject_marks_lookup_screen, thresholds=THRESHOLDS)


def test_the_days_name_the_child_and_the_newest_day_first() -> None:
    """A line for each day and subject, the child's name above, a button for each subject (Q13, Q15)."""
    entries = [(entry("4", 5), "Алгебра"), (entry("5", 6), "Алгебра"), (entry(".", 6, subject_id=2), "Химия")]
    shown = lookup.marks_lookup_screen(frame(MARKS), entries)
    assert words_of(shown) == (
        "**Белова Анна Кирилловна**\n**Оценки**\n\n06.10 Алгебра: **5**\n06.10 Химия: работа не сдана\n"
        "05.10 Алгебра: **4**"
    )
    assert labels(shown) == [["Алгебра", "Химия"], ["По периодам", "Исправления"], ["☰ Меню"]]


def test_one_lesson_may_hold_an_absence_and_marks() -> None:
    """Marks first, the absence apart from them (Q27)."""
    entries = [
        (entry("ОП", 5), "Алгебра"),
        (entry("4", 5, id=2), "Алгебра"),
        (entry("5", 5, id=3), "Алгебра"),
    ]
    assert "05.10 Алгебра: **4, 5** · ОП" in words_of(lookup.marks_lookup_screen(frame(MARKS), entries))


def test_a_subject_shows_the_work_behind_each_mark() -> None:
    """Kind, topic, weight and the printed period stand with the marks; absences are told in words (Q13, Q27)."""
    five = entry("5", 6, work_kind="Контрольная работа", topic="Корни <n>", weight=Decimal("20.0"))
    entries = [(entry("УП", 5), "Алгебра"), (five, "Алгебра")]
    shown = subject(frame(SUBJECT, ScreenFrameLook(7, subject_id=1)), "Алгебра", entries, [final("5", "4.50")], [])
    assert words_of(shown) == (
        "**Белова Анна Кирилловна**\n**Алгебра**\n"
        "Средний балл, учебный год, с учётом весов: **5,00** (1 оценка), по порогам школы это 5\n"
        "1 четверть: в журнале напечатан средний балл 4,50, итоговая **5**\n\n"
        "06.10 **5** – Контрольная работа, «Корни <n>», вес 20\n"
        "05.10 **УП** – пропуск по уважительной причине"
    )


def test_the_dates_of_a_mark_are_told_where_they_differ() -> None:
    """Lesson date first; the day it was set and the day the family could see it, where they are others (Q13)."""
    late = entry(
        "4", 5, set_on=date(2026, 10, 6), publish_at=datetime(2026, 10, 7, 22, tzinfo=UTC), comment="Устно, <молодец>"
    )
    shown = subject(frame(SUBJECT), "Алгебра", [(late, "Алгебра")], [], [])
    assert "05.10 **4** – выставлена 06.10, опубликована 08.10\n    _Устно, <молодец>_" in words_of(shown)
    same_day = subject(frame(SUBJECT), "Алгебра", [(entry("4", 5), "Алгебра")], [], [])
    assert words_of(same_day).endswith("\n05.10 **4**")


def test_a_correction_shows_old_and_new() -> None:
    """What it was is struck through, and when it was corrected (Q38)."""
    shown = subject(frame(SUBJECT), "Алгебра", [(entry("4", 5), "Алгебра")], [], [CORRECTED])
    assert "05.10 ~~3~~ → **4** (исправлено 07.10)" in words_of(shown)
    listed = lookup.corrected_marks_lookup_screen(frame(lookup.CHANGES), [CORRECTED])
    assert "05.10 Алгебра: ~~3~~ → **4** (исправлено 07.10)" in words_of(listed)


def test_a_mark_taken_back_stays_visible_as_such() -> None:
    """A withdrawn mark is no entry any more, but the family sees that it was there (Q38)."""
    gone = SeenChange(9, date(2026, 10, 5), 1, "Алгебра", "2", None, datetime(2026, 10, 7, tzinfo=UTC))
    shown = subject(frame(SUBJECT), "Алгебра", [], [], [gone])
    assert "05.10 ~~2~~ → снята (исправлено 07.10)" in words_of(shown)


def test_a_period_stands_subject_by_subject() -> None:
    """The marks in their order, the exact weighted average, the final mark; a button for each period (Q13, Q43)."""
    weights = {"4": "10", "5": "10", "2": "15"}
    entries = [(entry(value, day, weight=Decimal(weights[value])), "Алгебра") for day, value in enumerate("452", 5)]
    look = ScreenFrameLook(7, QUARTER.starts_on, QUARTER.ends_on)
    shown = result_screens.results_lookup_screen(
        frame(lookup.RESULTS, look), entries, [(final("4", None), "Алгебра")], [QUARTER]
    )
    assert "**1 четверть**\n\nАлгебра: **4 5 2** · средний балл 3,43 · итоговая **4**" in words_of(shown)
    assert labels(shown)[0] == ["• 1 четверть"]


def test_a_figure_has_the_point_of_its_language() -> None:
    """3,43 in Russian is 3.43 in English."""
    shown = subject(frame(SUBJECT, t=EN), "Algebra", [(entry("4", 5), "Algebra")], [], [])
    assert "Average, school year, plain: **4.00** (1 mark)" in words_of(shown)


@pytest.mark.parametrize(("count", "words"), [(1, "1 оценка"), (2, "2 оценки"), (5, "5 оценок"), (21, "21 оценка")])
def test_marks_are_counted_in_right_russian(count: int, words: str) -> None:
    """«1 оценка, 2 оценки, 5 оценок»."""
    entries = [(entry("5", 1 + place, id=place), "Алгебра") for place in range(count)]
    assert f"({words})" in words_of(subject(frame(SUBJECT), "Алгебра", entries, [], []))


def test_absences_stand_apart_and_are_counted_by_reason() -> None:
    """No mark among them; each with its day, subject and reason (Q27)."""
    entries = [(entry("Б", 5), "Алгебра"), (entry("5", 5, id=3), "Алгебра"), (entry("Б", 6), "Алгебра")]
    shown = absences_and_debts.absences_screen(frame(absences_and_debts.ABSENCES), entries)
    assert "пропуск по болезни – **2**" in words_of(shown)
    assert words_of(shown).endswith("вт 06.10 Алгебра: пропуск по болезни\nпн 05.10 Алгебра: пропуск по болезни")


def test_a_debt_is_open_work_and_no_score() -> None:
    """«.» is told as such, with the work that is open, and no average counts it (Q28)."""
    debt = entry(".", 5, work_kind="Контрольная работа")
    assert debt.kind is EntryKind.DEBT
    shown = absences_and_debts.debts_screen(frame(absences_and_debts.DEBTS), [(debt, "Химия")])
    assert "05.10 **Химия**: работа не сдана – Контрольная работа" in words_of(shown)
    both = [(debt, "Химия"), (entry("5", 6), "Химия")]
    assert "**5,00** (1 оценка)" in words_of(subject(frame(SUBJECT), "Химия", both, [], []))
    assert "Всё сдано" in words_of(absences_and_debts.debts_screen(frame(absences_and_debts.DEBTS), []))


def test_a_subject_leads_to_its_chart_and_back() -> None:
    """The buttons carry child and subject whole, so that an old one still opens the same."""
    look = ScreenFrameLook(7, subject_id=1)
    shown = subject(frame(SUBJECT, look), "Алгебра", [(entry("4", 5), "Алгебра")], [], [])
    assert ScreenFrameLook.of(handle(shown, "График").numbers) == look
    assert ScreenFrameLook.of(handle(shown, "‹ Все предметы").numbers) == ScreenFrameLook(7)
    picture = lookup.marks_chart_lookup_screen(frame(lookup.CHART, look), b"png", "Алгебра")
    assert handle(picture, "Словами").numbers == (ANNA.id, 1)
    assert picture.picture == b"png"


@given(st.lists(st.text(max_size=300), min_size=1, max_size=60))
def test_no_screen_is_longer_than_a_page(topics: list[str]) -> None:
    """However much a subject holds, each screen is one page and none is cut inside a line (Q91)."""
    entries = [
        (entry("5", 1 + place % 28, topic=topic or "?", work_kind=topic * 20), "Алгебра")
        for place, topic in enumerate(topics)
    ]
    for page in range(4):
        shown = subject(frame(SUBJECT, ScreenFrameLook(7, subject_id=1, page=page)), "Алгебра", entries, [], [])
        assert len(screen_text(shown.text)) <= LONGEST_PAGE
        assert len({shown.text.count(mark) for mark in BOLD}) == 1


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_absence_of_the_journal_has_words(language: str) -> None:
    """Each code that a cell may hold is explained to the family (Q27)."""
    t = CATALOGUES.translator(language)
    for code in ABSENCES:
        shown = subject(frame(SUBJECT, t=t), "Алгебра", [(entry(code, 5), "Алгебра")], [], [])
        assert " – " in words_of(shown)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_strangers_screen_names_nobody(language: str) -> None:
    """The first screen has instructions and no button at all (Q106)."""
    shown = onboarding.onboarding_unknown_chat_screen(CATALOGUES.translator(language))
    assert "/start" in words_of(shown)
    assert shown.buttons == ()


def test_the_child_is_named_where_there_is_nothing_to_show() -> None:
    """An empty screen says whose it is and for which days (Q15)."""
    look = ScreenFrameLook(7, date(2026, 10, 12), date(2026, 10, 13))
    shown = lookup.marks_lookup_screen(frame(MARKS, look), [])
    assert words_of(shown) == f"**Белова Анна Кирилловна**\n**Оценки**, 12.10–13.10\n\n{RU('marks.none_then')}"


def test_an_average_says_which_mark_it_stands_for() -> None:
    """The school's own thresholds, inclusive: 4.60 is a five where 4.6 is asked for and a four where 4.65 is (Q42)."""
    marks = [(entry(value, 5, id=number), "Алгебра") for number, value in enumerate("55544")]
    strict = [Decimal("2.65"), Decimal("3.65"), Decimal("4.65")]
    assert "**4,60** (5 оценок), по порогам школы это 5" in words_of(subject(frame(SUBJECT), "Алгебра", marks, [], []))
    assert "школы это 4" in words_of(
        lookup.subject_marks_lookup_screen(frame(SUBJECT), "Алгебра", marks, [], [], strict)
    )

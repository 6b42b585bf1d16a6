"""What every screen of a family has: the child first, a row to switch, pages, a menu; and what its buttons carry."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.screens import frame as frames
from bot.screens import menu
from bot.screens.frame import MENU, MOST_LETTERS, Look
from bot.screens.screen import LONGEST, length
from core.errors import NotFoundError
from core.model.people import Person
from core.rules.handles import DAY, MARKS, Handle
from tests.screens import ANNA, ARTYOM, CHAT, EN, RU, frame, handle, labels, seal

MARIA = Person(9, "Ковалёва Мария Денисовна", "ковалева мария денисовна", None, "ru")
ANTON = Person(10, "Белов Антон Кириллович", "белов антон кириллович", None, "ru")
OTHER_ANNA = Person(11, "Белова Анна Игоревна", "белова анна игоревна", None, "ru")

looks = st.builds(
    lambda child, since, days, subject, page: Look(
        child, since, since and date.fromordinal(since.toordinal() + days), subject, page
    ),
    st.integers(1, 10**9),
    st.none() | st.dates(date(2000, 1, 1), date(2098, 12, 31)),
    st.integers(0, 400),
    st.integers(0, 10**6),
    st.integers(0, 99),
)


@given(looks)
def test_a_button_carries_its_look_whole(look: Look) -> None:
    """What is packed is what is read back, and it fits into a button of 64 bytes."""
    packed = look.handle("timetablesss")
    assert len(seal(packed)) <= 64
    assert Look.of(packed.numbers) == look


@pytest.mark.parametrize(
    "numbers",
    [(1, 20261340), (1, 99991231), (1, 10101), (1, 10**17), (1, 20261014, 401), (1, 2, 3, 4, 5, 6), (1, 1)],
)
def test_numbers_that_no_button_carries_open_nothing(numbers: tuple[int, ...]) -> None:
    """A day that does not exist, a year that nobody means, numbers too many: all are refused alike (Q14)."""
    with pytest.raises(NotFoundError):
        Look.of(numbers)


def test_each_child_is_one_tap_away() -> None:
    """The row of given names keeps what is looked at, and marks whose screen it is (Q15)."""
    look = Look(ARTYOM.id, date(2026, 10, 15), date(2026, 10, 15))
    shown = frame(DAY, look, children=(ARTYOM, MARIA)).screen(["head"], ["line"])
    assert labels(shown) == [["• Артём", "Мария"], ["☰ Меню"]]
    assert handle(shown, "Мария") == Handle(DAY, (MARIA.id, 20261015, 0, 0, 0))


def test_an_only_child_needs_no_row() -> None:
    """Nothing to switch, so nothing to press."""
    assert labels(frame(DAY).screen(["head"], ["line"])) == [["☰ Меню"]]


def test_children_of_one_name_are_told_apart() -> None:
    """Two Annas of a family stand under their full names; in a discreet channel under initials with numbers."""
    assert frames.given_names([ANNA, OTHER_ANNA]) == {7: ANNA.name, 11: OTHER_ANNA.name}
    assert frames.given_names([ANNA, ANTON, MARIA], is_discreet=True) == {7: "А. (1)", 10: "А. (2)", 9: "М."}


def test_a_discreet_channel_gets_an_initial() -> None:
    """The family knows who «М.» is, nobody else does (Q85)."""
    shown = frame(DAY, Look(MARIA.id), children=(MARIA, ARTYOM), is_discreet=True)
    assert shown.head("title") == ["<b>М.</b>", "title", ""]
    assert labels(shown.screen([], ["line"]))[0] == ["• М.", "А."]


def test_the_choice_of_a_child_keeps_the_question() -> None:
    """Before a child is chosen nobody's data are on the screen; the button then answers what was asked (Q15)."""
    look = Look(0, date(2026, 10, 15), date(2026, 10, 15), 3)
    shown = frames.choice([ANNA, ARTYOM], look, RU, seal, door="homework", is_discreet=False)
    assert labels(shown) == [[ANNA.name], [ARTYOM.name]]
    assert handle(shown, ARTYOM.name) == Handle("homework", (ARTYOM.id, 20261015, 0, 3, 0))


def test_long_lists_are_paged_in_place() -> None:
    """Each page fits a message; the buttons say where one is."""
    lines = [f"{number} {'x' * 300}" for number in range(40)]
    first = frame(MARKS).screen(["head"], lines)
    assert labels(first)[0] == ["2 из 4 ›"]
    third = frame(MARKS, Look(7, page=2)).screen(["head"], lines)
    assert labels(third)[0] == ["‹ 2 из 4", "4 из 4 ›"]
    beyond = frame(MARKS, Look(7, page=99)).screen(["head"], lines)
    assert labels(beyond)[0] == ["‹ 3 из 4"]


@given(st.lists(st.text(max_size=200), max_size=200))
def test_no_line_is_lost_between_pages(lines: list[str]) -> None:
    """All pages together hold every line once, and each fits."""
    pages = frames.paged(lines, room=LONGEST)
    assert [line for page in pages for line in page] == lines
    assert all(sum(map(length, page)) <= LONGEST for page in pages)


def test_any_date_is_a_few_taps_away() -> None:
    """The days of the week, the same day a week before and after, and today; on a Sunday it is there too."""
    rows = frame(DAY).days(date(2026, 10, 15))
    assert [button.label for button in rows[0]] == ["Пн", "Вт", "Ср", "• Чт", "Пт", "Сб"]
    assert [button.label for button in rows[1]] == ["‹ 08.10", "Сегодня", "22.10 ›"]
    assert [button.label for button in frame(DAY).days(date(2026, 10, 18))[0]][-1] == "• Вс"


def test_the_menu_has_everything_one_tap_away() -> None:
    """The look-ups open about the child in place of the menu, which leads nowhere but there."""
    shown = menu.of_child(frame(MENU), {MARKS: "Оценки", DAY: "Расписание"}, ())
    assert shown.text.startswith("<b>Белова Анна Кирилловна</b>\n")
    assert labels(shown) == [["Оценки", "Расписание"]]
    assert handle(shown, "Оценки") == Look(ANNA.id).handle(MARKS)


def test_a_family_without_consent_learns_what_to_do() -> None:
    """No child is open to them, and the menu says why (Q2)."""
    assert "согласие" in menu.without_child((), RU, is_family=True).text
    assert "consent" in menu.without_child((), EN, is_family=True).text


def test_buttons_are_short_enough_to_read() -> None:
    """A long name is cut in a button, never in the text."""
    shown = frame(MARKS).button("Я" * 80)
    assert len(shown.label) == MOST_LETTERS
    assert CHAT not in (shown.data or "")

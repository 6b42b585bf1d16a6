"""Pictures of marks: drawn from facts alone, whatever the names hold."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from bot.documents import charts
from tests.support.conversation.screens import EN, RU, entry

PNG = b"\x89PNG\r\n\x1a\n"


def size_of(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def test_marks_over_time_are_a_picture_for_a_phone() -> None:
    """Dots, the average so far and the class's average; equal facts give an equal picture (Q13)."""
    scores = [entry(value, day, weight=Decimal(10 * day)) for day, value in enumerate("45324", 1)]
    drawn = charts.marks_chart("Алгебра <&> #strong[x]", scores, RU, class_mean=Fraction(37, 10))
    assert drawn.startswith(PNG)
    assert size_of(drawn)[0] == 1020
    assert len(drawn) < 100_000
    assert drawn == charts.marks_chart("Алгебра <&> #strong[x]", scores, RU, class_mean=Fraction(37, 10))
    assert drawn != charts.marks_chart("Алгебра <&> #strong[x]", scores, RU, class_mean=None)


def test_a_single_mark_and_several_of_a_day_are_drawn_too() -> None:
    """No division by the length of no time."""
    assert charts.marks_chart("Физика", [entry("5", 1)], EN, class_mean=None).startswith(PNG)
    of_a_day = [entry("5", 1), entry("2", 1, id=2), entry("1", 1, id=3)]
    assert charts.marks_chart("Физика", of_a_day, EN, class_mean=None).startswith(PNG)


def test_a_picture_says_whose_marks_of_which_days_it_shows() -> None:
    """It is passed on without its caption; another child or another time is another picture."""
    scores = [entry("5", 1), entry("4", 9)]
    pictures = {
        charts.marks_chart("Физика", each, RU, class_mean=None, name=name)
        for name in ("Янова Ия", "Янов Лев")
        for each in (scores, scores[:1])
    }
    assert len(pictures) == 4
    subjects = [("Физика", scores)]
    assert charts.averages_chart(subjects, RU, class_means={}, name="Янова Ия") != charts.averages_chart(
        subjects, RU, class_means={}, name="Янов Лев"
    )


def test_marks_of_a_day_stand_within_that_day() -> None:
    """Side by side and around it: none looks like a mark of the day before or after (Q13)."""
    scores = [entry("5", 1), entry("4", 3, id=2), entry("2", 3, id=3), entry("3", 3, id=4), entry("5", 21, id=5)]
    places = [point["x"] for point in charts.chart_mark_points(scores)]
    of_the_day = [place for place in places if isinstance(place, float)][1:4]
    assert of_the_day == sorted(set(of_the_day))
    assert all(abs(place - 2 / 20) < 1 / 20 / 2 for place in of_the_day)


def test_absences_and_debts_are_no_dots() -> None:
    """Only scores are drawn; without any there is no picture (Q27, Q28)."""
    scores = [entry("5", 1), entry("4", 9)]
    with_others = [entry("Б", 1), scores[0], entry(".", 3), scores[1]]
    assert charts.marks_chart("Физика", with_others, RU, class_mean=None) == charts.marks_chart(
        "Физика", scores, RU, class_mean=None
    )
    with pytest.raises(ValueError, match="mark"):
        charts.marks_chart("Физика", [entry("Б", 1)], RU, class_mean=None)


def test_averages_grow_with_the_subjects() -> None:
    """A bar a subject, in a picture as high as it needs; the class's stroke only where the school shows it."""
    one = [("Алгебра", [entry("5", 1)])]
    many = [(f"Предмет с очень длинным названием {number}", [entry("4", 1)]) for number in range(20)]
    assert (
        size_of(charts.averages_chart(many, RU, class_means={}))[1]
        > size_of(charts.averages_chart(one, RU, class_means={}))[1]
    )
    assert charts.averages_chart(one, RU, class_means={"Алгебра": Fraction(4)}) != charts.averages_chart(
        one, RU, class_means={}
    )


def test_a_chart_of_a_year_names_no_day_twice() -> None:
    """Some five dates stand under the line, the first and the last among them."""
    first, last = date(2026, 10, 1), date(2026, 10, 3)
    assert [tick["label"] for tick in charts.chart_ticks(first, last)] == ["01.10", "02.10", "03.10"]
    assert [tick["label"] for tick in charts.chart_ticks(first, first)] == ["01.10"]

"""Terms have one name however a file writes them, and each pupil has the periods of their grade, class, subject."""

from datetime import date

import pytest

from core.model.year import ReportingPeriod
from core.rules.results.terms import is_term, stored_term, term_key, term_periods_of_pupil


@pytest.mark.parametrize(
    ("written", "key"),
    [
        *((text, "1 четверть") for text in ("1 четв.", "I четверть", "1 Четверть", "1-я четверть", "Первая четверть")),
        *((text, "4 четверть") for text in ("4 четв", "IV четверть", "четвёртая четверть", "4 четверть 2025/2026")),
        *((text, "2 полугодие") for text in ("II полугодие", "2 полуг.", "2-е полугодие", "второе полугодие", "2 п/г")),
        *((text, "3 триместр") for text in ("III триместр", "3 трим.", "3 ТРИМЕСТР", "третий триместр")),
        *((text, "year") for text in ("Год", "Годовая", "Годовая оценка", "за год", "year")),
        *((text, "exam") for text in ("Экзамен", "Экзаменационная", "exam")),
        *((text, "final") for text in ("Итог", "Итоговая", "final")),
        *(("Зачётная  неделя", "зачетная неделя"), ("", ""), ("5 модуль", "5 модуль"), ("четверть", "четверть")),
    ],
)
def test_a_term_has_one_key_however_it_is_written(written: str, key: str) -> None:
    """A report, a matrix and the school's own table call one quarter differently; it is one quarter (Q36)."""
    assert term_key(written) == key


@pytest.mark.parametrize(("text", "known"), [("I четв.", True), ("Годовая", True), ("математика", False), ("", False)])
def test_only_a_known_name_is_a_term(text: str, *, known: bool) -> None:
    """A column of a matrix is a term only where its name says so."""
    assert is_term(text) is known


def period(name: str, id_: int = 1, **of_whom: int) -> ReportingPeriod:
    return ReportingPeriod(id_, 1, name, date(2026, 9, 1), date(2026, 10, 25), **of_whom)


def test_marks_are_stored_under_the_school_s_own_name_of_the_term() -> None:
    """The school's name stands on every screen; without a period the usual name does (Q36)."""
    assert stored_term("1 четв.", [period("I четверть")]) == "I четверть"
    assert stored_term("1 четв.", []) == "1 четверть"
    assert stored_term("Зачётная  неделя", []) == "Зачётная неделя"


@pytest.mark.parametrize(
    ("grade", "school_class", "subject", "names"),
    [
        (7, 70, None, ["1 четверть", "2 четверть"]),
        (10, 100, None, ["1 полугодие"]),
        (10, 101, None, ["1 триместр"]),
        (7, 70, 5, ["1 полугодие музыки"]),
        (9, 90, 5, ["1 полугодие музыки в 9"]),
        (7, 71, 5, ["1 четверть музыки в 7А"]),
        (None, None, None, ["1 четверть", "2 четверть"]),
    ],
)
def test_the_most_exact_periods_hold(
    grade: int | None, school_class: int | None, subject: int | None, names: list[str]
) -> None:
    """Class and subject, then subject, then class, then grades, then everybody; never a mixture (Q36)."""
    every = [
        period("1 четверть"),
        period("2 четверть"),
        period("1 полугодие", grade_from=10, grade_to=11),
        period("1 триместр", group_id=101),
        period("1 полугодие музыки", subject_id=5),
        period("1 полугодие музыки в 9", subject_id=5, grade_from=9, grade_to=9),
        period("1 четверть музыки в 7А", subject_id=5, group_id=71),
    ]
    found = term_periods_of_pupil(every, grade_level=grade, class_id=school_class, subject_id=subject)
    assert [each.name for each in found] == names

"""What a family is told of a forecast, and when it is worth a message."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest

from core.model.forecast import LATEST_OF_ALL, Forecast, ForecastTerm, MarkedWork, WorkKind
from core.rules.forecast.advice import (
    AdviceSupposition,
    is_advice_worth_telling,
    suppose_marks_for_advice,
    usual_kind_for_advice,
)

LIMITS = [Fraction("2.6"), Fraction("3.6"), Fraction("4.6")]
ANSWER, CONTROL = WorkKind("ответ", 1), WorkKind("контрольная", 3)
CERTAIN_FOUR, CERTAIN_FIVE, CERTAIN_TWO = (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0), (1.0, 0.0, 0.0, 0.0)
UNCLEAR = (0.1, 0.4, 0.4, 0.1)


def forecast(
    chances: Sequence[float] | None, *, average: str = "4.1", set_mark: str | None = None, not_assessed: bool = False
) -> Forecast:
    term = ForecastTerm("Физика", [MarkedWork(ANSWER, 4)])
    since, until, on = date(2026, 9, 1), date(2026, 10, 25), date(2026, 10, 1)
    return Forecast(
        1, "Ершова Анна", 2, "8Б", 3, "Физика", "1 четверть", since, until, on, term, 1, 9, Fraction(average), chances,
        set_mark=set_mark, not_assessed=not_assessed,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "in_the_week", "near_the_end"),
    [
        (forecast(CERTAIN_FOUR), False, True),
        (forecast(CERTAIN_FIVE, average="5"), False, False),
        (forecast(CERTAIN_TWO, average="2"), True, True),
        (forecast(UNCLEAR), True, True),
        (forecast(None), False, False),
        (forecast(CERTAIN_TWO, set_mark="2"), False, False),
        (forecast(None, not_assessed=True), True, True),
        (forecast(CERTAIN_FOUR, average="3.65"), True, True),
    ],
)
def test_a_family_hears_of_what_it_can_still_change(one: Forecast, *, in_the_week: bool, near_the_end: bool) -> None:
    """A «2», н/а, an edge or no clear mark each week; near the end all that is below «5»; never a mark that is set."""
    assert is_advice_worth_telling(one, LIMITS, is_last_call=False) is in_the_week
    assert is_advice_worth_telling(one, LIMITS, is_last_call=True) is near_the_end


def test_every_work_to_come_may_bring_the_same_mark() -> None:
    """«одни четвёрки до конца»: each expected work keeps its kind, and none is left."""
    term = suppose_marks_for_advice(
        ForecastTerm("Физика", [MarkedWork(ANSWER, 5)], [CONTROL, ANSWER]), AdviceSupposition(4, is_always=True)
    )
    assert [*term.marked] == [MarkedWork(ANSWER, 5), MarkedWork(CONTROL, 4), MarkedWork(ANSWER, 4)]
    assert not term.left


def test_a_mark_may_stand_in_the_place_of_another_or_go() -> None:
    """The latest such mark is replaced with its own kind; without one the term stays."""
    term = ForecastTerm("Физика", [MarkedWork(CONTROL, 2), MarkedWork(ANSWER, 2), MarkedWork(ANSWER, 5)])
    assert suppose_marks_for_advice(term, AdviceSupposition(4, instead=2)).marked[1] == MarkedWork(ANSWER, 4)
    assert [*suppose_marks_for_advice(term, AdviceSupposition(2, instead=2)).marked] == [
        MarkedWork(CONTROL, 2),
        MarkedWork(ANSWER, 5),
    ]
    assert suppose_marks_for_advice(term, AdviceSupposition(4, instead=3)) is term


SELF_WORK, LAB = WorkKind("Самостоятельная работа", 2), WorkKind("лабораторная", 2)


@pytest.mark.parametrize(
    ("works", "is_heavy", "kinds"),
    [
        (("самостоят",), False, [SELF_WORK]),
        (("лаб",), False, [LAB]),
        (("контрол",), True, [CONTROL]),
        (("проект",), False, [WorkKind("", 1)]),
        (("экзам",), True, [CONTROL]),
        ((), True, [CONTROL]),
    ],
)
def test_a_named_kind_weighs_as_the_school_knows_it(
    works: Sequence[str], kinds: Sequence[WorkKind], *, is_heavy: bool
) -> None:
    """As the student's own marks do, else those of the class; only a large work that nobody had as the heaviest."""
    marked = [MarkedWork(ANSWER, 4), MarkedWork(ANSWER, 5), MarkedWork(SELF_WORK, 3), MarkedWork(CONTROL, 3)]
    term = ForecastTerm("Физика", marked, [ANSWER], [[LAB]])
    supposed = AdviceSupposition(5, is_heavy=is_heavy, works=works)
    assert [work.kind for work in suppose_marks_for_advice(term, supposed).marked[len(marked) :]] == kinds


def test_each_mark_may_be_for_its_own_kind_of_work() -> None:
    """«за контрольную 4 и за самостоятельную 5»."""
    term = ForecastTerm("Физика", [MarkedWork(ANSWER, 4), MarkedWork(SELF_WORK, 3), MarkedWork(CONTROL, 3)])
    supposed = AdviceSupposition(4, is_heavy=True, more=(5,), works=("контрол", "самостоят"))
    assert suppose_marks_for_advice(term, supposed).marked[3:] == [MarkedWork(CONTROL, 4), MarkedWork(SELF_WORK, 5)]


def test_the_latest_work_may_be_left_out() -> None:
    """Whatever its mark is; of a named kind the latest of that kind."""
    term = ForecastTerm("Физика", [MarkedWork(CONTROL, 2), MarkedWork(ANSWER, 2), MarkedWork(ANSWER, 5)])
    latest = AdviceSupposition(LATEST_OF_ALL, instead=LATEST_OF_ALL)
    assert [*suppose_marks_for_advice(term, latest).marked] == [MarkedWork(CONTROL, 2), MarkedWork(ANSWER, 2)]
    of_kind = AdviceSupposition(LATEST_OF_ALL, instead=LATEST_OF_ALL, works=("контрол",))
    assert [*suppose_marks_for_advice(term, of_kind).marked] == [MarkedWork(ANSWER, 2), MarkedWork(ANSWER, 5)]


def test_a_supposed_mark_takes_the_place_of_a_work_that_was_expected() -> None:
    """Of its own kind, else of another; without marks nobody knows which work it would be."""
    term = ForecastTerm(
        "Физика", [MarkedWork(ANSWER, 4), MarkedWork(ANSWER, 5), MarkedWork(CONTROL, 3)], [CONTROL, ANSWER]
    )
    assert usual_kind_for_advice(term) == ANSWER
    assert suppose_marks_for_advice(term, AdviceSupposition(5)).left == [CONTROL]
    assert suppose_marks_for_advice(term, AdviceSupposition(5, is_heavy=True)).left == [ANSWER]
    only_control = ForecastTerm("Физика", [MarkedWork(ANSWER, 4)], [CONTROL])
    assert suppose_marks_for_advice(only_control, AdviceSupposition(5)).left == []
    assert (
        suppose_marks_for_advice(ForecastTerm("Физика", [MarkedWork(ANSWER, 4)]), AdviceSupposition(3)).marked[-1].mark
        == 3
    )
    empty = ForecastTerm("Физика", [])
    assert suppose_marks_for_advice(empty, AdviceSupposition(5)) is empty

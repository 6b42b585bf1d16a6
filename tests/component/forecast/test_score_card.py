"""How past forecasts turned out, by term, beside the forecast (R4)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.handlers.doors import DoorRequest
from bot.handlers.forecast.lookup import DOORS
from bot.handlers.forecast.risks import DOORS as CLASS_DOORS
from bot.screens.screen import Screen, screen_text
from core.actions.forecast import outlook, score_card
from core.model.marks.entries import EntryKind, NewEntry
from core.model.people import Actor, Role
from core.model.results.period_marks import PeriodMark
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.results.proposals import ResultsPolicy
from tests.support.conversation.asking import Asking
from tests.support.schools.builders import NOW
from tests.support.schools.results import put_final
from tests.support.schools.term_ends import MONDAY, PUPILS, SINCE, TERM, TODAY, UNTIL, TermSchool, a_term_school

SCORES = DOORS[2]
GIVEN = {
    "Авдеева Анна": ("45454545", "5"),
    "Белов Борис": ("22222222", "2"),
    "Волков Виктор": ("33333333", "4"),
}
"""Marks of the first quarter in algebra, two a week, and the final mark: Виктор's came as a surprise."""


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> TermSchool:
    """8Б in November, the first quarter is over."""
    school = await a_term_school(open_sqlite)
    algebra = school.subjects["Алгебра"]
    async with school.open_uow() as uow:
        entries = [
            NewEntry(
                school.pupils[pupil], algebra, MONDAY + timedelta(days=3 * place), EntryKind.SCORE, value, "ответ",
                None, Decimal(10), None,
            )
            for pupil, (values, _) in GIVEN.items()
            for place, value in enumerate(values)
        ]  # fmt: skip
        await uow.marks.add_entries(entries, import_id=None, at=NOW)
        for pupil, (_, final) in GIVEN.items():
            mark = PeriodMark(
                0, school.pupils[pupil], algebra, school.year, TERM, None, final, 1, NOW,
                published=False, import_id=None,
            )  # fmt: skip
            await put_final(uow, mark)
        await uow.commit()
    return school


async def test_the_score_card_equals_a_naive_count(school: TermSchool) -> None:
    """By hand, from the forecasts of two days and the final marks that came: in the middle, and two weeks before."""
    async with school.open_uow(reading=True) as uow:
        found = await score_card.load_class_score_card(
            uow, school.deputy, class_id=school.group, on=TODAY, policy=ResultsPolicy()
        )
        counted = []
        for day in (SINCE + (UNTIL - SINCE) // 2, UNTIL - timedelta(days=14)):
            forecasts = right = 0
            for each in await outlook.load_forecast_outlook(uow, Everything(), on=day, policy=ResultsPolicy()):
                if each.subject == "Алгебра" and each.chances is not None:
                    best = 2
                    for mark in (3, 4, 5):
                        if each.chances[mark - 2] > each.chances[best - 2]:
                            best = mark
                    forecasts += 1
                    right += best == int(GIVEN[each.student][1])
            counted.append((TERM, day, forecasts, right))
    assert [(each.term, each.on, each.forecasts, each.right) for each in found] == counted
    assert counted[1][2] == len(PUPILS)
    assert 0 < counted[1][3] < len(PUPILS)


async def test_a_family_sees_how_its_own_forecasts_turned_out(school: TermSchool) -> None:
    """How often in all first, then by term and day; of nobody else (Q14, Q110)."""
    asking = Asking.of(school.open_uow)
    mother = Actor(school.mother, frozenset({Role.GUARDIAN}), "telegram")
    shown = await asking.reply(SCORES, asking.caller(mother), DoorRequest())
    assert isinstance(shown, Screen)
    lines = screen_text(shown.text).split("\n")
    first = next(line for line in lines if line.startswith("Прогноз назвал"))
    assert first.startswith("Прогноз назвал верную итоговую ")
    assert "из 2" in first
    assert f"{TERM}, за две недели до конца (11.10): верно" in shown.text.replace("\ue000", "").replace("\ue001", "")


async def test_a_class_teacher_sees_that_of_the_class(school: TermSchool) -> None:
    """Figures without names, one tap from the risk list."""
    asking = Asking.of(school.open_uow)
    shown = await asking.reply(CLASS_DOORS[2], asking.caller(school.lisina), DoorRequest((school.group,), pressed=True))
    assert isinstance(shown, Screen)
    assert "8Б: Как сбывались прогнозы" in screen_text(shown.text)
    assert not any(name.split()[0] in shown.text for name in PUPILS)


async def test_before_the_first_term_is_over_there_is_nothing_to_compare(school: TermSchool) -> None:
    """Words instead of an empty list."""
    async with school.open_uow(reading=True) as uow:
        assert not await score_card.load_class_score_card(
            uow, school.deputy, class_id=school.group, on=date(2026, 10, 1), policy=ResultsPolicy()
        )

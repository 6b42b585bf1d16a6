"""Families ask for final marks, and hear once that a term's marks are all there (Q13, Q68)."""

from datetime import timedelta

import pytest

from core.actions.results.term_end import finished_terms
from core.model.notices.family import TermFinished
from core.model.register.consents import Decision
from core.model.results.period_marks import PeriodMark
from core.ports import UnitOfWorkFactory
from core.rules.results.proposals import ResultsPolicy
from tests.support.conversation.phone import Phone
from tests.support.schools.builders import NOW, Builder
from tests.support.schools.finals_class import MOTHER, TERM, FinalsClass, a_finals_class, student_name
from tests.support.schools.results import put_final

POLICY = ResultsPolicy()
TODAY = NOW.date()


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> FinalsClass:
    """8Б with two students; the first one's mother has signed."""
    school = await a_finals_class(open_sqlite, count=2)
    async with school.open_uow() as uow:
        build, student = Builder(uow), school.students[student_name(1)]
        mother = await build.guardian("Ученикова Вера Олеговна", student)
        await build.decides(mother, student, Decision.CONSENT)
        await build.contact(mother, "telegram", str(MOTHER))
        await uow.commit()
    return school


async def give(
    school: FinalsClass, subject: str, value: str, *, term: str = TERM, place: int = 1, published: bool = True
) -> None:
    """A final mark of a student."""
    async with school.open_uow() as uow:
        year = await uow.year.ensure_year(TODAY)
        student = school.students[student_name(place)]
        mark = PeriodMark(
            0, student, school.subjects[subject], year, term, None, value, 1, NOW, published=published, import_id=None
        )
        await put_final(uow, mark)
        await uow.commit()


async def finished(school: FinalsClass) -> list[tuple[int | None, object]]:
    """What the clock tells families now."""
    async with school.open_uow() as uow:
        await finished_terms.tell_finished_terms(uow, policy=POLICY, now=NOW, on=TODAY)
    async with school.open_uow() as uow:
        notices = await uow.outbox.unplanned(100)
    return [(each.student_id, each.notice) for each in notices if isinstance(each.notice, TermFinished)]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("итоговые", "2 четверть"),
        ("четвертные", "2 четверть"),
        ("какая четвертная", "2 четверть"),
        ("итоговые оценки", "2 четверть"),
        ("за 1 четверть", "1 четверть"),
        ("оценки за 1-ю четверть", "1 четверть"),
        ("за прошлую четверть", "2 четверть"),
        ("годовые оценки", "Все итоговые за год"),
    ],
)
async def test_plain_words_open_the_term_that_they_name(school: FinalsClass, words: str, title: str) -> None:
    """Two days after the quarter its marks are still the ones at hand (Q13)."""
    await give(school, "Алгебра", "5")
    await give(school, "Алгебра", "4", term="1 четверть")
    shown = await Phone(school.line, MOTHER).says(words)
    assert f"<b>Ученик01 Олег Ильич</b>\n<b>{title}</b>" in shown
    assert "<b>4</b>" in shown if title == "1 четверть" else "<b>5</b>" in shown


async def test_the_table_holds_all_terms_and_says_what_the_signs_mean(school: FinalsClass) -> None:
    """Terms in their order, then year and final; н/а and осв are explained once (Q68)."""
    for subject, value, term in (
        ("Алгебра", "4", "1 четверть"), ("Алгебра", "5", TERM), ("Алгебра", "5", "year"), ("Физика", "н/а", TERM),
    ):  # fmt: skip
        await give(school, subject, value, term=term)
    mother = Phone(school.line, MOTHER)
    await mother.says("/results")
    shown = await mother.presses("Все итоговые за год")
    assert "Алгебра: 1 четверть <b>4</b> · 2 четверть <b>5</b> · Год <b>5</b>\nФизика: 2 четверть <b>н/а</b>" in shown
    assert shown.count("не аттестован") == 1
    assert "освобождён" not in shown


async def test_the_end_of_a_term_is_told_once(school: FinalsClass) -> None:
    """When the last subject is there: how many marks and their average; the other student still lacks one."""
    await give(school, "Алгебра", "5")
    assert await finished(school) == []
    await give(school, "Физика", "4")
    await give(school, "Физика", "4", place=2)
    told = [(school.students[student_name(1)], TermFinished(TERM, TODAY, 2, "4.50"))]
    assert await finished(school) == told
    assert await finished(school) == told


async def test_marks_of_the_first_import_end_no_term(school: FinalsClass) -> None:
    """History that the first file of a source brings is told to nobody (Q90)."""
    for subject in school.subjects:
        await give(school, subject, "5", published=False)
    assert await finished(school) == []


async def test_a_term_of_long_ago_is_not_told_of(school: FinalsClass) -> None:
    """A month after its end nobody needs the message any more."""
    for subject in school.subjects:
        await give(school, subject, "5")
    async with school.open_uow(reading=True) as uow:
        found = await finished_terms.find_finished_terms(uow, policy=POLICY, on=TODAY + timedelta(days=40))
    assert [each for each in found if each.student_id == school.students[student_name(1)]] == []

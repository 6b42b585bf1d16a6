"""Proposals over a real school: who is expected where, and what is proposed."""

from datetime import date

import pytest

from core.actions.results.proposals import propose_final_marks
from core.errors import UnknownTermError
from core.model.people import Role
from core.model.results.period_marks import PeriodMark
from core.model.timetable import NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything, OwnGroups, Scope
from core.rules.results.proposals import ResultsPolicy
from tests.support.schools.builders import NOW
from tests.support.schools.results import put_final
from tests.support.schools.term_ends import SINCE, TERM, TODAY, UNTIL, TermSchool, a_term_school

POLICY = ResultsPolicy()
ANNA, BORIS, VIKTOR = "Авдеева Анна", "Белов Борис", "Волков Виктор"


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> TermSchool:
    """8Б at the end of the first quarter."""
    school = await a_term_school(open_uow)
    await school.marks(ANNA, "Алгебра", "5", "5", "5", "4", "4")
    await school.marks(BORIS, "Алгебра", *["Б"] * 13, "3")
    await school.marks(BORIS, "Физика", "4", "4", "3")
    return school


async def proposed(school: TermSchool, term: str = TERM, scope: Scope | None = None) -> list[tuple[object, ...]]:
    async with school.open_uow(reading=True) as uow:
        found = await propose_final_marks(uow, scope or Everything(), term, policy=POLICY, on=TODAY)
    return [
        (each.subject, each.pupil.name, each.proposal.value, str(each.proposal.reason), each.proposal.lessons)
        for each in found
    ]


async def test_every_pupil_has_a_proposal_in_every_subject_of_the_timetable(school: TermSchool) -> None:
    """By average, illness or too few marks; the lessons are those held from the first day of the term on (Q55, Q58)."""
    assert await proposed(school) == [
        ("Алгебра", ANNA, "5", "average", 23),
        ("Алгебра", BORIS, "deferral", "illness", 23),
        ("Алгебра", VIKTOR, None, "few_marks", 23),
        ("Физика", ANNA, None, "few_marks", 8),
        ("Физика", BORIS, "4", "average", 8),
        ("Физика", VIKTOR, None, "few_marks", 8),
    ]


async def test_a_pupil_who_left_before_the_end_is_not_expected(school: TermSchool) -> None:
    """Who leaves later still has the term's marks (Q40)."""
    async with school.open_uow() as uow:
        await uow.people.add_student(school.pupils[ANNA], leaves_on=SINCE)
        await uow.people.add_student(school.pupils[BORIS], leaves_on=UNTIL)
        await uow.commit()
    assert {name for _, name, *_ in await proposed(school)} == {BORIS, VIKTOR}


async def test_an_individual_plan_stands_in_its_class(school: TermSchool) -> None:
    """A pupil with an own subject and teacher is in the class's sheet, and the others do not have the subject (Q39)."""
    async with school.open_uow() as uow:
        (chess,) = (await uow.year.ensure_subjects({"шахматы": "Шахматы"})).values()
        plan = await uow.year.ensure_group(
            GroupKind.INDIVIDUAL, "Волков", "волков", subject_id=chess, teacher_id=school.staff["sharova"]
        )
        await uow.year.enrol(school.pupils[VIKTOR], plan)
        await uow.timetable.put_template(plan, [NewTemplateLesson(chess, 3, 5)], starts_on=SINCE)
        await uow.commit()
    async with school.open_uow(reading=True) as uow:
        found = await propose_final_marks(uow, Everything(), TERM, policy=POLICY, on=TODAY)
    own = [each for each in found if each.subject == "Шахматы"]
    assert [(each.pupil.name, each.pupil.school_class, each.proposal.lessons) for each in own] == [(VIKTOR, "8Б", 8)]


async def test_the_year_needs_all_its_terms(school: TermSchool) -> None:
    """Nothing is proposed for the year while a quarter lacks its mark, and a term must be known (Q56)."""
    assert {row[2:4] for row in await proposed(school, "год")} == {(None, "few_marks")}
    assert await proposed(school, "экзамен") == []
    with pytest.raises(UnknownTermError):
        await proposed(school, "4 четверть")


async def test_a_stranger_is_shown_nothing(school: TermSchool) -> None:
    """A teacher sees the pupils of own groups only, in SQL (Q14)."""
    async with school.open_uow() as uow:
        stranger = await uow.people.add("Чужой Учитель", "чужой учитель")
        await uow.people.add_staff_role(stranger, Role.TEACHER, group_id=None)
        await uow.commit()
    assert await proposed(school, scope=OwnGroups(stranger, TODAY)) == []
    assert len(await proposed(school, scope=OwnGroups(school.staff["lisina"], TODAY))) == 6


async def finals(school: TermSchool, on: date, **marks: str) -> None:
    """Анна's final marks in algebra of the school year of a date."""
    async with school.open_uow() as uow:
        year_id = await uow.year.ensure_year(on)
        for term, value in marks.items():
            ids = school.pupils[ANNA], school.subjects["Алгебра"], year_id
            name = {"first": "1 полугодие", "second": "II полугодие"}.get(term, term)
            await put_final(uow, PeriodMark(0, *ids, name, None, value, 1, NOW, published=True, import_id=None))
        await uow.commit()


async def final_of_anna(school: TermSchool) -> tuple[object, ...]:
    """The proposed final mark in algebra, with its reason."""
    return next(row[2:4] for row in await proposed(school, "Итоговая") if row[:2] == ("Алгебра", ANNA))


async def test_grade_11_takes_the_marks_of_grade_10_too(open_uow: UnitOfWorkFactory) -> None:
    """Six marks of two school years, however the reports called the terms; without last year's nothing (Q57)."""
    school = await a_term_school(open_uow, school_class="11Б")
    await finals(school, TODAY, first="4", second="4", year="4")
    assert await final_of_anna(school) == (None, "few_marks")
    await finals(school, date(2026, 5, 25), first="3", second="3", year="3")
    assert await final_of_anna(school) == ("4", "year")


async def test_grade_9_takes_the_exam(open_uow: UnitOfWorkFactory) -> None:
    """(4 + 3) / 2 is 4; other grades owe no final mark (Q57)."""
    school = await a_term_school(open_uow, school_class="9Б")
    await finals(school, TODAY, year="4", exam="3")
    assert await final_of_anna(school) == ("4", "year")


async def test_other_grades_owe_no_final_mark(school: TermSchool) -> None:
    """The year's mark is the last one of an eighth grade (Q57)."""
    assert await proposed(school, "final") == []

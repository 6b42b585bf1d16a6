"""Before a term closes: who lacks a final mark, and that nobody slips through."""

from dataclasses import replace

import pytest

from core.actions.results import completeness
from core.errors import ClosedTermError, NoReasonError, NotAllowedError, OpenTermError
from core.model.people import Actor
from core.model.results.period_marks import PeriodMark
from core.model.timetable import PlannedHours
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.results.proposals import ResultsPolicy
from tests.support.schools.builders import NOW
from tests.support.schools.results import put_final
from tests.support.schools.term_ends import TERM, TODAY, TermSchool, a_term_school

POLICY = ResultsPolicy()


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> TermSchool:
    """8Б without any final mark."""
    return await a_term_school(open_uow)


async def finals(school: TermSchool, *cells: tuple[str, str], term: str = TERM, value: str | None = "4") -> None:
    """Final marks as an import writes them."""
    async with school.open_uow() as uow:
        for pupil, subject in cells:
            ids = school.pupils[pupil], school.subjects[subject], school.year
            await put_final(uow, PeriodMark(0, *ids, term, None, value, 1, NOW, published=True, import_id=None))
        await uow.commit()


async def missing(school: TermSchool, policy: ResultsPolicy = POLICY) -> list[tuple[str, str, str | None]]:
    async with school.open_uow(reading=True) as uow:
        found = await completeness.load_gaps_in_completeness(uow, Everything(), TERM, policy=policy, on=TODAY)
    return [(each.expected.subject, each.expected.pupil.name, each.teacher) for each in found]


async def close(school: TermSchool, actor: Actor | None = None) -> int:
    async with school.open_uow() as uow:
        who = actor or school.deputy
        return len(await completeness.close_term_if_complete(uow, who, TERM, policy=POLICY, now=NOW, on=TODAY))


async def all_marked(school: TermSchool) -> None:
    await finals(school, *((pupil, subject) for pupil in school.pupils for subject in school.subjects))


async def test_every_pupil_lacks_a_mark_in_every_subject_that_is_taught(school: TermSchool) -> None:
    """By subject and name, with the teacher who owes it; a mark under another name of the term counts (Q52)."""
    await finals(school, ("Авдеева Анна", "Алгебра"), term="I четв.")
    await finals(school, ("Белов Борис", "Алгебра"), value="н/а")
    await finals(school, ("Волков Виктор", "Алгебра"), value=None)
    await finals(school, ("Авдеева Анна", "Физика"), term="2 четверть")
    physics, algebra = "Шарова Вера Львовна", "Лисина Ольга Сергеевна"
    assert await missing(school) == [
        ("Алгебра", "Волков Виктор", algebra),
        *(("Физика", pupil, physics) for pupil in school.pupils),
    ]


async def test_a_subject_that_only_final_marks_tell_of_is_the_whole_class_s(school: TermSchool) -> None:
    """A matrix brought «Химия», which no list knows: whoever has no mark in it lacks one, in that term alone (Q52)."""
    async with school.open_uow() as uow:
        school.subjects["Химия"] = (await uow.year.ensure_subjects({"химия": "Химия"}))["химия"]
        await uow.commit()
    await all_marked(replace(school, subjects={name: school.subjects[name] for name in ("Алгебра", "Физика")}))
    await finals(school, ("Авдеева Анна", "Химия"))
    await finals(school, ("Авдеева Анна", "Химия"), term="2 четверть")
    lacking = [pupil for pupil in school.pupils if pupil != "Авдеева Анна"]
    assert await missing(school) == [("Химия", pupil, None) for pupil in lacking]


async def test_unmarked_subjects_and_first_grades_lack_nothing(open_uow: UnitOfWorkFactory) -> None:
    """They are assessed by words (Q26, Q52)."""
    school = await a_term_school(open_uow)
    unmarked = replace(POLICY, unmarked=frozenset({"физика"}))
    assert {subject for subject, *_ in await missing(school, unmarked)} == {"Алгебра"}


async def test_a_first_grade_closes_without_marks(open_uow: UnitOfWorkFactory) -> None:
    """1Б has no final marks, so nothing keeps its term open (Q26, Q52)."""
    school = await a_term_school(open_uow, school_class="1Б")
    assert await missing(school) == []
    assert await close(school) == 0


async def test_a_term_closes_only_when_nobody_lacks_a_mark(school: TermSchool) -> None:
    """Refused while one is missing and nothing is written; then closed once, for the whole school (Q52)."""
    assert await close(school) == 6
    async with school.open_uow(reading=True) as uow:
        assert await uow.closings.closings(school.year) == []
    await all_marked(school)
    assert await close(school) == 0
    async with school.open_uow(reading=True) as uow:
        assert await completeness.is_complete_term_closed(uow, "I четверть", on=TODAY)
        assert not await completeness.is_complete_term_closed(uow, "2 четверть", on=TODAY)
        assert [line.action for line in await uow.audit.lines(limit=1)] == ["term_closed"]
    with pytest.raises(ClosedTermError):
        await close(school)


async def test_only_a_deputy_head_closes_and_reopens_and_reopening_needs_a_reason(school: TermSchool) -> None:
    """A teacher may not, an open term cannot be reopened, and the reason is kept (Q52)."""
    await all_marked(school)
    with pytest.raises(NotAllowedError):
        await close(school, school.lisina)
    with pytest.raises(OpenTermError):
        await reopen(school, "ошибка в 8Б")
    await close(school)
    with pytest.raises(NoReasonError):
        await reopen(school, "  ")
    await reopen(school, "ошибка  в 8Б")
    async with school.open_uow(reading=True) as uow:
        entries = await uow.closings.closings(school.year)
    assert [(entry.closed, entry.reason, entry.by) for entry in entries] == [
        (True, None, school.staff["deputy"]),
        (False, "ошибка в 8Б", school.staff["deputy"]),
    ]
    assert await close(school) == 0


async def reopen(school: TermSchool, reason: str) -> None:
    async with school.open_uow() as uow:
        await completeness.reopen_complete_term(uow, school.deputy, TERM, reason=reason, now=NOW, on=TODAY)


async def test_the_plan_of_hours_tells_of_subjects_too(school: TermSchool) -> None:
    """A subject that only the plan has is expected in its term, with no teacher known; other terms' are not (Q52)."""
    async with school.open_uow() as uow:
        keys = {"химия": "Химия", "музыка": "Музыка", "труд": "Труд"}
        chemistry, music, crafts = (await uow.year.ensure_subjects(keys)).values()
        plan = [
            PlannedHours(0, school.year, school.group, None, subject, hours, term, None)
            for subject, hours, term in ((chemistry, 34, None), (music, 8, "I четв."), (crafts, 8, "2 четверть"))
        ]
        await uow.timetable.put_planned_hours(school.year, school.group, plan)
        await uow.commit()
    found = await missing(school)
    assert {subject for subject, *_ in found} == {"Алгебра", "Физика", "Химия", "Музыка"}
    assert ("Химия", "Белов Борис", None) in found

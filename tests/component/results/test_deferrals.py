"""Deferrals for illness: granted, extended, ended; the family and the staff are told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.actions.delivery import fan_out
from core.actions.delivery.obligations import verify_obligations
from core.actions.imports.journal import import_journal
from core.actions.results import completeness, deferrals
from core.actions.results.deferrals import NewDeferral
from core.actions.results.final_marks import FinalMarkEditor
from core.errors import (
    AlreadyMarkedError,
    DeferralDatesError,
    EmptyDocumentError,
    NotAllowedError,
    NothingInForceError,
)
from core.model.imports.reports import JournalReport, PrintedTerm, ReadFile, ReportKind, SubjectReport
from core.model.notices.family import FinalMarkDeferred, FinalMarkSet
from core.model.notices.staff import DeferralsEnding
from core.model.people import SYSTEM, Actor
from core.model.results.deferrals import Deferral, DeferralEnd
from core.model.results.period_marks import MarkCell, NewFinalMark, PeriodMark
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.marks.gradebook import GradebookRules
from core.rules.results.proposals import ResultsPolicy
from tests.support.schools.builders import NOW, Builder
from tests.support.schools.term_ends import SINCE, TERM, TODAY, UNTIL, TermSchool, a_term_school

POLICY = ResultsPolicy()
ANNA = "Авдеева Анна"
DUE = date(2026, 12, 4)


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> TermSchool:
    """8Б; Анна was ill in October."""
    return await a_term_school(open_uow)


def new(school: TermSchool, *subjects: str) -> NewDeferral:
    taught = [school.subjects[name] for name in subjects or ("Алгебра",)]
    ill = date(2026, 10, 1), date(2026, 10, 20)
    return NewDeferral(school.pupils[ANNA], taught, TERM, *ill, "справка  № 5", "приказ 12", DUE)


async def grants(school: TermSchool, granted: NewDeferral, actor: Actor | None = None) -> None:
    async with school.open_uow() as uow:
        who = FinalMarkEditor(uow, actor or school.deputy, POLICY, GradebookRules(), NOW, TODAY)
        await deferrals.grant_deferral(who, granted)


async def ends(school: TermSchool, value: str) -> PeriodMark:
    async with school.open_uow() as uow:
        who = FinalMarkEditor(uow, school.deputy, POLICY, GradebookRules(), NOW + timedelta(hours=1), TODAY)
        return await deferrals.end_deferral(who, MarkCell(school.pupils[ANNA], school.subjects["Алгебра"], TERM), value)


async def all_of(school: TermSchool) -> list[Deferral]:
    async with school.open_uow(reading=True) as uow:
        return list(await uow.deferrals.deferrals(Everything(), year_id=school.year))


async def test_a_deferral_is_told_as_a_result_and_nobody_lacks_the_mark(school: TermSchool) -> None:
    """One notice for each subject within the 24 hours of R6, and the cell is not empty (Q52, Q53, Q68)."""
    await grants(school, new(school, "Алгебра", "Физика"))
    async with school.open_uow(reading=True) as uow:
        notices = [notice.notice for notice in await uow.outbox.unplanned(10)]
        lacking = await completeness.load_gaps_in_completeness(uow, Everything(), TERM, policy=POLICY, on=TODAY)
    assert notices == [FinalMarkDeferred("Алгебра", TERM, DUE), FinalMarkDeferred("Физика", TERM, DUE)]
    assert ANNA not in {each.expected.pupil.name for each in lacking}
    async with school.open_uow() as uow:
        await fan_out.fan_out_all_notices(uow, now=NOW, policy=Policy())
    async with school.open_uow(reading=True) as uow:
        assert await verify_obligations(uow, policy=Policy()) == []
        assert len(await uow.outbox.obligations()) == 2


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"document": " "}, EmptyDocumentError),
        ({"decision": ""}, EmptyDocumentError),
        ({"ill_to": date(2026, 9, 1)}, DeferralDatesError),
        ({"due_on": TODAY}, DeferralDatesError),
        ({"ill_from": date(2026, 12, 1), "ill_to": date(2026, 12, 2)}, DeferralDatesError),
    ],
)
async def test_a_deferral_needs_its_papers_and_its_dates(
    school: TermSchool, wrong: dict[str, object], error: type[Exception]
) -> None:
    """Illness only, with dates, document and decision; nothing is written otherwise (Q53)."""
    with pytest.raises(error):
        await grants(school, replace(new(school), **wrong))  # type: ignore[arg-type]  # fields of several types
    assert await all_of(school) == []


async def test_only_the_deputy_head_grants_it_and_only_where_no_mark_stands(school: TermSchool) -> None:
    """A class teacher may not, and a mark leaves nothing to defer (Q53)."""
    with pytest.raises(NotAllowedError):
        await grants(school, new(school), school.lisina)
    with pytest.raises(NothingInForceError):
        await ends(school, "4")
    await grants(school, new(school))
    await ends(school, "4")
    with pytest.raises(AlreadyMarkedError):
        await grants(school, replace(new(school), due_on=date(2026, 12, 20)))


@pytest.mark.parametrize(("value", "end"), [("4", DeferralEnd.MARK), ("н/а", DeferralEnd.NOT_ASSESSED)])
async def test_a_mark_or_not_assessed_ends_it(school: TermSchool, value: str, end: DeferralEnd) -> None:
    """Also where the journal makes marks, which knows no deferrals; the family hears of the mark (Q53, Q54)."""
    await grants(school, new(school))
    assert (await ends(school, value)).value == value
    (deferral,) = await all_of(school)
    assert (deferral.ended_as, deferral.ended_by, deferral.document) == (end, school.staff["deputy"], "справка № 5")
    async with school.open_uow(reading=True) as uow:
        assert (await uow.outbox.unplanned(10))[-1].notice == FinalMarkSet("Алгебра", TERM, value)


async def test_a_further_deferral_goes_beyond_the_former(school: TermSchool) -> None:
    """The former is ended as extended and stays as history (Q53)."""
    await grants(school, new(school))
    with pytest.raises(DeferralDatesError):
        await grants(school, new(school))
    await grants(school, replace(new(school), due_on=date(2026, 12, 20)))
    assert [(each.due_on, each.ended_as) for each in await all_of(school)] == [
        (DUE, DeferralEnd.EXTENDED),
        (date(2026, 12, 20), None),
    ]


async def test_taking_the_mark_back_resumes_the_deferral(school: TermSchool) -> None:
    """The cell is never empty between the two (Q53)."""
    await grants(school, new(school))
    cell = MarkCell(school.pupils[ANNA], school.subjects["Алгебра"], TERM)
    later = NOW + timedelta(hours=1)
    async with school.open_uow() as uow:
        teacher = FinalMarkEditor(uow, school.lisina, POLICY, GradebookRules("bot"), later, TODAY)
        mark = await teacher.set_mark(NewFinalMark(cell, "3"))
        assert await teacher.undo_marks({cell: mark.version}) == 1
    assert [each.ended_at for each in await all_of(school)] == [None]


async def test_staff_are_told_a_week_before_it_runs_out_and_on_the_day(school: TermSchool) -> None:
    """Deputy head and class teacher, once each time; the notice counts and names no student (Q53)."""
    await grants(school, new(school, "Алгебра", "Физика"))
    told: list[tuple[int, list[tuple[int | None, object]]]] = []
    for days in (-8, -7, -7, -3, 0, 5):
        async with school.open_uow() as uow:
            now = NOW + (DUE - TODAY) + timedelta(days=days)
            count = await deferrals.remind_of_deferrals(uow, now=now, policy=Policy())
            notices = [each for each in await uow.outbox.unplanned(100) if isinstance(each.notice, DeferralsEnding)]
            told.append((count, [(each.person_id, each.notice) for each in notices]))
    staff = sorted([school.staff["deputy"], school.staff["lisina"]])
    ahead, over = DeferralsEnding("8Б", DUE, 2), DeferralsEnding("8Б", DUE, 2, is_over=True)
    assert [count for count, _ in told] == [0, 2, 0, 0, 2, 0]
    assert told[-1][1] == [*((who, ahead) for who in staff), *((who, over) for who in staff)]


async def test_a_mark_of_the_journal_ends_the_deferral(school: TermSchool) -> None:
    """The report calls the term as it likes, and the student's other subject stays deferred (Q53)."""
    await grants(school, new(school, "Алгебра", "Физика"))
    printed = PrintedTerm("I четв.", None, "4")
    report = JournalReport(
        ReportKind.STUDENT_TOTAL_MARKS, ANNA, "8Б", (SINCE, UNTIL), (SubjectReport("Алгебра", (), (printed,)),)
    )
    async with school.open_uow(reading=True) as uow:
        file = ReadFile("8b.html", "0" * 64, (report,))
        result = await import_journal(uow, SYSTEM, [file], now=NOW, policy=Policy())
        assert result.ok
    ended = {each.subject_id: each.ended_as for each in await all_of(school)}
    assert ended == {school.subjects["Алгебра"]: DeferralEnd.MARK, school.subjects["Физика"]: None}


async def test_a_pupil_entered_twice_keeps_one_deferral(school: TermSchool) -> None:
    """Of two open ones for a cell the first entry's stays in force; the other is left behind as history (Q134)."""
    await grants(school, new(school))
    async with school.open_uow() as uow:
        double = await Builder(uow).student("Авдеева Аня", "8Б")
        await uow.commit()
    await grants(school, replace(new(school, "Алгебра", "Физика"), student_id=double))
    async with school.open_uow() as uow:
        await uow.people.join(school.pupils[ANNA], double, students=True, at=NOW)
        await uow.commit()
    held = {(each.student_id, each.subject_id) for each in await all_of(school)}
    algebra, physics = school.subjects["Алгебра"], school.subjects["Физика"]
    assert held == {(school.pupils[ANNA], algebra), (school.pupils[ANNA], physics), (double, algebra)}

"""Final marks set by hand: who may, what it takes, what the family hears, and the way back."""

import pytest

from core.actions.delivery import fan_out
from core.actions.delivery.obligations import verify_obligations
from core.actions.results import completeness
from core.actions.results.final_marks import FinalMarkEditor
from core.errors import (
    ClosedTermError,
    CommentMissingError,
    ConflictError,
    FirstGradeError,
    JournalModeError,
    NotFoundError,
    UnknownTermError,
)
from core.model.notices.facts import Notice
from core.model.notices.family import FinalMarkSet
from core.model.people import Actor
from core.model.results.period_marks import MarkCell, NewFinalMark, PeriodMark
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.marks.gradebook import GradebookRules
from core.rules.marks.tokens import UnknownTokenError
from core.rules.results.proposals import ResultsPolicy
from tests.support.schools.builders import NOW
from tests.support.schools.term_ends import TERM, TODAY, TermSchool, a_term_school

POLICY = ResultsPolicy()
IN_BOT = GradebookRules("bot")
ANNA, BORIS, VIKTOR = "Авдеева Анна", "Белов Борис", "Волков Виктор"


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> TermSchool:
    """8Б with good marks in algebra."""
    school = await a_term_school(open_uow)
    await school.marks(ANNA, "Алгебра", "5", "5", "5", "4", "4")
    await school.marks(BORIS, "Алгебра", "4", "4", "3", "4", "4")
    return school


def writer(uow: UnitOfWork, actor: Actor, marking: GradebookRules = IN_BOT) -> FinalMarkEditor:
    return FinalMarkEditor(uow, actor, POLICY, marking, NOW, TODAY)


def cell(school: TermSchool, pupil: str = ANNA, subject: str = "Алгебра", term: str = TERM) -> MarkCell:
    return MarkCell(school.pupils[pupil], school.subjects[subject], term)


async def sets(
    school: TermSchool, where: MarkCell, value: str, *, actor: Actor | None = None, marking: GradebookRules = IN_BOT,
    comment: str | None = None, ground: str | None = None, version: int | None = None,
) -> PeriodMark:  # fmt: skip
    async with school.open_uow() as uow:
        who = writer(uow, actor or school.lisina, marking)
        return await who.set_mark(NewFinalMark(where, value, comment, ground, version))


async def told(school: TermSchool) -> list[Notice]:
    async with school.open_uow(reading=True) as uow:
        return [notice.notice for notice in await uow.outbox.unplanned(100)]


async def test_a_final_mark_is_told_within_the_day(school: TermSchool) -> None:
    """One version, one notice with the 24 hours of R6, one obligation for the mother, and nobody is forgotten (Q71)."""
    mark = await sets(school, cell(school), "5")
    assert (mark.value, mark.version, mark.term, mark.published, mark.received_at) == ("5", 1, TERM, True, NOW)
    assert await told(school) == [FinalMarkSet("Алгебра", TERM, "5")]
    async with school.open_uow() as uow:
        await fan_out.fan_out_all_notices(uow, now=NOW, policy=Policy())
    async with school.open_uow(reading=True) as uow:
        assert await verify_obligations(uow, policy=Policy()) == []
        (row,) = await uow.outbox.obligations()
        assert row.obligation.person_id == school.mother


async def test_another_mark_than_the_proposal_wants_a_comment(school: TermSchool) -> None:
    """The comment is kept with the version; where nothing is proposed the teacher decides alone (Q55)."""
    with pytest.raises(CommentMissingError):
        await sets(school, cell(school), "4", comment=" ")
    mark = await sets(school, cell(school), "4", comment="итоговая  работа на 3")
    assert (await sets(school, cell(school, VIKTOR), "3")).value == "3"
    async with school.open_uow(reading=True) as uow:
        (version,) = await uow.results.versions(mark.id)
    assert (version.comment, version.changed_by) == ("итоговая работа на 3", school.staff["lisina"])


async def test_a_correction_is_a_version_and_the_family_hears_old_and_new(school: TermSchool) -> None:
    """The same value again is no version; a stale screen overwrites nothing (Q38)."""
    await sets(school, cell(school), "5")
    assert (await sets(school, cell(school), "5")).version == 1
    with pytest.raises(ConflictError):
        await sets(school, cell(school), "4", comment="пересчёт", version=0)
    assert (await sets(school, cell(school), "4", comment="пересчёт", version=1)).version == 2
    assert (await told(school))[-1] == FinalMarkSet("Алгебра", TERM, "4", before="5")


async def test_only_the_subject_s_teacher_and_the_deputy_head_may_set_it(school: TermSchool) -> None:
    """The class teacher sets own subjects only; nobody marks another term's quarter or a first grade (Q14, Q26)."""
    with pytest.raises(NotFoundError):
        await sets(school, cell(school), "5", actor=school.sharova)
    with pytest.raises(NotFoundError):
        await sets(school, cell(school, subject="Физика"), "5", actor=school.lisina)
    mother = Actor(school.mother, frozenset())
    with pytest.raises(NotFoundError):
        await sets(school, cell(school), "5", actor=mother)
    with pytest.raises(UnknownTermError):
        await sets(school, cell(school, term="1 полугодие"), "5")
    with pytest.raises(UnknownTokenError):
        await sets(school, cell(school), "6")
    assert (await sets(school, cell(school, subject="Физика"), "5", actor=school.deputy)).value == "5"


async def test_a_first_grade_gets_no_final_mark(open_uow: UnitOfWorkFactory) -> None:
    """Words only (Q26)."""
    school = await a_term_school(open_uow, school_class="1Б")
    with pytest.raises(FirstGradeError):
        await sets(school, cell(school), "5")


async def test_where_the_journal_makes_marks_nothing_is_set_here(school: TermSchool) -> None:
    """The next import would overwrite it, so it is refused with the reason (Q37)."""
    with pytest.raises(JournalModeError):
        await sets(school, cell(school), "5", marking=GradebookRules())


async def test_after_closing_a_correction_needs_a_ground(school: TermSchool) -> None:
    """Ground and author stand in the version; a closed cell is not emptied (Q67)."""
    for pupil in school.pupils:
        for subject in school.subjects:
            await sets(school, cell(school, pupil, subject), "5", actor=school.deputy, comment="решение")
    async with school.open_uow() as uow:
        assert not await completeness.close_term_if_complete(uow, school.deputy, TERM, policy=POLICY, now=NOW, on=TODAY)
    with pytest.raises(ClosedTermError):
        await sets(school, cell(school), "4", comment="ошибка")
    mark = await sets(school, cell(school), "4", comment="ошибка", ground="служебная записка 7")
    async with school.open_uow() as uow:
        assert (await uow.results.versions(mark.id))[-1].ground == "служебная записка 7"
        with pytest.raises(ClosedTermError):
            await writer(uow, school.lisina).annul(cell(school))


async def test_an_annulled_mark_is_told_and_can_be_set_again(school: TermSchool) -> None:
    """It keeps its versions (Q38)."""
    await sets(school, cell(school), "5")
    async with school.open_uow() as uow:
        assert (await writer(uow, school.lisina).annul(cell(school))).value is None
        with pytest.raises(ConflictError):
            await writer(uow, school.lisina).annul(cell(school))
    assert (await told(school))[-1] == FinalMarkSet("Алгебра", TERM, None, before="5")
    assert (await sets(school, cell(school), "5")).version == 3


async def test_a_whole_class_is_set_as_proposed_and_taken_back_in_one_step(school: TermSchool) -> None:
    """What has no proposal and what is there already stays; the way back is all or nothing (Q55)."""
    await sets(school, cell(school, BORIS), "5", comment="олимпиада")
    subject = school.subjects["Алгебра"]
    async with school.open_uow() as uow:
        done = await writer(uow, school.lisina).set_proposed(school.group, subject, TERM)
    assert done == {cell(school): 1}
    async with school.open_uow() as uow:
        with pytest.raises(NotFoundError):
            await writer(uow, school.sharova).set_proposed(school.group, subject, TERM)
        with pytest.raises(ConflictError):
            await writer(uow, school.deputy).undo_marks(done)
    async with school.open_uow() as uow:
        assert await writer(uow, school.lisina).undo_marks(done) == 1
        marks = await uow.results.period_marks(school.pupils.values(), year_ids=[school.year])
    assert {mark.student_id: mark.value for mark in marks} == {
        school.pupils[ANNA]: None,
        school.pupils[BORIS]: "5",
    }

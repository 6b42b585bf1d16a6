"""Who sees and sets which final marks: everybody of the access matrix against everybody's marks."""

from datetime import date

import pytest

from core.actions.results import completeness, deferrals, lookup
from core.actions.results.deferrals import NewDeferral
from core.actions.results.final_marks import FinalMarkEditor
from core.actions.results.proposals import propose_final_marks
from core.actions.results.term_end import term_state
from core.errors import NotAllowedError, NotFoundError
from core.model.people import Actor, Role
from core.model.results.period_marks import MarkCell, NewFinalMark
from core.ports import UnitOfWorkFactory
from core.rules import access
from core.rules.marks.gradebook import GradebookRules
from core.rules.results.proposals import ResultsPolicy
from tests.support.schools.builders import NOW
from tests.support.schools.matrix import CLASSES, TODAY, MatrixSchool, build_matrix_school

TERM = "2 четверть"
POLICY = ResultsPolicy(comment_required=False)
SETS = {
    "deputy": frozenset(CLASSES) - {"left"},
    "teacher": frozenset({"own", "refused", "mate"}),
    "teacher_and_parent": frozenset({"own"}),
}
"""Whose marks of algebra each asker sets; everybody else sets none, a class teacher who does not teach it too."""


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> MatrixSchool:
    """The school of the access matrix, where every student has a final mark."""
    return await build_matrix_school(open_uow)


def actors(school: MatrixSchool) -> dict[str, Actor]:
    return {name: actor for name, actor in school.actors.items() if actor is not None}


async def test_nobody_reads_a_mark_or_proposal_of_somebody_else_s_student(
    school: MatrixSchool, open_uow: UnitOfWorkFactory
) -> None:
    """What staff read stays within their scope, and families read their own children's marks only (Q14)."""
    names = {student: key for key, student in school.students.items()}
    async with open_uow(reading=True) as uow:
        for name, actor in actors(school).items():
            scope = access.reading_access_scope(actor, on=TODAY)
            proposed = await propose_final_marks(uow, scope, TERM, policy=POLICY, on=TODAY)
            missing = await completeness.load_gaps_in_completeness(uow, scope, "год", policy=POLICY, on=TODAY)
            read = {each.pupil.student_id for each in proposed}
            read |= {each.expected.pupil.student_id for each in missing}
            assert {names[student] for student in read} <= school.sees[name], name
            family = {
                key
                for key, student in school.students.items()
                if await lookup.look_up_final_marks(uow, actor, student_id=student, on=TODAY)
            }
            assert family <= school.sees[name], name
            assert not family or actor.roles & {Role.GUARDIAN, Role.STUDENT}, name


async def test_a_mark_is_set_by_those_who_teach_the_student_that_subject(
    school: MatrixSchool, open_uow: UnitOfWorkFactory
) -> None:
    """A teacher own subjects of own groups, the deputy head all, nobody else anything (Q14)."""
    for name, actor in actors(school).items():
        done: set[str] = set()
        for key, student in school.students.items():
            async with open_uow() as uow:
                writer = FinalMarkEditor(uow, actor, POLICY, GradebookRules("bot"), NOW, TODAY)
                try:
                    await writer.set_mark(NewFinalMark(MarkCell(student, school.subject, TERM), "4"))
                except NotFoundError:
                    continue
                done.add(key)
        assert done == SETS.get(name, frozenset()), name


async def test_terms_and_deferrals_are_the_deputy_head_s(school: MatrixSchool, open_uow: UnitOfWorkFactory) -> None:
    """Neither the secretary nor a class teacher closes a term or defers a mark (Q52, Q53)."""
    ill = date(2026, 11, 10)
    new = NewDeferral(school.students["own"], [school.subject], TERM, ill, ill, "справка", "приказ", date(2026, 12, 20))
    for name, actor in actors(school).items():
        if name == "deputy":
            continue
        async with open_uow() as uow:
            writer = FinalMarkEditor(uow, actor, POLICY, GradebookRules("bot"), NOW, TODAY)
            with pytest.raises(NotAllowedError):
                await deferrals.grant_deferral(writer, new)
            with pytest.raises(NotAllowedError):
                await completeness.close_term_if_complete(uow, actor, TERM, policy=POLICY, now=NOW, on=TODAY)
            with pytest.raises(NotAllowedError):
                await completeness.reopen_complete_term(uow, actor, TERM, reason="так", now=NOW, on=TODAY)


async def test_a_class_teacher_s_state_of_a_term_holds_the_own_class_alone(
    school: MatrixSchool, open_uow: UnitOfWorkFactory
) -> None:
    """Classes, missing marks and deferrals of others are not there; who leads none is refused (Q14, Q52)."""
    led = {"deputy": {"5А", "7А", "8Б"}, "class_teacher": {"8Б"}, "class_teacher_of_other": {"7А"}}
    async with open_uow(reading=True) as uow:
        for name, actor in actors(school).items():
            if name in led:
                state = await term_state.load_term_state(uow, actor, policy=POLICY, on=TODAY, term=0)
                assert {each.school_class for each in state.classes} == led[name], name
            else:
                with pytest.raises(NotAllowedError):
                    await term_state.load_term_state(uow, actor, policy=POLICY, on=TODAY)

"""Acquaintance with results: opened in a chat, or signed for on a sheet (Q72)."""

from datetime import timedelta

import pytest

from core.actions import conversation
from core.actions.conversation import AnsweredUpdate
from core.actions.delivery import acquaintance
from core.actions.delivery.acquaintance import SheetContent
from core.errors import NotAllowedError, NotFoundError
from core.model.delivery.states import State, Status
from core.model.people import Actor, Role
from core.ports import UnitOfWorkFactory
from core.rules.delivery.steps import best_step_evidence
from tests.support.delivery.fakes import CLOSES
from tests.support.delivery.results import PHYSICS, OwingSchool, an_owing_school
from tests.support.schools.builders import FINAL, NOW

TODAY = NOW.date()
TERM = "1 четверть"


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> OwingSchool:
    """A family to whom two final marks are owed; the mother has not got them yet."""
    school = await an_owing_school(open_uow)
    async with open_uow() as uow:
        await uow.year.ensure_year(TODAY)
        await uow.commit()
    await school.owes()
    await school.owes(PHYSICS, fact="period_mark:2")
    return school


def mother(school: OwingSchool) -> Actor:
    return Actor(school.family.mother, frozenset({Role.GUARDIAN}), "telegram")


async def opens(school: OwingSchool, reader: Actor, *facts: str) -> None:
    """The answer was shown: what is written then."""
    async with school.open_uow() as uow:
        answered = AnsweredUpdate(1, "501", opened=[(reader, facts)])
        await conversation.record_conversation_answers(uow, "telegram", [answered], closes=CLOSES, now=NOW)
        await uow.commit()


async def sheet(school: OwingSchool, actor: Actor | None = None, term: str = TERM) -> SheetContent:
    async with school.open_uow(reading=True) as uow:
        return await acquaintance.load_term_acquaintance_sheet(uow, actor or school.deputy, term, on=TODAY)


async def test_a_result_that_was_opened_in_the_chat_is_acknowledged(school: OwingSchool) -> None:
    """It closes what was open, nothing of it is sent any more, and the other result goes its way (Q72)."""
    await opens(school, mother(school), "period_mark:1")
    first, second = await school.results()
    assert (first.obligation.state, first.obligation.evidence) == (State.CLOSED, Status.ACKNOWLEDGED)
    assert second.obligation.state is State.OPEN
    await school.sends()
    ((_, text, _),) = school.post.telegram.sent
    assert text.sections[0].lines == ("1 четверть, Физика: 5",)


async def test_opening_counts_once_and_for_the_last_version_alone(school: OwingSchool) -> None:
    """What was known before a correction is no acquaintance with the correction; a second look adds nothing (Q74)."""
    await opens(school, mother(school), "period_mark:1")
    await opens(school, mother(school), "period_mark:1")
    await school.owes(PHYSICS, fact="period_mark:1")
    states = {each.obligation.id: each.obligation.state for each in await school.results()}
    assert [states[id_] for id_ in sorted(states)] == [State.CLOSED, State.OPEN, State.OPEN]
    await opens(school, mother(school), "period_mark:1")
    states = {each.obligation.id: each.obligation.state for each in await school.results()}
    assert [states[id_] for id_ in sorted(states)] == [State.CLOSED, State.OPEN, State.CLOSED]
    assert [len(each.acquaintances) for each in await school.results()] == [1, 0, 1]


async def test_nobody_opens_for_somebody_else(school: OwingSchool) -> None:
    """The deputy head who looks at a result acquaints no family with it (Q72)."""
    await opens(school, school.deputy, "period_mark:1", "period_mark:2")
    assert {each.obligation.state for each in await school.results()} == {State.OPEN}


async def test_the_sheet_says_who_was_told_and_who_has_to_sign(school: OwingSchool) -> None:
    """A message that was accepted is no acquaintance; one result that was not opened leaves the line to sign (Q72)."""
    (row,) = (await sheet(school)).rows
    assert (row.student, row.person) == ("Соколова Анна Олеговна", "Соколова Вера Ивановна")
    assert (len(row.results), row.must_sign) == (2, True)
    await school.sends()
    await opens(school, mother(school), "period_mark:1")
    (row,) = (await sheet(school)).rows
    assert [best_step_evidence(each) for each in row.results] == [Status.ACKNOWLEDGED, Status.ACCEPTED]
    assert row.must_sign
    await opens(school, mother(school), "period_mark:2")
    (row,) = (await sheet(school)).rows
    assert not row.must_sign
    assert (await sheet(school, term="2 четверть")).rows == ()


async def test_a_signed_line_is_ticked_off_by_the_number_of_the_sheet(school: OwingSchool) -> None:
    """The signature is the strongest evidence and closes what was still open; a second tick adds nothing (Q72)."""
    content = await sheet(school, school.class_teacher)
    async with school.open_uow() as uow:
        made, rows = await acquaintance.number_acquaintance_sheet(uow, school.class_teacher, content, now=NOW)
    assert (made.number, len(rows)) == ("О-2026-0001", 1)
    for added in (1, 0):
        async with school.open_uow() as uow:
            signed = await acquaintance.record_signed_acquaintance(
                uow, school.class_teacher, made.number, [1], closes=CLOSES, now=NOW + timedelta(hours=1), on=TODAY
            )
            assert signed == added
    for each in await school.results():
        assert (each.obligation.state, each.obligation.evidence) == (State.CLOSED, Status.SIGNED)
        assert [seen.sheet for seen in each.acquaintances] == [made.number]
    async with school.open_uow() as uow:
        _, rows = await acquaintance.number_acquaintance_sheet(uow, school.deputy, await sheet(school), now=NOW)
    assert rows == []


async def test_a_line_of_somebody_else_s_class_is_ticked_off_by_nobody(school: OwingSchool) -> None:
    """Nor a line that the sheet does not have, nor by a parent (Q14)."""
    content = await sheet(school)
    async with school.open_uow() as uow:
        made, _ = await acquaintance.number_acquaintance_sheet(uow, school.deputy, content, now=NOW)
    stranger = Actor(school.family.student, frozenset({Role.CLASS_TEACHER}), "telegram")
    for actor, number, lines, refusal in (
        (stranger, made.number, [1], NotFoundError),
        (school.deputy, made.number, [2], NotFoundError),
        (school.deputy, "О-2026-0009", [], NotFoundError),
        (mother(school), made.number, [1], NotAllowedError),
    ):
        async with school.open_uow() as uow:
            with pytest.raises(refusal):
                await acquaintance.record_signed_acquaintance(
                    uow, actor, number, lines, closes=CLOSES, now=NOW, on=TODAY
                )
    assert {each.obligation.state for each in await school.results()} == {State.OPEN}


async def test_a_second_entry_of_the_mother_keeps_her_evidence(school: OwingSchool) -> None:
    """Two entries of one person become one: what either opened or was told by phone is kept (Q134)."""
    await opens(school, mother(school), "period_mark:1")
    async with school.open_uow() as uow:
        second = await uow.people.add("Соколова Вера И", "соколова вера и")
        await uow.people.add_guardianship(second, school.family.student, relation="parent")
        await uow.commit()
    await school.owes(FINAL, fact="period_mark:3")
    theirs = [each for each in await school.results() if each.obligation.person_id == second]
    async with school.open_uow() as uow:
        await uow.outbox.record_call_about([each.obligation.id for each in theirs], caller_id=second, at=NOW)
        await uow.people.join(school.family.mother, second, students=False, at=NOW)
        await uow.commit()
    by_fact = {each.fact: each for each in await school.results()}
    assert by_fact["period_mark:3"].call is not None
    assert len(by_fact["period_mark:1"].acquaintances) == 1

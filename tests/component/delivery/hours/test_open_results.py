"""What the deputy head does about results that are still owed (R6, Q73, Q75)."""

from datetime import timedelta

import pytest

from core.actions.delivery import open_results
from core.actions.delivery.open_results import OpenResultsPerson
from core.errors import NotAllowedError
from core.model.delivery.states import Reason, State, Status
from core.model.people import Actor, Role
from core.ports import UnavailableError, UnitOfWorkFactory
from tests.support.delivery.results import PHYSICS, POLICY, OwingSchool, an_owing_school
from tests.support.schools.builders import FINAL, NOW


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> OwingSchool:
    """A family to whom two final marks are owed."""
    school = await an_owing_school(open_uow)
    await school.owes(at=NOW - timedelta(hours=2))
    await school.owes(PHYSICS, fact="period_mark:2")
    return school


async def opened(school: OwingSchool) -> list[OpenResultsPerson]:
    async with school.open_uow(reading=True) as uow:
        return list(await open_results.load_open_results(uow, school.deputy))


async def test_what_is_owed_stands_by_the_time_that_is_left(school: OwingSchool) -> None:
    """A person with all results, the most urgent first; nothing is listed that is closed (Q75)."""
    (owed,) = await opened(school)
    assert (owed.person_id, [each.fact for each in owed.results]) == (
        school.family.mother, ["period_mark:1", "period_mark:2"],
    )  # fmt: skip
    assert owed.due == NOW + timedelta(hours=22)
    await school.sends()
    assert await opened(school) == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DEPUTY_HEAD, Role.SYSTEM}))
async def test_nobody_else_sees_or_changes_what_is_owed(school: OwingSchool, role: Role) -> None:
    """The list names families of the whole school, so the deputy head alone opens it (Q14)."""
    asker, mother = Actor(school.deputy.person_id, frozenset({role}), "telegram"), school.family.mother
    async with school.open_uow() as uow:
        for work in (
            open_results.load_open_results(uow, asker),
            open_results.load_person_open_results(uow, asker, mother),
            open_results.record_open_results_call(uow, asker, mother, 99, now=NOW),
            open_results.send_open_results_now(uow, asker, mother, 99, now=NOW, policy=POLICY),
            open_results.print_open_results(uow, asker, mother, 99, now=NOW, policy=POLICY),
            open_results.undo_open_results_call(uow, asker, mother, 99, closes={}, now=NOW),
        ):
            with pytest.raises(NotAllowedError):
                await work


async def test_a_call_closes_what_was_told_and_nothing_else(school: OwingSchool) -> None:
    """`reached` is evidence; what came after the screen was shown stays open and is sent (Q72, Q74)."""
    (owed,) = await opened(school)
    await school.owes(FINAL, fact="period_mark:3")
    async with school.open_uow() as uow:
        assert (
            await open_results.record_open_results_call(uow, school.deputy, owed.person_id, owed.last_id, now=NOW) == 2
        )
    first, second, third = await school.results()
    assert {(each.obligation.state, each.obligation.evidence) for each in (first, second)} == {
        (State.CLOSED, Status.REACHED)
    }
    assert [each.reason for each in first.deliveries] == [Reason.REACHED_BY_PHONE]
    assert (first.obligation.closed_at, first.call and first.call.called_at) == (NOW, NOW)
    assert third.obligation.state is State.OPEN
    await school.sends()
    ((_, text, _),) = school.post.telegram.sent
    assert text.sections[0].lines == ("1 четверть, Алгебра: 4",)


async def test_a_call_is_about_the_version_that_was_told(school: OwingSchool) -> None:
    """An older version that had arrived by Telegram keeps its own evidence (Q74)."""
    await school.sends()
    await school.owes(PHYSICS, fact="period_mark:1")
    (owed,) = await opened(school)
    async with school.open_uow() as uow:
        assert (
            await open_results.record_open_results_call(uow, school.deputy, owed.person_id, owed.last_id, now=NOW) == 1
        )
    evidence = {each.obligation.id: each.obligation.evidence for each in await school.results()}
    assert [evidence[id_] for id_ in sorted(evidence)] == [Status.ACCEPTED, Status.ACCEPTED, Status.REACHED]


async def test_a_call_that_was_none_is_taken_back(school: OwingSchool) -> None:
    """What it withdrew goes on; a second tap changes nothing (Q72)."""
    (owed,) = await opened(school)
    for count in (2, 0):
        async with school.open_uow() as uow:
            assert (
                await open_results.record_open_results_call(uow, school.deputy, owed.person_id, owed.last_id, now=NOW)
                == count
            )
    for count in (2, 0):
        async with school.open_uow() as uow:
            undone = await open_results.undo_open_results_call(
                uow, school.deputy, owed.person_id, owed.last_id, closes={}, now=NOW
            )
            assert undone == count
    assert len(await opened(school)) == 1
    await school.sends()
    assert len(school.post.telegram.sent) == 1
    assert await opened(school) == []


async def test_what_waits_is_sent_at_once(school: OwingSchool) -> None:
    """A retry in half an hour goes now, once and over the same channel (Q73)."""
    school.post.telegram.script.extend([UnavailableError(Reason.CHANNEL_DOWN)] * 3)
    for _ in range(3):
        await school.sends(minutes=11)
    assert school.post.telegram.sent == []
    (owed,) = await opened(school)
    async with school.open_uow() as uow:
        count = await open_results.send_open_results_now(
            uow, school.deputy, owed.person_id, owed.last_id, now=school.now, policy=POLICY
        )
        assert count == 2
    await school.sends()
    assert len(school.post.telegram.sent) == 1


async def test_a_page_is_printed_without_waiting_for_the_other_channels(school: OwingSchool) -> None:
    """The mail is skipped, the page holds both results, and nothing goes over Telegram any more (Q33)."""
    (owed,) = await opened(school)
    async with school.open_uow() as uow:
        assert (
            await open_results.print_open_results(
                uow, school.deputy, owed.person_id, owed.last_id, now=school.now, policy=POLICY
            )
            == 2
        )
    await school.sends()
    assert (school.post.telegram.sent, school.post.email.sent) == ([], [])
    ((_, text, _),) = school.post.paper.sent
    assert text.sections[0].lines == ("1 четверть, Алгебра: 4", "1 четверть, Физика: 5")
    async with school.open_uow() as uow:
        assert (
            await open_results.print_open_results(
                uow, school.deputy, owed.person_id, owed.last_id, now=school.now, policy=POLICY
            )
            == 0
        )


async def test_a_message_without_evidence_goes_by_the_next_channel(school: OwingSchool) -> None:
    """Where the school wants more than `accepted`, nothing is repeated on Telegram: the mail takes over (Q72, Q73)."""
    school.post.worker.identity = type(school.post.worker.identity)(
        "one", timedelta(seconds=10), POLICY, {"telegram": Status.ACKNOWLEDGED, "email": Status.ACCEPTED}
    )
    await school.sends()
    (owed,) = await opened(school)
    async with school.open_uow() as uow:
        await open_results.send_open_results_now(
            uow, school.deputy, owed.person_id, owed.last_id, now=school.now, policy=POLICY
        )
    await school.sends(minutes=1)
    assert (len(school.post.telegram.sent), len(school.post.email.sent)) == (1, 1)
    assert await opened(school) == []

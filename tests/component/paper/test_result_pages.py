"""Results on paper: printed out of turn, with the time until which they must be handed out (R6, Q33, Q34)."""

from datetime import timedelta

import pytest

from core.actions.delivery import obligations, open_results
from core.actions.paper import queue
from core.errors import NotAllowedError
from core.model.delivery.states import State, Status
from core.model.notices.kinds import NoticeKind
from core.model.people import Actor, Role
from core.ports import UnitOfWorkFactory
from tests.support.delivery.fakes import CLOSES
from tests.support.delivery.results import PHYSICS, POLICY, OwingSchool, an_owing_school
from tests.support.schools.builders import FINAL, MARK, NOW


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> OwingSchool:
    """A final mark that the deputy head put on paper."""
    school = await an_owing_school(open_uow)
    await school.owes()
    await on_paper(school)
    return school


async def on_paper(school: OwingSchool) -> None:
    """What is owed goes to the print queue at once."""
    async with school.open_uow() as uow:
        await open_results.print_open_results(
            uow, school.deputy, school.family.mother, 99, now=school.now, policy=POLICY
        )
    await queued(school)


async def queued(school: OwingSchool) -> None:
    """The worker gives pages to the print queue."""
    await school.sends()
    async with school.open_uow() as uow:
        for address, text, key in school.post.paper.sent:
            person, _, student = address.partition(":")
            await uow.paper.put(
                person_id=int(person), student_id=int(student), key=key, basis="channel_failed", text=text,
                at=school.now,
            )  # fmt: skip
        await uow.commit()


async def told_to(school: OwingSchool, actor: Actor) -> list[str]:
    """The lines of what a staff member got over Telegram."""
    await school.sends(seconds=1)
    async with school.open_uow(reading=True) as uow:
        (contact,) = await uow.register.contacts(actor.person_id or 0)
    return [
        line
        for address, text, _ in school.post.telegram.sent
        if address == contact.address
        for section in text.sections
        for line in section.lines
    ]


async def test_a_page_with_results_says_until_when(school: OwingSchool) -> None:
    """Its term is the earliest of its results; a page of ordinary news is not among them (Q33)."""
    async with school.open_uow(reading=True) as uow:
        (page,) = await queue.load_queued_result_pages(uow, school.deputy, now=school.now, policy=POLICY)
    assert page.due == NOW + timedelta(hours=24)
    await school.family.learns(MARK, at=school.now, fact="entry:1")
    async with school.open_uow(reading=True) as uow:
        assert len(await queue.load_queued_result_pages(uow, school.deputy, now=school.now, policy=POLICY)) == 1


async def test_pages_are_recorded_as_printed_up_to_the_last_of_the_file(school: OwingSchool) -> None:
    """Printed is what closes on paper; a page that came after the file was made stays in the queue (Q34)."""
    await school.owes(PHYSICS, fact="period_mark:2")
    async with school.open_uow(reading=True) as uow:
        (page,) = await queue.load_queued_result_pages(uow, school.deputy, now=school.now, policy=POLICY)
    await on_paper(school)
    for count in (1, 0):
        async with school.open_uow() as uow:
            printed = await queue.record_printed_queue_pages(
                uow, school.deputy, last_id=page.extract.id, closes=CLOSES, now=school.now, policy=POLICY
            )
            assert printed == count
    first, second = await school.results()
    assert (first.obligation.state, first.obligation.evidence) == (State.CLOSED, Status.PRINTED)
    assert second.obligation.state is State.OPEN


async def test_the_class_teacher_is_told_of_each_page_once(school: OwingSchool) -> None:
    """The class, how many and until when; nobody is named, and the deputy head has the list (R6, Q33)."""
    for count in (1, 0):
        async with school.open_uow() as uow:
            assert await queue.announce_queued_pages(uow, now=school.now, policy=POLICY) == count
    line = "8Б, срок сб 21.11, 12:00: выдать 1 лист с результатами, он в очереди печати"
    assert [each.replace("срок сб 21.11, 12:00, 8Б", "8Б, срок сб 21.11, 12:00") for each in await told_to(
        school, school.class_teacher
    )] == [line]  # fmt: skip
    assert await told_to(school, school.deputy) == []
    await school.owes(PHYSICS, fact="period_mark:2")
    await on_paper(school)
    async with school.open_uow() as uow:
        assert await queue.announce_queued_pages(uow, now=school.now, policy=POLICY) == 1


async def test_a_class_without_a_class_teacher_is_the_deputy_head_s(school: OwingSchool) -> None:
    """Somebody is told in any case."""
    async with school.open_uow() as uow:
        (role,) = await uow.people.staff_roles(school.class_teacher.person_id or 0)
        await uow.people.end_role(role.id, ends_on=NOW.date() - timedelta(days=1))
        await uow.commit()
    async with school.open_uow() as uow:
        assert await queue.announce_queued_pages(uow, now=school.now, policy=POLICY) == 1
    assert len(await told_to(school, school.deputy)) == 1


async def test_pages_are_the_offices_alone(school: OwingSchool) -> None:
    """A class teacher hands out, and prints nothing of other classes (Q14)."""
    async with school.open_uow(reading=True) as uow:
        with pytest.raises(NotAllowedError):
            await queue.load_queued_result_pages(uow, school.class_teacher, now=NOW, policy=POLICY)
        secretary = Actor(school.deputy.person_id, frozenset({Role.SECRETARY}))
        assert len(await queue.load_queued_result_pages(uow, secretary, now=school.now, policy=POLICY)) == 1


async def test_a_difference_is_told_to_the_deputy_head(school: OwingSchool) -> None:
    """Notices without a result: the number once a day, and again when it is another one (Q71)."""
    async with school.open_uow(reading=True) as uow:
        differences = await obligations.verify_obligations(uow, policy=POLICY)
    assert [each.what for each in differences] == ["notice"]
    for told, found in ((True, differences), (False, differences), (True, [*differences, *differences]), (False, [])):
        async with school.open_uow() as uow:
            assert await obligations.warn_of_obligation_differences(uow, found, now=school.now, policy=POLICY) is told
    lines = await told_to(school, school.deputy)
    whole = "пт 20.11, сверка результатов: {} результатов и сообщений: vestnik obligations verify, {} результатов"
    assert [line.startswith(whole.format("1 расхождение", "2 расхождения")) for line in lines] == [True]
    async with school.open_uow(reading=True) as uow:
        assert {each.kind for each in await uow.outbox.published({NoticeKind.DEADLINES})} == {NoticeKind.DEADLINES}


async def test_a_result_that_is_not_planned_yet_is_no_difference(school: OwingSchool) -> None:
    """At a start the worker may not have come to it: it was announced (Q71)."""
    async with school.open_uow(reading=True) as uow:
        before = await obligations.verify_obligations(uow, policy=POLICY)
        assert await uow.outbox.unplanned_facts({NoticeKind.FINALS}) == []
    await school.family.learns(FINAL, fact="period_mark:1")
    async with school.open_uow(reading=True) as uow:
        assert await uow.outbox.unplanned_facts({NoticeKind.FINALS}) == ["period_mark:1"]
        after = await obligations.verify_obligations(uow, policy=POLICY)
    assert [each.fact for each in after] == [each.fact for each in before]

"""Roles and guardianships end, a court bars a parent, and what follows obeys at once (Q127)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from bot.paper.tray import PaperTray
from core.actions.broadcast import broadcasts
from core.actions.delivery import fan_out, obligations
from core.actions.imports import people as people_import
from core.actions.imports.people import PeopleResult
from core.actions.paper import queue
from core.actions.people import endings
from core.errors import (
    AlreadyBarredError,
    BarredError,
    DateFault,
    DocumentDateError,
    NotAllowedError,
    NothingInForceError,
    WithdrawnPaperError,
)
from core.model.audit import AuditLine
from core.model.broadcast import Draft
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason, State, Status
from core.model.delivery.text import Text
from core.model.imports.people_lists import PersonRow
from core.model.paper import Extract
from core.model.people import Actor, Role
from core.model.register.consents import Decision
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything, Family, OwnClasses, OwnGroups
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from tests.support.delivery.fakes import CLOSES
from tests.support.schools.builders import FINAL, NOW, Builder
from tests.support.schools.files import FATHER, MOTHER, PYOTR, guardian, people, staff, student

POLICY, TODAY, DAY = Policy(), NOW.date(), timedelta(days=1)
LEADER, SECRETARY = "Лукина Мария Фёдоровна", "Секретарёва Инна Олеговна"


@dataclass(frozen=True)
class School:
    """A pupil with a mother on e-mail and a father on paper, the class teacher and the secretary."""

    open_uow: UnitOfWorkFactory
    pupil: int
    mother: int
    father: int
    leader: int
    group: int
    secretary: Actor

    async def learns(self, fact: str = "period_mark:1") -> None:
        """A final mark is published and planned."""
        async with self.open_uow() as uow:
            await uow.outbox.add([NewNotice(self.pupil, FINAL, fact)], received_at=NOW, published_at=NOW)
            await uow.commit()
        async with self.open_uow() as uow:
            await fan_out.fan_out_all_notices(uow, now=NOW, policy=POLICY)

    async def owed(self, person: int) -> list[tuple[str, Status, Reason | None]]:
        """The deliveries about the pupil to one person."""
        async with self.open_uow(reading=True) as uow:
            found = await uow.outbox.deliveries_of_pair(person, self.pupil, set(Status))
        return [(each.channel, each.status, each.reason) for each in found]

    async def open_to(self) -> set[int]:
        """To whom anything is still owed."""
        async with self.open_uow(reading=True) as uow:
            return {row.obligation.person_id for row in await uow.outbox.obligations(states={State.OPEN})}

    async def sees(self, person: int, on: date = TODAY) -> set[int]:
        async with self.open_uow(reading=True) as uow:
            return {child.id for child in await uow.people.children(Family(person, on, needs_consent=False))}

    async def bars(self, guardian_id: int) -> None:
        async with self.open_uow() as uow:
            await endings.end_guardianship_by_court(
                uow, self.secretary, guardian_id=guardian_id, student_id=self.pupil, document="Решение 2-17/2026",
                now=NOW, policy=POLICY,
            )  # fmt: skip

    async def ends(self, person: int, on: date = TODAY, role: Role | None = None, child: int | None = None) -> int:
        async with self.open_uow() as uow:
            return await endings.end_roles_or_guardianships(
                uow, self.secretary, person_id=person, on=on, role=role, student_id=child, now=NOW, policy=POLICY
            )

    async def lists(self, *rows: PersonRow) -> PeopleResult:
        async with self.open_uow() as uow:
            return await people_import.import_people(uow, self.secretary, [people(*rows)], now=NOW, policy=POLICY)

    async def prints(self, person: int, key: str = "k") -> Extract:
        """An extract for one person lies in the queue."""
        tray = PaperTray(open_uow=self.open_uow, clock=lambda: NOW, policy=POLICY)
        number = await tray.put(person_id=person, student_id=self.pupil, text=Text("T", (), "t"), key=key)
        async with self.open_uow(reading=True) as uow:
            return await uow.paper.extract(number)

    async def audit(self) -> Sequence[AuditLine]:
        async with self.open_uow(reading=True) as uow:
            return await uow.audit.lines(limit=50)


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> School:
    async with open_uow() as uow:
        build = Builder(uow)
        pupil = await build.student(PYOTR)
        mother, father = await build.guardian(MOTHER, pupil), await build.guardian(FATHER, pupil)
        await build.decides(mother, pupil, Decision.CONSENT)
        await build.contact(mother, "email", "m@example.org")
        leader = await uow.people.add(LEADER, normal_name(LEADER))
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", "8б")
        await uow.people.add_staff_role(leader, Role.CLASS_TEACHER, group_id=group)
        secretary = await uow.people.add(SECRETARY, normal_name(SECRETARY))
        await uow.people.add_staff_role(secretary, Role.SECRETARY, group_id=None)
        await uow.commit()
    office = Actor(secretary, frozenset({Role.SECRETARY}))
    return School(open_uow, pupil, mother, father, leader, group, office)


async def test_a_barred_parent_is_owed_nothing_more(school: School) -> None:
    """What waits on paper is withdrawn with the reason, the mother's stays, and the child is out of sight at once."""
    await school.learns()
    assert await school.owed(school.father) == [("paper", Status.PENDING, None)]
    await school.bars(school.father)
    assert await school.owed(school.father) == [("paper", Status.WITHDRAWN, Reason.BARRED)]
    assert await school.open_to() == {school.mother}
    assert await school.sees(school.father) == set()
    assert await school.sees(school.mother) == {school.pupil}
    await school.learns("period_mark:2")
    assert len(await school.owed(school.father)) == 1


async def test_where_nobody_else_is_left_the_student_is_owed_the_fact(school: School) -> None:
    """Both parents barred: the open facts go to the student's own paper, and so do later ones (Q30)."""
    await school.learns()
    await school.bars(school.mother)
    await school.bars(school.father)
    assert await school.open_to() == {school.pupil}
    assert await school.owed(school.pupil) == [("paper", Status.PENDING, None)]
    await school.learns("period_mark:2")
    assert await school.open_to() == {school.pupil}


async def test_a_barred_parents_paper_is_not_printed_nor_handed_over(school: School) -> None:
    """A queued extract is not printable, a printed one cannot be handed over; the mother's stays (fault 14)."""
    queued, printed = await school.prints(school.father), await school.prints(school.father, "k2")
    others = await school.prints(school.mother, "k3")
    async with school.open_uow() as uow:
        await queue.record_queued_paper_status(
            uow, school.secretary, printed.number, Status.PRINTED, closes=CLOSES, now=NOW
        )
    await school.bars(school.father)
    late = await school.prints(school.father, "k4")
    async with school.open_uow() as uow:
        kept = [await uow.paper.extract(each.number) for each in (queued, printed, others, late)]
        assert [each.status for each in kept] == [
            Status.WITHDRAWN, Status.WITHDRAWN, Status.ACCEPTED, Status.ACCEPTED,
        ]  # fmt: skip
        may = await queue.load_printable_queue_extracts(uow, kept, now=NOW, policy=POLICY)
        assert [each.number for each in may] == [others.number]
        for number in (queued.number, printed.number):
            with pytest.raises(WithdrawnPaperError):
                await queue.record_queued_paper_status(
                    uow, school.secretary, number, Status.HANDED, closes=CLOSES, now=NOW
                )


async def test_a_bar_is_on_record_with_its_ground(school: School) -> None:
    """The link keeps document and day; the audit line names the secretary and numbers only (Q102, Q103)."""
    await school.bars(school.father)
    async with school.open_uow(reading=True) as uow:
        *_, link = await uow.people.guardianships([school.pupil])
    assert (link.guardian_id, link.access, link.document) == (school.father, False, "Решение 2-17/2026")
    (line, *_) = await school.audit()
    assert (line.action, line.actor_id) == ("guardian.barred", school.secretary.person_id)
    assert line.facts == {"person": school.father, "student": school.pupil}
    with pytest.raises(AlreadyBarredError):
        await school.bars(school.father)


@pytest.mark.parametrize(
    ("on", "wrong"), [(TODAY + DAY, DateFault.FUTURE), (date(1999, 12, 31), DateFault.TOO_OLD), (TODAY, None)]
)
async def test_the_ground_of_a_bar_is_dated_like_any_document(
    school: School, on: date, wrong: DateFault | None
) -> None:
    """Today is allowed, tomorrow and the last century are not (fault 15)."""
    async with school.open_uow() as uow:
        asked = endings.end_guardianship_by_court(
            uow, school.secretary, guardian_id=school.father, student_id=school.pupil, document="17", document_on=on,
            now=NOW, policy=POLICY,
        )  # fmt: skip
        if wrong is None:
            await asked
        else:
            with pytest.raises(DocumentDateError) as refused:
                await asked
            assert refused.value.fault is wrong


async def test_an_ended_guardianship_obeys_from_its_day(school: School) -> None:
    """Ended from today nothing is owed or shown; from tomorrow on, today still counts (Q127)."""
    await school.learns()
    await school.ends(school.mother, TODAY + DAY, child=school.pupil)
    assert await school.sees(school.mother) == {school.pupil}
    assert await school.sees(school.mother, TODAY + DAY) == set()
    assert school.mother in await school.open_to()
    await school.ends(school.mother, TODAY, child=school.pupil)
    assert await school.sees(school.mother) == set()
    assert await school.open_to() == {school.father}
    assert ("email", Status.WITHDRAWN, Reason.ENDED) in await school.owed(school.mother)


async def test_a_day_that_comes_by_itself_is_obeyed_at_night(school: School) -> None:
    """The nightly sweep lets go what an end that lay ahead left open, once."""
    await school.learns()
    await school.ends(school.mother, TODAY + DAY, child=school.pupil)
    for expected in (1, 0):
        async with school.open_uow() as uow:
            assert await endings.waive_after_ending(uow, now=NOW + DAY, policy=POLICY) == expected
    assert await school.open_to() == {school.father}


async def test_obligations_still_prove_out_after_ends_and_bars(school: School) -> None:
    """Whoever lost access since is none too many, and nobody is missing (Q71)."""
    async with school.open_uow() as uow:
        await uow.outbox.add([NewNotice(school.pupil, FINAL, "period_mark:1")], received_at=NOW, published_at=NOW)
        await fan_out.fan_out_notice_batch(uow, now=NOW, policy=POLICY)
    for lost in (school.father, school.mother):
        await school.bars(lost)
        async with school.open_uow(reading=True) as uow:
            found = await obligations.verify_obligations(uow, policy=POLICY)
        assert [each for each in found if each.what != "notice"] == []


async def test_an_ended_class_teacher_loses_the_class(school: School) -> None:
    """Roles, the class, the right to broadcast: all of it is gone from that day, and not a day before."""
    async with school.open_uow() as uow:
        subject = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        await uow.people.add_staff_role(school.leader, Role.TEACHER, group_id=school.group, subject_id=subject)
        await uow.commit()
    assert await school.ends(school.leader, role=Role.CLASS_TEACHER) == 1
    async with school.open_uow(reading=True) as uow:
        assert await uow.people.roles(school.leader, on=TODAY) == {Role.TEACHER}
        assert await uow.people.roles(school.leader, on=TODAY - DAY) == {Role.TEACHER, Role.CLASS_TEACHER}
        assert await uow.year.groups(OwnClasses(school.leader, TODAY)) == []
        assert len(await uow.year.groups(OwnGroups(school.leader, TODAY))) == 1
    assert await school.ends(school.leader) == 1
    async with school.open_uow(reading=True) as uow:
        assert await uow.people.roles(school.leader, on=TODAY) == frozenset()
        assert await uow.year.groups(OwnGroups(school.leader, TODAY)) == []


async def test_whom_only_a_timetable_names_still_teaches_unless_all_roles_ended(school: School) -> None:
    """A group's teacher without a listed role keeps the group; one whose role as a teacher ended does not."""
    async with school.open_uow() as uow:
        stream = await uow.year.ensure_group(GroupKind.STREAM, "Хор", "хор", teacher_id=school.leader)
        await uow.commit()
    async with school.open_uow(reading=True) as uow:
        assert stream in {group.id for group in await uow.year.groups(OwnGroups(school.leader, TODAY))}
    async with school.open_uow() as uow:
        await uow.people.add_staff_role(school.leader, Role.TEACHER, group_id=None)
        await uow.commit()
    await school.ends(school.leader, role=Role.TEACHER)
    async with school.open_uow(reading=True) as uow:
        assert [group.id for group in await uow.year.groups(OwnGroups(school.leader, TODAY))] == [school.group]


async def test_a_planned_broadcast_of_an_ended_author_does_not_go(school: School) -> None:
    """It is called back at its time, with a line that says why; one of an author in office goes."""
    author = Actor(school.leader, frozenset({Role.CLASS_TEACHER}))
    later = NOW + timedelta(hours=1)
    draft = Draft(frozenset({school.group}), text="Собрание", send_at=later)
    async with school.open_uow() as uow:
        await broadcasts.send_broadcast(uow, author, draft, now=NOW, policy=POLICY, on=TODAY)
    await school.ends(school.leader)
    async with school.open_uow() as uow:
        await broadcasts.publish_due_broadcasts(uow, now=later, policy=POLICY)
    assert (await school.audit())[0].action == "broadcast.author_ended"
    async with school.open_uow() as uow:
        assert await uow.outbox.unplanned(10) == []


async def test_an_ended_deputy_head_is_warned_no_more(school: School) -> None:
    """Warnings of their office stop, and what waited for them is withdrawn."""
    async with school.open_uow() as uow:
        await uow.people.add_staff_role(school.leader, Role.DEPUTY_HEAD, group_id=None)
        await uow.commit()
    await school.learns()
    late = NOW + timedelta(hours=23)
    async with school.open_uow() as uow:
        assert await obligations.warn_of_late_obligations(uow, now=late, policy=POLICY)
        await fan_out.fan_out_notice_batch(uow, now=late, policy=POLICY)
    assert school.leader in await school.open_to()
    await school.ends(school.leader)
    assert school.leader not in await school.open_to()
    async with school.open_uow(reading=True) as uow:
        assert await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=TODAY) == []
        assert await uow.people.staff([school.leader], on=TODAY) == []


async def test_a_teacher_who_is_a_parent_is_asked_which(school: School) -> None:
    """Without a role and a student nothing is guessed; each half ends by itself."""
    async with school.open_uow() as uow:
        await uow.people.add_guardianship(school.leader, school.pupil, relation="тётя")
        await uow.commit()
    with pytest.raises(NothingInForceError):
        await school.ends(school.leader)
    assert await school.ends(school.leader, role=Role.GUARDIAN) == 1
    assert await school.ends(school.leader) == 1
    with pytest.raises(NothingInForceError):
        await school.ends(school.leader)


async def test_what_has_ended_goes_on_by_a_persons_decision(school: School) -> None:
    """A role and a link resume; a bar is lifted only by a document."""
    await school.ends(school.leader)
    await school.ends(school.mother, child=school.pupil)
    await school.bars(school.father)
    asked: dict[str, Any] = {"now": NOW, "policy": POLICY}
    async with school.open_uow() as uow:
        await endings.resume_after_ending(uow, school.secretary, person_id=school.leader, **asked)
    async with school.open_uow() as uow:
        await endings.resume_after_ending(
            uow, school.secretary, person_id=school.mother, student_id=school.pupil, **asked
        )
    async with school.open_uow() as uow:
        with pytest.raises(BarredError):
            await endings.resume_after_ending(
                uow, school.secretary, person_id=school.father, student_id=school.pupil, **asked
            )
    async with school.open_uow() as uow:
        await endings.resume_after_ending(
            uow, school.secretary, person_id=school.father, student_id=school.pupil, document="2-18", **asked
        )
        assert await uow.people.roles(school.leader, on=TODAY) == {Role.CLASS_TEACHER}
    for parent in (school.mother, school.father):
        assert await school.sees(parent) == {school.pupil}


@pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.GUARDIAN])
async def test_only_the_office_ends_and_bars(school: School, role: Role) -> None:
    """Nobody else decides who has access (Q14)."""
    actor = Actor(school.leader, frozenset({role}))
    async with school.open_uow() as uow:
        with pytest.raises(NotAllowedError):
            await endings.end_roles_or_guardianships(
                uow, actor, person_id=school.mother, on=TODAY, now=NOW, policy=POLICY
            )
        with pytest.raises(NotAllowedError):
            await endings.end_guardianship_by_court(
                uow, actor, guardian_id=school.mother, student_id=school.pupil, document="1", now=NOW, policy=POLICY
            )


async def test_a_list_bars_and_ends(school: School) -> None:
    """`access` no and `ends_on` of a row work like the commands, and the same list again changes nothing."""
    await school.learns()
    rows = (
        student(),
        guardian(FATHER, access=False, form_no="2-17"),
        guardian(MOTHER, ends_on=TODAY - DAY),
        staff(LEADER, Role.CLASS_TEACHER, "8Б", ends_on=TODAY - DAY),
    )
    first = await school.lists(*rows)
    assert (first.ok, first.files[0].counts.ended) == (True, 3)
    assert [await school.sees(each) for each in (school.father, school.mother)] == [set(), set()]
    assert await school.open_to() == {school.pupil}
    assert (await school.lists(*rows)).files[0].counts.total == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (guardian(FATHER), "guardian_barred"),
        (guardian(FATHER, access=True), "guardian_barred"),
        (guardian(MOTHER), "guardianship_ended"),
        (guardian(MOTHER, ends_on=TODAY + DAY), "guardianship_ended"),
        (staff(LEADER, Role.CLASS_TEACHER, "8Б"), "role_ended"),
    ],
)
async def test_an_old_list_brings_nobody_back_in_silence(school: School, row: PersonRow, reason: str) -> None:
    """What a person ended or barred is a problem line in a later list, and stays as it is (Q127)."""
    await school.bars(school.father)
    await school.ends(school.mother, child=school.pupil)
    await school.ends(school.leader)
    result = await school.lists(student(), row)
    assert [problem.reason for each in result.files for problem in each.problems] == [reason]
    assert [await school.sees(each) for each in (school.father, school.mother)] == [set(), set()]


async def test_a_wrong_class_of_a_list_ends_by_its_own_row(school: School) -> None:
    """Who entered 8Б instead of 9А adds yesterday as its last day and a row of 9А: one class is left (README)."""
    wrong = staff(LEADER, Role.CLASS_TEACHER, "8Б", ends_on=TODAY - DAY)
    result = await school.lists(wrong, staff(LEADER, Role.CLASS_TEACHER, "9А"))
    assert (result.ok, result.files[0].counts.ended, result.files[0].counts.roles) == (True, 1, 1)
    async with school.open_uow(reading=True) as uow:
        groups = {group.id: group.name for group in await uow.year.groups(Everything())}
        roles = [role for role in await uow.people.staff_roles(school.leader) if not role.has_ended(TODAY)]
    assert [groups[role.group_id or 0] for role in roles if role.role is Role.CLASS_TEACHER] == ["9А"]


async def test_a_new_row_may_say_at_once_that_there_is_no_access(school: School) -> None:
    """A parent who comes barred is known, and is owed nothing from the first day."""
    assert (await school.lists(student(), guardian("Ёлкин Олег Ильич", access=False))).ok
    await school.learns()
    assert await school.open_to() == {school.mother, school.father}


async def test_an_ended_teacher_of_a_list_is_the_same_person(school: School) -> None:
    """Whoever left is known by name: another role in a later list makes no second person."""
    await school.ends(school.leader)
    assert (await school.lists(staff(LEADER, Role.TEACHER, "9А"))).ok
    async with school.open_uow(reading=True) as uow:
        assert [each.id for each in await uow.people.named([normal_name(LEADER)])] == [school.leader]

"""Who sees whom, and to whom facts are owed: the rules of access and consent as SQL carries them out."""

from datetime import date, timedelta
from itertools import product

import pytest

from core.errors import NotFoundError
from core.model.delivery.recipients import Recipient
from core.model.delivery.states import Reason
from core.model.people import Role
from core.model.register.consents import Decision, NewConsent
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Family, OwnGroups, Scope
from core.rules.register import consents
from tests.support.schools.builders import NOW, Builder, a_family

TODAY = NOW.date()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


async def seen(open_uow: UnitOfWorkFactory, scope: Scope) -> set[int]:
    async with open_uow(reading=True) as uow:
        return {child.id for child in await uow.people.children(scope)}


async def owed(open_uow: UnitOfWorkFactory, student: int, on: date = TODAY) -> list[Recipient]:
    async with open_uow(reading=True) as uow:
        return list(await uow.people.recipients([student], on=on))


async def test_consent_for_one_sibling_opens_nothing_about_the_other(open_uow: UnitOfWorkFactory) -> None:
    """Each pair of parent and child has its own consent (Q3)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        sibling = await Builder(uow).student("Соколов Пётр Олегович", "5А")
        await uow.people.add_guardianship(family.mother, sibling, relation="мать")
        await uow.commit()
    assert await seen(open_uow, Family(family.mother, TODAY, needs_consent=True)) == {family.student}
    assert await seen(open_uow, Family(family.mother, TODAY, needs_consent=False)) == {family.student, sibling}


async def test_divorced_parents_decide_separately(open_uow: UnitOfWorkFactory) -> None:
    """The father's refusal takes nothing from the mother, nor hers from him (Q3)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        build = Builder(uow)
        father = await build.guardian("Соколов Олег Петрович", family.student)
        await build.decides(father, family.student, Decision.REFUSAL)
        await uow.commit()
    mother_s, father_s = await owed(open_uow, family.student)
    assert (mother_s.person_id, mother_s.obstacle) == (family.mother, None)
    assert (father_s.person_id, father_s.consent_id, father_s.obstacle) == (father, None, Reason.NO_CONSENT)
    assert await seen(open_uow, Family(father, TODAY, needs_consent=True)) == set()


@pytest.mark.parametrize(
    ("access", "starts_on", "ends_on"),
    [(False, None, None), (True, TOMORROW, None), (True, None, YESTERDAY)],
    ids=["without access", "not yet", "no longer"],
)
async def test_a_guardian_without_access_is_owed_and_shown_nothing(
    open_uow: UnitOfWorkFactory, *, access: bool, starts_on: date | None, ends_on: date | None
) -> None:
    """A link that a court took access from, or outside its dates, entitles to nothing (Q14)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        build = Builder(uow)
        father = await build.guardian("Соколов Олег Петрович")
        await uow.people.add_guardianship(
            father, family.student, relation="отец", access=access, starts_on=starts_on, ends_on=ends_on
        )
        await build.decides(father, family.student, Decision.CONSENT)
        await uow.commit()
    assert await seen(open_uow, Family(father, TODAY, needs_consent=False)) == set()
    assert [each.person_id for each in await owed(open_uow, family.student)] == [family.mother]


async def test_a_guardianship_counts_on_its_first_and_last_day(open_uow: UnitOfWorkFactory) -> None:
    """Both dates of the link are included."""
    async with open_uow() as uow:
        build = Builder(uow)
        student, guardian = await build.student("Орлов Иван Ильич"), await build.guardian("Орлов Илья Ильич")
        await uow.people.add_guardianship(guardian, student, relation="опекун", starts_on=TODAY, ends_on=TODAY)
        await uow.commit()
    days = [await seen(open_uow, Family(guardian, day, needs_consent=False)) for day in (YESTERDAY, TODAY, TOMORROW)]
    assert days == [set(), {student}, set()]


async def test_a_student_whom_nobody_stands_for_is_owed_on_paper(open_uow: UnitOfWorkFactory) -> None:
    """Nobody is left without a channel: without guardian and account the facts go to the student on paper (Q30)."""
    async with open_uow() as uow:
        build = Builder(uow)
        student = await build.student("Орлов Иван Ильич")
        await build.contact(student, "telegram", "77")
        await uow.commit()
    (recipient,) = await owed(open_uow, student)
    assert (recipient.person_id, recipient.obstacle, recipient.routes) == (student, Reason.NO_ACCESS, ())


async def test_a_student_with_an_account_is_owed_beside_the_guardian(open_uow: UnitOfWorkFactory) -> None:
    """From 14 the student hears it too, by an own consent and over own contacts (Q9)."""
    async with open_uow() as uow:
        build = Builder(uow)
        student = await uow.people.add("Орлов Иван Ильич", "орлов иван ильич")
        await uow.people.add_student(student, leaves_on=None, own_account=True)
        guardian = await build.guardian("Орлов Илья Ильич", student)
        consent_id = await build.decides(student, student, Decision.CONSENT)
        contact_id = await build.contact(student, "telegram", "77")
        roles = await uow.people.roles(student, on=TODAY), await uow.people.roles(guardian, on=TODAY)
        await uow.commit()
    about_guardian, own = await owed(open_uow, student)
    assert about_guardian.person_id == guardian
    assert (own.person_id, own.consent_id, [route.contact_id for route in own.routes]) == (
        student, consent_id, [contact_id],
    )  # fmt: skip
    assert await seen(open_uow, Family(student, TODAY, needs_consent=True)) == {student}
    assert roles == (frozenset({Role.STUDENT}), frozenset({Role.GUARDIAN}))


async def test_each_route_says_what_bars_it(open_uow: UnitOfWorkFactory) -> None:
    """Routes come in the agreed order with the reason of each that is closed; paper is not among them (Q80, Q84)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        build = Builder(uow)
        await build.contact(family.mother, "sms", "+79000000001", rank=3, signed=False)
        unbound = await build.contact(family.mother, "sms", "+79000000002", rank=4)
        await build.contact(family.mother, "paper", "", rank=5)
        await uow.register.set_aside(family.telegram, Reason.BLOCKED, at=NOW)
        await uow.register.revoke(unbound, at=NOW)
        await uow.commit()
    (recipient,) = await owed(open_uow, family.student)
    assert [(route.channel, route.obstacle) for route in recipient.routes] == [
        ("telegram", Reason.CONTACT_SET_ASIDE),
        ("email", None),
        ("sms", Reason.CONTACT_UNCONFIRMED),
        ("sms", Reason.CONTACT_REVOKED),
    ]


async def test_sql_and_the_rule_agree_on_every_history(open_uow: UnitOfWorkFactory) -> None:
    """Whatever a pair has decided and when, the scope, the recipients and the pure rule say the same (Q6)."""
    steps = [(decision, day) for decision in Decision for day in (YESTERDAY, TODAY, TOMORROW)]
    histories = [(), *product(steps, repeat=1), *product(steps, repeat=2)]
    async with open_uow() as uow:
        build = Builder(uow)
        parent = await build.guardian("Орлов Илья Ильич")
        for number, history in enumerate(histories):
            student = await build.student(f"Ученик {number}")
            await uow.people.add_guardianship(parent, student, relation="отец")
            for decision, day in history:
                await build.decides(parent, student, decision, day)
        entries = await uow.register.consents(person_id=parent)
        everyone = {link.student_id for link in await uow.people.guardianships()}
        await uow.commit()
    by_rule = {
        student
        for student in everyone
        for latest in [consents.latest_consent_entry([each for each in entries if each.student_id == student], TODAY)]
        if consents.consent_obstacle(latest, TODAY) is None
    }
    async with open_uow(reading=True) as uow:
        recipients = await uow.people.recipients(everyone, on=TODAY)
    assert await seen(open_uow, Family(parent, TODAY, needs_consent=True)) == by_rule
    assert {each.student_id for each in recipients if each.consent_id is not None} == by_rule
    assert 0 < len(by_rule) < len(everyone) == len(histories)


async def test_a_consent_opens_the_channels_that_it_names(open_uow: UnitOfWorkFactory) -> None:
    """Scope and routes agree: a document without MAX's processor opens no MAX, one that names it does (Q2, Q140)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        await Builder(uow).contact(family.mother, "max", "7001", rank=3)
        await uow.commit()
    found = []
    for named in (("email", "telegram"), ("email", "max_2"), ("max", "telegram"), None):
        async with open_uow() as uow:
            consent = NewConsent(family.mother, family.student, Decision.CONSENT, TODAY, "С-2", channels=named)
            await uow.register.add_consent(consent, registered_by="Секретарь", at=NOW)
            await uow.commit()
        scope = Family(family.mother, TODAY, needs_consent=True, channel="max")
        (recipient,) = await owed(open_uow, family.student)
        reason = {route.channel: route.obstacle for route in recipient.routes}["max"]
        found.append((await seen(open_uow, scope) == {family.student}, reason))
    closed = (False, Reason.PROCESSOR_NOT_NAMED)
    assert found == [closed, closed, (True, None), (True, None)]


async def test_a_teacher_sees_the_groups_taught_and_the_class_led(open_uow: UnitOfWorkFactory) -> None:
    """A teacher own groups, a class teacher the whole class, and neither another class (Q14, Q21)."""
    async with open_uow() as uow:
        build = Builder(uow)
        led, taught, stranger = [
            await build.student(name, school_class)
            for name, school_class in (("Первый", "8Б"), ("Второй", "9А"), ("Третий", "7В"))
        ]
        teacher = await build.guardian("Учитель Истории")
        eighth = await uow.year.ensure_group(GroupKind.CLASS, "8Б", "8б")
        await uow.people.add_staff_role(teacher, Role.CLASS_TEACHER, group_id=eighth)
        stream = await uow.year.ensure_group(GroupKind.STREAM, "История 9", "история 9", teacher_id=teacher)
        await uow.year.enrol(taught, stream, starts_on=YESTERDAY)
        await uow.commit()
    assert await seen(open_uow, OwnGroups(teacher, TODAY)) == {led, taught}
    assert await seen(open_uow, OwnGroups(teacher, YESTERDAY - timedelta(days=1))) == {led}
    async with open_uow(reading=True) as uow:
        groups = await uow.year.groups(OwnGroups(teacher, TODAY))
        with pytest.raises(NotFoundError):
            await uow.people.person(stranger, OwnGroups(teacher, TODAY))
    assert {group.name for group in groups} == {"8Б", "История 9"}


async def test_a_teacher_sees_a_student_until_the_last_day(open_uow: UnitOfWorkFactory) -> None:
    """Whoever left the school is out of a teacher's sight, although class lists still name them (Q14, Q40)."""
    async with open_uow() as uow:
        build = Builder(uow)
        student = await build.student("Орлов Иван Ильич")
        await uow.people.add_student(student, leaves_on=TODAY)
        teacher = await build.guardian("Учитель Истории")
        eighth = await uow.year.ensure_group(GroupKind.CLASS, "8Б", "8б")
        await uow.people.add_staff_role(teacher, Role.TEACHER, group_id=eighth)
        await uow.commit()
    days = [await seen(open_uow, OwnGroups(teacher, day)) for day in (TODAY, TOMORROW)]
    assert days == [{student}, set()]


async def test_whoever_moves_to_another_class_leaves_the_first(open_uow: UnitOfWorkFactory) -> None:
    """The move ends the old place the day before and keeps it as history (Q40)."""
    async with open_uow() as uow:
        student = await Builder(uow).student("Орлов Иван Ильич", "8Б")
        other = await uow.year.ensure_group(GroupKind.CLASS, "8А", "8а")
        moved = [await uow.year.enrol(student, other, starts_on=TODAY) for _ in range(2)]
        await uow.commit()
    async with open_uow(reading=True) as uow:
        classes = [[entry.class_name for entry in await uow.people.roll(day)] for day in (YESTERDAY, TODAY)]
    assert moved == [True, False]
    assert classes == [["8Б"], ["8А"]]

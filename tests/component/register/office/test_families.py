"""What the office and class teachers see of families, what a class's consents need, and the weekly word."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from core.actions.people.waiting_contacts import tell_of_waiting_contacts
from core.actions.register import contacts
from core.actions.register.office import class_consents, families
from core.actions.register.office.class_consents import SignedClassConsents
from core.errors import DocumentDateError, FieldsNotFilledError, NotAllowedError, NotFoundError
from core.model.delivery.states import Reason
from core.model.notices.staff import ContactsWaiting
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import Decision
from core.model.register.families import PairState
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything, OwnClasses
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from tests.support.schools.builders import NOW, Builder

TODAY, POLICY = NOW.date(), Policy()
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Families:
    """8Б with a mother and a father of one student and a lonely one, 7А with a mother; a teacher leads 8Б."""

    open_uow: UnitOfWorkFactory
    group: int
    anna: int
    alone: int
    other: int
    mother: int
    father: int
    stranger: int
    leader: Actor
    secretary: Actor


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> Families:
    async with open_uow() as uow:
        build = Builder(uow)
        anna, alone = await build.student("Соколова Анна Олеговна"), await build.student("Янин Ян Янович")
        other = await build.student("Белова Нина Львовна", "7А")
        mother = await build.guardian("Соколова Вера Ивановна", anna)
        father = await build.guardian("Соколов Олег Ильич", anna)
        stranger = await build.guardian("Белова Ольга Львовна", other)
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
        leader, secretary = [await build.guardian(name) for name in ("Учителева Анна", "Тихонова Инна")]
        await uow.people.add_staff_role(leader, Role.CLASS_TEACHER, group_id=group)
        await uow.people.add_staff_role(secretary, Role.SECRETARY, group_id=None)
        await uow.commit()
    return Families(
        open_uow, group, anna, alone, other, mother, father, stranger,
        Actor(leader, frozenset({Role.CLASS_TEACHER})), Actor(secretary, frozenset({Role.SECRETARY})),
    )  # fmt: skip


async def waits(school: Families, person: int, address: str) -> int:
    """A contact that somebody added a month ago and nobody has proven."""
    async with school.open_uow() as uow:
        return await contacts.add_contact(
            uow, SYSTEM, person_id=person, channel="email", address=address, now=NOW - MONTH
        )


async def test_pairs_have_their_own_states(school: Families) -> None:
    """Each representative decides alone; a student whom nobody represents is on the list too (Q3, Q30)."""
    async with school.open_uow() as uow:
        build = Builder(uow)
        await build.decides(school.mother, school.anna, Decision.CONSENT)
        await build.decides(school.father, school.anna, Decision.REFUSAL)
        await build.contact(school.mother, "telegram", "501")
        await uow.commit()
    async with school.open_uow(reading=True) as uow:
        group, stated = await families.load_class_families(uow, school.secretary, school.group, on=TODAY)
    assert group.name == "8Б"
    assert [(each.pair.person, each.state) for each in stated] == [
        ("Соколова Вера Ивановна", PairState.ACTIVE),
        ("Соколов Олег Ильич", PairState.REFUSED),
        ("Янин Ян Янович", PairState.ALONE),
    ]


async def test_a_class_teacher_sees_the_own_class_alone(school: Families) -> None:
    """In SQL, by the scope: another class is not found, and a parent may see nothing (Q14)."""
    assert school.leader.person_id is not None
    async with school.open_uow(reading=True) as uow:
        own = await uow.register.families(OwnClasses(school.leader.person_id, TODAY), on=TODAY)
        assert {pair.student_id for pair in own} == {school.anna, school.alone}
        assert len(await uow.register.families(Everything(), on=TODAY)) == 4
        await families.load_class_families(uow, school.leader, school.group, on=TODAY)
        (other,) = {each.group_id for each in await uow.register.families(Everything(), on=TODAY)} - {school.group}
        with pytest.raises(NotFoundError):
            await families.load_class_families(uow, school.leader, other, on=TODAY)
        for actor in (Actor(school.mother, frozenset({Role.GUARDIAN})), Actor(None, frozenset())):
            with pytest.raises(NotAllowedError):
                await families.load_class_families(uow, actor, school.group, on=TODAY)


async def test_only_the_office_opens_cards_and_lists(school: Families) -> None:
    """A class teacher keeps no register (Q102)."""
    mail = await waits(school, school.mother, "m@example.org")
    async with school.open_uow(reading=True) as uow:
        for look in (
            families.load_office_family_lists(uow, school.leader, on=TODAY),
            families.load_family_person_card(uow, school.leader, school.mother, on=TODAY),
            families.load_pending_family_contact(uow, school.leader, mail, on=TODAY),
            families.load_classes_with_families(uow, school.leader, on=TODAY),
            class_consents.load_class_consents(uow, school.leader, school.group, on=TODAY),
        ):
            with pytest.raises(NotAllowedError):
                await look
        card = await families.load_family_person_card(uow, school.secretary, school.mother, on=TODAY)
        assert [each.contact.id for each in card.contacts] == [mail]


async def test_a_class_teacher_is_told_once_a_week_of_what_waits(school: Families) -> None:
    """The class and how many, no name; next week again; of a class without a leader the office is told (Q84)."""
    await waits(school, school.mother, "m@example.org")
    await waits(school, school.father, "f@example.org")
    await waits(school, school.stranger, "s@example.org")
    for days in (0, 1, 2, 7):
        async with school.open_uow() as uow:
            await tell_of_waiting_contacts(uow, now=NOW + timedelta(days=days), policy=POLICY)
    async with school.open_uow(reading=True) as uow:
        told = [(each.person_id, each.notice) for each in await uow.outbox.unplanned(100)]
    leader, secretary = school.leader.person_id, school.secretary.person_id
    assert told == [
        (person, ContactsWaiting(group, on, count))
        for on in (TODAY, TODAY + timedelta(days=7))
        for person, group, count in ((leader, "8Б", 2), (secretary, "7А", 1))
    ]


async def test_what_does_not_wait_is_not_told(school: Families) -> None:
    """Neither a contact of yesterday nor one with both proofs, nor one that was revoked."""
    async with school.open_uow() as uow:
        await contacts.add_contact(
            uow, SYSTEM, person_id=school.mother, channel="email", address="m@example.org", now=NOW
        )
        await Builder(uow).contact(school.father, "telegram", "502")
        await uow.commit()
    gone = await waits(school, school.stranger, "s@example.org")
    async with school.open_uow() as uow:
        await contacts.revoke_contact(uow, SYSTEM, contact_id=gone, now=NOW, policy=POLICY)
    async with school.open_uow() as uow:
        assert await tell_of_waiting_contacts(uow, now=NOW, policy=POLICY) == 0


async def test_who_is_set_aside_is_listed_with_the_reason(school: Families) -> None:
    """Until the contact is brought back (Q84)."""
    mail = await waits(school, school.mother, "m@example.org")
    async with school.open_uow() as uow:
        await uow.register.set_aside(mail, Reason.BOUNCED, at=NOW)
        await uow.commit()
    async with school.open_uow() as uow:
        (held,) = (await families.load_office_family_lists(uow, school.secretary, on=TODAY)).set_aside
        assert (held.owner, held.contact.set_aside_reason) == ("Соколова Вера Ивановна", "bounced")
        assert await contacts.resume_contact(uow, school.secretary, contact_id=mail, now=NOW)
    async with school.open_uow() as uow:
        assert not (await families.load_office_family_lists(uow, school.secretary, on=TODAY)).set_aside


@pytest.mark.parametrize("wrong", ["date", "tick", "class"])
async def test_a_class_is_entered_whole_or_not_at_all(school: Families, wrong: str) -> None:
    """A date of the future, a missing tick, a pair of another class: nobody's consent is entered (Q4)."""
    signed = {(school.mother, school.anna)} | ({(school.stranger, school.other)} if wrong == "class" else set())
    dated = date(2026, 11, 21) if wrong == "date" else TODAY
    new = SignedClassConsents(school.group, signed, "бланки", dated, all_fields_filled=wrong != "tick")
    async with school.open_uow() as uow:
        with pytest.raises((DocumentDateError, FieldsNotFilledError, NotFoundError)):
            await class_consents.register_class_consents(uow, school.secretary, new, now=NOW, policy=POLICY)
    async with school.open_uow(reading=True) as uow:
        assert not await uow.register.consents()


async def test_a_class_is_entered_once(school: Families) -> None:
    """A pair that was entered meanwhile is passed over; both parents may sign (Q3)."""
    signed = {(school.mother, school.anna), (school.father, school.anna)}
    new = SignedClassConsents(school.group, signed, "бланки", TODAY, all_fields_filled=True)
    counts = []
    for _ in range(2):
        async with school.open_uow() as uow:
            counts.append(
                await class_consents.register_class_consents(uow, school.secretary, new, now=NOW, policy=POLICY)
            )
    assert counts == [2, 0]

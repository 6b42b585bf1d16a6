"""What the office and class teachers see of the register: classes with states, what is to do, one person's card."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from core.errors import NotFoundError
from core.model.channels import PAPER
from core.model.people import OFFICE, Actor, Person, Role
from core.model.register.contacts import Confirmation, Contact, PendingContact
from core.model.register.families import (
    FamilyPair,
    FoundPerson,
    NamedForm,
    OfficeContact,
    OfficeLists,
    PairState,
    PersonCard,
    StatedPair,
)
from core.model.register.forms import FormState, IssuedForm
from core.model.year import GroupKind, TeachingGroup
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from core.rules.register.families import family_pair_state, is_family_waiting_long


async def load_class_families(
    uow: UnitOfWork, actor: Actor, group_id: int, *, on: date, served: frozenset[str] | None = None
) -> tuple[TeachingGroup, Sequence[StatedPair]]:
    """The class and its pairs with their states, for the office and the class teacher. Raises NotFoundError."""
    scope = access.families_access_scope(actor, on=on)
    classes = [each for each in await uow.year.groups(scope) if each.kind is GroupKind.CLASS and each.id == group_id]
    if not classes:
        raise NotFoundError
    return classes[0], _stated(await uow.register.families(scope, on=on, group_id=group_id), on, served)


async def load_classes_with_families(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[TeachingGroup]:
    """The classes of the school by grade and name, for the office."""
    access.require_access_role(actor, *OFFICE)
    classes = [
        each
        for each in await uow.year.groups(access.families_access_scope(actor, on=on))
        if each.kind is GroupKind.CLASS
    ]
    return sorted(classes, key=lambda group: (group.grade_level or 0, group.name_key))


async def load_families_of_classes(
    uow: UnitOfWork, actor: Actor, *, on: date, served: frozenset[str] | None = None
) -> Sequence[StatedPair]:
    """The pairs of all classes that the actor may see, with their states."""
    return _stated(await uow.register.families(access.families_access_scope(actor, on=on), on=on), on, served)


async def load_office_family_lists(uow: UnitOfWork, actor: Actor, *, on: date) -> OfficeLists:
    """What the office has to do, with the states of all families; the secretary and the deputy head may see it."""
    access.require_access_role(actor, *OFFICE)
    stated = _stated(await uow.register.families(Everything(), on=on), on)
    lists = await _lists(uow, [each.pair for each in stated])
    return replace(
        lists,
        without_channel=[each.pair for each in stated if each.state is PairState.NO_CHANNEL],
        undecided=sum(each.state is PairState.UNDECIDED for each in stated),
    )


async def load_waiting_family_lists(uow: UnitOfWork, actor: Actor, *, on: date) -> OfficeLists:
    """As `load_office_family_lists`, without the states of families, which take the longest to read."""
    access.require_access_role(actor, *OFFICE)
    waiting = [*await uow.register.pending(), *await uow.register.contacts_set_aside()]
    owners = {each.contact.person_id for each in waiting}
    return await _lists(uow, await uow.register.families(Everything(), on=on, person_ids=owners))


async def _lists(uow: UnitOfWork, pairs: Sequence[FamilyPair]) -> OfficeLists:
    names = {pair.person_id: pair.person for pair in pairs} | {pair.student_id: pair.student for pair in pairs}
    return OfficeLists(
        forms=[await load_named_family_form(uow, form, names) for form in await uow.register.forms(FormState.WAITING)],
        waiting=await uow.register.pending(),
        without_channel=(),
        set_aside=await uow.register.contacts_set_aside(),
        undecided=0,
        pair_of={pair.person_id: pair for pair in reversed(pairs)},
    )


async def load_named_family_form(
    uow: UnitOfWork, form: IssuedForm, names: Mapping[int, str] = MappingProxyType({})
) -> NamedForm:
    """The form with the names of whom it is of, as far as possible from those that are known."""

    async def name_of(person_id: int) -> str:
        return names.get(person_id) or (await uow.people.person(person_id, Everything())).name

    return NamedForm(form, await name_of(form.person_id), await name_of(form.student_id) if form.student_id else "")


async def load_pending_family_contact(uow: UnitOfWork, actor: Actor, contact_id: int, *, on: date) -> OfficeContact:
    """A contact in use with its owner and one child of theirs, for the office. Raises NotFoundError."""
    access.require_access_role(actor, *OFFICE)
    contact = await uow.register.contact(contact_id)
    if not _is_shown(contact):
        raise NotFoundError
    owner = await uow.people.person(contact.person_id, Everything())
    confirmations = await uow.register.confirmations(contact_id)
    pairs = await uow.register.families(Everything(), on=on, person_ids={owner.id})
    forms = [
        form
        for form in await uow.register.forms(FormState.WAITING, person_id=owner.id)
        if contact_id in form.contact_ids
    ]
    held = PendingContact(contact, owner.name, bool(confirmations))
    return OfficeContact(held, next(iter(pairs), None), next(iter(forms), None))


async def load_families_waiting_long(
    uow: UnitOfWork, actor: Actor, *, now: datetime, policy: Policy
) -> Sequence[tuple[FamilyPair, PendingContact]]:
    """Contacts of the actor's classes that have lacked a proof for a week, each with one child of its owner (Q84)."""
    on = timing.local_date_of_time(now, policy)
    pairs = await uow.register.families(access.families_access_scope(actor, on=on), on=on)
    found = {
        each.contact.id: (pair, each)
        for pair in reversed(pairs)
        for each in pair.contacts
        if is_family_waiting_long(each, now)
    }
    return list(reversed(found.values()))


async def load_family_person_card(
    uow: UnitOfWork, actor: Actor, person_id: int, *, on: date, served: frozenset[str] | None = None
) -> PersonCard:
    """All that the register knows of a person, for the office. Raises NotFoundError, also for a joined entry."""
    access.require_access_role(actor, *OFFICE)
    person = await uow.people.person(person_id, Everything())
    if person.joined_to is not None:
        raise NotFoundError
    held, confirmations = await _held_contacts(uow, person)
    return PersonCard(
        person=person,
        roles=await uow.people.roles(person_id, on=on),
        pairs=_stated(await uow.register.families(Everything(), on=on, person_ids={person_id}), on, served),
        contacts=held,
        confirmations=confirmations,
        forms=await uow.register.forms(FormState.WAITING, person_id=person_id),
    )


async def find_family_persons(uow: UnitOfWork, part: str, *, on: date) -> Sequence[FoundPerson]:
    """Persons whose present or former name contains these words, with what tells namesakes apart."""
    return await load_family_namesakes(uow, await uow.people.find(normal_name(part)), on=on)


async def load_family_namesakes(uow: UnitOfWork, persons: Sequence[Person], *, on: date) -> Sequence[FoundPerson]:
    """These persons with their classes, children and roles."""
    rolls = {entry.student_id: entry for entry in await uow.people.roll(on)}
    children: dict[int, list[tuple[str, str]]] = {person.id: [] for person in persons}
    for link in await uow.people.guardianships():
        if link.guardian_id in children and link.access and not link.has_ended(on) and link.student_id in rolls:
            child = rolls[link.student_id]
            children[link.guardian_id].append((child.name, child.class_name))
    classes = {group.id: group.name for group in await uow.year.groups(Everything())}
    return [
        FoundPerson(
            person,
            rolls[person.id].class_name if person.id in rolls else "",
            tuple(children[person.id]),
            await uow.people.roles(person.id, on=on),
            led=await _staff_classes(uow, person.id, Role.CLASS_TEACHER, classes, on),
            taught=await _staff_classes(uow, person.id, Role.TEACHER, classes, on),
        )
        for person in persons
    ]


async def _staff_classes(
    uow: UnitOfWork, person_id: int, role: Role, classes: Mapping[int, str], on: date
) -> tuple[str, ...]:
    """The names of the classes in which a person has this role on a date."""
    roles = await uow.people.staff_roles(person_id)
    borne = {each.group_id for each in roles if each.role is role and not each.has_ended(on)}
    return tuple(name for group_id, name in classes.items() if group_id in borne)


async def _held_contacts(uow: UnitOfWork, person: Person) -> tuple[Sequence[PendingContact], Sequence[Confirmation]]:
    """The contacts of a person that are not revoked, except paper, with their confirmations."""
    held: list[PendingContact] = []
    confirmations: list[Confirmation] = []
    for contact in await uow.register.contacts(person.id):
        if _is_shown(contact):
            written = await uow.register.confirmations(contact.id)
            confirmations += written
            held.append(PendingContact(contact, person.name, bool(written)))
    return held, confirmations


def _is_shown(contact: Contact) -> bool:
    return contact.revoked_at is None and contact.destroyed_at is None and contact.channel != PAPER


def _stated(pairs: Sequence[FamilyPair], on: date, served: frozenset[str] | None = None) -> Sequence[StatedPair]:
    return [StatedPair(pair, family_pair_state(pair, on, served)) for pair in pairs]

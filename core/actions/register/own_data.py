"""All that the school holds about a person, gathered for that person (152-ФЗ art. 14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from core.actions.register import forms, preferences
from core.errors import NotFoundError
from core.model.delivery.obligations import ObligationRow
from core.model.people import Actor, Person, StaffRole
from core.model.register.consents import ConsentEntry
from core.model.register.contacts import Confirmation, Contact
from core.model.register.forms import IssuedForm
from core.model.register.preferences import Preference
from core.ports import UnitOfWork
from core.rules.access import Everything, Family


@dataclass(frozen=True, slots=True)
class OwnData:
    """The person, what they are at the school, what they signed and chose, and what was sent to them.

    `children`: those for whom a consent is in force, or the person as a student; the others are not named in a chat
    (Q2).
    """

    person: Person
    roles: tuple[StaffRole, ...]
    children: tuple[Person, ...]
    contacts: tuple[Contact, ...]
    confirmations: Mapping[int, Sequence[Confirmation]]
    consents: tuple[ConsentEntry, ...]
    forms: tuple[IssuedForm, ...]
    preferences: tuple[Preference, ...]
    digest_at: time | None
    quiet: tuple[time, time] | None
    sent: tuple[ObligationRow, ...]


async def gather_own_data(uow: UnitOfWork, actor: Actor, *, on: date, now: datetime) -> OwnData:
    """Everything about the actor; that it was handed out stands in the audit trail. The caller commits."""
    if actor.person_id is None:
        raise NotFoundError
    person_id = actor.person_id
    contacts = await uow.register.contacts(person_id)
    children = await uow.people.children(Family(person_id, on, needs_consent=True, channel=actor.channel))
    await uow.audit.write(actor, "own_data_exported", at=now, person_id=person_id)
    return OwnData(
        person=await uow.people.person(person_id, Everything()),
        roles=tuple(await uow.people.staff_roles(person_id)),
        children=tuple(children),
        contacts=tuple(contacts),
        confirmations={each.id: await uow.register.confirmations(each.id) for each in contacts},
        consents=tuple(await uow.register.consents(person_id)),
        forms=tuple(await forms.load_person_forms(uow, actor, person_id)),
        preferences=tuple(await uow.register.preferences(person_id)),
        digest_at=await preferences.load_digest_hour_preference(uow, actor),
        quiet=await preferences.load_quiet_hours_preference(uow, actor),
        sent=tuple(await uow.outbox.obligations(person_id=person_id)),
    )

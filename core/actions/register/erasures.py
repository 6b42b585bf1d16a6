"""Contact data are destroyed within 30 days after a withdrawal, at once on request (Q10).

Ids, consents, marks and the audit trail stay: they hold no address, so proofs and the chain stay verifiable.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from core.actions.delivery import fan_out
from core.actions.register.contacts import is_contact_in_use
from core.errors import ConsentInForceError, NothingToEraseError
from core.model.channels import PAPER
from core.model.delivery.fact_names import due_erasures_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason
from core.model.notices.staff import ErasuresDue
from core.model.people import OFFICE, STAFF, SYSTEM, Actor, Role
from core.model.register.consents import ConsentEntry, Decision
from core.model.register.contacts import Contact
from core.model.register.erasures import DueErasure, Erasure, ErasureReason
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.register.consents import consent_obstacle, latest_consent_entry
from core.rules.register.erasures import TERM, WARNING, consent_entry_for_erasure

_REASONS = {Decision.WITHDRAWAL: ErasureReason.WITHDRAWAL, Decision.REFUSAL: ErasureReason.REFUSAL}


async def load_due_erasures(uow: UnitOfWork, actor: Actor, *, now: datetime, policy: Policy) -> Sequence[DueErasure]:
    """Whose contact data are to be destroyed, the earliest term first; an erasure before the term is allowed.

    Staff members in office are left out: their contacts serve their own work.
    """
    access.require_access_role(actor, *OFFICE)
    today = timing.local_date_of_time(now, policy)
    by_person: defaultdict[int, list[ConsentEntry]] = defaultdict(list)
    for entry in await uow.register.consents():
        by_person[entry.person_id].append(entry)
    holders = {person_id for person_id, channel, _ in await uow.register.addresses() if channel != PAPER}
    found = []
    for person_id in sorted(holders & by_person.keys()):
        ended = consent_entry_for_erasure(by_person[person_id], today)
        if ended is None or await uow.people.roles(person_id, on=today) & STAFF:
            continue
        if held := await _held_contacts(uow, person_id, proven_before=ended.registered_at):
            found.append(_due(ended, held))
    return sorted(found, key=lambda due: (due.due_on, due.person_id))


async def erase_due_contacts(
    uow: UnitOfWork, actor: Actor, *, until: date | None = None, now: datetime, policy: Policy
) -> Sequence[Erasure]:
    """Destroys the contact data of all whose consent ended, or of those whose term is over by `until`; commits."""
    erased = [
        await _erase(uow, actor, due, now=now, policy=policy)
        for due in await load_due_erasures(uow, actor, now=now, policy=policy)
        if until is None or due.due_on <= until
    ]
    await uow.commit()
    return erased


async def load_requested_erasure(
    uow: UnitOfWork, actor: Actor, *, person_id: int, document: str, now: datetime, policy: Policy
) -> DueErasure:
    """What would be destroyed at the request of a person, without waiting for a term.

    Raises ConsentInForceError while the person has a consent in force: it is withdrawn first; NothingToEraseError.
    """
    access.require_access_role(actor, *OFFICE)
    today = timing.local_date_of_time(now, policy)
    pairs: defaultdict[int, list[ConsentEntry]] = defaultdict(list)
    for entry in await uow.register.consents(person_id):
        pairs[entry.student_id].append(entry)
    if any(consent_obstacle(latest_consent_entry(own, today), today) is None for own in pairs.values()):
        raise ConsentInForceError
    held = await _held_contacts(uow, person_id)
    if not held:
        raise NothingToEraseError
    ids, channels = tuple(each.id for each in held), tuple(dict.fromkeys(each.channel for each in held))
    return DueErasure(person_id, ErasureReason.REQUEST, document, today, today, ids, channels)


async def erase_contacts_on_request(
    uow: UnitOfWork, actor: Actor, *, person_id: int, document: str, now: datetime, policy: Policy
) -> Erasure:
    """Destroys a person's contact data at once; raises what `load_requested_erasure` raises; commits."""
    due = await load_requested_erasure(uow, actor, person_id=person_id, document=document, now=now, policy=policy)
    erasure = await _erase(uow, actor, due, now=now, policy=policy)
    await uow.commit()
    return erasure


async def remind_of_erasures(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Tells the secretaries of erasures whose term ends within five days, each once; returns how many; commits.

    The notice says how many and until when; nobody is named.
    """
    today = timing.local_date_of_time(now, policy)
    near = [
        due
        for due in await load_due_erasures(uow, SYSTEM, now=now, policy=policy)
        if today >= due.ended_on + WARNING and await uow.leases.claim_run(f"erasure:{due.person_id}", due.ended_on)
    ]
    if near:
        notice = ErasuresDue(min(due.due_on for due in near), len(near))
        office = await load_erasure_secretaries(uow, on=today)
        told = [NewNotice(None, notice, due_erasures_fact_name(today), person_id) for person_id in office]
        await uow.outbox.add(told, received_at=now, published_at=now)
    await uow.commit()
    return len(near)


async def load_erasure_secretaries(uow: UnitOfWork, *, on: date) -> Sequence[int]:
    """The ids of the secretaries; without one of the deputy heads."""
    return await uow.people.holders_of_role(Role.SECRETARY, on=on) or await uow.people.holders_of_role(
        Role.DEPUTY_HEAD, on=on
    )


async def _held_contacts(
    uow: UnitOfWork, person_id: int, *, proven_before: datetime | None = None
) -> Sequence[Contact]:
    """Contacts with an address. One that was proven after the consent had ended is of a family that came back."""
    return [
        contact
        for contact in await uow.register.contacts(person_id)
        if contact.channel != PAPER
        and contact.address is not None
        and (proven_before is None or contact.proven_at is None or contact.proven_at <= proven_before)
    ]


def _due(ended: ConsentEntry, held: Sequence[Contact]) -> DueErasure:
    return DueErasure(
        person_id=ended.person_id,
        reason=_REASONS[ended.decision],
        document=ended.number,
        ended_on=ended.decided_on,
        due_on=ended.decided_on + TERM,
        contact_ids=tuple(contact.id for contact in held),
        channels=tuple(dict.fromkeys(contact.channel for contact in held)),
    )


async def _erase(uow: UnitOfWork, actor: Actor, due: DueErasure, *, now: datetime, policy: Policy) -> Erasure:
    """What still waits for a contact goes the next way before its address is gone."""
    held = [await uow.register.contact(contact_id) for contact_id in due.contact_ids]
    for contact in filter(is_contact_in_use, held):
        await fan_out.replan_fan_out_contact(
            uow, contact_id=contact.id, reason=Reason.CONTACT_REVOKED, now=now, policy=policy
        )
    await uow.register.destroy_contacts(due.contact_ids, at=now)
    for contact in held:
        if contact.address is not None and not await uow.register.contacts_at(contact.channel, contact.address):
            await uow.conversations.forget_chat(contact.channel, contact.address)
    offices = [role for role in (Role.SECRETARY, Role.DEPUTY_HEAD) if role in actor.roles]
    office = offices[0] if offices else Role.SYSTEM
    erasure = await uow.register.add_erasure(due, by=actor.person_id, office=office, at=now)
    await uow.audit.write(
        actor, "contacts_destroyed", at=now, erasure_id=erasure.id, person_id=due.person_id, contacts=len(held)
    )
    return erasure


async def load_erasure_by_number(uow: UnitOfWork, actor: Actor, number: str) -> Erasure:
    """A destruction that was done, to print its act again. Raises NotFoundError."""
    access.require_access_role(actor, *OFFICE)
    return await uow.register.erasure(number)


async def load_erasure_person_name(uow: UnitOfWork, person_id: int | None) -> str | None:
    """The name for an act; None where the clock acted."""
    return None if person_id is None else (await uow.people.person(person_id, Everything())).name

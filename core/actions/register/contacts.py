"""Contacts: added, confirmed in writing, ordered, revoked, set aside when a chat is blocked (R7)."""

from collections.abc import Sequence
from datetime import date, datetime

from core.actions.delivery import fan_out
from core.errors import NotFoundError, RepresentativeBarredError
from core.model.delivery.states import Reason
from core.model.people import Actor, Role
from core.model.register.contacts import Confirmation, Contact, PendingContact
from core.model.register.forms import WrittenForm
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.register import documents
from core.rules.register.families import family_contact_obstacle


async def add_contact(
    uow: UnitOfWork, actor: Actor, *, person_id: int, channel: str, address: str | None, now: datetime
) -> int:
    """Enter a contact, unproven and unconfirmed: until both are mended it gets a code and the form only (Q81).

    `address` is what the channel's notifier made of the typed one; None waits for a chat to be bound. One that the
    person has already stays as it is.
    """
    contact_id = await enter_contact(uow, actor, person_id=person_id, channel=channel, address=address, now=now)
    await uow.commit()
    return contact_id


async def enter_contact(
    uow: UnitOfWork, actor: Actor, *, person_id: int, channel: str, address: str | None, now: datetime
) -> int:
    """`add_contact` without the commit, for an action that enters more in the same transaction."""
    require_contact_owner(actor, person_id)
    for known in await uow.register.contacts(person_id):
        if is_contact_in_use(known) and (known.channel, known.address) == (channel, address):
            return known.id
    origin = "self" if actor.person_id == person_id else "staff"
    contact_id = await uow.register.add_contact(
        person_id=person_id,
        channel=channel,
        address=address,
        rank=await next_contact_rank(uow, person_id),
        origin=origin,
        proven_at=None,
        added_at=now,
    )
    await uow.audit.write(actor, "contact_added", at=now, person_id=person_id, contact_id=contact_id, channel=channel)
    return contact_id


async def load_own_contacts(uow: UnitOfWork, actor: Actor) -> Sequence[Contact]:
    """The actor's contacts that are not revoked, in the order in which they are used."""
    if actor.person_id is None:
        raise NotFoundError
    return [each for each in await uow.register.contacts(actor.person_id) if each.revoked_at is None]


async def confirm_contact(
    uow: UnitOfWork, actor: Actor, *, contact_id: int, written: WrittenForm, now: datetime, policy: Policy
) -> tuple[str, ...]:
    """A contact is confirmed in writing: by which form, who accepted it, when (R7). Returns what it still lacks.

    Raises DocumentDateError for a date that the form cannot bear.
    """
    await enter_contact_confirmation(uow, actor, contact_id=contact_id, written=written, now=now, policy=policy)
    lacks = (await uow.register.contact(contact_id)).lacks(is_confirmed=True)
    await uow.commit()
    return lacks


async def enter_contact_confirmation(
    uow: UnitOfWork, actor: Actor, *, contact_id: int, written: WrittenForm, now: datetime, policy: Policy
) -> None:
    """`confirm_contact` without the commit; the same document again is entered once."""
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    if written.document_on is not None:
        documents.require_document_date(written.document_on, today=timing.local_date_of_time(now, policy))
    contact = await _unrevoked(uow, contact_id)
    known = await uow.register.confirmations(contact_id)
    if not known:
        await uow.register.set_announcement(contact_id, now)
    if not any(_is_same_document(each, written) for each in known):
        await uow.register.confirm(contact_id, written, at=now)
    if written.in_person and contact.address is not None and contact.proven_at is None:
        await uow.register.bind(contact_id, contact.address, at=now)
    await uow.audit.write(actor, "contact_confirmed", at=now, contact_id=contact_id, in_person=int(written.in_person))


async def take_contact_announcements(uow: UnitOfWork, channel: str) -> Sequence[str]:
    """The chats that must be told now that a form confirms them; each is told once (Q81)."""
    due = await uow.register.announcements(channel)
    for contact in due:
        await uow.register.set_announcement(contact.id, None)
    await uow.commit()
    return [contact.address for contact in due if contact.address is not None]


async def load_pending_contacts(uow: UnitOfWork, actor: Actor) -> Sequence[PendingContact]:
    """The contacts in use that lack a proof, by person and rank: what the office has to ask for (Q80)."""
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    return await uow.register.pending()


async def set_contact_order(uow: UnitOfWork, actor: Actor, contact_ids: Sequence[int], *, now: datetime) -> None:
    """The agreed order of a person's contacts, first these, then the others as they stood (Q83).

    NotFoundError for one that is revoked or another person's. What is on its way already goes its way.
    """
    first = await _unrevoked(uow, contact_ids[0])
    require_contact_owner(actor, first.person_id)
    own = {each.id: each for each in await uow.register.contacts(first.person_id) if is_contact_in_use(each)}
    if not set(contact_ids) <= own.keys():
        raise NotFoundError
    await uow.register.rank(list(dict.fromkeys((*contact_ids, *own))))
    await uow.audit.write(
        actor, "contacts_ordered", at=now, person_id=first.person_id, contacts=",".join(map(str, contact_ids))
    )
    await uow.commit()


async def load_contact_obstacles(
    uow: UnitOfWork, actor: Actor, person_id: int, *, on: date
) -> Sequence[tuple[Contact, Reason | None]]:
    """A person's contacts, each with why nothing about a child may go there, as far as consents and access say.

    The school's staff hear of their own work without a consent.
    """
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    found = await uow.register.contacts(person_id)
    pairs = await uow.register.families(Everything(), on=on, person_ids={person_id})
    links = [link for link in await uow.people.guardianships() if link.guardian_id == person_id]
    if await uow.people.staff_roles(person_id):
        return [(contact, None) for contact in found]
    if links and not pairs:
        return [(contact, Reason.NO_ACCESS) for contact in found]
    return [(contact, family_contact_obstacle(pairs, contact.channel, on)) for contact in found]


async def revoke_contact(uow: UnitOfWork, actor: Actor, *, contact_id: int, now: datetime, policy: Policy) -> None:
    """A contact is taken back by its owner or for them; what waits for it goes the next agreed way at once."""
    contact = await _unrevoked(uow, contact_id)
    require_contact_owner(actor, contact.person_id)
    await uow.register.revoke(contact_id, at=now)
    await fan_out.replan_fan_out_contact(
        uow, contact_id=contact_id, reason=Reason.CONTACT_REVOKED, now=now, policy=policy
    )
    await uow.audit.write(actor, "contact_revoked", at=now, contact_id=contact_id)
    await uow.commit()


async def resume_contact(uow: UnitOfWork, actor: Actor, *, contact_id: int, now: datetime) -> bool:
    """A contact that was set aside is in use again: the school has seen that the address is good (Q84).

    All kinds from which its person unsubscribed on its channel come there again. The secretary and the deputy head
    may; False where nothing was set aside or switched off.
    """
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    contact = await _unrevoked(uow, contact_id)
    is_off = await uow.register.subscribe(contact.person_id, channel=contact.channel)
    if contact.set_aside_at is None and not is_off:
        return False
    await uow.register.resume(contact_id)
    await uow.audit.write(
        actor, "contact_resumed", at=now, contact_id=contact_id, set_aside_for=contact.set_aside_reason
    )
    await uow.commit()
    return True


async def set_blocked_contact_aside(
    uow: UnitOfWork, channel: str, address: str, *, now: datetime, policy: Policy
) -> None:
    """The family blocked the bot: the chat is set aside and the next agreed channel takes over (Q84)."""
    for contact in await uow.register.contacts_at(channel, address):
        await uow.register.set_aside(contact.id, Reason.BLOCKED, at=now)
        await fan_out.replan_fan_out_contact(uow, contact_id=contact.id, reason=Reason.BLOCKED, now=now, policy=policy)
        await audit_own_contact(uow, contact.person_id, "chat_blocked", contact_id=contact.id, now=now)
    await uow.commit()


async def resume_unblocked_contact(uow: UnitOfWork, channel: str, address: str, *, now: datetime) -> None:
    """The family unblocked the bot: from now on the chat is the agreed way again (Q84)."""
    for contact in await uow.register.contacts_at(channel, address):
        await uow.register.resume(contact.id)
        await audit_own_contact(uow, contact.person_id, "chat_unblocked", contact_id=contact.id, now=now)
    await uow.commit()


async def is_contact_chat_blocked(uow: UnitOfWork, channel: str, address: str) -> bool:
    """Whether the chat is set aside because the family blocked the bot."""
    return any(each.set_aside_reason == Reason.BLOCKED for each in await uow.register.contacts_at(channel, address))


async def reopen_blocked_contact(uow: UnitOfWork, channel: str, address: str, *, now: datetime) -> None:
    """The family writes again to a bot that it had blocked, of which its messenger says nothing else (Q84)."""
    if await is_contact_chat_blocked(uow, channel, address):
        await resume_unblocked_contact(uow, channel, address, now=now)


async def mute_contact(uow: UnitOfWork, channel: str, address: str, *, until: datetime | None, now: datetime) -> None:
    """The family has muted the dialog until then, or hears it again (None): results start at the next way meanwhile."""
    for contact in await uow.register.contacts_at(channel, address):
        await uow.register.mute(contact.id, until=until)
        action = "chat_unmuted" if until is None else "chat_muted"
        await audit_own_contact(uow, contact.person_id, action, contact_id=contact.id, now=now)
    await uow.commit()


async def end_past_mutes(uow: UnitOfWork, *, now: datetime) -> None:
    """Drops the mutes of dialogs that are over by now; the caller commits."""
    await uow.register.end_mutes(before=now)


def _is_same_document(known: Confirmation, written: WrittenForm) -> bool:
    return known.document == written.document and written.document_on in {None, known.document_on}


def is_contact_in_use(contact: Contact) -> bool:
    return contact.revoked_at is None and contact.destroyed_at is None


async def next_contact_rank(uow: UnitOfWork, person_id: int) -> int:
    return max((contact.rank + 1 for contact in await uow.register.contacts(person_id)), default=0)


async def _unrevoked(uow: UnitOfWork, contact_id: int) -> Contact:
    contact = await uow.register.contact(contact_id)
    if contact.revoked_at is not None:
        raise NotFoundError
    return contact


def require_contact_owner(actor: Actor, person_id: int) -> None:
    if actor.person_id != person_id:
        access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)


async def require_not_barred(uow: UnitOfWork, person_id: int, student_id: int | None = None) -> None:
    """Raises RepresentativeBarredError where a person represents nobody, or not this student, without being barred."""
    links = await uow.people.guardianships(None if student_id is None else [student_id])
    latest = {
        link.student_id: link for link in sorted(links, key=lambda link: link.id) if link.guardian_id == person_id
    }
    is_barred = bool(latest) and not any(link.access for link in latest.values())
    if is_barred and (student_id is not None or not await uow.people.staff_roles(person_id)):
        raise RepresentativeBarredError


async def audit_own_contact(uow: UnitOfWork, person_id: int, action: str, *, contact_id: int, now: datetime) -> None:
    """A line about what a person did to their own contact before the bot knew who they are."""
    actor = Actor(person_id, frozenset())
    await uow.audit.write(actor, action, at=now, person_id=person_id, contact_id=contact_id)

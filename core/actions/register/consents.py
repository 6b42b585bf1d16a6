"""Decisions enter the register of consents; entries are never edited, and a withdrawal takes effect at once (R1)."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime

from core.actions.delivery import fan_out
from core.actions.register.processors import load_named_processors
from core.errors import ConsentFieldsError, NotFoundError
from core.model.delivery.states import Reason
from core.model.people import Actor, Role
from core.model.register.consents import ConsentEntry, Decision, NewConsent, WrittenConsent
from core.model.register.forms import FormKind
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.register import documents
from core.rules.register.consents import (
    consent_obstacle,
    ended_consent_date,
    is_processor_in_consent,
    latest_consent_entry,
)

_STOP_REASONS = {Decision.REFUSAL: Reason.NO_CONSENT, Decision.WITHDRAWAL: Reason.CONSENT_WITHDRAWN}


async def register_consent(
    uow: UnitOfWork, actor: Actor, new: NewConsent, *, now: datetime, policy: Policy
) -> ConsentEntry:
    """Enter a consent, a refusal or a withdrawal of one pair (Q1, Q3, Q6).

    A refusal or withdrawal stops what was still to be sent to this person about this student, and hands it to paper in
    the same transaction (Q5). Raises ConsentFieldsError for a text that lacks a field of the law (Q4), NotFoundError
    where the person represents no such student, DocumentDateError for a date that the document cannot bear.
    """
    entry = await enter_consent(uow, actor, new, now=now, policy=policy)
    await uow.commit()
    return entry


async def enter_consent(
    uow: UnitOfWork, actor: Actor, new: NewConsent, *, now: datetime, policy: Policy
) -> ConsentEntry:
    """`register_consent` without the commit, for an action that enters more in the same transaction."""
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    _require_fields(new.written)
    await verify_consent_pair(uow, new.person_id, new.student_id)
    await _require_dates(uow, new, today=timing.local_date_of_time(now, policy))
    if new.decision is Decision.CONSENT:
        new = replace(new, channels=await load_named_processors(uow, new, policy=policy))
    return await _write_entry(uow, actor, new, now=now, policy=policy)


async def _write_entry(
    uow: UnitOfWork, actor: Actor, new: NewConsent, *, now: datetime, policy: Policy
) -> ConsentEntry:
    """The entry, what it stops, and its audit line; the caller commits."""
    entry = await uow.register.add_consent(new, registered_by=await load_consent_registrar(uow, actor), at=now)
    if reason := _STOP_REASONS.get(new.decision):
        await fan_out.replan_fan_out_pair(
            uow, person_id=new.person_id, student_id=new.student_id, reason=reason, now=now, policy=policy
        )
    else:
        await _announce(uow, entry, now=now)
    await uow.audit.write(
        actor, f"consent_{new.decision}", at=now, entry_id=entry.id, person_id=new.person_id, student_id=new.student_id
    )
    return entry


async def _announce(uow: UnitOfWork, consent: ConsentEntry, *, now: datetime) -> None:
    """The chats that the consent opens and a form confirms already hear from which child's records they get now."""
    for contact in await uow.register.contacts(consent.person_id):
        is_in_use = (
            contact.revoked_at is None and contact.proven_at and is_processor_in_consent(consent, contact.channel)
        )
        if is_in_use and await uow.register.confirmations(contact.id):
            await uow.register.set_announcement(contact.id, now)


async def withdraw_own_consent(
    uow: UnitOfWork, actor: Actor, *, student_id: int, said_in: str, now: datetime, policy: Policy
) -> ConsentEntry:
    """A family withdraws a consent itself, in its own confirmed chat: at once, without the office (Q5).

    `said_in` names the chat's channel, for the entry. NotFoundError where no consent of the actor is in force.
    """
    today = timing.local_date_of_time(now, policy)
    if actor.person_id is None:
        raise NotFoundError
    entries = await uow.register.consents(actor.person_id, student_id)
    if consent_obstacle(latest_consent_entry(entries, today), today) is not None:
        raise NotFoundError
    new = NewConsent(actor.person_id, student_id, Decision.WITHDRAWAL, today, said_in, form=FormKind.E_DOCUMENT)
    entry = await _write_entry(uow, actor, new, now=now, policy=policy)
    await uow.commit()
    return entry


async def load_own_consents(uow: UnitOfWork, actor: Actor) -> Sequence[ConsentEntry]:
    """The actor's own entries of the register, the oldest first."""
    if actor.person_id is None:
        raise NotFoundError
    return await uow.register.consents(actor.person_id)


async def load_consent_registrar(uow: UnitOfWork, actor: Actor) -> str:
    """The name of the person who makes an entry, for the register; the role's name for the system."""
    if actor.person_id is None:
        return Role.SYSTEM
    return (await uow.people.person(actor.person_id, Everything())).name


def _require_fields(written: WrittenConsent | None) -> None:
    if written is None:
        return
    missing = tuple(field.name for field in fields(written) if not getattr(written, field.name).strip())
    if missing:
        raise ConsentFieldsError(missing)


async def _require_dates(uow: UnitOfWork, new: NewConsent, *, today: date) -> None:
    entries = await uow.register.consents(new.person_id, new.student_id)
    documents.require_document_date(new.decided_on, today=today, since=ended_consent_date(new.decision, entries))
    documents.require_document_expiry(new.expires_on, dated=new.decided_on)


async def verify_consent_pair(uow: UnitOfWork, person_id: int, student_id: int) -> None:
    """NotFoundError unless it is the student's representative, or the student, who may sign for themselves (Q9)."""
    if person_id == student_id:
        allowed = await uow.people.students({student_id})
    else:
        allowed = frozenset(link.guardian_id for link in await uow.people.guardianships([student_id]))
    if person_id not in allowed:
        raise NotFoundError

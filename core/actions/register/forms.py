"""Numbered forms: issued to be signed, accepted into the register, or returned with a reason (R1, R7)."""

from collections.abc import Sequence
from datetime import date, datetime

from core.actions.register import consents, contacts
from core.actions.register.contacts import is_contact_in_use, require_contact_owner, require_not_barred
from core.errors import (
    FieldsNotFilledError,
    FormSettledError,
    NoContactToConfirmError,
    NoReasonError,
    NotFoundError,
    UnderAgeError,
)
from core.model.channels import PAPER
from core.model.notices.kinds import ALWAYS_SENT, CHOSEN_KINDS
from core.model.people import OFFICE, Actor
from core.model.register.consents import Decision, NewConsent
from core.model.register.contacts import Contact
from core.model.register.forms import AgreedChoice, FormPurpose, FormState, IssuedForm, NewForm, SignedForm, WrittenForm
from core.model.register.preferences import Frequency
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people import ages
from core.rules.register import documents
from core.rules.register.form_numbers import read_form_number

DECISIONS = {
    FormPurpose.CONSENT: Decision.CONSENT,
    FormPurpose.REFUSAL: Decision.REFUSAL,
    FormPurpose.WITHDRAWAL: Decision.WITHDRAWAL,
}
"""What a form about a student enters in the register of consents."""


async def issue_numbered_form(
    uow: UnitOfWork, actor: Actor, new: NewForm, *, now: datetime, policy: Policy
) -> IssuedForm:
    """Issues a numbered form to be signed; persons issue their own, staff of the office anybody's.

    An older form of the same purpose, person and student that still waits becomes void. Raises NotFoundError where the
    person represents no such student, UnderAgeError for a student under 14, NoContactToConfirmError for a statement of
    contacts by somebody who has none, RepresentativeBarredError for a consent or contacts of who is barred.
    """
    issued = await enter_numbered_form(uow, actor, new, now=now, policy=policy)
    await uow.commit()
    return issued


async def enter_numbered_form(
    uow: UnitOfWork, actor: Actor, new: NewForm, *, now: datetime, policy: Policy
) -> IssuedForm:
    """`issue_numbered_form` without the commit, for several forms in one transaction."""
    require_contact_owner(actor, new.person_id)
    named, choices = await _checked_content(uow, new, today=timing.local_date_of_time(now, policy))
    for older in await uow.register.forms(FormState.WAITING, person_id=new.person_id):
        if (older.purpose, older.student_id) == (new.purpose, new.student_id):
            await _settle(uow, actor, older, FormState.VOID, now=now)
    issued = await uow.register.add_form(
        new, contact_ids=named, choices=choices, channels=policy.processors.on_forms, issued_by=actor.person_id, at=now
    )
    await uow.audit.write(
        actor,
        "form_issued",
        at=now,
        form_id=issued.id,
        purpose=new.purpose,
        person_id=new.person_id,
        student_id=new.student_id,
    )
    return issued


async def load_waiting_forms(uow: UnitOfWork, actor: Actor) -> Sequence[IssuedForm]:
    """All forms that were issued and did not come back yet, the oldest first; the office's list."""
    access.require_access_role(actor, *OFFICE)
    return await uow.register.forms(FormState.WAITING)


async def load_person_forms(uow: UnitOfWork, actor: Actor, person_id: int) -> Sequence[IssuedForm]:
    """All forms of a person in any state, the oldest first, for the person or the office."""
    require_contact_owner(actor, person_id)
    return await uow.register.forms(person_id=person_id)


async def load_form_by_number(uow: UnitOfWork, actor: Actor, typed: str) -> IssuedForm:
    """The form with this number, for the office. Raises FormNumberError for a mistyped one, NotFoundError."""
    access.require_access_role(actor, *OFFICE)
    return await uow.register.form_numbered(read_form_number(typed))


async def load_form_by_id(uow: UnitOfWork, actor: Actor, form_id: int) -> IssuedForm:
    """The form whose strip was scanned, for the office. Raises NotFoundError."""
    access.require_access_role(actor, *OFFICE)
    return await uow.register.form(form_id)


async def accept_numbered_form(
    uow: UnitOfWork, actor: Actor, number: str, signed: SignedForm, *, now: datetime, policy: Policy
) -> IssuedForm:
    """A form came back signed: the register is written in one transaction (R1, R7).

    A consent, refusal or withdrawal is entered for the pair; a statement confirms the contacts that it names and that
    are still in use. Raises FieldsNotFilledError for a consent without the tick (Q4), FormSettledError for a form that
    does not wait, EDocumentError, DocumentDateError, NoContactToConfirmError; then nothing is changed.
    """
    accepted = await enter_accepted_form(uow, actor, number, signed, now=now, policy=policy)
    await uow.commit()
    return accepted


async def enter_accepted_form(
    uow: UnitOfWork, actor: Actor, number: str, signed: SignedForm, *, now: datetime, policy: Policy
) -> IssuedForm:
    """`accept_numbered_form` without the commit, for a whole class at once."""
    form = await _waiting_form(uow, actor, number)
    if form.purpose is FormPurpose.CONSENT and not signed.all_fields_filled:
        raise FieldsNotFilledError
    documents.require_document_file(signed.form, document=signed.document, scan_sha256=signed.scan_sha256)
    issued_on, today = timing.local_date_of_time(form.issued_at, policy), timing.local_date_of_time(now, policy)
    documents.require_document_date(signed.dated, today=today, since=issued_on)
    if form.purpose is FormPurpose.CONTACTS:
        await _confirm_contacts(uow, actor, form, signed, now=now, policy=policy)
    else:
        await consents.enter_consent(uow, actor, _decision_of(form, signed), now=now, policy=policy)
    return await _settle(uow, actor, form, FormState.ACCEPTED, now=now)


async def load_form_contact_lacks(uow: UnitOfWork, actor: Actor, form: IssuedForm) -> tuple[str, ...]:
    """What the contacts of an accepted statement still lack; nothing for another form (Q80)."""
    access.require_access_role(actor, *OFFICE)
    in_use = await _electronic_contacts(uow, form.person_id) if form.purpose is FormPurpose.CONTACTS else ()
    named = [each for each in in_use if each.id in form.contact_ids]
    return tuple(dict.fromkeys(what for each in named for what in each.lacks(is_confirmed=True)))


async def return_numbered_form(uow: UnitOfWork, actor: Actor, number: str, reason: str, *, now: datetime) -> IssuedForm:
    """A form came back and cannot be accepted: it is returned with the reason, and its person needs a new one.

    Raises NoReasonError without a reason, FormSettledError for a form that does not wait.
    """
    form = await _waiting_form(uow, actor, number)
    if not reason.strip():
        raise NoReasonError
    returned = await _settle(uow, actor, form, FormState.RETURNED, reason=reason.strip(), now=now)
    await uow.commit()
    return returned


async def _waiting_form(uow: UnitOfWork, actor: Actor, number: str) -> IssuedForm:
    form = await load_form_by_number(uow, actor, number)
    if form.state is not FormState.WAITING:
        raise FormSettledError
    return form


async def _settle(
    uow: UnitOfWork, actor: Actor, form: IssuedForm, state: FormState, *, reason: str | None = None, now: datetime
) -> IssuedForm:
    """FormSettledError where somebody else settled it meanwhile."""
    if not await uow.register.settle_form(form.id, state, by=actor.person_id, reason=reason, at=now):
        raise FormSettledError
    await uow.audit.write(actor, f"form_{state}", at=now, form_id=form.id, person_id=form.person_id)
    return await uow.register.form(form.id)


async def _checked_content(
    uow: UnitOfWork, new: NewForm, *, today: date
) -> tuple[tuple[int, ...], tuple[AgreedChoice, ...]]:
    """The contacts and choices that a statement names; none for another form, whose pair is checked."""
    if new.purpose in {FormPurpose.CONSENT, FormPurpose.CONTACTS}:
        await require_not_barred(uow, new.person_id, new.student_id)
    if new.purpose is FormPurpose.CONTACTS:
        if new.student_id is not None:
            raise NotFoundError
        electronic = await _electronic_contacts(uow, new.person_id)
        if not electronic:
            raise NoContactToConfirmError
        return tuple(each.id for each in electronic), await load_agreed_form_choices(uow, new.person_id, electronic)
    if new.student_id is None:
        raise NotFoundError
    await consents.verify_consent_pair(uow, new.person_id, new.student_id)
    if new.person_id == new.student_id:
        await _require_own_signature(uow, new.student_id, today)
    return (), ()


async def _require_own_signature(uow: UnitOfWork, student_id: int, today: date) -> None:
    """UnderAgeError for a student who is known to be under 14: the representative signs (Q9)."""
    born = (await uow.people.person(student_id, Everything())).birth_date
    if born is not None and ages.age_of_person(born, today) < ages.OWN_ACCOUNT:
        raise UnderAgeError


async def _electronic_contacts(uow: UnitOfWork, person_id: int) -> Sequence[Contact]:
    own = await uow.register.contacts(person_id)
    return [each for each in own if is_contact_in_use(each) and each.channel != PAPER]


async def load_agreed_form_choices(
    uow: UnitOfWork, person_id: int, electronic: Sequence[Contact]
) -> tuple[AgreedChoice, ...]:
    """The "agreed form": how often each kind of notice comes by each channel of these contacts (R7, Q83)."""
    chosen = {each.kind: each.frequency for each in await uow.register.preferences(person_id)}
    off = await uow.register.unsubscribed(person_id)
    return tuple(
        AgreedChoice(
            kind,
            channel,
            Frequency.OFF
            if (channel, kind) in off and kind not in ALWAYS_SENT
            else chosen.get(kind, Frequency.AT_ONCE),
        )
        for kind in CHOSEN_KINDS
        for channel in dict.fromkeys(each.channel for each in electronic)
    )


def _decision_of(form: IssuedForm, signed: SignedForm) -> NewConsent:
    if form.student_id is None:
        raise NotFoundError
    return NewConsent(
        person_id=form.person_id,
        student_id=form.student_id,
        decision=DECISIONS[form.purpose],
        decided_on=signed.dated,
        document=signed.document or form.number,
        form=signed.form,
        scan_sha256=signed.scan_sha256,
        expires_on=signed.expires_on,
        channels=form.channels,
    )


async def _confirm_contacts(
    uow: UnitOfWork, actor: Actor, form: IssuedForm, signed: SignedForm, *, now: datetime, policy: Policy
) -> None:
    written = WrittenForm(
        document=signed.document or form.number,
        document_on=signed.dated,
        accepted_by=await consents.load_consent_registrar(uow, actor),
        form=signed.form,
        in_person=signed.in_person,
    )
    in_use = {each.id for each in await _electronic_contacts(uow, form.person_id)}
    named = [contact_id for contact_id in form.contact_ids if contact_id in in_use]
    if not named:
        raise NoContactToConfirmError
    for contact_id in named:
        await contacts.enter_contact_confirmation(
            uow, actor, contact_id=contact_id, written=written, now=now, policy=policy
        )

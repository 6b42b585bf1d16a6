"""How a family comes in: whose chat it is, how far they are, and which forms they have to sign (Q81, Q106)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.register import forms
from core.actions.register.contacts import is_contact_in_use
from core.errors import NotFoundError
from core.model.channels import PAPER
from core.model.people import Actor, Person
from core.model.register.contacts import Contact
from core.model.register.forms import FormKind, FormPurpose, FormState, IssuedForm, NewForm
from core.ports import UnitOfWork
from core.rules.access import Everything, Family
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.register import documents
from core.rules.register.consents import consent_obstacle, is_processor_in_consent, latest_consent_entry


@dataclass(frozen=True, slots=True)
class LoadedOnboardingAdmission:
    """How far a person has come: contacts and forms of their own, and for whom no consent opens all contacts.

    `contacts` are those in use but paper, in the agreed order; `confirmed` the ids of those that a form confirms.
    `returned`: forms that the school sent back and that no newer one replaces.
    """

    person_id: int
    contacts: tuple[Contact, ...]
    confirmed: frozenset[int]
    waiting: tuple[IssuedForm, ...]
    returned: tuple[IssuedForm, ...]
    without_consent: tuple[int, ...]

    @property
    def needs_statement(self) -> bool:
        """Whether a statement of contacts is to be signed."""
        return any(contact.id not in self.confirmed for contact in self.contacts)


async def load_onboarding_chat_owner(
    uow: UnitOfWork, channel: str, address: str, contact_id: int | None = None
) -> Person:
    """The person who has proven that this chat is theirs, whether or not a form confirms it yet.

    A chat may belong to several persons; `contact_id` names one of them, by default the newcomer who came last.
    NotFoundError where it is nobody's.
    """
    here = [each for each in await uow.register.contacts_at(channel, address) if _is_proven(each)]
    if contact_id is None:
        here = [each for each in here if not await uow.register.confirmations(each.id)]
    meant = [each for each in here if contact_id in {None, each.id}]
    if not meant:
        raise NotFoundError
    return await uow.people.person(meant[-1].person_id, Everything())


async def load_onboarding_chat_contact(uow: UnitOfWork, channel: str, address: str, person_id: int) -> int:
    """The id of a person's contact that is this chat; NotFoundError."""
    here = await uow.register.contacts_at(channel, address)
    return next((each.id for each in here if each.person_id == person_id and _is_proven(each)), 0) or _nobody()


async def load_onboarding_admission(
    uow: UnitOfWork, actor: Actor, *, now: datetime, policy: Policy
) -> LoadedOnboardingAdmission:
    """How far the actor has come."""
    if actor.person_id is None:
        raise NotFoundError
    own = [each for each in await uow.register.contacts(actor.person_id) if is_contact_in_use(each)]
    electronic = tuple(each for each in own if each.channel != PAPER)
    issued = await forms.load_person_forms(uow, actor, actor.person_id)
    newest = {(form.purpose, form.student_id): form for form in issued if form.state is not FormState.VOID}
    return LoadedOnboardingAdmission(
        person_id=actor.person_id,
        contacts=electronic,
        confirmed=frozenset([each.id for each in electronic if await uow.register.confirmations(each.id)]),
        waiting=tuple(form for form in newest.values() if form.state is FormState.WAITING),
        returned=tuple(form for form in newest.values() if form.state is FormState.RETURNED),
        without_consent=await _without_consent(
            uow, actor, {each.channel for each in electronic}, today=timing.local_date_of_time(now, policy)
        ),
    )


async def issue_onboarding_forms(
    uow: UnitOfWork, actor: Actor, *, now: datetime, policy: Policy
) -> Sequence[IssuedForm]:
    """The forms that the actor has to sign now: a consent for each child without one, a statement of contacts.

    A form that waits already and still says the same is not issued a second time, so its printed sheet stays good.
    """
    so_far = await load_onboarding_admission(uow, actor, now=now, policy=policy)
    needed = [NewForm(FormPurpose.CONSENT, so_far.person_id, student) for student in so_far.without_consent]
    needed += [NewForm(FormPurpose.CONTACTS, so_far.person_id)] if so_far.needs_statement else []
    issued = [await _issue_unless_waiting(uow, actor, new, so_far, now=now, policy=policy) for new in needed]
    await uow.commit()
    return issued


async def issue_onboarding_refusals(
    uow: UnitOfWork, actor: Actor, *, now: datetime, policy: Policy
) -> Sequence[IssuedForm]:
    """A refusal for each child without a consent, for a family that wants paper (R1)."""
    so_far = await load_onboarding_admission(uow, actor, now=now, policy=policy)
    issued = [
        await _issue_unless_waiting(
            uow, actor, NewForm(FormPurpose.REFUSAL, so_far.person_id, student), so_far, now=now, policy=policy
        )
        for student in so_far.without_consent
    ]
    await uow.commit()
    return issued


async def name_onboarding_document(
    uow: UnitOfWork, actor: Actor, *, form_id: int, reference: str, sha256: str, now: datetime
) -> None:
    """A person sent a signed e-document in place of a sheet; the office compares the hash when it accepts (R7).

    Raises EDocumentError for what is no reference and SHA-256, NotFoundError for a form that is not the actor's or does
    not wait. The caller commits.
    """
    documents.require_document_file(FormKind.E_DOCUMENT, document=reference, scan_sha256=sha256)
    form = await uow.register.form(form_id)
    if form.person_id != actor.person_id or not await uow.register.name_document(
        form_id, reference=reference, sha256=sha256
    ):
        raise NotFoundError
    await uow.audit.write(actor, "form_sent_electronically", at=now, form_id=form_id, person_id=form.person_id)


async def _issue_unless_waiting(
    uow: UnitOfWork, actor: Actor, new: NewForm, so_far: LoadedOnboardingAdmission, *, now: datetime, policy: Policy
) -> IssuedForm:
    choices = await forms.load_agreed_form_choices(uow, so_far.person_id, so_far.contacts)
    for form in so_far.waiting:
        if (form.purpose, form.student_id) != (new.purpose, new.student_id):
            continue
        named = tuple(each.id for each in so_far.contacts)
        if new.purpose is not FormPurpose.CONTACTS or (form.contact_ids, form.choices) == (named, choices):
            return form
    return await forms.enter_numbered_form(uow, actor, new, now=now, policy=policy)


async def load_onboarding_students(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[Person]:
    """The children whom the actor represents, or the actor as a student, with or without a consent."""
    if actor.person_id is None:
        raise NotFoundError
    return await uow.people.children(Family(actor.person_id, on, needs_consent=False))


async def _without_consent(uow: UnitOfWork, actor: Actor, channels: Collection[str], *, today: date) -> tuple[int, ...]:
    """The children, or the student, for whom no consent of this person is in force for all these channels (Q3)."""
    children, person_id = await load_onboarding_students(uow, actor, on=today), actor.person_id
    entries = await uow.register.consents(person_id)
    latest = {
        child.id: latest_consent_entry([entry for entry in entries if entry.student_id == child.id], today)
        for child in children
    }
    return tuple(
        student_id
        for student_id, entry in latest.items()
        if consent_obstacle(entry, today) or not all(is_processor_in_consent(entry, channel) for channel in channels)
    )


def _is_proven(contact: Contact) -> bool:
    return contact.proven_at is not None and is_contact_in_use(contact)


def _nobody() -> int:
    raise NotFoundError

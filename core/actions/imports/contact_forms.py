"""What a signed form makes of a person's contacts: it adds, confirms and replaces, each form once (Q80, Q81)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.actions.imports.people_context import PeopleContext
from core.model.imports.people_lists import BY_CODE, GuardianRow
from core.model.register.contacts import Confirmation, Contact
from core.model.register.forms import WrittenForm

ORIGIN = "form"
"""Handed in on paper, before the staff member who took it."""

Address = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class ContactWithForms:
    """A contact that the person has or had, with the forms that confirm it."""

    contact: Contact
    confirmations: Sequence[Confirmation]

    @property
    def in_use(self) -> bool:
        """Not taken back."""
        return self.contact.revoked_at is None

    def is_at(self, channel: str, address: str | None) -> bool:
        """The same channel and address; a chat still to be bound is any chat that the person has or had."""
        return self.contact.channel == channel and address in {None, self.contact.address}

    def is_confirmed_by(self, form: WrittenForm) -> bool:
        """True if this form was entered for the contact."""
        return form.document in {each.document for each in self.confirmations}

    def is_older_than(self, signed_on: date) -> bool:
        """True if every form that confirms the contact was signed before this day."""
        return all((each.document_on or each.accepted_at.date()) < signed_on for each in self.confirmations)


def signed_form(row: GuardianRow) -> WrittenForm | None:
    """The form of a row; None unless the row names its number, its day and the staff member who accepted it.

    That staff member saw the owner in person, so the form proves ownership of the contacts too.
    """
    if row.form_no is None or row.form_date is None or row.confirmed_by is None:
        return None
    return WrittenForm(row.form_no, row.form_date, row.confirmed_by, in_person=True)


def contacts_of_row(row: GuardianRow) -> Sequence[Address]:
    """The channels that the row agrees to, in their order; a family that wants paper agrees to none."""
    if row.paper:
        return ()
    telegram = None if row.telegram == BY_CODE else row.telegram
    named = (("telegram", telegram, row.telegram), ("email", row.email, row.email), ("sms", row.phone, row.phone))
    return tuple((channel, address) for channel, address, said in named if said is not None)


async def apply_contact_form(intake: PeopleContext, person_id: int, row: GuardianRow) -> None:
    """Bring the person's contacts to what the row says; the same row again changes nothing.

    Without a form contacts are entered and stay unconfirmed. A new form, one that no contact or decision of the person
    names, replaces older addresses of its channels, and all of them for a family that wants paper; only such a form
    brings a revoked contact back. A form for «a Telegram chat» is used up by the first: listed again it confirms no
    chat that came later.
    """
    form, agreed, held = signed_form(row), contacts_of_row(row), await _contacts_with_forms(intake, person_id)
    is_new = form is not None and form.document not in await _known_documents(intake, person_id, held)
    for rank, (channel, address) in enumerate(agreed):
        same = [each for each in held if each.is_at(channel, address)]
        if active := [each for each in same if each.in_use]:
            if address is not None or not any(form and each.is_confirmed_by(form) for each in same):
                await _confirm_again(intake, min(active, key=lambda each: len(each.confirmations) > 0), form)
        elif is_new or not same:
            await _add_contact(intake, person_id, (channel, address), rank=rank, form=form)
    if form is not None and is_new:
        await _revoke_replaced(intake, held, agreed, signed_on=form.document_on or intake.today)


async def _contacts_with_forms(intake: PeopleContext, person_id: int) -> Sequence[ContactWithForms]:
    register = intake.uow.register
    return [
        ContactWithForms(each, await register.confirmations(each.id)) for each in await register.contacts(person_id)
    ]


async def _known_documents(intake: PeopleContext, person_id: int, held: Sequence[ContactWithForms]) -> set[str]:
    decided = await intake.uow.register.consents(person_id=person_id)
    return {each.document for one in held for each in one.confirmations} | {entry.document for entry in decided}


async def _add_contact(
    intake: PeopleContext, person_id: int, address: Address, *, rank: int, form: WrittenForm | None
) -> None:
    channel, at = address
    contact_id = await intake.uow.register.add_contact(
        person_id=person_id,
        channel=channel,
        address=at,
        rank=rank,
        origin=ORIGIN,
        proven_at=intake.now if form is not None and at is not None else None,
    )
    intake.counts.contacts += 1
    await _confirm_contact(intake, contact_id, form)


async def _confirm_again(intake: PeopleContext, held: ContactWithForms, form: WrittenForm | None) -> None:
    """A contact in use that the row names: its form is kept beside the earlier ones."""
    if form is None or held.is_confirmed_by(form):
        return
    contact = held.contact
    if contact.proven_at is None and contact.address is not None:
        await intake.uow.register.bind(contact.id, contact.address, at=intake.now)
    await _confirm_contact(intake, contact.id, form)


async def _confirm_contact(intake: PeopleContext, contact_id: int, form: WrittenForm | None) -> None:
    if form is None:
        return
    await intake.uow.register.confirm(contact_id, form, at=intake.now)
    intake.counts.confirmations += 1


async def _revoke_replaced(
    intake: PeopleContext, held: Sequence[ContactWithForms], agreed: Sequence[Address], *, signed_on: date
) -> None:
    """What waits for a revoked contact is moved on by the gate, which asks again before sending."""
    channels = {channel for channel, _ in agreed}
    for each in held:
        stays = any(each.is_at(*address) for address in agreed) or (agreed and each.contact.channel not in channels)
        if each.in_use and not stays and each.is_older_than(signed_on):
            await intake.uow.register.revoke(each.contact.id, at=intake.now)
            intake.counts.revoked += 1

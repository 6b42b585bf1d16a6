"""Applies signed forms to contacts: a form adds, confirms and replaces contacts, each form once (Q80, Q81)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.actions.imports.people_context import PeopleImportContext
from core.model.imports.people_lists import BY_CODE, GuardianRow
from core.model.register.contacts import Confirmation, Contact
from core.model.register.forms import WrittenForm
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.names import address_name_key

ORIGIN = "form"
"""Origin of a contact that its owner handed in on paper, in person."""

Address = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class ContactForFormImport:
    """A contact, in use or revoked, with the forms that confirm it."""

    contact: Contact
    confirmations: Sequence[Confirmation]

    @property
    def in_use(self) -> bool:
        """True unless the contact was revoked."""
        return self.contact.revoked_at is None

    def is_at(self, channel: str, address: str | None) -> bool:
        """True for the same channel and address; `address` None is a chat to be bound and matches any address."""
        known = address_name_key(self.contact.address or "")
        return self.contact.channel == channel and (address is None or address_name_key(address) == known)

    def is_confirmed_by(self, form: WrittenForm) -> bool:
        """True if this form was entered for the contact."""
        return form.document in {each.document for each in self.confirmations}

    def is_older_than(self, signed_on: date, policy: Policy) -> bool:
        """True if every form that confirms the contact was signed before this day."""
        return all(
            (each.document_on or timing.local_date_of_time(each.accepted_at, policy)) < signed_on
            for each in self.confirmations
        )


def _signed_form(row: GuardianRow) -> WrittenForm | None:
    """The form of a row; None unless the row names its number, its day and the staff member who accepted it.

    That staff member saw the owner in person, so the form proves ownership of the contacts too.
    """
    if row.form_no is None or row.form_date is None or row.confirmed_by is None:
        return None
    return WrittenForm(row.form_no, row.form_date, row.confirmed_by, in_person=True)


def _contacts_of_row(row: GuardianRow) -> Sequence[Address]:
    """The electronic channels of a row with their addresses, in the agreed order; none if the family wants paper."""
    if row.paper:
        return ()
    return tuple(contact_form_ways(row).items())


def contact_form_ways(row: GuardianRow) -> dict[str, str | None]:
    """The channels that a row names, with their addresses; None for a chat that a code binds later."""
    cells = {"telegram": row.telegram, "max": row.max, "email": row.email, "sms": row.phone}
    return {channel: None if cell == BY_CODE else cell for channel, cell in cells.items() if cell is not None}


async def apply_contact_form(intake: PeopleImportContext, person_id: int, row: GuardianRow) -> None:
    """Makes a person's contacts agree with a row; the same row again changes nothing.

    Without a form contacts are added unconfirmed. A form is new if no contact or consent of the person names it. A new
    form revokes older addresses of its channels, and all electronic contacts if the family wants paper. Only a new form
    brings a revoked contact back. A form for «a Telegram chat» confirms the first chat only, not one bound later.
    """
    form, agreed, contacts = _signed_form(row), _contacts_of_row(row), await _contacts_with_forms(intake, person_id)
    is_new = form is not None and form.document not in await _known_documents(intake, person_id, contacts)
    for rank, (channel, address) in enumerate(agreed):
        same = [contact for contact in contacts if contact.is_at(channel, address)]
        if active := [contact for contact in same if contact.in_use]:
            if address is not None or not any(form and contact.is_confirmed_by(form) for contact in same):
                unconfirmed_first = min(active, key=lambda contact: len(contact.confirmations) > 0)
                await _add_confirmation(intake, unconfirmed_first, form)
        elif is_new or not same:
            await _add_contact(intake, person_id, (channel, address), rank=rank, form=form)
    if form is not None and is_new:
        await _revoke_replaced(intake, contacts, agreed, signed_on=form.document_on or intake.today)


async def _contacts_with_forms(intake: PeopleImportContext, person_id: int) -> Sequence[ContactForFormImport]:
    register = intake.uow.register
    return [
        ContactForFormImport(contact, await register.confirmations(contact.id))
        for contact in await register.contacts(person_id)
    ]


async def _known_documents(
    intake: PeopleImportContext, person_id: int, contacts: Sequence[ContactForFormImport]
) -> set[str]:
    consents = await intake.uow.register.consents(person_id=person_id)
    confirmations = [confirmation for contact in contacts for confirmation in contact.confirmations]
    return {form.document for form in confirmations} | {consent.document for consent in consents}


async def _add_contact(
    intake: PeopleImportContext, person_id: int, address: Address, *, rank: int, form: WrittenForm | None
) -> None:
    channel, at = address
    contact_id = await intake.uow.register.add_contact(
        person_id=person_id,
        channel=channel,
        address=at,
        rank=rank,
        origin=ORIGIN,
        proven_at=intake.now if form is not None and at is not None else None,
        added_at=intake.now,
    )
    intake.counts.contacts += 1
    await _confirm_contact(intake, contact_id, form)


async def _add_confirmation(intake: PeopleImportContext, held: ContactForFormImport, form: WrittenForm | None) -> None:
    """Confirms a contact in use by one more form; the earlier confirmations stay."""
    if form is None or held.is_confirmed_by(form):
        return
    contact = held.contact
    if contact.proven_at is None and contact.address is not None:
        await intake.uow.register.bind(contact.id, contact.address, at=intake.now)
    await _confirm_contact(intake, contact.id, form)


async def _confirm_contact(intake: PeopleImportContext, contact_id: int, form: WrittenForm | None) -> None:
    if form is None:
        return
    await intake.uow.register.confirm(contact_id, form, at=intake.now)
    intake.counts.confirmations += 1


async def _revoke_replaced(
    intake: PeopleImportContext, contacts: Sequence[ContactForFormImport], agreed: Sequence[Address], *, signed_on: date
) -> None:
    """Revokes contacts that the row does not name; what waits for them is planned anew when it is claimed."""
    channels = {channel for channel, _ in agreed}
    for known in contacts:
        stays = any(known.is_at(*address) for address in agreed) or (agreed and known.contact.channel not in channels)
        if known.in_use and not stays and known.is_older_than(signed_on, intake.policy):
            await intake.uow.register.revoke(known.contact.id, at=intake.now)
            intake.counts.revoked += 1

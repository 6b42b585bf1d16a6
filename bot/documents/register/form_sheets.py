"""Issued forms as a PDF: reads the names that stand on them, or leaves them blank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.documents.register.forms import FormSheet, forms_pdf
from bot.documents.slips import FORM, slip_code_svg
from core.model.channels import UNDECLARED
from core.model.register.contacts import Contact
from core.model.register.forms import IssuedForm, Operator
from core.ports import Translator, UnitOfWork
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from notifiers.discovery import discovered_channels


@dataclass(frozen=True, slots=True)
class FormPress:
    """What printing needs beside the forms: the language, the operator, the key of the strips, the school's clock."""

    t: Translator
    operator: Operator
    key: bytes
    policy: Policy


async def form_sheets_pdf(uow: UnitOfWork, forms: Sequence[IssuedForm], press: FormPress, *, named: bool) -> bytes:
    """The PDF of these forms. `named` False: blank lines for all names and addresses.

    A chat names nobody before both proofs of a contact (contracts, Persons), so it gives forms with blank lines.
    """
    classes: Mapping[int, str] = {}
    if named and forms:
        newest = max(form.issued_at for form in forms)
        roll = await uow.people.roll(timing.local_date_of_time(newest, press.policy))
        classes = {entry.student_id: entry.class_name for entry in roll}
    sheets = [await _sheet(uow, form, press, classes, named=named) for form in forms]
    return forms_pdf(sheets, press.t, operator=press.operator)


async def _sheet(
    uow: UnitOfWork, form: IssuedForm, press: FormPress, classes: Mapping[int, str], *, named: bool
) -> FormSheet:
    contacts = [await uow.register.contact(contact_id) for contact_id in form.contact_ids]
    return FormSheet(
        form=form,
        issued_on=timing.local_date_of_time(form.issued_at, press.policy),
        person=await _name(uow, form.person_id) if named else None,
        student=await _name(uow, form.student_id) if named and form.student_id is not None else None,
        school_class=classes.get(form.student_id) if form.student_id is not None else None,
        contacts=[(each.channel, _address(each, press.t) if named else None) for each in contacts],
        qr=slip_code_svg(FORM, form.id, key=press.key),
    )


def _address(contact: Contact, t: Translator) -> str | None:
    """A chat has an address that nobody knows, so the form says that a code binds it."""
    traits = discovered_channels().get(contact.channel, UNDECLARED)
    return t("form.contacts.chat") if traits.converses else contact.address


async def _name(uow: UnitOfWork, person_id: int) -> str:
    return (await uow.people.person(person_id, Everything())).name

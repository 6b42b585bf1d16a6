"""The waiting list: a form or a contact is opened, confirmed with the date of its document, or returned."""

from dataclasses import replace
from datetime import date

from bot.handlers.doors import WORDS, Ask, Behind, Door, Visit
from bot.handlers.register.office.desk import office_frame
from bot.handlers.register.office.papers import paper_fault, pressed_day, read_paper
from bot.screens.register.office import desk as names
from bot.screens.register.office import waiting as screens
from bot.screens.screen import Screen
from core.actions.register import contacts, forms
from core.actions.register.consents import registrar_name
from core.actions.register.office import families
from core.errors import (
    DocumentDateError,
    FieldsNotFilledError,
    FormSettledError,
    NoContactToConfirmError,
    NotFoundError,
)
from core.model.people import OFFICE
from core.model.register.families import NamedForm
from core.model.register.forms import FormKind, SignedForm, WrittenForm
from core.rules.conversation.buttons import HandleRefusedError

REFUSALS = (DocumentDateError, FieldsNotFilledError, FormSettledError, NoContactToConfirmError)


async def list_waiting(visit: Visit, ask: Ask) -> Screen:
    """Forms and contacts that wait, a page of them."""
    (page,) = ask.exactly(1) if ask.pressed else (0,)
    return replace(await _list(visit, page), in_place=ask.pressed)


async def open_contact(visit: Visit, ask: Ask) -> Screen:
    """One contact that waits."""
    (contact_id,) = ask.exactly(1)
    return replace(await _contact(visit, contact_id), in_place=ask.pressed)


async def confirm_contact(visit: Visit, ask: Ask) -> Screen:
    """A paper without a number of ours confirms a contact; the button says its date."""
    contact_id, day = ask.exactly(2)
    return replace(await _confirm(visit, contact_id, "", pressed_day(day)), in_place=True)


async def ask_document(visit: Visit, ask: Ask) -> Screen:
    """Asks for the number and the date of the paper; the words that come confirm the contact."""
    if not ask.pressed:
        return await _take_document(visit, ask)
    (contact_id,) = ask.exactly(1)
    await families.pending_contact(visit.uow, visit.reader, contact_id, on=visit.today)
    await visit.wait_for(names.DOCUMENT, contact=contact_id)
    await visit.uow.commit()
    frame = office_frame(visit)
    back = frame.word("back", names.CONTACT, contact_id)
    return replace(screens.words_request(frame, "document_request", back), in_place=True)


async def open_form(visit: Visit, ask: Ask) -> Screen:
    """One form that waits."""
    (form_id,) = ask.exactly(1)
    return replace(screens.form_entry(office_frame(visit), await _form(visit, form_id)), in_place=ask.pressed)


async def accept_form(visit: Visit, ask: Ask) -> Screen:
    """The form came back signed, with the date on the button; of a consent all fields are filled (Q4)."""
    form_id, in_person, day = ask.exactly(3)
    return replace(
        await _accept(visit, await _form(visit, form_id), pressed_day(day), in_person=bool(in_person)), in_place=True
    )


async def ask_form_date(visit: Visit, ask: Ask) -> Screen:
    """Asks for the date of a form; the words that come accept it."""
    if not ask.pressed:
        named = await _form(visit, _kept(visit, "form"))
        try:
            paper = read_paper(ask.text, today=visit.today)
        except DocumentDateError as fault:
            return screens.form_entry(office_frame(visit), named, note=paper_fault(fault, visit))
        return await _accept(visit, named, paper.dated, in_person=False)
    (form_id,) = ask.exactly(1)
    await _form(visit, form_id)
    await visit.wait_for(names.ACCEPT_DAY, form=form_id)
    await visit.uow.commit()
    frame = office_frame(visit)
    return replace(screens.words_request(frame, "date_request", frame.word("back", names.FORM, form_id)), in_place=True)


async def return_form(visit: Visit, ask: Ask) -> Screen:
    """Returns a form with a reason: a usual one by button, or the words that come."""
    if not ask.pressed:
        return await _return(visit, await _form(visit, _kept(visit, "form")), ask.text)
    form_id, *place = ask.exactly(1, 2)
    named = await _form(visit, form_id)
    if place:
        if not 0 < place[0] <= len(screens.REASONS):
            raise HandleRefusedError
        reason = visit.t(f"office.reason.{screens.REASONS[place[0] - 1]}")
        return replace(await _return(visit, named, reason), in_place=True)
    await visit.wait_for(names.RETURN, form=form_id)
    await visit.uow.commit()
    return replace(screens.return_reasons(office_frame(visit), named), in_place=True)


async def _list(visit: Visit, page: int = 0) -> Screen:
    found = await families.waiting_lists(visit.uow, visit.reader, on=visit.today)
    for owner in {each.contact.person_id for each in found.waiting}:
        if pair := found.pair_of.get(owner):
            visit.afterwards.views.append((visit.reader, names.WAITING, pair.student_id))
    return screens.waiting_list(office_frame(visit), found, page)


async def _contact(visit: Visit, contact_id: int, *, note: str = "") -> Screen:
    opened = await families.pending_contact(visit.uow, visit.reader, contact_id, on=visit.today)
    if opened.pair is not None:
        visit.afterwards.views.append((visit.reader, names.CONTACT, opened.pair.student_id))
    return screens.contact_entry(office_frame(visit), opened, note=note)


async def _form(visit: Visit, form_id: int) -> NamedForm:
    return await families.named_form(visit.uow, await forms.form_by_id(visit.uow, visit.reader, form_id))


async def _take_document(visit: Visit, ask: Ask) -> Screen:
    contact_id = _kept(visit, "contact")
    try:
        paper = read_paper(ask.text, today=visit.today)
    except DocumentDateError as fault:
        await visit.uow.begin_reading()
        return await _contact(visit, contact_id, note=paper_fault(fault, visit))
    return await _confirm(visit, contact_id, paper.document, paper.dated)


async def _confirm(visit: Visit, contact_id: int, document: str, dated: date) -> Screen:
    opened = await families.pending_contact(visit.uow, visit.reader, contact_id, on=visit.today)
    accepted_by = await registrar_name(visit.uow, visit.reader)
    written = WrittenForm(document or visit.t("office.paper"), dated, accepted_by)
    policy = visit.school.policy
    await visit.wait_for(None)
    try:
        await contacts.confirm_contact(
            visit.uow, visit.reader, contact_id=contact_id, written=written, now=visit.now, policy=policy
        )
    except DocumentDateError as fault:
        return screens.contact_entry(office_frame(visit), opened, note=paper_fault(fault, visit))
    return await _contact(visit, contact_id, note=visit.t("office.contact_confirmed"))


async def _accept(visit: Visit, named: NamedForm, dated: date, *, in_person: bool) -> Screen:
    signed = SignedForm(dated, all_fields_filled=True, in_person=in_person)
    if (sent := named.form).reference is not None and not in_person:
        signed = replace(signed, form=FormKind.E_DOCUMENT, document=sent.reference, scan_sha256=sent.sha256)
    await visit.wait_for(None)
    try:
        await forms.accept_form(
            visit.uow, visit.reader, named.form.number, signed, now=visit.now, policy=visit.school.policy
        )
    except REFUSALS as fault:
        await visit.uow.begin_reading()
        return screens.form_entry(office_frame(visit), named, note=paper_fault(fault, visit))
    return _settled(visit, named, "form_accepted")


async def _return(visit: Visit, named: NamedForm, reason: str) -> Screen:
    await visit.wait_for(None)
    try:
        await forms.return_form(visit.uow, visit.reader, named.form.number, reason, now=visit.now)
    except FormSettledError as fault:
        await visit.uow.begin_reading()
        return screens.form_entry(office_frame(visit), named, note=paper_fault(fault, visit))
    return _settled(visit, named, "form_returned")


def _settled(visit: Visit, named: NamedForm, key: str) -> Screen:
    frame = office_frame(visit)
    said = visit.t(f"office.{key}", number=named.form.number)
    person = (frame.word("card", names.PERSON, named.form.person_id),)
    return names.done_screen(frame, said, (frame.word("to_waiting", names.WAITING, 0),), person)


def _kept(visit: Visit, what: str) -> int:
    """The entry that the chat is about; NotFoundError where it is about none."""
    if (kept := visit.dialog.draft.get(what)) is None:
        raise NotFoundError
    return int(kept)


DOORS = (
    Door(names.WAITING, list_waiting, OFFICE, Behind.NOTHING, called="called.waiting"),
    Door(names.CONTACT, open_contact, OFFICE, Behind.RECORD),
    Door(names.CONFIRM, confirm_contact, OFFICE, Behind.RECORD, writes=True),
    Door(names.DOCUMENT, ask_document, OFFICE, Behind.RECORD, takes=WORDS, writes=True),
    Door(names.FORM, open_form, OFFICE, Behind.RECORD),
    Door(names.ACCEPT, accept_form, OFFICE, Behind.RECORD, writes=True),
    Door(names.ACCEPT_DAY, ask_form_date, OFFICE, Behind.RECORD, takes=WORDS, writes=True),
    Door(names.RETURN, return_form, OFFICE, Behind.RECORD, takes=WORDS, writes=True),
)

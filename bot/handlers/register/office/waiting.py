"""The waiting list: a form or a contact is opened, confirmed with the date of its document, or returned."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.handlers.doors import WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.register.office.desk import office_desk_door_frame
from bot.handlers.register.office.papers import day_of_office_paper, office_paper_fault, read_office_paper
from bot.screens.register.office import desk as names
from bot.screens.register.office import waiting as screens
from bot.screens.screen import Screen
from core.actions.register import contacts, forms
from core.actions.register.consents import load_consent_registrar
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


async def office_waiting_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Forms and contacts that wait, a page of them."""
    (page,) = ask.exactly(1) if ask.pressed else (0,)
    return replace(await _list(visit, page), in_place=ask.pressed)


async def office_waiting_contact_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """One contact that waits."""
    (contact_id,) = ask.exactly(1)
    return replace(await _contact(visit, contact_id), in_place=ask.pressed)


async def confirm_office_waiting_contact_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """A paper without a number of ours confirms a contact; the button says its date."""
    contact_id, day = ask.exactly(2)
    return replace(await _confirm(visit, contact_id, "", day_of_office_paper(day)), in_place=True)


async def office_waiting_document_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for the number and the date of the paper; the words that come confirm the contact."""
    if not ask.pressed:
        return await _take_document(visit, ask)
    (contact_id,) = ask.exactly(1)
    await families.load_pending_family_contact(visit.uow, visit.reader, contact_id, on=visit.today)
    await visit.wait_for(names.DOCUMENT, contact=contact_id)
    await visit.uow.commit()
    frame = office_desk_door_frame(visit)
    back = frame.word("back", names.CONTACT, contact_id)
    return replace(screens.office_waiting_words_screen(frame, "document_request", back), in_place=True)


async def office_waiting_form_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """One form that waits."""
    (form_id,) = ask.exactly(1)
    return replace(
        screens.office_waiting_form_screen(office_desk_door_frame(visit), await _form(visit, form_id)),
        in_place=ask.pressed,
    )


async def accept_office_waiting_form_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The form came back signed, with the date on the button; of a consent all fields are filled (Q4)."""
    form_id, in_person, day = ask.exactly(3)
    return replace(
        await _accept(visit, await _form(visit, form_id), day_of_office_paper(day), in_person=bool(in_person)),
        in_place=True,
    )


async def office_waiting_form_date_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for the date of a form; the words that come accept it."""
    if not ask.pressed:
        named = await _form(visit, _kept(visit, "form"))
        try:
            paper = read_office_paper(ask.text, today=visit.today)
        except DocumentDateError as fault:
            return screens.office_waiting_form_screen(
                office_desk_door_frame(visit), named, note=office_paper_fault(fault, visit)
            )
        return await _accept(visit, named, paper.dated, in_person=False)
    (form_id,) = ask.exactly(1)
    await _form(visit, form_id)
    await visit.wait_for(names.ACCEPT_DAY, form=form_id)
    await visit.uow.commit()
    frame = office_desk_door_frame(visit)
    return replace(
        screens.office_waiting_words_screen(frame, "date_request", frame.word("back", names.FORM, form_id)),
        in_place=True,
    )


async def return_office_waiting_form_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
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
    return replace(screens.office_waiting_return_screen(office_desk_door_frame(visit), named), in_place=True)


async def _list(visit: DoorVisit, page: int = 0) -> Screen:
    found = await families.load_waiting_family_lists(visit.uow, visit.reader, on=visit.today)
    for owner in {each.contact.person_id for each in found.waiting}:
        if pair := found.pair_of.get(owner):
            visit.afterwards.views.append((visit.reader, names.WAITING, pair.student_id))
    return screens.office_waiting_list_screen(office_desk_door_frame(visit), found, page)


async def _contact(visit: DoorVisit, contact_id: int, *, note: str = "") -> Screen:
    opened = await families.load_pending_family_contact(visit.uow, visit.reader, contact_id, on=visit.today)
    if opened.pair is not None:
        visit.afterwards.views.append((visit.reader, names.CONTACT, opened.pair.student_id))
    return screens.office_waiting_contact_screen(office_desk_door_frame(visit), opened, note=note)


async def _form(visit: DoorVisit, form_id: int) -> NamedForm:
    return await families.load_named_family_form(
        visit.uow, await forms.load_form_by_id(visit.uow, visit.reader, form_id)
    )


async def _take_document(visit: DoorVisit, ask: DoorRequest) -> Screen:
    contact_id = _kept(visit, "contact")
    try:
        paper = read_office_paper(ask.text, today=visit.today)
    except DocumentDateError as fault:
        await visit.uow.begin_reading()
        return await _contact(visit, contact_id, note=office_paper_fault(fault, visit))
    return await _confirm(visit, contact_id, paper.document, paper.dated)


async def _confirm(visit: DoorVisit, contact_id: int, document: str, dated: date) -> Screen:
    opened = await families.load_pending_family_contact(visit.uow, visit.reader, contact_id, on=visit.today)
    accepted_by = await load_consent_registrar(visit.uow, visit.reader)
    written = WrittenForm(document or visit.t("office.paper"), dated, accepted_by)
    policy = visit.school.policy
    await visit.wait_for(None)
    try:
        lacks = await contacts.confirm_contact(
            visit.uow, visit.reader, contact_id=contact_id, written=written, now=visit.now, policy=policy
        )
    except DocumentDateError as fault:
        return screens.office_waiting_contact_screen(
            office_desk_door_frame(visit), opened, note=office_paper_fault(fault, visit)
        )
    note = _lacking(visit, lacks) or visit.t("office.contact_confirmed")
    return await _contact(visit, contact_id, note=note)


async def _accept(visit: DoorVisit, named: NamedForm, dated: date, *, in_person: bool) -> Screen:
    signed = SignedForm(dated, all_fields_filled=True, in_person=in_person)
    if (sent := named.form).reference is not None and not in_person:
        signed = replace(signed, form=FormKind.E_DOCUMENT, document=sent.reference, scan_sha256=sent.sha256)
    await visit.wait_for(None)
    try:
        accepted = await forms.accept_numbered_form(
            visit.uow, visit.reader, named.form.number, signed, now=visit.now, policy=visit.school.policy
        )
    except REFUSALS as fault:
        await visit.uow.begin_reading()
        return screens.office_waiting_form_screen(
            office_desk_door_frame(visit), named, note=office_paper_fault(fault, visit)
        )
    lacks = await forms.load_form_contact_lacks(visit.uow, visit.reader, accepted)
    return _settled(visit, named, "form_accepted", _lacking(visit, lacks))


async def _return(visit: DoorVisit, named: NamedForm, reason: str) -> Screen:
    await visit.wait_for(None)
    try:
        await forms.return_numbered_form(visit.uow, visit.reader, named.form.number, reason, now=visit.now)
    except FormSettledError as fault:
        await visit.uow.begin_reading()
        return screens.office_waiting_form_screen(
            office_desk_door_frame(visit), named, note=office_paper_fault(fault, visit)
        )
    return _settled(visit, named, "form_returned")


def _lacking(visit: DoorVisit, lacks: Sequence[str]) -> str:
    """What a contact still lacks after its form was accepted; empty where it lacks nothing."""
    words = ", ".join(visit.t(f"contact.lacks.{what}") for what in lacks)
    return visit.t("office.still_lacks", lacks=words) if lacks else ""


def _settled(visit: DoorVisit, named: NamedForm, key: str, further: str = "") -> Screen:
    frame = office_desk_door_frame(visit)
    said = " ".join(filter(None, (visit.t(f"office.{key}", number=named.form.number), further)))
    person = (frame.word("card", names.PERSON, named.form.person_id),)
    return names.desk_done_screen(frame, said, (frame.word("to_waiting", names.WAITING, 0),), person)


def _kept(visit: DoorVisit, what: str) -> int:
    """The entry that the chat is about; NotFoundError where it is about none."""
    if (kept := visit.dialog.draft.get(what)) is None:
        raise NotFoundError
    return int(kept)


DOORS = (
    Door(names.WAITING, office_waiting_door, OFFICE, Behind.NOTHING, called="called.waiting"),
    Door(names.CONTACT, office_waiting_contact_door, OFFICE, Behind.RECORD),
    Door(names.CONFIRM, confirm_office_waiting_contact_door, OFFICE, Behind.RECORD, writes=True),
    Door(names.DOCUMENT, office_waiting_document_door, OFFICE, Behind.RECORD, takes=WORDS, writes=True),
    Door(names.FORM, office_waiting_form_door, OFFICE, Behind.RECORD),
    Door(names.ACCEPT, accept_office_waiting_form_door, OFFICE, Behind.RECORD, writes=True),
    Door(names.ACCEPT_DAY, office_waiting_form_date_door, OFFICE, Behind.RECORD, takes=WORDS, writes=True),
    Door(names.RETURN, return_office_waiting_form_door, OFFICE, Behind.RECORD, takes=WORDS, writes=True),
)

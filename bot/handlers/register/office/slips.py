"""A photographed slip or a typed number opens the confirmation of a form; the photo is read and not kept (Q11, Q34)."""

from collections.abc import Sequence

from bot.documents.scans.codes import UnreadableScanError, read_scanned_codes
from bot.documents.slips import EXTRACT, FORM, read_school_slips
from bot.handlers.doors import Behind, Door, DoorRequest, DoorVisit
from bot.handlers.register.office.desk import office_desk_door_frame
from bot.screens.register.office import desk as names
from bot.screens.register.office import slips as screens
from bot.screens.register.office import waiting as lists
from bot.screens.screen import Screen
from core.actions.paper import queue
from core.actions.register import forms
from core.actions.register.office import families
from core.errors import FormNumberError, NotFoundError
from core.model.people import OFFICE
from core.model.register.forms import FormState, IssuedForm
from core.rules.register.form_numbers import looks_like_form_number


def read_office_slip_photo(content: bytes) -> Sequence[str]:
    """The texts of all QR codes; none where the file is no picture."""
    try:
        return read_scanned_codes(content)
    except UnreadableScanError:
        return ()


async def office_slips_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """One form opens its confirmation, several are listed; slips of extracts are recorded as signed."""
    frame, slips = office_desk_door_frame(visit), read_school_slips(ask.read, key=visit.school.signing_key)
    found = [await forms.load_form_by_id(visit.uow, visit.reader, paper_id) for kind, paper_id in slips if kind == FORM]
    named = [await families.load_named_family_form(visit.uow, form) for form in found]
    extract_ids = [paper_id for kind, paper_id in slips if kind == EXTRACT]
    _record_views(visit, found)
    if extract_ids:
        closes = visit.school.closes
        signed = await queue.record_signed_queue_slips(
            visit.uow, visit.reader, extract_ids, closes=closes, now=visit.now
        )
        return screens.found_office_slips_screen(frame, named, signed)
    match named:
        case []:
            return screens.no_office_slip_screen(frame)
        case [form] if form.form.state is FormState.WAITING:
            return lists.office_waiting_form_screen(frame, form)
        case _:
            return screens.found_office_slips_screen(frame, named, ())


async def office_slip_number_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The form whose number was typed."""
    frame = office_desk_door_frame(visit)
    try:
        form = await forms.load_form_by_number(visit.uow, visit.reader, ask.text)
    except FormNumberError:
        return screens.office_slip_number_screen(frame, "error.FormNumberError")
    except NotFoundError:
        return screens.office_slip_number_screen(frame, "office.no_such_form")
    _record_views(visit, [form])
    named = await families.load_named_family_form(visit.uow, form)
    if form.state is FormState.WAITING:
        return lists.office_waiting_form_screen(frame, named)
    return screens.found_office_slips_screen(frame, [named], ())


def _record_views(visit: DoorVisit, found: Sequence[IssuedForm]) -> None:
    for student_id in {form.student_id for form in found} - {None}:
        visit.afterwards.views.append((visit.reader, names.FORM, student_id or 0))


DOORS = (
    Door(names.SLIPS, office_slips_door, OFFICE, Behind.NOTHING, writes=True, reads=read_office_slip_photo),
    Door(names.NUMBER, office_slip_number_door, OFFICE, Behind.NOTHING, recognises=looks_like_form_number),
)

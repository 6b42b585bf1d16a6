"""A photographed slip or a typed number opens the confirmation of a form; the photo is read and not kept (Q11, Q34)."""

from collections.abc import Sequence

from bot.documents.scans.codes import UnreadableScanError, read_codes
from bot.documents.slips import EXTRACT, FORM, own_slips
from bot.handlers.doors import Ask, Behind, Door, Visit
from bot.handlers.register.office.desk import office_frame
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


def codes_of_photo(content: bytes) -> Sequence[str]:
    """The texts of all QR codes; none where the file is no picture."""
    try:
        return read_codes(content)
    except UnreadableScanError:
        return ()


async def open_slips(visit: Visit, ask: Ask) -> Screen:
    """One form opens its confirmation, several are listed; slips of extracts are recorded as signed."""
    frame, slips = office_frame(visit), own_slips(ask.read, key=visit.school.signing_key)
    found = [await forms.form_by_id(visit.uow, visit.reader, paper_id) for kind, paper_id in slips if kind == FORM]
    named = [await families.named_form(visit.uow, form) for form in found]
    extract_ids = [paper_id for kind, paper_id in slips if kind == EXTRACT]
    _record_views(visit, found)
    if extract_ids:
        closes = visit.school.closes
        signed = await queue.record_signed_slips(visit.uow, visit.reader, extract_ids, closes=closes, now=visit.now)
        return screens.found_slips(frame, named, signed)
    match named:
        case []:
            return screens.no_slip(frame)
        case [form] if form.form.state is FormState.WAITING:
            return lists.form_entry(frame, form)
        case _:
            return screens.found_slips(frame, named, ())


async def open_numbered(visit: Visit, ask: Ask) -> Screen:
    """The form whose number was typed."""
    frame = office_frame(visit)
    try:
        form = await forms.form_by_number(visit.uow, visit.reader, ask.text)
    except FormNumberError:
        return screens.wrong_number(frame, "error.FormNumberError")
    except NotFoundError:
        return screens.wrong_number(frame, "office.no_such_form")
    _record_views(visit, [form])
    named = await families.named_form(visit.uow, form)
    if form.state is FormState.WAITING:
        return lists.form_entry(frame, named)
    return screens.found_slips(frame, [named], ())


def _record_views(visit: Visit, found: Sequence[IssuedForm]) -> None:
    for student_id in {form.student_id for form in found} - {None}:
        visit.afterwards.views.append((visit.reader, names.FORM, student_id or 0))


DOORS = (
    Door(names.SLIPS, open_slips, OFFICE, Behind.NOTHING, writes=True, reads=codes_of_photo),
    Door(names.NUMBER, open_numbered, OFFICE, Behind.NOTHING, recognises=looks_like_form_number),
)

"""Slips that were photographed: forms to be confirmed, extracts that came back signed."""

from collections.abc import Sequence

from bot.screens.register.office.desk import FORM, WAITING, OfficeDeskScreenFrame, desk_done_screen, desk_screen_column
from bot.screens.screen import Screen, screen_bold, screen_text
from core.model.paper import Extract
from core.model.register.families import NamedForm
from core.model.register.forms import FormState


def no_office_slip_screen(frame: OfficeDeskScreenFrame) -> Screen:
    """No code of this school on the photo: what to do instead."""
    return desk_done_screen(frame, frame.t("office.no_slip"), (frame.word("to_waiting", WAITING, 0),))


def office_slip_number_screen(frame: OfficeDeskScreenFrame, key: str) -> Screen:
    """The number that was typed is mistyped, or no form has it."""
    return desk_done_screen(frame, frame.t(key), (frame.word("to_waiting", WAITING, 0),))


def found_office_slips_screen(
    frame: OfficeDeskScreenFrame, forms: Sequence[NamedForm], extracts: Sequence[Extract]
) -> Screen:
    """What the codes of a photo stand for; a button opens each form that waits."""
    t = frame.t
    lines = [screen_bold(t("office.slips_title"))]
    lines += [_form_line(frame, named) for named in forms]
    lines += [t("office.slip_signed", number=extract.number) for extract in extracts]
    waiting = [each for each in forms if each.form.state is FormState.WAITING]
    buttons = [frame.button(f"{each.form.number} {each.person}", FORM, each.form.id) for each in waiting]
    return Screen("\n".join(lines), (*desk_screen_column(buttons), frame.home()))


def _form_line(frame: OfficeDeskScreenFrame, named: NamedForm) -> str:
    state = frame.t(f"form.state.{named.form.state}")
    return screen_text(f"{named.form.number}, {named.person}: {state}")

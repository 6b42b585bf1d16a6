"""The office's first door, its lists of who has no channel and what was set aside."""

from dataclasses import replace

from bot.handlers.doors import Ask, Behind, Door, Visit
from bot.screens.register.office import desk as screens
from bot.screens.register.office import waiting as lists
from bot.screens.register.office.desk import OfficeFrame
from bot.screens.screen import Screen
from core.actions.register import contacts
from core.actions.register.office import families
from core.model.people import OFFICE

BOTH = 2


def office_frame(visit: Visit) -> OfficeFrame:
    """What the screens of the office need."""
    return OfficeFrame(now=visit.now, zone=visit.school.policy.zone, t=visit.t, seal=visit.seal)


async def open_desk(visit: Visit, ask: Ask) -> Screen:
    """`/register`: what is to do."""
    found = await families.office_lists(visit.uow, visit.reader, on=visit.today)
    return replace(screens.desk_screen(office_frame(visit), found), in_place=ask.pressed and bool(ask.numbers))


async def list_without_channel(visit: Visit, ask: Ask) -> Screen:
    """Consents in force whose person has no channel."""
    (page,) = ask.exactly(1) if ask.pressed else (0,)
    found = await families.office_lists(visit.uow, visit.reader, on=visit.today)
    for pair in found.without_channel:
        visit.afterwards.views.append((visit.reader, screens.WITHOUT, pair.student_id))
    return replace(lists.without_channel_list(office_frame(visit), found.without_channel, page), in_place=ask.pressed)


async def list_set_aside(visit: Visit, ask: Ask) -> Screen:
    """Contacts that were set aside, with the reason (Q84)."""
    (page,) = ask.exactly(1) if ask.pressed else (0,)
    found = await families.waiting_lists(visit.uow, visit.reader, on=visit.today)
    return replace(lists.set_aside_list(office_frame(visit), found, page), in_place=ask.pressed)


async def resume_contact(visit: Visit, ask: Ask) -> Screen:
    """One tap brings a contact back that was set aside (Q84)."""
    contact_id, *_ = ask.exactly(1, BOTH)
    resumed = await contacts.resume_contact(visit.uow, visit.reader, contact_id=contact_id, now=visit.now)
    found = await families.waiting_lists(visit.uow, visit.reader, on=visit.today)
    note = visit.t("office.resumed" if resumed else "office.nothing_to_resume")
    return replace(lists.set_aside_list(office_frame(visit), found, 0, note=note), in_place=True)


DOORS = (
    Door(screens.OFFICE, open_desk, OFFICE, Behind.NOTHING, command="register"),
    Door(screens.WITHOUT, list_without_channel, OFFICE, Behind.NOTHING, called="called.without_channel"),
    Door(screens.ASIDE, list_set_aside, OFFICE, Behind.NOTHING, called="called.set_aside"),
    Door(screens.RESUME, resume_contact, OFFICE, Behind.RECORD, writes=True),
)

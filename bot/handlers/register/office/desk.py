"""The office's first door, its lists of who has no channel and what was set aside."""

from dataclasses import replace

from bot.handlers.doors import Behind, Door, DoorRequest, DoorVisit
from bot.screens.register.office import desk as screens
from bot.screens.register.office import waiting as lists
from bot.screens.register.office.desk import OfficeDeskScreenFrame
from bot.screens.screen import Screen
from core.actions.register import contacts
from core.actions.register.office import families
from core.model.people import OFFICE

BOTH = 2


def office_desk_door_frame(visit: DoorVisit) -> OfficeDeskScreenFrame:
    """What the screens of the office need."""
    policy = visit.school.policy
    offered = policy.processors.on_forms or ()
    return OfficeDeskScreenFrame(now=visit.now, zone=policy.zone, t=visit.t, seal=visit.seal, offered=offered)


async def office_desk_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """`/register`: what is to do."""
    found = await families.load_office_family_lists(visit.uow, visit.reader, on=visit.today)
    return replace(
        screens.office_desk_screen(office_desk_door_frame(visit), found), in_place=ask.pressed and bool(ask.numbers)
    )


async def desk_without_channel_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Consents in force whose person has no channel."""
    (page,) = ask.exactly(1) if ask.pressed else (0,)
    found = await families.load_office_family_lists(visit.uow, visit.reader, on=visit.today)
    for pair in found.without_channel:
        visit.afterwards.views.append((visit.reader, screens.WITHOUT, pair.student_id))
    return replace(
        lists.office_waiting_without_channel_screen(office_desk_door_frame(visit), found.without_channel, page),
        in_place=ask.pressed,
    )


async def desk_set_aside_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Contacts that were set aside, with the reason (Q84)."""
    (page,) = ask.exactly(1) if ask.pressed else (0,)
    found = await families.load_waiting_family_lists(visit.uow, visit.reader, on=visit.today)
    return replace(
        lists.office_waiting_set_aside_screen(office_desk_door_frame(visit), found, page), in_place=ask.pressed
    )


async def resume_desk_contact_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """One tap brings a contact back that was set aside (Q84)."""
    contact_id, *_ = ask.exactly(1, BOTH)
    resumed = await contacts.resume_contact(visit.uow, visit.reader, contact_id=contact_id, now=visit.now)
    found = await families.load_waiting_family_lists(visit.uow, visit.reader, on=visit.today)
    note = visit.t("office.resumed" if resumed else "office.nothing_to_resume")
    return replace(
        lists.office_waiting_set_aside_screen(office_desk_door_frame(visit), found, 0, note=note), in_place=True
    )


DOORS = (
    Door(screens.OFFICE, office_desk_door, OFFICE, Behind.NOTHING, command="register"),
    Door(screens.WITHOUT, desk_without_channel_door, OFFICE, Behind.NOTHING, called="called.without_channel"),
    Door(screens.ASIDE, desk_set_aside_door, OFFICE, Behind.NOTHING, called="called.set_aside"),
    Door(screens.RESUME, resume_desk_contact_door, OFFICE, Behind.RECORD, writes=True),
)

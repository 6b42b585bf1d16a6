"""The door to all of one's own data, as one file (152-ФЗ art. 14)."""

from bot.documents.register import own_data as documents
from bot.handlers.doors import KNOWN, Behind, Door, DoorRequest, DoorVisit
from bot.screens.register.own import data as screens
from bot.screens.screen import Screen
from core.actions.register import own_data


async def own_data_door(visit: DoorVisit, _ask: DoorRequest) -> Screen:
    """Gathers what the school holds about the person who asks; a discreet messenger carries no such file (Q85)."""
    data = await own_data.gather_own_data(visit.uow, visit.reader, on=visit.today, now=visit.now)
    await visit.uow.commit()
    page = documents.own_data_html(
        data, visit.t, school=visit.school.name, now=visit.now, zone=visit.school.policy.zone
    )
    return screens.own_data_screen(page, documents.MEDIA_TYPE, visit.t, visit.seal)


DOORS = (Door(screens.DATA, own_data_door, KNOWN, Behind.NOTHING, writes=True),)

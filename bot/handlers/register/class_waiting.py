"""A class teacher's list of contacts that have lacked a proof for a week: whom to remind (Q84)."""

from bot.handlers.doors import LEADERS, Behind, Door, DoorRequest, DoorVisit
from bot.screens.register import class_waiting as screens
from bot.screens.screen import Screen
from core.actions.register.office import families
from core.rules.conversation.buttons import WAITING_CONTACTS


async def class_waiting_door(visit: DoorVisit, _ask: DoorRequest) -> Screen:
    """The contacts of the own classes that wait, each with the child by whom the teacher knows the family."""
    found = await families.load_families_waiting_long(
        visit.uow, visit.reader, now=visit.now, policy=visit.school.policy
    )
    for student_id in dict.fromkeys(pair.student_id for pair, _ in found):
        visit.afterwards.views.append((visit.reader, WAITING_CONTACTS, student_id))
    return screens.class_waiting_screen(found, visit.t)


DOORS = (
    Door(
        WAITING_CONTACTS, class_waiting_door, LEADERS, Behind.NOTHING, command="waiting", called="called.class_waiting"
    ),
)

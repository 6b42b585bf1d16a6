"""A class teacher's list of contacts that have lacked a proof for a week: whom to remind (Q84)."""

from bot.handlers.doors import LEADERS, Ask, Behind, Door, Visit
from bot.screens.register import class_waiting as screens
from bot.screens.screen import Screen
from core.actions.register.office import families
from core.rules.conversation.buttons import WAITING_CONTACTS


async def list_waiting(visit: Visit, _ask: Ask) -> Screen:
    """The contacts of the own classes that wait, each with the child by whom the teacher knows the family."""
    found = await families.waiting_too_long(visit.uow, visit.reader, now=visit.now, policy=visit.school.policy)
    for student_id in dict.fromkeys(pair.student_id for pair, _ in found):
        visit.afterwards.views.append((visit.reader, WAITING_CONTACTS, student_id))
    return screens.waiting_families(found, visit.t)


DOORS = (
    Door(WAITING_CONTACTS, list_waiting, LEADERS, Behind.NOTHING, command="waiting", called="called.class_waiting"),
)

"""A sent broadcast: who has read it, a reminder to the others, recalling it (Q97)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.broadcast.draft import board
from bot.handlers.doors import LEADERS, Ask, Behind, Door, Visit
from bot.screens.broadcast import sent as screens
from bot.screens.dates import brief
from bot.screens.screen import Screen
from core.actions.broadcast import acknowledgements, broadcasts
from core.errors import ConflictError
from core.model.broadcast import Draft
from core.model.notices import LessonChanged


async def own(visit: Visit, _ask: Ask) -> Screen:
    """`/sent`: the actor's own broadcasts."""
    found = await broadcasts.own_broadcasts(visit.uow, visit.reader, limit=screens.MOST_SENT)
    zone = visit.school.policy.zone
    days = [brief((each.sent_at or each.send_at).astimezone(zone).date()) for each in found]
    return screens.sent(found, days, visit.t, visit.seal)


async def show(visit: Visit, ask: Ask) -> Screen:
    """Shows who has read it by now."""
    (broadcast_id,) = ask.exactly(1)
    return replace(await show_sent(visit, broadcast_id), in_place=True)


async def show_sent(visit: Visit, broadcast_id: int, *, note: str = "") -> Screen:
    """Who has read a broadcast. NotFoundError unless all its groups are the actor's."""
    found, group_ids, changes = await broadcasts.open_broadcast(visit.uow, visit.reader, broadcast_id, on=visit.today)
    heard = await acknowledgements.acknowledgements(visit.uow, visit.reader, broadcast_id, on=visit.today)
    said = heard.changes or await _planned(visit, Draft(group_ids, tuple(changes), replaces_id=found.replaces_id))
    return screens.acknowledged(await board(visit, group_ids), heard, said, note=note)


async def _planned(visit: Visit, draft: Draft) -> Sequence[LessonChanged]:
    return await broadcasts.broadcast_changes(visit.uow, visit.reader, draft, on=visit.today) if draft.changes else ()


async def remind_unread(visit: Visit, ask: Ask) -> Screen:
    """Sends it again to those who have not read it."""
    (broadcast_id,) = ask.exactly(1)
    try:
        persons = await acknowledgements.remind_unacknowledged(
            visit.uow, visit.reader, broadcast_id, now=visit.now, on=visit.today
        )
    except ConflictError:
        return replace(await show_sent(visit, broadcast_id), in_place=True)
    note = visit.t("broadcast.reminded", persons)
    return replace(await show_sent(visit, broadcast_id, note=note), in_place=True)


async def recall(visit: Visit, ask: Ask) -> Screen:
    """Recalls a broadcast that was not sent yet; a sent one can only be corrected."""
    (broadcast_id,) = ask.exactly(1)
    try:
        await broadcasts.recall_broadcast(visit.uow, visit.reader, broadcast_id, now=visit.now, on=visit.today)
    except ConflictError:
        note = visit.t("broadcast.too_late")
    else:
        note = ""
    return replace(await show_sent(visit, broadcast_id, note=note), in_place=True)


DOORS = (
    Door(screens.SENT, own, LEADERS, Behind.NOTHING, command="sent", discreet=True),
    Door(screens.LIST, show, LEADERS, Behind.RECORD, discreet=True),
    Door(screens.REMIND, remind_unread, LEADERS, Behind.RECORD, writes=True, discreet=True),
    Door(screens.RECALL, recall, LEADERS, Behind.RECORD, writes=True, discreet=True),
)

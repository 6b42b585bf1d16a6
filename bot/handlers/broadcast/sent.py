"""A sent broadcast: who has read it, a reminder to the others, recalling it (Q97)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.broadcast.draft import broadcast_draft_frame
from bot.handlers.doors import LEADERS, Behind, Door, DoorRequest, DoorVisit
from bot.screens.broadcast import sent as screens
from bot.screens.dates import screen_date
from bot.screens.screen import Screen
from core.actions.broadcast import acknowledgements, broadcasts
from core.errors import ConflictError
from core.model.broadcast import Draft
from core.model.notices.family import LessonChanged
from core.rules.delivery import timing


async def sent_broadcasts_door(visit: DoorVisit, _ask: DoorRequest) -> Screen:
    """`/sent`: the actor's own broadcasts."""
    own = await broadcasts.load_own_broadcasts(visit.uow, visit.reader, limit=screens.MOST_SENT)
    policy = visit.school.policy
    days = [screen_date(timing.local_date_of_time(broadcast.sent_at or broadcast.send_at, policy)) for broadcast in own]
    return screens.sent_broadcast_list_screen(own, days, visit.t, visit.seal)


async def sent_broadcast_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Shows who has read it by now."""
    (broadcast_id,) = ask.exactly(1)
    return replace(await sent_broadcast_reply(visit, broadcast_id), in_place=True)


async def sent_broadcast_reply(visit: DoorVisit, broadcast_id: int, *, note: str = "") -> Screen:
    """Who has read a broadcast. NotFoundError unless all its groups are the actor's."""
    broadcast, group_ids, changes = await broadcasts.load_broadcast_with_changes(
        visit.uow, visit.reader, broadcast_id, on=visit.today
    )
    readings = await acknowledgements.load_broadcast_acknowledgements(
        visit.uow, visit.reader, broadcast_id, on=visit.today
    )
    changed = readings.changes or await _planned(
        visit, Draft(group_ids, tuple(changes), replaces_id=broadcast.replaces_id)
    )
    return screens.sent_broadcast_screen(await broadcast_draft_frame(visit, group_ids), readings, changed, note=note)


async def _planned(visit: DoorVisit, draft: Draft) -> Sequence[LessonChanged]:
    return (
        await broadcasts.load_broadcast_changes(visit.uow, visit.reader, draft, on=visit.today) if draft.changes else ()
    )


async def remind_sent_broadcast_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Sends it again to those who have not read it."""
    (broadcast_id,) = ask.exactly(1)
    try:
        persons = await acknowledgements.remind_of_missing_acknowledgements(
            visit.uow, visit.reader, broadcast_id, now=visit.now, on=visit.today
        )
    except ConflictError:
        await visit.uow.begin_reading()
        return replace(await sent_broadcast_reply(visit, broadcast_id), in_place=True)
    note = visit.t("broadcast.reminded", persons)
    return replace(await sent_broadcast_reply(visit, broadcast_id, note=note), in_place=True)


async def recall_sent_broadcast_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Recalls a broadcast that was not sent yet; a sent one can only be corrected."""
    (broadcast_id,) = ask.exactly(1)
    try:
        await broadcasts.recall_broadcast(visit.uow, visit.reader, broadcast_id, now=visit.now, on=visit.today)
    except ConflictError:
        await visit.uow.begin_reading()
        note = visit.t("broadcast.too_late")
    else:
        note = ""
    return replace(await sent_broadcast_reply(visit, broadcast_id, note=note), in_place=True)


DOORS = (
    Door(screens.SENT, sent_broadcasts_door, LEADERS, Behind.NOTHING, command="sent", discreet=True),
    Door(screens.LIST, sent_broadcast_door, LEADERS, Behind.RECORD, discreet=True),
    Door(screens.REMIND, remind_sent_broadcast_door, LEADERS, Behind.RECORD, writes=True, discreet=True),
    Door(screens.RECALL, recall_sent_broadcast_door, LEADERS, Behind.RECORD, writes=True, discreet=True),
)

"""The call list of a sent broadcast: a person was reached by phone (Q97)."""

from dataclasses import replace

from bot.handlers.broadcast.draft import broadcast_draft_frame
from bot.handlers.broadcast.sent import sent_broadcast_reply
from bot.handlers.doors import LEADERS, Behind, Door, DoorRequest, DoorVisit
from bot.screens.broadcast import phone_calls as screens
from bot.screens.broadcast.sent import CALLS
from bot.screens.screen import Screen
from core.actions.broadcast import acknowledgements, broadcasts, phone_calls
from core.errors import ConflictError


async def phone_calls_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Who does not know a broadcast yet. NotFoundError unless all its groups are the actor's."""
    broadcast_id, *page = ask.exactly(1, 2)
    return await _call_list(visit, broadcast_id, page=page[0] if page else 0)


async def record_phone_call_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The person was reached by phone."""
    broadcast_id, person_id, page = ask.exactly(3)
    try:
        await phone_calls.record_broadcast_phone_call(
            visit.uow, visit.reader, broadcast_id, person_id, now=visit.now, on=visit.today
        )
    except ConflictError:
        await visit.uow.begin_reading()
        return replace(await sent_broadcast_reply(visit, broadcast_id), in_place=True)
    return await _call_list(visit, broadcast_id, page=page, note="broadcast.call_recorded")


async def undo_phone_call_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The person was not reached after all."""
    broadcast_id, person_id, page = ask.exactly(3)
    try:
        await phone_calls.undo_broadcast_phone_call(
            visit.uow, visit.reader, broadcast_id, person_id,
            closes=visit.school.closes, now=visit.now, on=visit.today,
        )  # fmt: skip
    except ConflictError:
        await visit.uow.begin_reading()
        return replace(await sent_broadcast_reply(visit, broadcast_id), in_place=True)
    return await _call_list(visit, broadcast_id, page=page, note="broadcast.call_undone")


async def _call_list(visit: DoorVisit, broadcast_id: int, *, page: int = 0, note: str = "") -> Screen:
    _, group_ids, _ = await broadcasts.load_broadcast_with_changes(
        visit.uow, visit.reader, broadcast_id, on=visit.today
    )
    readings = await acknowledgements.load_broadcast_acknowledgements(
        visit.uow, visit.reader, broadcast_id, on=visit.today
    )
    persons = phone_calls.load_broadcast_phone_calls(readings)
    frame = await broadcast_draft_frame(visit, group_ids)
    words = visit.t(note) if note else ""
    return replace(screens.phone_calls_screen(frame, broadcast_id, persons, page=page, note=words), in_place=True)


DOORS = (
    Door(CALLS, phone_calls_door, LEADERS, Behind.RECORD),
    Door(screens.REACHED, record_phone_call_door, LEADERS, Behind.RECORD, writes=True),
    Door(screens.NOT_REACHED, undo_phone_call_door, LEADERS, Behind.RECORD, writes=True),
)

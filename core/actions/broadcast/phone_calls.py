"""Who does not know a broadcast yet is called by phone, and who called says so (Q97)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.broadcast.acknowledgements import (
    LoadedAcknowledgements,
    PersonReading,
    load_broadcast_acknowledgements,
)
from core.errors import ConflictError, NotFoundError
from core.model.broadcast import BroadcastState
from core.model.delivery.fact_names import broadcast_fact_name
from core.model.delivery.states import Status
from core.model.people import Actor
from core.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class PersonToCall:
    """A person of one or several families of a broadcast; `reading` is that of their first student."""

    reading: PersonReading
    students: tuple[str, ...]


def load_broadcast_phone_calls(readings: LoadedAcknowledgements) -> Sequence[PersonToCall]:
    """Everybody who has not read it and whose student does not count as told, then those who were reached by phone."""
    waiting: dict[int, PersonToCall] = {}
    reached: dict[int, PersonToCall] = {}
    for student in readings.students:
        for person in student.persons:
            found = reached if person.call else waiting
            if person.call or (person.read_at is None and not student.is_told):
                known = found.get(person.person_id, PersonToCall(person, ()))
                found[person.person_id] = PersonToCall(known.reading, (*known.students, student.name))
    return [*waiting.values(), *reached.values()]


async def record_broadcast_phone_call(
    uow: UnitOfWork, actor: Actor, broadcast_id: int, person_id: int, *, now: datetime, on: date
) -> None:
    """The person was reached by phone and counts as told; nothing of the broadcast is sent or printed for them.

    NotFoundError for a person of another broadcast, ConflictError where it is not sent, or was recalled or replaced.
    """
    await _require_sent(uow, actor, broadcast_id, person_id, on=on)
    if actor.person_id is None:
        raise NotFoundError
    fact = broadcast_fact_name(broadcast_id)
    if await uow.outbox.record_call(fact, person_id, caller_id=actor.person_id, at=now):
        await uow.audit.write(actor, "broadcast.reached", at=now, broadcast=broadcast_id, person=person_id)
    await uow.commit()


async def undo_broadcast_phone_call(
    uow: UnitOfWork,
    actor: Actor,
    broadcast_id: int,
    person_id: int,
    *,
    closes: Mapping[str, Status],
    now: datetime,
    on: date,
) -> None:
    """The person was not reached after all: what the call withdrew is sent or printed.

    Errors as in `record_broadcast_phone_call`.
    """
    await _require_sent(uow, actor, broadcast_id, person_id, on=on)
    if await uow.outbox.undo_call(broadcast_fact_name(broadcast_id), person_id, closes=closes, at=now):
        await uow.audit.write(actor, "broadcast.not_reached", at=now, broadcast=broadcast_id, person=person_id)
    await uow.commit()


async def _require_sent(uow: UnitOfWork, actor: Actor, broadcast_id: int, person_id: int, *, on: date) -> None:
    readings = await load_broadcast_acknowledgements(uow, actor, broadcast_id, on=on)
    if readings.broadcast.state is not BroadcastState.SENT:
        raise ConflictError
    if all(person.person_id != person_id for student in readings.students for person in student.persons):
        raise NotFoundError

"""Who has read a broadcast, and a reminder for the others (Q97)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.errors import ConflictError
from core.model.broadcast import Broadcast, BroadcastState
from core.model.channels import PAPER
from core.model.delivery.deliveries import Delivery
from core.model.delivery.fact_names import broadcast_fact_name
from core.model.delivery.obligations import NewNotice, ObligationRow, PhoneCall
from core.model.delivery.states import State, Status
from core.model.notices.facts import Notice
from core.model.notices.family import LessonChanged
from core.model.people import Actor
from core.ports import UnitOfWork
from core.rules import access
from core.rules.broadcast import deadlines
from core.rules.delivery import timing
from core.rules.delivery.evidence import ON_ITS_WAY, RANK


@dataclass(frozen=True, slots=True)
class PersonReading:
    """Whether one person knows a broadcast; `read_at` is when «Прочитано» was pressed, or the `call` was made.

    `channel` None: the person switched such notices off, or with `called_back` nothing was sent before the recall.
    """

    person_id: int
    person: str
    is_student: bool
    channel: str | None
    status: Status | None
    read_at: datetime | None
    called_back: bool = False
    call: PhoneCall | None = None


@dataclass(frozen=True, slots=True)
class StudentReading:
    """Whether a student's family has read a broadcast, or a staff member (`student_id` None).

    `is_told`: enough of the persons have read it (`Acknowledging`). `is_late`: they did so after the due time.
    """

    student_id: int | None
    name: str
    persons: tuple[PersonReading, ...]
    is_told: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class LoadedAcknowledgements:
    """Who gets a broadcast, students by name, then staff; `changes` are its lesson changes once it was sent."""

    broadcast: Broadcast
    changes: tuple[LessonChanged, ...]
    students: tuple[StudentReading, ...]
    staff: tuple[StudentReading, ...]

    @property
    def told_count(self) -> int:
        """How many students count as told."""
        return sum(student.is_told for student in self.students)


_NameKey = tuple[str, int | None]
"""A name with its student id, None for staff."""


async def load_broadcast_acknowledgements(
    uow: UnitOfWork, actor: Actor, broadcast_id: int, *, on: date
) -> LoadedAcknowledgements:
    """Who was told by which channel and who has read it. NotFoundError for a broadcast outside the actor's groups."""
    scope = access.broadcasting_access_scope(actor, on=on)
    broadcast, group_ids = await uow.broadcasts.broadcast(broadcast_id, scope)
    by_name: dict[_NameKey, list[ObligationRow]] = defaultdict(list)
    for row in await uow.outbox.obligations(fact=broadcast_fact_name(broadcast_id)):
        by_name[row.student or row.person, row.obligation.student_id].append(row)
    published = await uow.outbox.published_as(broadcast_fact_name(broadcast_id))
    calls = {call.obligation_id: call for call in await uow.outbox.calls(broadcast_fact_name(broadcast_id))}
    if not by_name:  # sent just now: the worker has not planned it yet
        student_ids = {each.student_id for each in published}
        households = await uow.people.households(group_ids, scope, on=on)
        by_name.update({(each.student, each.student_id): [] for each in households if each.student_id in student_ids})
    readings = [
        _student_reading(student_id, name, rows, broadcast, calls)
        for (name, student_id), rows in sorted(by_name.items(), key=_by_name)
    ]
    notices = dict.fromkeys(each.notice for each in published if each.student_id is not None)
    return LoadedAcknowledgements(
        broadcast,
        changes=tuple(notice for notice in notices if isinstance(notice, LessonChanged)),
        students=tuple(each for each in readings if each.student_id is not None),
        staff=tuple(each for each in readings if each.student_id is None),
    )


async def remind_of_missing_acknowledgements(
    uow: UnitOfWork, actor: Actor, broadcast_id: int, *, now: datetime, on: date
) -> int:
    """Publishes a broadcast again for those who have not read it and whose student does not count as told.

    Persons on paper and persons with a message still on its way get none. Returns the number of persons. ConflictError
    if the broadcast was recalled or replaced, or is not sent yet.
    """
    state = await load_broadcast_acknowledgements(uow, actor, broadcast_id, on=on)
    if state.broadcast.state is not BroadcastState.SENT:
        raise ConflictError
    fact = broadcast_fact_name(broadcast_id)
    notices: dict[int | None, list[Notice]] = defaultdict(list)
    for published in await uow.outbox.published_as(fact):
        if published.student_id is not None and published.person_id is None:
            notices[published.student_id].append(published.notice)
    missing = [(student.student_id, person_id) for student in state.students for person_id in _not_read(student)]
    again = [NewNotice(student, notice, fact, person) for student, person in missing for notice in notices[student]]
    due = state.broadcast.due if not timing.is_past_due_time(state.broadcast.due, now) else None
    await uow.outbox.add(again, received_at=now, published_at=now, due=due)
    await uow.audit.write(actor, "broadcast.reminded", at=now, broadcast=broadcast_id, persons=len(missing))
    await uow.commit()
    return len({person for _, person in missing})


def _not_read(student: StudentReading) -> Sequence[int]:
    """Persons to remind, by id."""
    if student.is_told:
        return ()
    return [
        person.person_id
        for person in student.persons
        if person.read_at is None and person.channel not in {None, PAPER} and person.status not in ON_ITS_WAY
    ]


def _by_name(item: tuple[_NameKey, object]) -> tuple[str, int]:
    (name, student_id), _ = item
    return name, student_id or 0


def _student_reading(
    student_id: int | None,
    name: str,
    rows: Iterable[ObligationRow],
    broadcast: Broadcast,
    calls: Mapping[int, PhoneCall],
) -> StudentReading:
    by_person: dict[int, list[ObligationRow]] = defaultdict(list)
    for row in rows:
        by_person[row.obligation.person_id].append(row)
    persons = tuple(_person_reading(person_id, own, student_id, calls) for person_id, own in by_person.items())
    is_told = _is_told([person.read_at is not None for person in persons], persons, broadcast)
    in_time = [
        person.read_at is not None and not timing.is_past_due_time(broadcast.due, person.read_at) for person in persons
    ]
    is_late = is_told and not _is_told(in_time, persons, broadcast)
    return StudentReading(student_id, name, persons, is_told, is_late)


def _is_told(has_read: Sequence[bool], persons: Sequence[PersonReading], broadcast: Broadcast) -> bool:
    pairs = list(zip(persons, has_read, strict=True))
    guardians = [read for person, read in pairs if not person.is_student]
    student = next((read for person, read in pairs if person.is_student), None)
    return deadlines.is_told_by_deadline(broadcast.rule, guardians, student=student)


def _person_reading(
    person_id: int, rows: Sequence[ObligationRow], student_id: int | None, calls: Mapping[int, PhoneCall]
) -> PersonReading:
    """The first reading of any message counts; channel and status are those of the newest one, maybe a reminder."""
    newest = max(rows, key=lambda row: row.obligation.id)
    sent = [delivery for delivery in newest.deliveries if delivery.status is not Status.WITHDRAWN]
    read = [delivery.updated_at for row in rows for delivery in row.deliveries if _is_read(delivery)]
    call = next((calls[row.obligation.id] for row in rows if row.obligation.id in calls), None)
    return PersonReading(
        person_id=person_id,
        person=newest.person,
        is_student=person_id == student_id,
        channel=sent[-1].channel if sent else None,
        status=sent[-1].status if sent else None,
        read_at=min(read, default=call.called_at if call else None),
        called_back=newest.obligation.state is State.SUPERSEDED,
        call=None if read else call,
    )


def _is_read(delivery: Delivery) -> bool:
    """Acknowledged by the button, or signed on paper."""
    return RANK.get(delivery.status, 0) >= RANK[Status.ACKNOWLEDGED]

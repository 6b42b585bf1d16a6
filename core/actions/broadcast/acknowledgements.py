"""Who has read a broadcast, and reminding the rest (Q97)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.errors import ConflictError
from core.model.broadcast import Broadcast, BroadcastState
from core.model.channels import PAPER
from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State, Status
from core.model.notices import LessonChanged, Notice
from core.model.people import Actor
from core.ports import UnitOfWork
from core.rules import access
from core.rules.broadcast import deadlines
from core.rules.delivery import timing
from core.rules.delivery.evidence import ON_ITS_WAY, RANK


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of it with one person; `channel` None: `called_back` before it went, or else switched off.

    `read_at` is when «Прочитано» was pressed.
    """

    person_id: int
    person: str
    is_student: bool
    channel: str | None
    status: Status | None
    read_at: datetime | None
    called_back: bool = False


@dataclass(frozen=True, slots=True)
class StudentTold:
    """A student, or a staff member (`student_id` None), and who was told; `late`: told past the due time."""

    student_id: int | None
    name: str
    persons: tuple[Heard, ...]
    told: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Acknowledgements:
    """The list of a broadcast: what it said of lessons once it was sent, students by name, then staff."""

    broadcast: Broadcast
    changes: tuple[LessonChanged, ...]
    students: tuple[StudentTold, ...]
    staff: tuple[StudentTold, ...]

    @property
    def told(self) -> int:
        """How many students count as told under the rule."""
        return sum(each.told for each in self.students)


def fact_of(broadcast_id: int) -> str:
    """The fact that all notices of a broadcast bear."""
    return f"broadcast:{broadcast_id}"


async def acknowledgements(uow: UnitOfWork, actor: Actor, broadcast_id: int, *, on: date) -> Acknowledgements:
    """Student by student: who was told by which channel and who has read it. NotFoundError outside own groups."""
    scope = access.broadcasting(actor, on=on)
    found, group_ids = await uow.broadcasts.broadcast(broadcast_id, scope)
    rows = await uow.outbox.obligations(fact=fact_of(broadcast_id))
    by_name: dict[tuple[str, int | None], list[ObligationRow]] = defaultdict(list)
    for row in rows:
        about = row.obligation.student_id
        by_name[row.student or row.person, about].append(row)
    published = await uow.outbox.published_as(fact_of(broadcast_id))
    said = dict.fromkeys(each.notice for each in published if each.student_id is not None)
    if not rows:  # sent this moment: the worker has not seen it yet
        told = {each.student_id for each in published}
        homes = await uow.people.households(group_ids, scope, on=on)
        by_name.update({(home.student, home.student_id): [] for home in homes if home.student_id in told})
    listed = [_student(student_id, name, own, found) for (name, student_id), own in sorted(by_name.items(), key=_name)]
    return Acknowledgements(
        found,
        changes=tuple(notice for notice in said if isinstance(notice, LessonChanged)),
        students=tuple(each for each in listed if each.student_id is not None),
        staff=tuple(each for each in listed if each.student_id is None),
    )


async def remind(uow: UnitOfWork, actor: Actor, broadcast_id: int, *, now: datetime, on: date) -> int:
    """Say it again to those who have not read it where the rule is not met; returns to how many persons.

    Not to those whom only paper reaches, nor over a message that is still on its way. ConflictError where the
    broadcast does not stand any more.
    """
    heard = await acknowledgements(uow, actor, broadcast_id, on=on)
    if heard.broadcast.state is not BroadcastState.SENT:
        raise ConflictError
    fact = fact_of(broadcast_id)
    said: dict[int | None, list[Notice]] = defaultdict(list)
    for each in await uow.outbox.published_as(fact):
        if each.student_id is not None and each.person_id is None:
            said[each.student_id].append(each.notice)
    missing = [(each.student_id, person_id) for each in heard.students for person_id in _missing(each)]
    again = [(student, person, notice, fact) for student, person in missing for notice in said[student]]
    due = heard.broadcast.due if not timing.is_late(heard.broadcast.due, now) else None
    await uow.outbox.add_personal(again, received_at=now, published_at=now, due=due)
    await uow.audit.write(actor, "broadcast.reminded", at=now, broadcast=broadcast_id, persons=len(missing))
    await uow.commit()
    return len({person for _, person in missing})


def _missing(student: StudentTold) -> Sequence[int]:
    if student.told:
        return ()
    return [
        each.person_id
        for each in student.persons
        if each.read_at is None and each.channel not in {None, PAPER} and each.status not in ON_ITS_WAY
    ]


def _name(item: tuple[tuple[str, int | None], object]) -> tuple[str, int]:
    (name, student_id), _ = item
    return name, student_id or 0


def _student(student_id: int | None, name: str, rows: Iterable[ObligationRow], found: Broadcast) -> StudentTold:
    by_person: dict[int, list[ObligationRow]] = defaultdict(list)
    for row in rows:
        by_person[row.obligation.person_id].append(row)
    persons = tuple(_heard(person_id, own, student_id) for person_id, own in by_person.items())
    told = _is_told([each.read_at is not None for each in persons], persons, found)
    in_time = [each.read_at is not None and not timing.is_late(found.due, each.read_at) for each in persons]
    return StudentTold(student_id, name, persons, told, late=told and not _is_told(in_time, persons, found))


def _is_told(read: Sequence[bool], persons: Sequence[Heard], found: Broadcast) -> bool:
    both = list(zip(persons, read, strict=True))
    guardians = [has_read for each, has_read in both if not each.is_student]
    student = next((has_read for each, has_read in both if each.is_student), None)
    return deadlines.is_told(found.rule, guardians, student=student)


def _heard(person_id: int, rows: Sequence[ObligationRow], student_id: int | None) -> Heard:
    """A reminder's own obligation is the newest; reading either message is reading it."""
    newest = max(rows, key=lambda row: row.obligation.id)
    taken = [each for each in newest.deliveries if each.status is not Status.WITHDRAWN]
    read = [each.updated_at for row in rows for each in row.deliveries if _is_read(each)]
    return Heard(
        person_id=person_id,
        person=newest.person,
        is_student=person_id == student_id,
        channel=taken[-1].channel if taken else None,
        status=taken[-1].status if taken else None,
        read_at=min(read, default=None),
        called_back=newest.obligation.state is State.SUPERSEDED,
    )


def _is_read(delivery: Delivery) -> bool:
    """Pressed, or signed on paper."""
    return RANK.get(delivery.status, 0) >= RANK[Status.ACKNOWLEDGED]

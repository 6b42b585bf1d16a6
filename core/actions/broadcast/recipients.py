"""What a broadcast tells to whom, and by which way each of them would hear it first (Q97)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.delivery import fan_out
from core.actions.timetable import changed_lessons as timetable_changes
from core.actions.timetable.changed_lessons import ChangedLesson
from core.model.broadcast import Draft
from core.model.channels import PAPER
from core.model.delivery.obligations import PlannedObligation, PublishedNotice
from core.model.delivery.recipients import Recipient
from core.model.delivery.states import State
from core.model.notices import Announcement, Notice
from core.model.people import Household
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.broadcast import deadlines
from core.rules.delivery import planning, timing
from core.rules.delivery.timing import Policy

Told = tuple[Household, tuple[Notice, ...]]


@dataclass(frozen=True, slots=True)
class Addressee:
    """One person to be told, and the way that takes it first; `channel` None: they switched the kind off.

    `student` is whom it is about, "" for staff; `consented`: personal words may be said to them.
    """

    person_id: int
    person: str
    student_id: int | None
    student: str
    language: str
    channel: str | None
    consented: bool
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would be reached and how, before anything is sent; `due`: by when everybody should have heard."""

    due: datetime | None
    families: tuple[Addressee, ...]
    staff: tuple[Addressee, ...]

    def persons(self) -> Mapping[str, int]:
        """How many persons of the families each channel takes; whoever switched it off stands under ""."""
        by_channel: dict[str, set[int]] = defaultdict(set)
        for each in self.families:
            by_channel[each.channel or ""].add(each.person_id)
        return {channel: len(persons) for channel, persons in sorted(by_channel.items())}

    @property
    def calls(self) -> tuple[Addressee, ...]:
        """No electronic way is open to them and paper comes too late: somebody must call."""
        return tuple(each for each in self.families if each.channel == PAPER)


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told to whom; `due`: an hour before the first changed lesson."""

    due: datetime | None
    families: tuple[Told, ...]
    staff: tuple[tuple[int, Notice], ...]


async def of_draft(uow: UnitOfWork, draft: Draft, *, author_id: int | None, at: datetime, policy: Policy) -> Telling:
    on = timing.local_date(at, policy)
    changed = await changed_lessons(uow, draft, on=on)
    addressed = draft.addressed | {each.change.group_id for each in changed}
    homes = await uow.people.households(addressed, Everything(), on=on)
    words = await _words(uow, draft, author_id, on)
    slots = [slot for each in changed for slot in each.slots]
    return Telling(
        due=deadlines.due(slots, now=at, policy=policy),
        families=tuple((home, (*words, *_of_home(changed, home))) for home in homes),
        staff=tuple(
            (person_id, each.for_staff) for each in changed for person_id in sorted(each.teacher_ids - {author_id})
        ),
    )


async def changed_lessons(uow: UnitOfWork, draft: Draft, *, on: date) -> Sequence[ChangedLesson]:
    """The draft's changes, then those that a correction takes back."""
    corrects = draft.replaces_id is not None
    changed = await timetable_changes.of_changes(uow, draft.changes, on=on, corrects=corrects)
    return [*changed, *await _taken_back(uow, draft, on=on)]


def _of_home(changed: Iterable[ChangedLesson], home: Household) -> Sequence[Notice]:
    return [each.notice for each in changed if each.change.group_id in home.group_ids]


async def _taken_back(uow: UnitOfWork, draft: Draft, *, on: date) -> Sequence[ChangedLesson]:
    """What the corrected broadcast said of lessons that the correction leaves alone."""
    if draft.replaces_id is None:
        return ()
    earlier, _ = await uow.broadcasts.broadcast(draft.replaces_id, Everything())
    if earlier.sent_at is None:
        return ()
    again = {(each.group_id, each.on, each.number) for each in draft.changes}
    before = await uow.broadcasts.changes(draft.replaces_id)
    left = [each for each in before if (each.group_id, each.on, each.number) not in again]
    return [each.called_off() for each in await timetable_changes.of_changes(uow, left, on=on)]


async def _words(uow: UnitOfWork, draft: Draft, author_id: int | None, on: date) -> Sequence[Notice]:
    if not draft.text or author_id is None:
        return ()
    author = await uow.people.person(author_id, Everything())
    file = draft.file
    if file is None:
        return (Announcement(draft.text, on, author.name),)
    return (Announcement(draft.text, on, author.name, None, file.name, file.media_type, file.reference),)


async def reach(uow: UnitOfWork, told: Telling, *, at: datetime, policy: Policy) -> Preview:
    """Who would hear it by which way, if it went at a moment: planned by the very rules that sending goes by."""
    families = await _addressees(uow, told, at=at, policy=policy)
    return Preview(told.due, tuple(families), tuple(await _staff(uow, told, at=at, policy=policy)))


async def _addressees(uow: UnitOfWork, told: Telling, *, at: datetime, policy: Policy) -> Sequence[Addressee]:
    notices = [
        _as_published(notice, told, at, student_id=home.student_id)
        for home, notices in told.families
        for notice in notices
    ]
    owed = await fan_out.families(uow, notices, now=at, policy=policy)
    homes = {home.student_id: home for home, _ in told.families}
    found: dict[tuple[int, int], list[tuple[PublishedNotice, Recipient]]] = defaultdict(list)
    for notice in notices:
        for recipient in fan_out.entitled(notice, owed):
            found[notice.student_id or 0, recipient.person_id].append((notice, recipient))
    return [
        _addressee(pairs, homes[student_id].names[person_id], homes[student_id].student, at=at, policy=policy)
        for (student_id, person_id), pairs in found.items()
    ]


async def _staff(uow: UnitOfWork, told: Telling, *, at: datetime, policy: Policy) -> Sequence[Addressee]:
    notices = [_as_published(notice, told, at, person_id=person_id) for person_id, notice in told.staff]
    owed = await fan_out.families(uow, notices, now=at, policy=policy)
    names = {each.id: each.name for each in await uow.people.teachers()} if notices else {}
    found: dict[int, list[tuple[PublishedNotice, Recipient]]] = defaultdict(list)
    for notice in notices:
        for recipient in fan_out.entitled(notice, owed):
            found[recipient.person_id].append((notice, recipient))
    return [_addressee(pairs, names.get(person_id, ""), "", at=at, policy=policy) for person_id, pairs in found.items()]


def _as_published(
    notice: Notice, told: Telling, at: datetime, *, student_id: int | None = None, person_id: int | None = None
) -> PublishedNotice:
    return PublishedNotice(0, student_id, notice.kind, "", notice, at, at, person_id, told.due)


def _addressee(
    pairs: Sequence[tuple[PublishedNotice, Recipient]], person: str, student: str, *, at: datetime, policy: Policy
) -> Addressee:
    planned = [planning.obligation(notice, recipient, now=at, policy=policy) for notice, recipient in pairs]
    recipient = pairs[0][1]
    return Addressee(
        person_id=recipient.person_id,
        person=person,
        student_id=recipient.student_id,
        student=student,
        language=recipient.language,
        channel=next((way for way in map(_first_way, planned) if way is not None), None),
        consented=recipient.obstacle is None,
        notices=tuple(
            notice.notice for (notice, _), each in zip(pairs, planned, strict=True) if each.state is State.OPEN
        ),
    )


def _first_way(planned: PlannedObligation) -> str | None:
    return planned.deliveries[-1].channel if planned.state is State.OPEN else None

"""Who gets which notices of a broadcast, and over which channel first (Q97)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.delivery import fan_out
from core.actions.timetable import changed_lessons
from core.actions.timetable.changed_lessons import ChangedLesson
from core.model.broadcast import Draft
from core.model.channels import PAPER
from core.model.delivery.obligations import PlannedObligation, PublishedNotice
from core.model.delivery.recipients import Recipient
from core.model.delivery.states import State
from core.model.notices.facts import Notice
from core.model.notices.family import Announcement
from core.model.people import Household
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.broadcast import deadlines
from core.rules.delivery import planning, timing
from core.rules.delivery.timing import Policy


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person who gets a broadcast, and the first channel; `channel` None: the person switched such notices off.

    `student` is the student it is about, "" for staff. `consented`: personal data may be sent to this person.
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
class BroadcastRecipientsPreview:
    """Who would be reached over which channel; `due`: by when everybody should know it."""

    due: datetime | None
    families: tuple[Addressee, ...]
    staff: tuple[Addressee, ...]

    def persons_by_channel(self) -> Mapping[str, int]:
        """How many family members each channel reaches; those who switched it off are counted under ""."""
        by_channel: dict[str, set[int]] = defaultdict(set)
        for addressee in self.families:
            by_channel[addressee.channel or ""].add(addressee.person_id)
        return {channel: len(persons) for channel, persons in sorted(by_channel.items())}

    @property
    def persons_to_phone(self) -> tuple[Addressee, ...]:
        """Persons to be phoned: they have no electronic channel, and paper comes too late."""
        return tuple(each for each in self.families if each.channel == PAPER)


@dataclass(frozen=True, slots=True)
class Mailing:
    """The notices of a broadcast by household and by staff member; `due`: an hour before the first changed lesson."""

    due: datetime | None
    families: tuple[tuple[Household, tuple[Notice, ...]], ...]
    staff: tuple[tuple[int, Notice], ...]


_Pair = tuple[int | None, int]
"""A student's id, None for a teacher's own notices, and the id of the person who gets them."""


async def load_draft_recipients(
    uow: UnitOfWork, draft: Draft, *, author_id: int | None, at: datetime, policy: Policy
) -> Mailing:
    """The notices of a draft, as they would be sent at a moment."""
    on = timing.local_date_of_time(at, policy)
    changed = await load_changes_for_recipients(uow, draft, on=on)
    addressed = draft.addressed | {each.change.group_id for each in changed}
    households = await uow.people.households(addressed, Everything(), on=on)
    announcements = await _announcements(uow, draft, author_id, on)
    slots = [slot for each in changed for slot in each.slots]
    return Mailing(
        due=deadlines.broadcast_changes_deadline(slots, now=at, policy=policy),
        families=tuple(
            (home, (*announcements, *(each.notice for each in changed if each.change.group_id in home.group_ids)))
            for home in households
        ),
        staff=tuple(
            (person_id, each.for_staff) for each in changed for person_id in sorted(each.teacher_ids - {author_id})
        ),
    )


async def load_changes_for_recipients(uow: UnitOfWork, draft: Draft, *, on: date) -> Sequence[ChangedLesson]:
    """The lesson changes of a draft, then the changes that a correction takes back."""
    corrects = draft.replaces_id is not None
    changed = await changed_lessons.load_changed_lessons(uow, draft.changes, on=on, corrects=corrects)
    return [*changed, *await _withdrawn_changes(uow, draft, on=on)]


async def _withdrawn_changes(uow: UnitOfWork, draft: Draft, *, on: date) -> Sequence[ChangedLesson]:
    """Changes of the corrected broadcast whose lessons the correction does not name: they are called off."""
    if draft.replaces_id is None:
        return ()
    earlier, _ = await uow.broadcasts.broadcast(draft.replaces_id, Everything())
    if earlier.sent_at is None:
        return ()
    changed_again = {(each.group_id, each.on, each.number) for each in draft.changes}
    before = await uow.broadcasts.changes(draft.replaces_id)
    left = [each for each in before if (each.group_id, each.on, each.number) not in changed_again]
    return [each.called_off() for each in await changed_lessons.load_changed_lessons(uow, left, on=on)]


async def _announcements(uow: UnitOfWork, draft: Draft, author_id: int | None, on: date) -> Sequence[Notice]:
    """The text of a draft with its files; none for a draft of lesson changes alone."""
    if not draft.text or author_id is None:
        return ()
    author = await uow.people.person(author_id, Everything())
    if not draft.files:
        return (Announcement(draft.text, on, author.name),)
    file, *others = draft.files
    first = (file.name, file.media_type, file.reference, file.channel)
    return (Announcement(draft.text, on, author.name, None, *first, tuple(others)),)


async def preview_broadcast_recipients(
    uow: UnitOfWork, mailing: Mailing, *, at: datetime, policy: Policy
) -> BroadcastRecipientsPreview:
    """Who would be reached over which channel at a moment; planned by the same rules as sending."""
    notices = [
        _as_published(notice, mailing, at, student_id=home.student_id)
        for home, own in mailing.families
        for notice in own
    ]
    notices += [_as_published(notice, mailing, at, person_id=person_id) for person_id, notice in mailing.staff]
    entitled = await fan_out.load_fan_out_recipients(uow, notices, now=at, policy=policy)
    by_pair: dict[_Pair, list[tuple[PublishedNotice, Recipient]]] = defaultdict(list)
    for notice in notices:
        for recipient in fan_out.recipients_of_fan_out(notice, entitled):
            by_pair[notice.student_id, recipient.person_id].append((notice, recipient))
    names = await _names_by_pair(uow, mailing)
    addressees = [_addressee(own, *names[pair], at=at, policy=policy) for pair, own in by_pair.items()]
    families = tuple(each for each in addressees if each.student_id is not None)
    return BroadcastRecipientsPreview(
        mailing.due, families, tuple(each for each in addressees if each.student_id is None)
    )


async def _names_by_pair(uow: UnitOfWork, mailing: Mailing) -> Mapping[_Pair, tuple[str, str]]:
    """The names of each person and of the student whom the notices are about; "" for a teacher's own notices."""
    teachers = await uow.people.teachers() if mailing.staff else ()
    names: dict[_Pair, tuple[str, str]] = {(None, teacher.id): (teacher.name, "") for teacher in teachers}
    for home, _ in mailing.families:
        names |= {(home.student_id, person_id): (name, home.student) for person_id, name in home.names.items()}
    return names


def _as_published(
    notice: Notice, mailing: Mailing, at: datetime, *, student_id: int | None = None, person_id: int | None = None
) -> PublishedNotice:
    """The planning rules take published notices, so a preview makes them without storing them."""
    return PublishedNotice(0, student_id, notice.kind, "", notice, at, at, person_id, mailing.due)


def _addressee(
    pairs: Sequence[tuple[PublishedNotice, Recipient]], person: str, student: str, *, at: datetime, policy: Policy
) -> Addressee:
    planned = [planning.planned_obligation(notice, recipient, now=at, policy=policy) for notice, recipient in pairs]
    recipient = pairs[0][1]
    return Addressee(
        person_id=recipient.person_id,
        person=person,
        student_id=recipient.student_id,
        student=student,
        language=recipient.language,
        channel=next((channel for channel in map(_first_channel, planned) if channel is not None), None),
        consented=recipient.obstacle is None,
        notices=tuple(
            notice.notice for (notice, _), each in zip(pairs, planned, strict=True) if each.state is State.OPEN
        ),
    )


def _first_channel(planned: PlannedObligation) -> str | None:
    return planned.deliveries[-1].channel if planned.state is State.OPEN else None

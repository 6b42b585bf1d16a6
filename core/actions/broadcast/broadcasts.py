"""A class teacher's broadcast: who hears it by which way, sending it, calling it back, correcting it (Q97)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from core.actions.broadcast import recipients
from core.actions.broadcast.acknowledgements import Acknowledgements, acknowledgements, fact_of, remind
from core.actions.broadcast.recipients import Addressee, Preview
from core.actions.timetable import lookup as timetable_lookup
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.model.broadcast import Broadcast, BroadcastState, Draft
from core.model.delivery.states import Status
from core.model.notices import LessonChanged
from core.model.people import SYSTEM, Actor, Person
from core.model.timetable import NewLessonChange, SchoolDay
from core.model.year import TeachingGroup
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything, Scope
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy

__all__ = [
    "Acknowledgements",
    "Addressee",
    "Preview",
    "acknowledgements",
    "described",
    "groups",
    "lessons",
    "opened",
    "own",
    "preview",
    "publish_due",
    "recall",
    "remind",
    "send",
    "teachers",
]


async def groups(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[TeachingGroup]:
    """Whose families the actor may speak to: own class with its groups, everybody for the deputy head."""
    return await uow.year.groups(access.broadcasting(actor, on=on))


async def lessons(
    uow: UnitOfWork, actor: Actor, *, group_id: int, since: date, until: date, on: date
) -> Sequence[SchoolDay]:
    """The days of a group with those lessons that the actor may change. NotFoundError outside own groups."""
    own_ids = {group.id for group in await groups(uow, actor, on=on)}
    if group_id not in own_ids:
        raise NotFoundError
    days = await timetable_lookup.group_days(uow, SYSTEM, group_id=group_id, since=since, until=until, on=on)
    return [replace(day, lessons=tuple(each for each in day.lessons if each.group_id in own_ids)) for day in days]


async def teachers(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[Person]:
    """Who may take over a lesson."""
    access.broadcasting(actor, on=on)
    return await uow.people.teachers(on=on)


async def own(uow: UnitOfWork, actor: Actor, *, limit: int) -> Sequence[Broadcast]:
    """The actor's own broadcasts, the newest first."""
    return () if actor.person_id is None else await uow.broadcasts.of_author(actor.person_id, limit=limit)


async def opened(
    uow: UnitOfWork, actor: Actor, broadcast_id: int, *, on: date
) -> tuple[Broadcast, frozenset[int], Sequence[NewLessonChange]]:
    """A broadcast with its groups and its lesson changes. NotFoundError unless all its groups are the actor's."""
    found, group_ids = await uow.broadcasts.broadcast(broadcast_id, access.broadcasting(actor, on=on))
    return found, group_ids, await uow.broadcasts.changes(broadcast_id)


async def described(uow: UnitOfWork, actor: Actor, draft: Draft, *, on: date) -> Sequence[LessonChanged]:
    """The changes of a draft, old → new with the group named, as they stand in it; then what a correction takes back.

    NotFoundError for a group outside the actor's.
    """
    await _require_own(uow, draft, access.broadcasting(actor, on=on), on=on)
    return [each.for_staff for each in await recipients.changed_lessons(uow, draft, on=on)]


async def preview(uow: UnitOfWork, actor: Actor, draft: Draft, *, now: datetime, policy: Policy, on: date) -> Preview:
    """What sending would do, planned by the same rules that sending goes by.

    NotFoundError for a group outside the actor's, a subject or a teacher that the school has not.
    """
    scope = access.broadcasting(actor, on=on)
    await _require_own(uow, draft, scope, on=on)
    at = max(draft.send_at or now, now)
    told = await recipients.of_draft(uow, draft, author_id=actor.person_id, at=at, policy=policy)
    return await recipients.reach(uow, told, at=at, policy=policy)


async def send(uow: UnitOfWork, actor: Actor, draft: Draft, *, now: datetime, policy: Policy, on: date) -> int:
    """Send now, or at the draft's time; returns the broadcast's id. Errors as of `preview`.

    ConflictError where the one that it corrects was called back or corrected already.
    """
    await _require_own(uow, draft, access.broadcasting(actor, on=on), on=on)
    if actor.person_id is None:
        raise NotAllowedError
    broadcast_id = await uow.broadcasts.add(await _rebased(uow, draft), author_id=actor.person_id, at=now)
    await uow.audit.write(actor, "broadcast.planned", at=now, broadcast=broadcast_id, replaces=draft.replaces_id)
    if draft.send_at is None or draft.send_at <= now:
        planned, _ = await uow.broadcasts.broadcast(broadcast_id, Everything())
        await _publish(uow, planned, draft.addressed, now=now, policy=policy)
    await uow.commit()
    return broadcast_id


async def recall(uow: UnitOfWork, actor: Actor, broadcast_id: int, *, now: datetime, on: date) -> None:
    """Call back what has not gone yet: planned, or so fresh that no message was taken up.

    ConflictError where it is too late, or where a correction has already undone what it corrects.
    """
    scope = access.broadcasting(actor, on=on)
    await uow.broadcasts.broadcast(broadcast_id, scope)
    if not await uow.broadcasts.recall(broadcast_id):
        raise ConflictError
    found, _ = await uow.broadcasts.broadcast(broadcast_id, scope)  # again: whoever sent it meanwhile has ended
    await uow.outbox.supersede(fact_of(broadcast_id), at=now)
    rows = await uow.outbox.obligations(fact=fact_of(broadcast_id))
    has_gone = any(each.status is not Status.WITHDRAWN for row in rows for each in row.deliveries)
    if has_gone or (found.sent_at and found.replaces_id):
        raise ConflictError
    await uow.timetable.withdraw_changes(at=now, broadcast_id=broadcast_id)
    await uow.audit.write(actor, "broadcast.recalled", at=now, broadcast=broadcast_id)
    await uow.commit()


async def publish_due(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Let planned broadcasts go whose time has come; returns how many. Commits where there were any.

    One of an author who may speak to those families no more is called back instead (Q127).
    """
    due = await uow.broadcasts.due(now=now)
    for planned, group_ids in due:
        if await _may_still_speak(uow, planned, group_ids, on=timing.local_date(now, policy)):
            await _publish(uow, planned, group_ids, now=now, policy=policy)
        elif await uow.broadcasts.recall(planned.id):
            await uow.audit.write(SYSTEM, "broadcast.author_ended", at=now, broadcast=planned.id)
    if due:
        await uow.commit()
    return len(due)


async def _may_still_speak(uow: UnitOfWork, planned: Broadcast, group_ids: frozenset[int], *, on: date) -> bool:
    roles = await uow.people.roles(planned.author_id, on=on)
    try:
        scope = access.broadcasting(Actor(planned.author_id, roles), on=on)
    except NotAllowedError:
        return False
    return group_ids <= {group.id for group in await uow.year.groups(scope)}


async def _publish(
    uow: UnitOfWork, planned: Broadcast, group_ids: frozenset[int], *, now: datetime, policy: Policy
) -> None:
    """The changes count from here on, and everybody is told; once, whoever calls first."""
    if not await uow.broadcasts.sent(planned.id, at=now):
        return
    changes = tuple(await uow.broadcasts.changes(planned.id))
    draft = Draft(group_ids, changes, planned.text, planned.rule, planned.file, replaces_id=planned.replaces_id)
    if planned.replaces_id is not None:
        await uow.outbox.supersede(fact_of(planned.replaces_id), at=now)
        await uow.timetable.withdraw_changes(at=now, broadcast_id=planned.replaces_id)
    told = await recipients.of_draft(uow, draft, author_id=planned.author_id, at=now, policy=policy)
    await uow.timetable.add_changes(changes, by=planned.author_id, at=now, broadcast_id=planned.id)
    await uow.broadcasts.set_due(planned.id, told.due)
    fact = fact_of(planned.id)
    families = [(home.student_id, notice, fact) for home, notices in told.families for notice in notices]
    await uow.outbox.add_many(families, received_at=now, published_at=now, due=told.due)
    staff = [(None, person_id, notice, fact) for person_id, notice in told.staff]
    await uow.outbox.add_personal(staff, received_at=now, published_at=now, due=told.due)
    await uow.audit.write(SYSTEM, "broadcast.sent", at=now, broadcast=planned.id, students=len(told.families))


async def _require_own(uow: UnitOfWork, draft: Draft, scope: Scope, *, on: date) -> None:
    """Groups within the scope, subjects and teachers of this school, and an earlier broadcast that still stands."""
    own_ids = {group.id for group in await uow.year.groups(scope)}
    subject_ids = {subject.id for subject in await uow.year.subjects()}
    teacher_ids = {teacher.id for teacher in await uow.people.teachers(on=on)}
    named = [(change.new_subject_id or change.subject_id, change.new_teacher_id) for change in draft.changes]
    is_known = all(subject in subject_ids and teacher in {None, *teacher_ids} for subject, teacher in named)
    if not draft.addressed or not draft.addressed <= own_ids or not is_known:
        raise NotFoundError
    if draft.replaces_id is not None:
        earlier, _ = await uow.broadcasts.broadcast(draft.replaces_id, scope)
        if earlier.state not in {BroadcastState.PLANNED, BroadcastState.HELD, BroadcastState.SENT}:
            raise ConflictError


async def _rebased(uow: UnitOfWork, draft: Draft) -> Draft:
    """A correction is made to the lessons as they stood before what it corrects."""
    if draft.replaces_id is None:
        return draft
    earlier = await uow.broadcasts.changes(draft.replaces_id)
    return replace(draft, changes=tuple(_before(change, earlier) for change in draft.changes))


def _before(change: NewLessonChange, earlier: Iterable[NewLessonChange]) -> NewLessonChange:
    for old in earlier:
        stands = (old.group_id, old.new_on or old.on, old.number if old.new_number is None else old.new_number)
        if (change.group_id, change.on, change.number) == stands:
            return replace(change, subject_id=old.subject_id, on=old.on, number=old.number)
    return change

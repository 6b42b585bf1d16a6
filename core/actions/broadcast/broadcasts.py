"""A class teacher's broadcast: preview, sending, recall and correction (Q97)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from core.actions.broadcast import recipients
from core.actions.broadcast.recipients import BroadcastRecipientsPreview
from core.actions.timetable import lookup as timetable_lookup
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.model.broadcast import Broadcast, BroadcastState, Draft
from core.model.delivery.fact_names import broadcast_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Status
from core.model.notices.family import LessonChanged
from core.model.people import SYSTEM, Actor, Person
from core.model.timetable import NewLessonChange, SchoolDay
from core.model.year import TeachingGroup
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything, Scope
from core.rules.delivery import timing
from core.rules.delivery.expiry import FILE_TERM
from core.rules.delivery.timing import Policy


async def load_groups_of_broadcasts(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[TeachingGroup]:
    """The groups whose families the actor may write to: own class with its groups, all for the deputy head."""
    return await uow.year.groups(access.broadcasting_access_scope(actor, on=on))


async def load_broadcast_days(
    uow: UnitOfWork, actor: Actor, *, group_id: int, since: date, until: date, on: date
) -> Sequence[SchoolDay]:
    """The days of a group with the lessons that the actor may change. NotFoundError outside the actor's groups."""
    own_ids = {group.id for group in await load_groups_of_broadcasts(uow, actor, on=on)}
    if group_id not in own_ids:
        raise NotFoundError
    days = await timetable_lookup.look_up_group_timetable(
        uow, SYSTEM, group_id=group_id, since=since, until=until, on=on
    )
    return [replace(day, lessons=tuple(each for each in day.lessons if each.group_id in own_ids)) for day in days]


async def load_broadcast_substitutes(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[Person]:
    """The teachers who may take over a lesson."""
    access.broadcasting_access_scope(actor, on=on)
    return await uow.people.teachers(on=on)


async def load_own_broadcasts(uow: UnitOfWork, actor: Actor, *, limit: int) -> Sequence[Broadcast]:
    """The actor's own broadcasts, the newest first."""
    return () if actor.person_id is None else await uow.broadcasts.of_author(actor.person_id, limit=limit)


async def load_broadcast_with_changes(
    uow: UnitOfWork, actor: Actor, broadcast_id: int, *, on: date
) -> tuple[Broadcast, frozenset[int], Sequence[NewLessonChange]]:
    """A broadcast, its group ids and its lesson changes. NotFoundError unless all its groups are the actor's."""
    broadcast, group_ids = await uow.broadcasts.broadcast(broadcast_id, access.broadcasting_access_scope(actor, on=on))
    return broadcast, group_ids, await uow.broadcasts.changes(broadcast_id)


async def load_broadcast_changes(uow: UnitOfWork, actor: Actor, draft: Draft, *, on: date) -> Sequence[LessonChanged]:
    """The changes of a draft, old → new, each with its group; then the changes that a correction takes back.

    NotFoundError for a group outside the actor's.
    """
    await _require_own(uow, draft, access.broadcasting_access_scope(actor, on=on), on=on)
    return [each.for_staff for each in await recipients.load_changes_for_recipients(uow, draft, on=on)]


async def preview_broadcast(
    uow: UnitOfWork, actor: Actor, draft: Draft, *, now: datetime, policy: Policy, on: date
) -> BroadcastRecipientsPreview:
    """Who would get the draft over which channel; planned by the same rules as sending.

    NotFoundError for a group outside the actor's, and for an unknown subject or teacher.
    """
    scope = access.broadcasting_access_scope(actor, on=on)
    await _require_own(uow, draft, scope, on=on)
    at = max(draft.send_at or now, now)
    mailing = await recipients.load_draft_recipients(uow, draft, author_id=actor.person_id, at=at, policy=policy)
    return await recipients.preview_broadcast_recipients(uow, mailing, at=at, policy=policy)


async def send_broadcast(
    uow: UnitOfWork, actor: Actor, draft: Draft, *, now: datetime, policy: Policy, on: date
) -> int:
    """Sends now, or at the draft's time; returns the broadcast's id. Raises the errors of `preview_broadcast`.

    ConflictError if the broadcast that it corrects was recalled or corrected before.
    """
    await _require_own(uow, draft, access.broadcasting_access_scope(actor, on=on), on=on)
    if actor.person_id is None:
        raise NotAllowedError
    broadcast_id = await uow.broadcasts.add(await _on_original_lessons(uow, draft), author_id=actor.person_id, at=now)
    until = max(draft.send_at or now, now) + FILE_TERM
    await uow.conversations.expect_files(draft.files, at=now, until=until)
    await uow.audit.write(actor, "broadcast.planned", at=now, broadcast=broadcast_id, replaces=draft.replaces_id)
    if draft.send_at is None or draft.send_at <= now:
        planned, _ = await uow.broadcasts.broadcast(broadcast_id, Everything())
        await _publish(uow, planned, draft.addressed, now=now, policy=policy)
    await uow.commit()
    return broadcast_id


async def recall_broadcast(uow: UnitOfWork, actor: Actor, broadcast_id: int, *, now: datetime, on: date) -> None:
    """Takes a broadcast back while it is planned, or while none of its messages was sent and nobody told by phone.

    ConflictError if it is too late, and for a sent correction, which has already replaced the earlier broadcast.
    """
    scope = access.broadcasting_access_scope(actor, on=on)
    await uow.broadcasts.broadcast(broadcast_id, scope)
    if not await uow.broadcasts.recall(broadcast_id):
        raise ConflictError
    broadcast, _ = await uow.broadcasts.broadcast(broadcast_id, scope)  # read again: it may have been sent meanwhile
    await uow.outbox.supersede(broadcast_fact_name(broadcast_id), at=now)
    rows = await uow.outbox.obligations(fact=broadcast_fact_name(broadcast_id))
    is_sent = any(each.status is not Status.WITHDRAWN for row in rows for each in row.deliveries)
    if (
        is_sent
        or await uow.outbox.calls(broadcast_fact_name(broadcast_id))
        or (broadcast.sent_at and broadcast.replaces_id)
    ):
        raise ConflictError
    await uow.timetable.withdraw_changes(at=now, broadcast_id=broadcast_id)
    await uow.audit.write(actor, "broadcast.recalled", at=now, broadcast=broadcast_id)
    await uow.commit()


async def publish_due_broadcasts(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Sends the planned broadcasts whose time has come; returns how many. Commits if there were any.

    If the author may not write to those families any more, the broadcast is recalled instead (Q127).
    """
    due = await uow.broadcasts.due(now=now)
    for planned, group_ids in due:
        if await _may_author_send(uow, planned, group_ids, on=timing.local_date_of_time(now, policy)):
            await _publish(uow, planned, group_ids, now=now, policy=policy)
        elif await uow.broadcasts.recall(planned.id):
            await uow.audit.write(SYSTEM, "broadcast.author_ended", at=now, broadcast=planned.id)
    if due:
        await uow.commit()
    return len(due)


async def _may_author_send(uow: UnitOfWork, planned: Broadcast, group_ids: frozenset[int], *, on: date) -> bool:
    roles = await uow.people.roles(planned.author_id, on=on)
    try:
        scope = access.broadcasting_access_scope(Actor(planned.author_id, roles), on=on)
    except NotAllowedError:
        return False
    return group_ids <= {group.id for group in await uow.year.groups(scope)}


async def _publish(
    uow: UnitOfWork, planned: Broadcast, group_ids: frozenset[int], *, now: datetime, policy: Policy
) -> None:
    """Applies the lesson changes and publishes the notices; only the first caller does anything."""
    if not await uow.broadcasts.mark_sent(planned.id, at=now):
        return
    changes = tuple(await uow.broadcasts.changes(planned.id))
    draft = Draft(group_ids, changes, planned.text, planned.rule, planned.files, replaces_id=planned.replaces_id)
    if planned.replaces_id is not None:
        await uow.outbox.supersede(broadcast_fact_name(planned.replaces_id), at=now)
        await uow.timetable.withdraw_changes(at=now, broadcast_id=planned.replaces_id)
    mailing = await recipients.load_draft_recipients(uow, draft, author_id=planned.author_id, at=now, policy=policy)
    await uow.timetable.add_changes(changes, by=planned.author_id, at=now, broadcast_id=planned.id)
    await uow.broadcasts.set_due(planned.id, mailing.due)
    fact = broadcast_fact_name(planned.id)
    notices = [NewNotice(home.student_id, notice, fact) for home, own in mailing.families for notice in own]
    notices += [NewNotice(None, notice, fact, person_id) for person_id, notice in mailing.staff]
    await uow.outbox.add(notices, received_at=now, published_at=now, due=mailing.due)
    await uow.audit.write(SYSTEM, "broadcast.sent", at=now, broadcast=planned.id, students=len(mailing.families))


async def _require_own(uow: UnitOfWork, draft: Draft, scope: Scope, *, on: date) -> None:
    """Checks that groups, subjects, teachers and the broadcast that is corrected may be used by this actor."""
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


async def _on_original_lessons(uow: UnitOfWork, draft: Draft) -> Draft:
    """A correction names the lessons where they are now; the draft of it names them where they were planned."""
    if draft.replaces_id is None:
        return draft
    earlier = await uow.broadcasts.changes(draft.replaces_id)
    return replace(draft, changes=tuple(_on_original_lesson(change, earlier) for change in draft.changes))


def _on_original_lesson(change: NewLessonChange, earlier: Iterable[NewLessonChange]) -> NewLessonChange:
    for old in earlier:
        stands = (old.group_id, old.new_on or old.on, old.number if old.new_number is None else old.new_number)
        if (change.group_id, change.on, change.number) == stands:
            return replace(change, subject_id=old.subject_id, on=old.on, number=old.number)
    return change

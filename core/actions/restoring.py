"""After a restore everything unsent in the copy is held until the deputy head decides (Q124)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actions.broadcast import broadcasts as broadcast_actions
from core.actions.delivery import fan_out
from core.actions.marks import gradebook
from core.actions.schoolwork import reminders
from core.actions.timetable import morning_changes
from core.model.audit import FIRST_EPOCH, AuditHead
from core.model.delivery.obligations import HeldKind
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.model.people import Actor, Role
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery import outcomes, timing
from core.rules.delivery.timing import Policy


@dataclass(frozen=True, slots=True)
class HeldNumbers:
    """What is held: numbers of obligations by kind and due time, results (R6) first, and of planned broadcasts."""

    kinds: Sequence[HeldKind]
    broadcasts: int

    def __bool__(self) -> bool:
        return bool(self.kinds or self.broadcasts)


async def begin_epoch_after_restore(
    uow: UnitOfWork, actor: Actor, anchored: AuditHead | None, *, now: datetime, policy: Policy
) -> HeldNumbers:
    """Holds everything that the copy has not sent, and begins the next epoch of the audit trail.

    First everything that is due by now is published, so that it is held too: delayed marks, planned broadcasts,
    reminders of the day. Commits several times; after an interruption the whole call may be repeated. The audit line
    names the head that was anchored before.
    """
    await _hold_in_flight(uow, now=now)
    await _publish_what_is_due(uow, now=now, policy=policy)
    await uow.held.hold(at=now, sent_before=None)
    await uow.held.hold_broadcasts()
    updates = await uow.held.close_updates(at=now)
    head = await uow.audit.head()
    epoch = 1 + max(FIRST_EPOCH, *(known.epoch for known in (head, anchored) if known is not None))
    await uow.audit.begin_epoch(epoch)
    held = await count_held_after_restore(uow)
    await uow.audit.write(
        actor,
        "restore.epoch",
        at=now,
        epoch=epoch,
        anchored_line=anchored.line if anchored else None,
        anchored_chain=anchored.chain if anchored else None,
        held=sum(kind.count for kind in held.kinds),
        broadcasts=held.broadcasts,
        updates=updates,
    )
    await uow.commit()
    return held


async def _hold_in_flight(uow: UnitOfWork, *, now: datetime) -> None:
    """Messages that were in flight when the copy was made become pending again, and are held as possible repeats."""
    in_flight = await uow.outbox.in_flight()
    await uow.outbox.settle([outcomes.killed_delivery_outcome(attempt, at=now) for attempt in in_flight], {})
    await uow.held.hold(at=now, sent_before=now)
    await uow.commit()


async def _publish_what_is_due(uow: UnitOfWork, *, now: datetime, policy: Policy) -> None:
    """Publishes what is due; each step publishes a fact only once, so the clock does not publish it again later."""
    while await gradebook.publish_gradebook_marks(uow, now=now):
        continue
    await broadcast_actions.publish_due_broadcasts(uow, now=now, policy=policy)
    if morning_changes.is_morning_for_changes(now, policy):
        await morning_changes.announce_morning_changes(uow, now=now, policy=policy)
    for hour in await reminders.load_schoolwork_reminder_hours(uow, now=now, policy=policy):
        await reminders.publish_schoolwork_reminders(uow, hour, now=now, policy=policy)
    await fan_out.fan_out_all_notices(uow, now=now, policy=policy)


async def count_held_after_restore(uow: UnitOfWork) -> HeldNumbers:
    """The numbers of what is held now."""
    kinds = await uow.held.kinds()
    return HeldNumbers(sorted(kinds, key=lambda held: held.kind not in R6_KINDS), await uow.held.broadcasts())


async def release_held_after_restore(
    uow: UnitOfWork, actor: Actor, kinds: Collection[NoticeKind], *, broadcasts: bool, now: datetime, policy: Policy
) -> int:
    """Releases what is held of these kinds; it is sent as a repeat if it may have been sent before. Returns how many.

    Quiet hours are kept for everything but results (R6). Only the deputy head may do it. Commits.
    """
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    count = 0
    for part in (R6_KINDS & set(kinds), set(kinds) - R6_KINDS):
        latest = now if part <= R6_KINDS else None
        after = timing.time_after_quiet_hours(now, policy, latest=latest)
        count += await uow.held.release(part, at=now, not_before=after, next_way_at=after + policy.patience)
    if broadcasts:
        count += await uow.held.release_broadcasts()
    names = ",".join(sorted(kinds))
    await uow.audit.write(actor, "restore.released", at=now, kinds=names, broadcasts=int(broadcasts), count=count)
    await uow.commit()
    return count


async def drop_held_after_restore(
    uow: UnitOfWork, actor: Actor, kinds: Collection[NoticeKind], *, broadcasts: bool, now: datetime
) -> int:
    """Drops what is held of these kinds with the reason `restored`, an audit line for each; returns how many.

    Only the deputy head may do it. Commits.
    """
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    ids = await uow.held.drop(kinds, at=now)
    for obligation in ids:
        await uow.audit.write(actor, "restore.dropped", at=now, obligation=obligation)
    recalled = await uow.held.drop_broadcasts() if broadcasts else ()
    for broadcast_id in recalled:
        await uow.audit.write(actor, "restore.dropped", at=now, broadcast=broadcast_id)
    await uow.commit()
    return len(ids) + len(recalled)

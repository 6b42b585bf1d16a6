"""Turns notices into obligations of entitled persons, and plans again when a consent or a contact ends."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import Moved, PlannedDelivery, PlannedObligation, PublishedNotice
from core.model.delivery.recipients import Recipient
from core.model.delivery.states import Reason, Status
from core.model.notices.kinds import PERSONAL_KINDS
from core.ports import UnitOfWork
from core.rules.delivery import planning, timing
from core.rules.delivery.timing import Policy

BATCH = 500
"""Notices planned in one transaction: many enough to be fast, few enough to let others write."""

BREATH = 0.06
"""Seconds between two batches: whoever waits for SQLite's only lock looks for it every 25 to 100 ms."""

EntitledRecipients = Mapping[int | None, Sequence[Recipient]]


class FanOutFact(Protocol):
    """A notice or a delivery: about a student, or without a student for one staff member."""

    @property
    def student_id(self) -> int | None: ...
    @property
    def person_id(self) -> int | None: ...


async def load_fan_out_recipients(
    uow: UnitOfWork, facts: Iterable[FanOutFact], *, now: datetime, policy: Policy
) -> EntitledRecipients:
    """Everybody who is entitled to these facts now, by student; staff members are under None."""
    facts = list(facts)
    found: dict[int | None, list[Recipient]] = defaultdict(list)
    students = {fact.student_id for fact in facts if fact.student_id is not None}
    on = timing.local_date_of_time(now, policy)
    for recipient in await uow.people.recipients(students, on=on):
        found[recipient.student_id].append(recipient)
    personal = {fact.person_id for fact in facts if _is_personal(fact) and fact.person_id is not None}
    owed = {fact.person_id for fact in facts if fact.student_id is None and fact.person_id is not None}
    if staff := owed - personal:
        found[None] += await uow.people.staff(staff, on=on)
    if personal:
        found[None] += await uow.people.staff(personal, on=None)
    return {
        about: [planning.recipient_planned_without_mutes(each, now=now) for each in family]
        for about, family in found.items()
    }


def _is_personal(fact: FanOutFact) -> bool:
    """Whether it is about the person themselves, whatever they are to the school."""
    return isinstance(fact, PublishedNotice | Delivery) and fact.kind in PERSONAL_KINDS


def recipients_of_fan_out(notice: PublishedNotice, owed: EntitledRecipients) -> Sequence[Recipient]:
    """The recipients of a notice: the student's family, or the one person that it is for."""
    of_student = owed.get(notice.student_id, ())
    return [each for each in of_student if notice.person_id in {None, each.person_id}]


async def fan_out_notice_batch(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Plans one batch of new notices: one obligation for each entitled person (Q71); returns how many notices."""
    notices = await uow.outbox.unplanned(BATCH)
    if not notices:
        return 0
    obligations = await _planned_obligations(uow, notices, now=now, policy=policy)
    await uow.outbox.plan(obligations, notice_ids=[notice.id for notice in notices], at=now)
    await uow.commit()
    return len(notices)


async def _planned_obligations(
    uow: UnitOfWork, notices: Sequence[PublishedNotice], *, now: datetime, policy: Policy
) -> Sequence[PlannedObligation]:
    """One obligation for each notice and each person who is entitled to it now."""
    entitled = await load_fan_out_recipients(uow, notices, now=now, policy=policy)
    return [
        planning.planned_obligation(notice, recipient, now=now, policy=policy)
        for notice in notices
        for recipient in recipients_of_fan_out(notice, entitled)
    ]


async def fan_out_all_notices(
    uow: UnitOfWork, *, now: datetime, policy: Policy, rest: Callable[[], Awaitable[None]] | None = None
) -> int:
    """Plans all new notices, one transaction a batch; `rest` is awaited after each batch so that others can write.

    Returns how many notices.
    """
    total = 0
    while count := await fan_out_notice_batch(uow, now=now, policy=policy):
        total += count
        if rest is not None:
            await rest()
    return total


Following = Callable[..., tuple[PlannedDelivery, ...]]


async def replan_fan_out_deliveries(  # what ends, how and why, and what follows it
    uow: UnitOfWork,
    deliveries: Iterable[Delivery],
    *,
    status: Status,
    reason: Reason,
    now: datetime,
    policy: Policy,
    plan: Following = planning.planned_next_delivery,
) -> Sequence[Moved]:
    """Ends deliveries with a status and a reason, and plans the next agreed channel of each (Q84); paper is last."""
    ended = list(deliveries)
    if not ended:
        return ()
    entitled = await load_fan_out_recipients(uow, ended, now=now, policy=policy)
    by_pair = {(each.person_id, each.student_id): each for family in entitled.values() for each in family}
    moved: list[Moved] = []
    for delivery in ended:
        recipient = by_pair.get((delivery.person_id, delivery.student_id))
        following = plan(recipient, delivery, now=now, policy=policy) if recipient else ()
        moved.append(Moved(delivery, status, reason, following))
    await uow.outbox.replan(moved, now=now)
    return moved


async def waive_fan_out_person(
    uow: UnitOfWork, person_id: int, student_id: int | None, *, reason: Reason, now: datetime, policy: Policy
) -> None:
    """Waives what is still owed to a person without access any more, and withdraws their paper.

    The same notices are then planned for the family as it is now; if nobody is left, for the student on paper
    (Q30, Q127).
    """
    notices = await uow.outbox.let_go(person_id, student_id, reason=reason, at=now)
    await uow.paper.withdraw(person_id, student_id)
    obligations = await _planned_obligations(uow, notices, now=now, policy=policy)
    await uow.outbox.plan(obligations, notice_ids=(), at=now)


async def replan_fan_out_pair(
    uow: UnitOfWork, *, person_id: int, student_id: int, reason: Reason, now: datetime, policy: Policy
) -> None:
    """After a withdrawn consent, moves the pending deliveries of this person about this student to paper (Q5)."""
    waiting = await uow.outbox.deliveries_of_pair(person_id, student_id, {Status.PENDING}, locked=True)
    electronic = [delivery for delivery in waiting if delivery.contact_id is not None]
    await replan_fan_out_deliveries(uow, electronic, status=Status.WITHDRAWN, reason=reason, now=now, policy=policy)


async def replan_fan_out_contact(
    uow: UnitOfWork, *, contact_id: int, reason: Reason, now: datetime, policy: Policy
) -> None:
    """Moves the pending deliveries of a revoked or set-aside contact to the next agreed channel (Q84)."""
    waiting = await uow.outbox.deliveries_of_contact(contact_id, {Status.PENDING}, locked=True)
    await replan_fan_out_deliveries(uow, waiting, status=Status.WITHDRAWN, reason=reason, now=now, policy=policy)

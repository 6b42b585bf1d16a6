"""From a notice to what is owed: fan-out to the entitled, and new plans when a consent or a contact ends."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import Moved, PlannedDelivery, PublishedNotice
from core.model.delivery.recipients import Recipient
from core.model.delivery.states import Reason, Status
from core.ports import UnitOfWork
from core.rules.delivery import planning, timing
from core.rules.delivery.timing import Policy

BATCH = 500
"""Notices planned in one transaction: large enough to be quick, small enough to let others write."""

BREATH = 0.06
"""Seconds between two batches: whoever waits for SQLite's only lock looks for it every 25 to 100 ms."""

Families = Mapping[int | None, Sequence[Recipient]]


class Addressed(Protocol):
    """A notice or a delivery: about a student, or without one for a staff member."""

    @property
    def student_id(self) -> int | None: ...
    @property
    def person_id(self) -> int | None: ...


async def families(uow: UnitOfWork, facts: Iterable[Addressed], *, now: datetime, policy: Policy) -> Families:
    """Everybody whom these facts are owed to now, by student; the staff members that some are for stand under None."""
    facts = list(facts)
    found: dict[int | None, list[Recipient]] = defaultdict(list)
    students = {fact.student_id for fact in facts if fact.student_id is not None}
    on = timing.local_date(now, policy)
    for recipient in await uow.people.recipients(students, on=on):
        found[recipient.student_id].append(recipient)
    if staff := {fact.person_id for fact in facts if fact.student_id is None and fact.person_id is not None}:
        found[None] += await uow.people.staff(staff, on=on)
    return found


def entitled(notice: PublishedNotice, owed: Families) -> Sequence[Recipient]:
    """Whom a notice is owed to: the student's family, or the one person that it is for."""
    of_student = owed.get(notice.student_id, ())
    return [each for each in of_student if notice.person_id in {None, each.person_id}]


async def fan_out(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Turn the next notices into obligations, one for each entitled person (Q71); returns how many notices."""
    notices = await uow.outbox.unplanned(BATCH)
    if not notices:
        return 0
    owed = await families(uow, notices, now=now, policy=policy)
    obligations = [
        planning.obligation(notice, recipient, now=now, policy=policy)
        for notice in notices
        for recipient in entitled(notice, owed)
    ]
    await uow.outbox.plan(obligations, notice_ids=[notice.id for notice in notices], at=now)
    await uow.commit()
    return len(notices)


async def fan_out_all(
    uow: UnitOfWork, *, now: datetime, policy: Policy, rest: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Fan out until no notice waits, a transaction a batch; in a `rest` after each others have their turn to write."""
    while await fan_out(uow, now=now, policy=policy):
        if rest is not None:
            await rest()


async def take_over(
    uow: UnitOfWork, deliveries: Iterable[Delivery], *, status: Status, reason: Reason, now: datetime, policy: Policy
) -> Sequence[Moved]:
    """End deliveries with a status and a reason, and start the next agreed way for each; paper is the last (Q84)."""
    ended = list(deliveries)
    if not ended:
        return ()
    owed = await families(uow, ended, now=now, policy=policy)
    by_person = {(r.person_id, r.student_id): r for recipients in owed.values() for r in recipients}
    moved = [
        Moved(each, status, reason, _next(by_person.get((each.person_id, each.student_id)), each, now, policy))
        for each in ended
    ]
    await uow.outbox.replan(moved, now=now)
    return moved


def _next(
    recipient: Recipient | None, delivery: Delivery, now: datetime, policy: Policy
) -> tuple[PlannedDelivery, ...]:
    """Nothing for a person who is no longer entitled."""
    if recipient is None:
        return ()
    return planning.next_delivery(recipient, delivery, now=now, policy=policy)


async def let_go(
    uow: UnitOfWork, person_id: int, student_id: int | None, *, reason: Reason, now: datetime, policy: Policy
) -> None:
    """What was still owed to somebody who has no access any more is owed no more, and their paper is not handed over.

    The facts are owed to whom the family is now: where nobody else is left, to the student, on paper (Q30, Q127).
    """
    notices = await uow.outbox.let_go(person_id, student_id, reason=reason, at=now)
    await uow.paper.withdraw(person_id, student_id)
    owed = await families(uow, notices, now=now, policy=policy)
    obligations = [
        planning.obligation(notice, recipient, now=now, policy=policy)
        for notice in notices
        for recipient in entitled(notice, owed)
    ]
    await uow.outbox.plan(obligations, notice_ids=(), at=now)


async def replan_pair(
    uow: UnitOfWork, *, person_id: int, student_id: int, reason: Reason, now: datetime, policy: Policy
) -> None:
    """A withdrawn consent works at once: what this person was still to get about this student goes to paper (Q5)."""
    waiting = await uow.outbox.deliveries_of_pair(person_id, student_id, {Status.PENDING})
    electronic = [delivery for delivery in waiting if delivery.contact_id is not None]
    await take_over(uow, electronic, status=Status.WITHDRAWN, reason=reason, now=now, policy=policy)


async def replan_contact(uow: UnitOfWork, *, contact_id: int, reason: Reason, now: datetime, policy: Policy) -> None:
    """A contact that was revoked or set aside hands what waits for it to the next agreed channel (Q84)."""
    waiting = await uow.outbox.deliveries_of_contact(contact_id, {Status.PENDING})
    await take_over(uow, waiting, status=Status.WITHDRAWN, reason=reason, now=now, policy=policy)

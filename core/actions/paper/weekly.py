"""The weekly extracts: everybody whom nothing electronic reaches stands in the print queue (Q30, Q33)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from core.actions.people.class_teachers import load_class_teachers
from core.model.delivery.fact_names import left_pages_fact_name, unreached_students_fact_name, weekly_extract_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.delivery.recipients import Recipient
from core.model.delivery.states import Status
from core.model.notices.family import WeeklyExtract
from core.model.notices.staff import PagesLeft, StudentsUnreached
from core.model.people import Role
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.delivery import planning, timing
from core.rules.delivery.timing import Policy

WEEK = timedelta(days=7)

LEFT_AFTER = timedelta(days=3)
"""How long an extract may wait before the class teacher and the deputy head are told: from Friday to Monday."""


async def load_due_weekly_paper(uow: UnitOfWork, *, now: datetime, policy: Policy) -> Sequence[Recipient]:
    """Who gets the extract of the next printing day and does not stand in the print queue yet: one for each child."""
    fact = weekly_extract_fact_name(timing.next_paper_delivery_time(now, policy))
    known = {(notice.person_id, notice.student_id) for notice in await uow.outbox.published_as(fact)}
    return [
        each
        for each in await _recipients(uow, on=timing.local_date_of_time(now, policy))
        if planning.is_planned_on_paper(each) and (each.person_id, each.student_id) not in known
    ]


async def publish_weekly_paper(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Publishes the extract of the next printing day to each of them, once; returns how many. Commits.

    The worker puts it into the print queue on that day, as one page with what else waits for this person and child.
    """
    day = timing.next_paper_delivery_time(now, policy)
    notice, fact = WeeklyExtract(day), weekly_extract_fact_name(day)
    due = await load_due_weekly_paper(uow, now=now, policy=policy)
    new = [NewNotice(each.student_id, notice, fact, each.person_id) for each in due]
    if new:
        await uow.outbox.add(new, received_at=now, published_at=now)
        await uow.commit()
    return len(new)


async def students_without_weekly_paper(uow: UnitOfWork, *, now: datetime, policy: Policy) -> Collection[int]:
    """Students with neither an electronic recipient nor an extract for the next printing day: must be none (Q30)."""
    on = timing.local_date_of_time(now, policy)
    fact = weekly_extract_fact_name(timing.next_paper_delivery_time(now, policy))
    reached = {each.student_id for each in await _recipients(uow, on=on) if not planning.is_planned_on_paper(each)}
    queued = {notice.student_id for notice in await uow.outbox.published_as(fact)}
    return await _pupils(uow, on) - reached - queued


async def warn_missing_weekly_paper(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Tells the deputy head of such students, once a date; returns how many. Commits."""
    count, on = (
        len(await students_without_weekly_paper(uow, now=now, policy=policy)),
        timing.local_date_of_time(now, policy),
    )
    if count and await uow.leases.claim_run("unreached", on):
        fact, notice = unreached_students_fact_name(on), StudentsUnreached(on, count)
        told = await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=on)
        await uow.outbox.add(
            [NewNotice(None, notice, fact, person_id) for person_id in told], received_at=now, published_at=now
        )
        await uow.commit()
    return count


async def tell_of_weekly_leftovers(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Tells class teachers and deputy heads once a week, at the hour of printing, of extracts not handed over (Q34).

    Returns how many extracts. Commits.
    """
    on, week = timing.local_date_of_time(now, policy), timing.next_paper_delivery_time(now, policy)
    is_early = on < week - WEEK + LEFT_AFTER or now.astimezone(policy.zone).time() < policy.paper_at
    if is_early or not await uow.leases.claim_run("pages_left", week):
        return 0
    left = await _left_by_class(uow, on, until=now - LEFT_AFTER)
    deputies = await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=on)
    for (class_id, school_class), numbers in sorted(left.items()):
        notice = PagesLeft(school_class, on, len(numbers), ", ".join(numbers))
        staff = {*await load_class_teachers(uow, class_id, on), *deputies}
        told = [NewNotice(None, notice, left_pages_fact_name(class_id, on), person_id) for person_id in sorted(staff)]
        await uow.outbox.add(told, received_at=now, published_at=now)
    await uow.commit()
    return sum(map(len, left.values()))


async def _left_by_class(uow: UnitOfWork, on: date, *, until: datetime) -> Mapping[tuple[int, str], Sequence[str]]:
    """The numbers of the extracts that were queued until then and are not handed over, by class."""
    pupils = await uow.learning.pupils(Everything(), on=on)
    classes = {pupil.student_id: (pupil.class_id, pupil.school_class) for pupil in pupils}
    left: dict[tuple[int, str], list[str]] = defaultdict(list)
    for extract in await uow.paper.extracts({Status.ACCEPTED, Status.PRINTED}):
        if extract.student_id in classes and extract.queued_at <= until:
            left[classes[extract.student_id]].append(extract.number)
    return left


async def _recipients(uow: UnitOfWork, *, on: date) -> Sequence[Recipient]:
    return await uow.people.recipients(await _pupils(uow, on), on=on)


async def _pupils(uow: UnitOfWork, on: date) -> frozenset[int]:
    """The students of the school on a date."""
    roll = await uow.people.roll(on)
    return frozenset(each.student_id for each in roll if each.leaves_on is None or each.leaves_on >= on)

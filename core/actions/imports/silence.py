"""Tells the deputy head when no marks came on a school day: the import or the journal may have stopped (Q107)."""

from datetime import UTC, date, datetime, time, timedelta

from core.model.delivery.fact_names import silent_source_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.staff import MarksMissing
from core.model.people import Role
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.timetable.school_days import is_school_day

JOB = "silence"


async def is_import_silence_due(uow: UnitOfWork, *, by: time, now: datetime, policy: Policy) -> bool:
    """True from the school's hour on, until the date has been looked at."""
    on = timing.local_date_of_time(now, policy)
    return now.astimezone(policy.zone).time() >= by and not await uow.leases.has_run(JOB, on)


async def warn_of_import_silence(uow: UnitOfWork, *, by: time, now: datetime, policy: Policy) -> bool:
    """Warns each deputy head, once a date, if no marks came until the hour `by`; returns whether they were warned.

    Marks of imports count as well as those that teachers gave here. A school that never had a mark is not warned, nor
    on a day without lessons. The notice says when a file was last imported. Commits.
    """
    on = timing.local_date_of_time(now, policy)
    if not await uow.leases.claim_run(JOB, on):
        return False
    last_mark = await uow.marks.last_recorded_at()
    begins = datetime.combine(on, time(), tzinfo=policy.zone).astimezone(UTC)
    is_silent = last_mark is not None and last_mark < begins and await has_lessons_for_silence(uow, on)
    if is_silent:
        imports = (await uow.imports.last_imports()).values()
        due = datetime.combine(on, by, tzinfo=policy.zone)
        notice = MarksMissing(on, due, max(imports).astimezone(policy.zone) if imports else None)
        deputies = await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=on)
        told = [NewNotice(None, notice, silent_source_fact_name(on), person_id) for person_id in deputies]
        await uow.outbox.add(told, received_at=now, published_at=now, due=now + policy.warn_before)
    await uow.commit()
    return is_silent


async def has_lessons_for_silence(uow: UnitOfWork, on: date) -> bool:
    """Whether any class has lessons on a date, by timetable, holidays and periods."""
    monday = on - timedelta(days=on.weekday())
    plans = await uow.timetable.of_classes(Everything(), since=monday, until=monday + timedelta(days=6))
    return is_school_day(
        [each.plan for each in plans],
        on,
        holidays=await uow.timetable.holidays(since=on, until=on),
        periods=await uow.year.periods(on),
    )

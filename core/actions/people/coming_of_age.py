"""Warns of 18th birthdays: from then on a representative needs the student's own consent (Q8)."""

from collections import Counter
from datetime import datetime, timedelta

from core.model.delivery.fact_names import adulthood_fact_name, adulthood_reminder_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.personal import ComesOfAge
from core.model.notices.staff import StudentsComeOfAge
from core.model.people import Role
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.ages import date_of_adult_age

AHEAD = timedelta(days=30)
"""Long enough to sign a form, short enough not to be forgotten."""


async def warn_of_coming_of_age(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Tells the family and the office a month before, once for each student; returns for how many. Commits.

    The end itself needs no job: whoever reads access or recipients on the day compares dates.
    """
    today = timing.local_date_of_time(now, policy)
    ahead = await uow.people.students_of_age(after=today, until=today + AHEAD)
    days = {each.id: day for each in ahead if (day := date_of_adult_age(each.birth_date)) is not None}
    told = [id_ for id_, day in days.items() if await uow.leases.claim_run(f"of_age:{id_}", day)]
    if not told:
        return 0
    notices = [NewNotice(id_, ComesOfAge(days[id_]), adulthood_fact_name(id_)) for id_ in told]
    classes = {entry.student_id: entry.class_name for entry in await uow.people.roll(today)}
    counted = Counter((classes.get(id_, ""), days[id_]) for id_ in told)
    for secretary in await uow.people.holders_of_role(Role.SECRETARY, on=today):
        notices += [
            NewNotice(None, StudentsComeOfAge(group, on, count), adulthood_reminder_fact_name(group, on), secretary)
            for (group, on), count in sorted(counted.items())
        ]
    await uow.outbox.add(notices, received_at=now, published_at=now)
    await uow.commit()
    return len(told)

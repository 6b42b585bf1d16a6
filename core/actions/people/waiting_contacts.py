"""Class teachers are told weekly of contacts that have waited a week for a proof (Q84)."""

from collections import defaultdict
from datetime import datetime

from core.actions.people.class_teachers import load_class_teachers
from core.actions.register.office.families import load_families_waiting_long
from core.model.delivery.fact_names import waiting_contacts_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.staff import ContactsWaiting
from core.model.people import SYSTEM, Role
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.year import first_day_of_week


async def tell_of_waiting_contacts(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Tells each class teacher once a week how many contacts of the class wait; returns how many classes. Commits.

    Where a class has no class teacher the secretaries are told.
    """
    on = timing.local_date_of_time(now, policy)
    if not await uow.leases.claim_run("contacts_waiting", first_day_of_week(on)):
        return 0
    counts: dict[tuple[int, str], int] = defaultdict(int)
    for pair, _ in await load_families_waiting_long(uow, SYSTEM, now=now, policy=policy):
        if pair.group_id:
            counts[pair.group_id, pair.school_class] += 1
    for (class_id, school_class), count in sorted(counts.items()):
        leaders = await load_class_teachers(uow, class_id, on)
        told = leaders or await uow.people.holders_of_role(Role.SECRETARY, on=on)
        notice, fact = ContactsWaiting(school_class, on, count), waiting_contacts_fact_name(class_id, on)
        notices = [NewNotice(None, notice, fact, person_id) for person_id in told]
        await uow.outbox.add(notices, received_at=now, published_at=now)
    await uow.commit()
    return len(counts)

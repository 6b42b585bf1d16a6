"""Reminds the secretary and whoever signed of consents that expire soon, each once (Q7)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from core.actions.register.erasures import load_erasure_secretaries
from core.model.delivery.fact_names import expiring_consent_fact_name, expiring_consents_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.personal import ConsentExpiring
from core.model.notices.staff import ConsentsExpiring
from core.model.register.consents import ConsentEntry
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.register.consents import consent_obstacle, latest_consent_entry


async def remind_of_expiring_consents(uow: UnitOfWork, *, before: timedelta, now: datetime, policy: Policy) -> int:
    """Tells of consents that expire within `before`; returns how many; commits.

    The secretary is told how many and the first last day, each representative of the own child.
    """
    today = timing.local_date_of_time(now, policy)
    near = [
        (entry, last_day)
        for entry, last_day in await _expiring(uow, today=today, until=today + before)
        if await uow.leases.claim_run(f"consent:{entry.id}", last_day)
    ]
    notices = [
        NewNotice(entry.student_id, ConsentExpiring(last_day), expiring_consent_fact_name(entry.id), entry.person_id)
        for entry, last_day in near
    ]
    if near:
        summary = ConsentsExpiring(min(last_day for _, last_day in near), len(near))
        office = await load_erasure_secretaries(uow, on=today)
        notices += [NewNotice(None, summary, expiring_consents_fact_name(today), person_id) for person_id in office]
        await uow.outbox.add(notices, received_at=now, published_at=now)
    await uow.commit()
    return len(near)


async def _expiring(uow: UnitOfWork, *, today: date, until: date) -> Sequence[tuple[ConsentEntry, date]]:
    """The consents in force today whose last day is near, with that day."""
    pairs: defaultdict[tuple[int, int], list[ConsentEntry]] = defaultdict(list)
    for entry in await uow.register.consents():
        pairs[entry.person_id, entry.student_id].append(entry)
    latest = [latest_consent_entry(own, today) for own in pairs.values()]
    in_force = [entry for entry in latest if entry is not None and consent_obstacle(entry, today) is None]
    return [
        (entry, entry.expires_on) for entry in in_force if entry.expires_on is not None and entry.expires_on <= until
    ]

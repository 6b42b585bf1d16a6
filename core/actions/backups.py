"""Tells the deputy head of a nightly copy that was not written or cannot be restored, once a date (Q104)."""

from datetime import date, datetime

from core.model.delivery.fact_names import faulty_copy_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.staff import CopyFaulty
from core.model.people import SYSTEM, Role
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy

CHECK = "restore_check"


async def tell_of_faulty_backup(uow: UnitOfWork, *, is_written: bool, now: datetime, policy: Policy) -> None:
    """Tells each deputy head; the same fault once a date, however often the job is tried. Commits."""
    on = timing.local_date_of_time(now, policy)
    notice, fact = CopyFaulty(on, is_written), faulty_copy_fact_name(on)
    if any(each.notice == notice for each in await uow.outbox.published_as(fact)):
        return
    deputies = await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=on)
    told = [NewNotice(None, notice, fact, person_id) for person_id in deputies]
    await uow.outbox.add(told, received_at=now, published_at=now, due=now + policy.warn_before)
    await uow.commit()


async def is_backup_check_due(uow: UnitOfWork, *, on: date) -> bool:
    """Whether no copy was found sound yet in the month of a date."""
    return not await uow.leases.has_run(CHECK, on.replace(day=1))


async def record_backup_check(uow: UnitOfWork, *, on: date, at: datetime) -> None:
    """Records that a copy was found sound, for the month of a date, with a line in the audit trail; commits."""
    if await uow.leases.claim_run(CHECK, on.replace(day=1)):
        await uow.audit.write(SYSTEM, "restore.checked", at=at)
    await uow.commit()

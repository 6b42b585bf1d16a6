"""A student's own account: opened from 14 by the secretary, closed at any time (Q9)."""

from datetime import date, datetime

from core.errors import UnderAgeError
from core.model.people import Actor, Role
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.people import ages


async def open_account(uow: UnitOfWork, actor: Actor, *, student_id: int, on: date, now: datetime) -> None:
    """From now on the student's facts are owed to the student too, over contacts and a consent of their own.

    UnderAgeError before the 14th birthday, and where the school does not know it; NotFoundError for no student.
    """
    access.require(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    student = await uow.people.person(student_id, Everything())
    if student.birth_date is None or ages.age(student.birth_date, on) < ages.OWN_ACCOUNT:
        raise UnderAgeError
    await _set(uow, actor, student_id, opened=True, now=now)


async def close_account(uow: UnitOfWork, actor: Actor, *, student_id: int, now: datetime) -> None:
    """Nothing more is owed to the student; what the family gets stays as it is."""
    access.require(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    await _set(uow, actor, student_id, opened=False, now=now)


async def _set(uow: UnitOfWork, actor: Actor, student_id: int, *, opened: bool, now: datetime) -> None:
    await uow.people.set_account(student_id, opened=opened)
    await uow.audit.write(actor, "account.opened" if opened else "account.closed", at=now, student=student_id)
    await uow.commit()

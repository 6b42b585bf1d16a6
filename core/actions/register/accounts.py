"""A student's own account: opened from 14 by the secretary, closed at any time (Q9)."""

from datetime import date, datetime

from core.errors import UnderAgeError
from core.model.audit import ACCOUNT_CLOSED, ACCOUNT_OPENED
from core.model.people import Actor, Role
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.people import ages


async def open_student_account(uow: UnitOfWork, actor: Actor, *, student_id: int, on: date, now: datetime) -> None:
    """Opens a student's own account: facts about the student are owed to the student too, under their own consent.

    UnderAgeError before the 14th birthday, and if the birthday is unknown; NotFoundError for no student.
    """
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    student = await uow.people.person(student_id, Everything())
    if student.birth_date is None or ages.age_of_person(student.birth_date, on) < ages.OWN_ACCOUNT:
        raise UnderAgeError
    await _set_account(uow, actor, student_id, opened=True, now=now)


async def close_student_account(uow: UnitOfWork, actor: Actor, *, student_id: int, now: datetime) -> None:
    """Closes a student's own account; the rest of the family gets the same notices as before."""
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    await _set_account(uow, actor, student_id, opened=False, now=now)


async def _set_account(uow: UnitOfWork, actor: Actor, student_id: int, *, opened: bool, now: datetime) -> None:
    await uow.people.set_account(student_id, opened=opened)
    await uow.audit.write(actor, ACCOUNT_OPENED if opened else ACCOUNT_CLOSED, at=now, student=student_id)
    await uow.commit()

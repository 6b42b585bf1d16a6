"""Families that consented to a channel, and notices of final marks for them."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.bench.schools.invented import SIGNED, SUBJECTS, TERM, YEAR_BEGINS, full_name
from core.model.delivery.fact_names import period_mark_fact
from core.model.delivery.obligations import NewNotice
from core.model.notices import FinalMarkSet
from core.model.register.consents import Decision, NewConsent
from core.model.register.forms import WrittenForm
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class, normal_name

SCHOOL_CLASS = "8Б"


async def add_families(
    open_uow: UnitOfWorkFactory,
    addresses: Sequence[object],
    *,
    now: datetime,
    classes: Sequence[str] = (SCHOOL_CLASS,),
    channel: str = "telegram",
    first: int = 0,
) -> Sequence[int]:
    """Adds a student and a guardian for each address, with consent and confirmed contact; returns the students' ids.

    `first`: the number of the first family; a second call needs another one, so that no name occurs twice.
    """
    async with open_uow() as uow:
        groups = [await uow.year.ensure_group(GroupKind.CLASS, name, normal_class(name)) for name in classes]
        students = [
            await _add_family(uow, (channel, str(address)), number, group=groups[number % len(groups)], now=now)
            for number, address in enumerate(addresses, first)
        ]
        await uow.commit()
    return students


async def publish_final_marks(
    open_uow: UnitOfWorkFactory, students: Sequence[int], *, marks: int, now: datetime, first: int = 0
) -> None:
    """Publishes `marks` notices of final marks, given to the students in turn; fact numbers begin after `first`."""
    rows: list[NewNotice] = []
    for number in range(marks):
        turn, index = divmod(number, len(students))
        notice = FinalMarkSet(SUBJECTS[turn % len(SUBJECTS)], TERM, "4")
        rows.append(NewNotice(students[index], notice, period_mark_fact(first + number + 1)))
    async with open_uow() as uow:
        await uow.outbox.add(rows, received_at=now, published_at=now)
        await uow.commit()


async def _add_family(uow: UnitOfWork, contact: tuple[str, str], number: int, *, group: int, now: datetime) -> int:
    student = await _add_person(uow, full_name(2 * number))
    await uow.people.add_student(student, leaves_on=None)
    await uow.year.enrol(student, group)
    guardian = await _add_person(uow, full_name(2 * number + 1))
    await uow.people.add_guardianship(guardian, student, relation="parent")
    await _sign(uow, guardian, student, contact, on=min(YEAR_BEGINS, timing.local_date(now, Policy())), now=now)
    return student


async def _add_person(uow: UnitOfWork, name: str) -> int:
    return await uow.people.add(name, normal_name(name))


async def _sign(
    uow: UnitOfWork, guardian: int, student: int, contact: tuple[str, str], *, on: date, now: datetime
) -> None:
    channel, address = contact
    consent = NewConsent(guardian, student, Decision.CONSENT, on, "С-1")
    await uow.register.add_consent(consent, registered_by=SIGNED, at=now)
    number = await uow.register.add_contact(
        person_id=guardian, channel=channel, address=address, rank=1, origin="form", proven_at=now
    )
    await uow.register.confirm(number, WrittenForm("К-1", on, SIGNED), at=now)

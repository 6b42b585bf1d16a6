"""Families that agreed to a channel, and final marks that are owed to them."""

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
from core.rules.people.names import normal_class, normal_name

SCHOOL_CLASS = "8Б"


async def settle_in(
    open_uow: UnitOfWorkFactory,
    addresses: Sequence[object],
    *,
    now: datetime,
    classes: Sequence[str] = (SCHOOL_CLASS,),
    channel: str = "telegram",
    first: int = 0,
) -> Sequence[int]:
    """A student and a guardian with both papers signed for every address, spread over classes; returns the students.

    `first`: the number of the first family; those of a second call must not bear the names of the first.
    """
    async with open_uow() as uow:
        groups = [await uow.year.ensure_group(GroupKind.CLASS, name, normal_class(name)) for name in classes]
        students = [
            await _family(uow, (channel, str(address)), number, group=groups[number % len(groups)], now=now)
            for number, address in enumerate(addresses, first)
        ]
        await uow.commit()
    return students


async def publish(
    open_uow: UnitOfWorkFactory, students: Sequence[int], *, marks: int, now: datetime, first: int = 0
) -> None:
    """So many final marks, dealt out to the students in turn and numbered from `first` on."""
    rows: list[NewNotice] = []
    for number in range(marks):
        turn, place = divmod(number, len(students))
        notice = FinalMarkSet(SUBJECTS[turn % len(SUBJECTS)], TERM, "4")
        rows.append(NewNotice(students[place], notice, period_mark_fact(first + number + 1)))
    async with open_uow() as uow:
        await uow.outbox.add(rows, received_at=now, published_at=now)
        await uow.commit()


async def _family(uow: UnitOfWork, contact: tuple[str, str], number: int, *, group: int, now: datetime) -> int:
    student = await _person(uow, full_name(2 * number))
    await uow.people.add_student(student, leaves_on=None)
    await uow.year.enrol(student, group)
    guardian = await _person(uow, full_name(2 * number + 1))
    await uow.people.add_guardianship(guardian, student, relation="parent")
    await _sign(uow, guardian, student, contact, on=min(YEAR_BEGINS, now.date()), now=now)
    return student


async def _person(uow: UnitOfWork, name: str) -> int:
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

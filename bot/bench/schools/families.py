"""Families that consented to a channel, and notices of final marks and exam results for them."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.bench.schools.invented import SIGNED, SUBJECTS, TERM, YEAR_BEGINS, invented_full_name
from core.model.delivery.fact_names import exam_result_fact_name, period_mark_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.family import ExamResultSet, FinalMarkSet
from core.model.register.consents import Decision, NewConsent
from core.model.register.forms import WrittenForm
from core.model.results.exams import ExamKind
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name, normal_name

SCHOOL_CLASS = "8Б"
EXAM = ExamResultSet(ExamKind.SCHOOL, "Геометрия", YEAR_BEGINS, mark="4", passed=True)


async def add_bench_families(
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
        groups = [await uow.year.ensure_group(GroupKind.CLASS, name, normal_class_name(name)) for name in classes]
        students = [
            await add_agreed_family(uow, [(channel, str(address))], number, group=groups[number % len(groups)], now=now)
            for number, address in enumerate(addresses, first)
        ]
        await uow.commit()
    return [student for student, _ in students]


async def publish_bench_family_results(
    open_uow: UnitOfWorkFactory,
    students: Sequence[int],
    *,
    results: int,
    now: datetime,
    first: int = 0,
    exams: bool = True,
) -> None:
    """Publishes `results` notices that R6 covers, given to the students in turn; fact numbers begin after `first`.

    Every second one is of an exam; without `exams` all are of final marks.
    """
    rows: list[NewNotice] = []
    for number in range(results):
        turn, index = divmod(number, len(students))
        subject, fact = SUBJECTS[turn % len(SUBJECTS)], first + number + 1
        rows.append(
            _exam_result(students[index], fact) if exams and number % 2 else _mark(students[index], subject, fact)
        )
    async with open_uow() as uow:
        await uow.outbox.add(rows, received_at=now, published_at=now)
        await uow.commit()


def _mark(student: int, subject: str, number: int) -> NewNotice:
    return NewNotice(student, FinalMarkSet(subject, TERM, "4"), period_mark_fact_name(number))


def _exam_result(student: int, number: int) -> NewNotice:
    return NewNotice(student, EXAM, exam_result_fact_name(number))


async def add_agreed_family(
    uow: UnitOfWork, ways: Sequence[tuple[str, str]], number: int, *, group: int, now: datetime
) -> tuple[int, int]:
    """A student and a guardian, who consented to these channels and addresses in this order, or refused without any."""
    student = await _add_person(uow, invented_full_name(2 * number))
    await uow.people.add_student(student, leaves_on=None)
    await uow.year.enrol(student, group)
    guardian = await _add_person(uow, invented_full_name(2 * number + 1))
    await uow.people.add_guardianship(guardian, student, relation="parent")
    await _sign(uow, guardian, student, ways, on=min(YEAR_BEGINS, timing.local_date_of_time(now, Policy())), now=now)
    return student, guardian


async def _add_person(uow: UnitOfWork, name: str) -> int:
    return await uow.people.add(name, normal_name(name))


async def _sign(
    uow: UnitOfWork, guardian: int, student: int, ways: Sequence[tuple[str, str]], *, on: date, now: datetime
) -> None:
    consent = NewConsent(guardian, student, Decision.CONSENT if ways else Decision.REFUSAL, on, "С-1")
    await uow.register.add_consent(consent, registered_by=SIGNED, at=now)
    for rank, (channel, address) in enumerate(ways, start=1):
        number = await uow.register.add_contact(
            person_id=guardian, channel=channel, address=address, rank=rank, origin="form", proven_at=now
        )
        await uow.register.confirm(number, WrittenForm("К-1", on, SIGNED), at=now)

"""When the school received the results of an exam: listed, and corrected with a trace (Q70)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.actions.delivery import fan_out
from core.errors import NoReasonError, NotFoundError, ReceiptBeforeExamError, ReceiptTimeError, SeveralReceiptsError
from core.model.audit import RECEIPT_CORRECTED
from core.model.delivery.fact_names import exam_result_fact_name
from core.model.delivery.obligations import MovedDelivery
from core.model.delivery.owed_results import WantedResults
from core.model.delivery.states import State
from core.model.people import Actor, Role
from core.model.results.exams import Exam
from core.ports import UnitOfWork
from core.rules import access, year
from core.rules.access import Everything
from core.rules.delivery import planning, timing
from core.rules.delivery.steps import delivery_of_current_step
from core.rules.delivery.timing import R6_TERM, Policy

MOST_EXAMS = 300
"""More exams than a school has results of in two years."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ExamReceipts:
    """An exam, its students with a result, and how many results came at which moment; history has no moment."""

    exam: Exam
    students: int
    moments: Sequence[tuple[datetime, int]]


async def load_exam_receipts(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[ExamReceipts]:
    """The exams of this school year and the last one, the latest first. NotAllowedError unless a deputy head asks."""
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    last_year = year.first_day_of_year(year.first_day_of_year(on) - timedelta(days=1))
    exams = await uow.exams.listed(Everything(), since=last_year, limit=MOST_EXAMS)
    exam_of = {
        exam_result_fact_name(each.id): each.exam_id for each in await uow.exams.results([exam.id for exam in exams])
    }
    moments = Counter((exam_of[fact], at) for fact, at in await uow.outbox.receipts(exam_of))
    listed = defaultdict[int, list[tuple[datetime, int]]](list)
    for (exam_id, at), count in sorted(moments.items()):
        listed[exam_id].append((at, count))
    students = Counter(exam_of.values())
    return [ExamReceipts(exam, students[exam.id], tuple(listed[exam.id])) for exam in exams]


async def correct_exam_receipt(
    uow: UnitOfWork,
    actor: Actor,
    exam_id: int,
    *,
    to: datetime,
    was: datetime | None,
    reason: str,
    now: datetime,
    policy: Policy,
) -> int:
    """The school received results of an exam at another moment; `was` names the entered one, to the minute (Q70).

    Due times, warnings and the starts of channels follow. The versions of the results and the audit trail keep what was
    entered. Returns how many results; 0 if they have that moment already. Commits. Raises NotAllowedError unless a
    deputy head asks, NoReasonError, ReceiptTimeError for the future, ReceiptBeforeExamError, SeveralReceiptsError where
    `was` is needed, NotFoundError.
    """
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    if not reason.strip():
        raise NoReasonError
    if to > now:
        raise ReceiptTimeError
    exam = await _exam_before(uow, exam_id, to, policy)
    facts = [exam_result_fact_name(each.id) for each in await uow.exams.results([exam_id])]
    received = Counter(at for _, at in await uow.outbox.receipts(facts))
    entered = [at for at in _entered(sorted(received), was) if at != to]
    moved = list[int]()
    for moment in entered:
        ids = await uow.outbox.move_receipt(facts, [moment], to=to, due=to + R6_TERM)
        await _write_line(uow, actor, exam, (moment, to), ids, received[moment], reason=reason, now=now)
        moved += ids
    if entered:
        await uow.exams.move_receipt(exam_id, entered, to)
        await _reschedule(uow, moved, now=now, policy=policy)
        await uow.commit()
    return sum(received[moment] for moment in entered)


async def _exam_before(uow: UnitOfWork, exam_id: int, received_at: datetime, policy: Policy) -> Exam:
    found = await uow.exams.exams_by_id([exam_id])
    if not found:
        raise NotFoundError
    if found[0].on is not None and timing.local_date_of_time(received_at, policy) < found[0].on:
        raise ReceiptBeforeExamError
    return found[0]


def _entered(moments: Sequence[datetime], was: datetime | None) -> Sequence[datetime]:
    """The moments that are meant: the only one, or those of the minute `was`."""
    if not moments:
        raise NotFoundError
    if was is None and len(moments) > 1:
        raise SeveralReceiptsError(moments)
    meant = [each for each in moments if was is None or was <= each < was + MINUTE]
    if not meant:
        raise SeveralReceiptsError(moments)
    return meant


async def _write_line(
    uow: UnitOfWork,
    actor: Actor,
    exam: Exam,
    moments: tuple[datetime, datetime],
    ids: Collection[int],
    results: int,
    *,
    reason: str,
    now: datetime,
) -> None:
    was, to = (each.isoformat() for each in moments)
    obligations, why = ",".join(map(str, ids)), " ".join(reason.split())
    await uow.audit.write(
        actor, RECEIPT_CORRECTED, at=now, exam=exam.id, was=was, to=to, results=results, reason=why,
        obligations=obligations,
    )  # fmt: skip


async def _reschedule(uow: UnitOfWork, ids: Sequence[int], *, now: datetime, policy: Policy) -> None:
    """The deliveries that open obligations are on get the times of the new due time."""
    owed = await uow.outbox.owed_results(Everything(), WantedResults(ids=frozenset(ids)))
    still = [each for each in owed if each.obligation.state is State.OPEN]
    current = [delivery for each in still if (delivery := delivery_of_current_step(each.deliveries))]
    entitled = await fan_out.load_fan_out_recipients(uow, current, now=now, policy=policy)
    by_pair = {(each.person_id, each.student_id): each for family in entitled.values() for each in family}
    moved = list[MovedDelivery]()
    for delivery in current:
        recipient = by_pair.get((delivery.person_id, delivery.student_id))
        if recipient is not None and delivery.due is not None:
            moved.append(planning.moved_planned_delivery(recipient, delivery, due=delivery.due, now=now, policy=policy))
    await uow.outbox.reschedule(moved)

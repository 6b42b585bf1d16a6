"""Deferrals of final marks for illness: granted, extended, ended; staff are reminded before they run out (Q53, Q54)."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.people.class_teachers import load_class_teachers
from core.actions.results.final_marks import FinalMarkEditor
from core.errors import AlreadyMarkedError, EmptyDocumentError, NothingInForceError
from core.model.delivery.fact_names import deferral_fact_name, ending_deferrals_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.family import FinalMarkDeferred
from core.model.notices.staff import DeferralsEnding
from core.model.people import Role
from core.model.results.deferrals import Deferral, DeferralEnd
from core.model.results.period_marks import MarkCell, PeriodMark
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.results.deferrals import (
    deferral_in_force,
    deferral_reminder_day,
    end_of_deferral,
    require_deferral_dates,
)


@dataclass(frozen=True, slots=True)
class NewDeferral:
    """A deferral about to be granted, of one or several subjects of a term; the fields are those of `Deferral`."""

    student_id: int
    subject_ids: Collection[int]
    term: str
    ill_from: date
    ill_to: date
    document: str
    decision: str
    due_on: date


async def grant_deferral(writer: FinalMarkEditor, new: NewDeferral) -> Sequence[int]:
    """Grants a deferral in each subject, all or none; where one is open it is extended. The family is told (R6).

    It stands where marks are made in the e-journal too, which knows no deferrals. Raises NotAllowedError unless the
    actor is a deputy head, AlreadyMarkedError, DeferralDatesError, EmptyDocumentError, and the errors of a cell.
    """
    access.require_access_role(writer.actor, Role.DEPUTY_HEAD)
    if not new.document.strip() or not new.decision.strip():
        raise EmptyDocumentError
    granted = [await _grant(writer, new, subject_id) for subject_id in sorted(new.subject_ids)]
    await writer.uow.commit()
    return granted


async def _grant(writer: FinalMarkEditor, new: NewDeferral, subject_id: int) -> int:
    uow, by, now = writer.uow, writer.actor.person_id, writer.now
    opened = await writer.open_cell(MarkCell(new.student_id, subject_id, new.term))
    if opened.before is not None and opened.before.value is not None:
        raise AlreadyMarkedError
    former = deferral_in_force(opened.deferrals, opened.cell)
    require_deferral_dates(new.ill_from, new.ill_to, new.due_on, on=writer.on, former=former)
    if former is not None:
        await uow.deferrals.end(former.id, at=now, by=by, ended_as=DeferralEnd.EXTENDED)
    words = " ".join(new.document.split()), " ".join(new.decision.split())
    deferral = Deferral(
        0, new.student_id, subject_id, opened.year_id, opened.stored_term, new.ill_from, new.ill_to, *words,
        new.due_on, by, now,
    )  # fmt: skip
    deferral_id = await uow.deferrals.add(deferral)
    notice = FinalMarkDeferred(opened.subject, opened.stored_term, new.due_on, subject_id=subject_id)
    told = NewNotice(new.student_id, notice, deferral_fact_name(deferral_id))
    await uow.outbox.add([told], received_at=now, published_at=now)
    await uow.audit.write(writer.actor, "deferral_granted", at=now, student=new.student_id, deferral=deferral_id)
    return deferral_id


async def end_deferral(writer: FinalMarkEditor, cell: MarkCell, value: str) -> PeriodMark:
    """Ends a deferral by its mark or by н/а, also after closing and where marks are made in the e-journal.

    Raises NotAllowedError unless the actor is a deputy head, NothingInForceError without an open deferral.
    """
    access.require_access_role(writer.actor, Role.DEPUTY_HEAD)
    opened, token = await writer.open_cell(cell), writer.token(value)
    if deferral_in_force(opened.deferrals, cell) is None:
        raise NothingInForceError
    mark = await writer.write(opened, token)
    await writer.uow.commit()
    return mark


async def end_deferrals_by_import(
    uow: UnitOfWork, marks: Sequence[PeriodMark], *, by: int | None, now: datetime
) -> None:
    """Ends open deferrals of cells in which an import has just written a mark; the caller commits."""
    for year_id in {mark.year_id for mark in marks}:
        deferrals = await uow.deferrals.deferrals(Everything(), year_id=year_id)
        for mark in marks:
            cell = MarkCell(mark.student_id, mark.subject_id, mark.term)
            deferred = deferral_in_force(deferrals, cell) if mark.year_id == year_id else None
            if deferred is not None and mark.value is not None:
                await uow.deferrals.end(deferred.id, at=now, by=by, ended_as=end_of_deferral(mark.value))


async def remind_of_deferrals(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Tells deputy heads and class teachers of deferrals that run out within a week, and of those that ran out (Q53).

    Each deferral is told of once before and once on its last day, also after a pause of the machine; the notice names
    the class and how many, never a student. Returns how many deferrals; commits.
    """
    on = timing.local_date_of_time(now, policy)
    year_id = await uow.year.year(on)
    if year_id is None:
        return 0
    classes = {
        pupil.student_id: (pupil.class_id, pupil.school_class)
        for pupil in await uow.learning.pupils(Everything(), on=on)
    }
    due: Counter[tuple[int, str, date]] = Counter()
    for deferral in await uow.deferrals.deferrals(Everything(), year_id=year_id):
        day = deferral_reminder_day(deferral, on)
        if deferral.student_id in classes and day and await uow.leases.claim_run(f"deferral:{deferral.id}", day):
            due[*classes[deferral.student_id], deferral.due_on] += 1
    for (class_id, school_class, due_on), count in sorted(due.items()):
        notice = DeferralsEnding(school_class, due_on, count, is_over=on >= due_on)
        fact = ending_deferrals_fact_name(class_id, due_on)
        told = [NewNotice(None, notice, fact, person_id) for person_id in await _staff_of_class(uow, class_id, on)]
        await uow.outbox.add(told, received_at=now, published_at=now)
    await uow.commit()
    return due.total()


async def _staff_of_class(uow: UnitOfWork, class_id: int, on: date) -> Sequence[int]:
    """The deputy heads, and the class teachers of this class."""
    deputies = await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=on)
    return sorted({*deputies, *await load_class_teachers(uow, class_id, on)})

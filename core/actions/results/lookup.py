"""Families look up final marks."""

from collections.abc import Sequence
from datetime import date

from core.model.people import Actor
from core.model.results.deferrals import Deferral
from core.model.results.period_marks import PeriodMark
from core.ports import UnitOfWork
from core.rules import access


async def look_up_final_marks(
    uow: UnitOfWork, actor: Actor, *, student_id: int, on: date
) -> Sequence[tuple[PeriodMark, str]]:
    """A student's final marks of the school year with their subjects, as the family may see them on a date (Q14)."""
    year_id = await uow.year.year(on)
    if year_id is None:
        return ()
    return await uow.results.finals(student_id, access.family_access_scope(actor, on=on), year_id=year_id)


async def look_up_open_deferrals(
    uow: UnitOfWork, actor: Actor, *, student_id: int, on: date
) -> Sequence[tuple[Deferral, str]]:
    """A student's deferrals in force with their subjects, as the family may see them (Q68)."""
    year_id = await uow.year.year(on)
    if year_id is None:
        return ()
    subjects = {each.id: each.name for each in await uow.year.subjects()}
    return [
        (each, subjects[each.subject_id])
        for each in await uow.deferrals.deferrals(access.family_access_scope(actor, on=on), year_id=year_id)
        if each.student_id == student_id and each.ended_at is None
    ]

"""Families look up final marks."""

from collections.abc import Sequence
from datetime import date

from core.model.people import Actor
from core.model.results.period_marks import PeriodMark
from core.ports import UnitOfWork
from core.rules import access


async def final_marks(uow: UnitOfWork, actor: Actor, *, student_id: int, on: date) -> Sequence[tuple[PeriodMark, str]]:
    """A student's final marks of the school year with their subjects, as the family may see them on a date (Q14)."""
    year_id = await uow.year.year(on)
    if year_id is None:
        return ()
    return await uow.results.finals(student_id, access.family_scope(actor, on=on), year_id=year_id)

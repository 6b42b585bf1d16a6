"""Families look up the journal of their students."""

from collections.abc import Sequence
from datetime import date

from core.model.marks.entries import Entry
from core.model.people import Actor, Person
from core.ports import UnitOfWork
from core.rules import access


async def marks(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[tuple[Entry, str]]:
    """A student's entries with their subjects, as the family may see them on a date (Q13, Q14)."""
    return await uow.marks.entries(student_id, access.family(actor, on=on), since=since, until=until)


async def children(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[Person]:
    """The students whose records the actor may open as family: own children, or oneself (Q14, Q15)."""
    return await uow.people.children(access.family(actor, on=on))

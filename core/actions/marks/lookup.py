"""Families look up the journal of their students."""

from collections.abc import Sequence
from datetime import date

from core.model.marks.entries import Entry
from core.model.marks.gradebook import SeenChange
from core.model.people import Actor, Person
from core.ports import UnitOfWork
from core.rules import access
from core.rules.marks import gradebook


async def look_up_marks(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[tuple[Entry, str]]:
    """A student's entries with their subjects, as the family may see them on a date (Q13, Q14)."""
    return await uow.marks.entries(student_id, access.family_access_scope(actor, on=on), since=since, until=until)


async def look_up_children(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[Person]:
    """The students whose records the actor may open as family: own children, or oneself (Q14, Q15)."""
    return await uow.people.children(access.family_access_scope(actor, on=on))


async def look_up_mark_changes(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[SeenChange]:
    """The changes of a student's entries of these lesson days, old → new, as far as the family may see them (Q38)."""
    scope = access.family_access_scope(actor, on=on)
    return [*gradebook.seen_gradebook_changes(await uow.marks.versions(student_id, scope, since=since, until=until))]

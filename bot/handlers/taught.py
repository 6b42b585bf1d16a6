"""Which class a child is in, and which subjects it has."""

from collections.abc import Sequence
from datetime import timedelta

from bot.handlers.doors import DoorVisit
from core.actions import year as year_actions
from core.actions.marks import lookup as marks_lookup
from core.actions.timetable import lookup as timetable_lookup
from core.rules import year

AROUND = timedelta(days=14)


async def taught_class_name(visit: DoorVisit, child_id: int) -> str:
    """The name of a child's class; "" without one."""
    reader = (await visit.of_child(child_id)).reader
    found = await year_actions.load_year_class(visit.uow, reader, student_id=child_id, on=visit.today)
    return found.name if found else ""


async def subjects_taught_to_children(visit: DoorVisit) -> Sequence[str]:
    """The subjects of the children. «математика» means algebra or geometry where they have no such subject."""
    found: set[str] = set()
    for child in await visit.children():
        theirs = await visit.of_child(child.id)
        found |= await subjects_taught_to_child(theirs, child.id)
    return sorted(found)


async def subjects_taught_to_child(visit: DoorVisit, child_id: int) -> frozenset[str]:
    """The subjects that teachers or the timetable name for a child; none where neither is known."""
    return await _by_teachers(visit, child_id) | await _by_timetable(visit, child_id)


async def is_taught_to_child(visit: DoorVisit, child_id: int, subject: str) -> bool:
    """Whether the child has the subject, by teachers, timetable or journal; True where none of them knows any."""
    known = await subjects_taught_to_child(visit, child_id)
    if subject in known:
        return True
    entries = await marks_lookup.look_up_marks(
        visit.uow, visit.reader, student_id=child_id, since=year.first_day_of_year(visit.today), until=visit.today,
        on=visit.today,
    )  # fmt: skip
    of_journal = {name for _, name in entries}
    return subject in of_journal or not known | of_journal


async def _by_teachers(visit: DoorVisit, child_id: int) -> frozenset[str]:
    teachings = await timetable_lookup.look_up_student_teachers(
        visit.uow, visit.reader, student_id=child_id, on=visit.today
    )
    return frozenset(teaching.subject for teaching in teachings if teaching.subject is not None)


async def _by_timetable(visit: DoorVisit, child_id: int) -> frozenset[str]:
    days = await timetable_lookup.look_up_student_timetable(
        visit.uow, visit.reader, student_id=child_id, since=visit.today - AROUND, until=visit.today + AROUND,
        on=visit.today,
    )  # fmt: skip
    return frozenset(lesson.subject for day in days for lesson in day.lessons)

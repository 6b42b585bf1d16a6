"""Which class a child is in, which subjects it has, and who teaches them."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta

from bot.handlers.doors import DoorVisit
from bot.questions.model import Intent, Question
from bot.questions.spelling import shares_spelling_word
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


async def teachings_of_children(visit: DoorVisit) -> AsyncIterator[tuple[int, str, str]]:
    """Each child with its subjects and their teachers."""
    for child in await visit.children():
        theirs = await visit.of_child(child.id)
        for teaching in await timetable_lookup.look_up_student_teachers(
            theirs.uow, theirs.reader, student_id=child.id, on=visit.today
        ):
            if teaching.subject is not None:
                yield child.id, teaching.subject, teaching.teacher


def words_of_teacher(words: Sequence[str], teacher: str) -> Sequence[str]:
    """Those words that are in the teacher's name, in any form."""
    return [word for word in words if shares_spelling_word([word.casefold()], teacher)]


def closeness_to_teacher(words: Sequence[str], teacher: str) -> tuple[int, int]:
    """How well the words name this teacher: how many do, and how many as the name is written.

    «мельников» is rather Мельников than Мельникова.
    """
    written = teacher.casefold().replace("ё", "е").split()
    named = words_of_teacher(words, teacher)
    return len(named), sum(word.casefold().replace("ё", "е") in written for word in named)


async def taught_by_teacher(visit: DoorVisit, words: Sequence[str]) -> Question | None:
    """«что ведёт Фролова»: what the teacher whom most words name teaches, to each child that has that teacher."""
    found = [
        (closeness_to_teacher(words, teacher), child_id, subject, teacher)
        async for child_id, subject, teacher in teachings_of_children(visit)
    ]
    most = max((each[0] for each in found), default=(0, 0))
    if not most[0]:
        return None
    closest = [each[1:] for each in found if each[0] == most]
    teacher = closest[0][2]
    children = tuple(dict.fromkeys(child_id for child_id, _, name in closest if name == teacher))
    subjects = {subject for _, subject, name in closest if name == teacher}
    return Question(
        Intent.TEACHERS,
        subject=subjects.pop() if len(subjects) == 1 else None,
        child_id=children[0] if len(children) == 1 else None,
        child_ids=children if len(children) > 1 else (),
        about=(teacher,),
    )


async def subject_taught_on_days(
    visit: DoorVisit, child_id: int, subjects: Sequence[str], since: date, until: date
) -> str | None:
    """The first of these subjects that the child is taught on these days: «Фролова завтра будет?»."""
    theirs = await visit.of_child(child_id)
    days = await timetable_lookup.look_up_student_timetable(
        theirs.uow, theirs.reader, student_id=child_id, since=since, until=until, on=visit.today
    )
    held = {lesson.subject for day in days for lesson in day.lessons if lesson.is_held}
    return next((subject for subject in subjects if subject in held), None)


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

"""What families look up: marks by child and subject, and the buttons under what was pushed to them (Q13–Q15, Q72)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.handlers.doors import FAMILY, KNOWN, Ask, Behind, Door, Visit
from bot.questions.model import Intent
from bot.screens import marks as screens
from bot.screens.screen import Screen, Toast
from core.actions import delivery, gradebook
from core.errors import NotFoundError
from core.model.people import Person
from core.rules import access
from core.rules.handles import MARKS, READ

SEPTEMBER = 9


async def acknowledge(visit: Visit, ask: Ask) -> Toast:
    """«Прочитано»: the strongest evidence that a chat gives."""
    (attempt_id,) = ask.numbers
    await delivery.acknowledge(visit.uow, visit.reader, attempt_id, closes=visit.school.closes, now=visit.now)
    return Toast(visit.t("marks.acknowledged"), drop_button=True)


async def open_marks(visit: Visit, ask: Ask) -> Screen:
    """`/marks`, or a button under a notice: the notice stays, the marks come below it."""
    return await _overview(visit, *ask.numbers) if ask.numbers else await _choice(visit)


async def turn_to_choice(visit: Visit, _ask: Ask) -> Screen:
    """Back to the choice of a child."""
    return replace(await _choice(visit), in_place=True)


async def turn_to_child(visit: Visit, ask: Ask) -> Screen:
    """A child was chosen."""
    return replace(await _overview(visit, *ask.numbers), in_place=True)


async def turn_to_subject(visit: Visit, ask: Ask) -> Screen:
    """A subject was chosen."""
    child_id, subject_id = ask.numbers
    child = _one(await _children(visit), child_id)
    entries = [(entry, name) for entry, name in await _entries(visit, child) if entry.subject_id == subject_id]
    finals = [final for final, _ in await _finals(visit, child) if final.subject_id == subject_id]
    if not entries:
        raise NotFoundError
    return replace(screens.subject(child, entries, finals, visit.t, visit.seal), in_place=True)


async def _choice(visit: Visit) -> Screen:
    """An only child's marks at once, else the choice."""
    children = await _children(visit)
    if not children:
        return screens.no_children(visit.t)
    if len(children) == 1:
        return await _overview(visit, children[0].id)
    return screens.choice(children, visit.t, visit.seal)


async def _overview(visit: Visit, child_id: int) -> Screen:
    children = await _children(visit)
    child = _one(children, child_id)
    entries = await _entries(visit, child)
    visit.saw("marks", child.id)
    return screens.overview(child, entries, visit.t, visit.seal, siblings=len(children) > 1)


async def _children(visit: Visit) -> Sequence[Person]:
    return await gradebook.children(visit.uow, visit.reader, on=visit.today)


async def _entries(visit: Visit, child: Person) -> screens.Entries:
    """This school year's."""
    since = _first_of_september(visit.today)
    return await gradebook.marks(
        visit.uow, visit.reader, student_id=child.id, since=since, until=visit.today, on=visit.today
    )


async def _finals(visit: Visit, child: Person) -> screens.Finals:
    year_id = await visit.uow.year.year(visit.today)
    scope = access.family(visit.reader, on=visit.today)
    return await visit.uow.journal.finals(child.id, scope, year_id=year_id) if year_id else ()


def _one(children: Sequence[Person], child_id: int) -> Person:
    """Access is checked again at the click; NotFoundError."""
    for child in children:
        if child.id == child_id:
            return child
    raise NotFoundError


def _first_of_september(today: date) -> date:
    return date(today.year if today.month >= SEPTEMBER else today.year - 1, SEPTEMBER, 1)


DOORS = (
    Door(READ, acknowledge, KNOWN, Behind.RECORD, writes=True, discreet=True),
    Door(MARKS, open_marks, FAMILY, Behind.STUDENT, command="marks", intent=Intent.MARKS),
    Door(screens.CHILDREN, turn_to_choice, FAMILY, Behind.NOTHING),
    Door(screens.CHILD, turn_to_child, FAMILY, Behind.STUDENT),
    Door(screens.SUBJECT, turn_to_subject, FAMILY, Behind.STUDENT),
)

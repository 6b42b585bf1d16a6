"""Class teachers and the deputy head see the results of an exam by class."""

from dataclasses import replace

from bot.handlers.doors import LEADERS, Ask, Behind, Door, Visit
from bot.screens.results import exam_lists as screens
from bot.screens.screen import Screen
from core.actions.results.exams import exam_lookup


async def choose_exam(visit: Visit, ask: Ask) -> Screen:
    """`/examlists`: the exams in which the actor's classes have results."""
    exams = await exam_lookup.exams_of_classes(visit.uow, visit.reader, on=visit.today)
    return replace(screens.exam_choice(exams, visit.t, visit.seal), in_place=ask.pressed)


async def open_exam_list(visit: Visit, ask: Ask) -> Screen:
    """One exam with the results of the actor's classes; records whose results were seen (Q102)."""
    exam_id, page = ask.exactly(2)
    found = await exam_lookup.exam_list(visit.uow, visit.reader, exam_id=exam_id, on=visit.today)
    for row in found.rows:
        visit.afterwards.views.append((visit.reader, screens.LIST, row.result.student_id))
    return replace(screens.exam_list(found, page, visit.t, visit.seal), in_place=ask.pressed)


DOORS = (
    Door(screens.LISTS, choose_exam, LEADERS, Behind.NOTHING, command="examlists"),
    Door(screens.LIST, open_exam_list, LEADERS, Behind.RECORD),
)

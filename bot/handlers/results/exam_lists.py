"""Class teachers and the deputy head see the results of an exam by class."""

from dataclasses import replace

from bot.handlers.doors import LEADERS, Behind, Door, DoorRequest, DoorVisit
from bot.screens.results import exam_lists as screens
from bot.screens.screen import Screen
from core.actions.results.exams import exam_lookup


async def exam_list_choice_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """`/examlists`: the exams in which the actor's classes have results."""
    exams = await exam_lookup.look_up_class_exams(visit.uow, visit.reader, on=visit.today)
    return replace(screens.exam_list_choice_screen(exams, visit.t, visit.seal), in_place=ask.pressed)


async def exam_list_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """One exam with the results of the actor's classes; records whose results were seen (Q102)."""
    exam_id, page = ask.exactly(2)
    found = await exam_lookup.look_up_exam_list(visit.uow, visit.reader, exam_id=exam_id, on=visit.today)
    for row in found.rows:
        visit.afterwards.views.append((visit.reader, screens.LIST, row.result.student_id))
    return replace(screens.exam_list_screen(found, page, visit.t, visit.seal), in_place=ask.pressed)


DOORS = (
    Door(screens.LISTS, exam_list_choice_door, LEADERS, Behind.NOTHING, command="examlists"),
    Door(screens.LIST, exam_list_door, LEADERS, Behind.RECORD),
)

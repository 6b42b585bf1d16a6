"""Families look up results of exams and contests."""

from bot.handlers.doors import Visit
from bot.handlers.lookups import lookup_door
from bot.screens.frame import Frame
from bot.screens.results import exams as screens
from bot.screens.screen import Screen
from core.actions.results import exam_lookup
from core.rules.conversation.buttons import EXAMS


async def look_up_exams(visit: Visit, frame: Frame) -> Screen:
    """`/exams`: all results of exams and contests of a child."""
    known = await exam_lookup.exam_results(visit.uow, visit.reader, student_id=frame.child.id, on=visit.today)
    return screens.exam_results(frame, known)


DOORS = (lookup_door(EXAMS, look_up_exams, command="exams"),)

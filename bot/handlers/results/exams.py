"""Families look up results of exams and contests."""

from bot.handlers.doors import DoorVisit
from bot.handlers.lookups import lookup_door
from bot.questions.model import Intent
from bot.screens.frame import ScreenFrame
from bot.screens.results import exams as screens
from bot.screens.screen import Screen
from core.actions.results.exams import exam_lookup
from core.actions.results.exams.exam_lookup import KnownResult
from core.model.delivery.fact_names import exam_result_fact_name
from core.rules.conversation.buttons import EXAMS
from core.rules.people.names import normal_name


async def exams_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """`/exams`: all results of exams and contests of a child."""
    known = await exam_lookup.look_up_exam_results(visit.uow, visit.reader, student_id=frame.child.id, on=visit.today)
    asked = [each for each in known if _is_asked(each, frame)]
    visit.record_opened([exam_result_fact_name(each.result.id) for each in asked])
    return screens.exams_screen(frame, asked)


def _is_asked(known: KnownResult, frame: ScreenFrame) -> bool:
    """Whether a result is of the subject and the days of the question, as far as it names them (Q113)."""
    since, until, on = frame.look.since, frame.look.until, known.exam.on
    is_then = since is None or until is None or (on is not None and since <= on <= until)
    return is_then and (frame.subject is None or normal_name(frame.subject) == normal_name(known.exam.subject))


DOORS = (lookup_door(EXAMS, exams_door, command="exams", intent=Intent.EXAMS),)

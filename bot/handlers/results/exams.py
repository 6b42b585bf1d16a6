"""Families look up results of exams and contests."""

from bot.handlers.doors import Visit
from bot.handlers.lookups import lookup_door
from bot.questions.model import Intent
from bot.screens.frame import Frame
from bot.screens.results import exams as screens
from bot.screens.screen import Screen
from core.actions.results.exams import exam_lookup
from core.actions.results.exams.exam_lookup import KnownResult
from core.model.delivery.fact_names import exam_result_fact
from core.rules.conversation.buttons import EXAMS
from core.rules.people.names import normal_name


async def look_up_exams(visit: Visit, frame: Frame) -> Screen:
    """`/exams`: all results of exams and contests of a child."""
    known = await exam_lookup.exam_results(visit.uow, visit.reader, student_id=frame.child.id, on=visit.today)
    asked = [each for each in known if _is_asked(each, frame)]
    visit.record_opened([exam_result_fact(each.result.id) for each in asked])
    return screens.exam_results(frame, asked)


def _is_asked(known: KnownResult, frame: Frame) -> bool:
    """Whether a result is of the subject and the days of the question, as far as it names them (Q113)."""
    since, until, on = frame.look.since, frame.look.until, known.exam.on
    is_then = since is None or until is None or (on is not None and since <= on <= until)
    return is_then and (frame.subject is None or normal_name(frame.subject) == normal_name(known.exam.subject))


DOORS = (lookup_door(EXAMS, look_up_exams, command="exams", intent=Intent.EXAMS),)

"""Families look up results of exams and contests."""

from collections.abc import Collection

from bot.handlers.doors import DoorVisit
from bot.handlers.lookups import lookup_door
from bot.questions.model import Intent
from bot.questions.spelling import shares_spelling_word
from bot.screens.frame import ScreenFrame
from bot.screens.results import exams as screens
from bot.screens.results import first_line
from bot.screens.screen import Screen
from core.actions.results.exams import exam_lookup
from core.actions.results.exams.exam_lookup import KnownResult
from core.model.delivery.fact_names import exam_result_fact_name
from core.model.results.exams import ExamKind
from core.rules.conversation.buttons import EXAMS
from core.rules.people.names import normal_name
from core.rules.results.exam_words import worded_exam_name


async def exams_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """`/exams`: all results of exams and contests of a child."""
    known = await exam_lookup.look_up_exam_results(visit.uow, visit.reader, student_id=frame.child.id, on=visit.today)
    asked = [each for each in known if _is_asked(each, frame)]
    if kinds := _named_kinds(frame):
        asked = [each for each in asked if each.exam.kind in kinds]
    visit.record_opened([exam_result_fact_name(each.result.id) for each in asked])
    return frame.answered(first_line.exams_screen_first_line(frame, asked), screens.exams_screen(frame, asked))


def _is_asked(known: KnownResult, frame: ScreenFrame) -> bool:
    """Whether a result is of the subject and the days of the question, as far as it names them (Q113)."""
    since, until, on = frame.look.since, frame.look.until, known.exam.on
    is_then = since is None or until is None or (on is not None and since <= on <= until)
    about = frame.question.about if frame.question else ()
    is_about = not about or shares_spelling_word(about, known.exam.subject)
    is_of_subject = frame.subject is None or normal_name(frame.subject) == normal_name(known.exam.subject)
    return is_then and is_about and is_of_subject


def _named_kinds(frame: ScreenFrame) -> Collection[ExamKind]:
    """«результаты ОГЭ», «олимпиады»; none for «экзамены», which are of any kind."""
    words = frame.question.work if frame.question else ()
    named = [kind for kind in ExamKind if shares_spelling_word(words, worded_exam_name(kind, None, frame.t))]
    return [] if ExamKind.SCHOOL in named else named


DOORS = (lookup_door(EXAMS, exams_door, command="exams", intent=Intent.EXAMS),)

"""An unclear question is answered with buttons to choose from, never with a guess (Q96), small talk shortly (Q114)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.doors import KNOWN, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.remembered import remembered_followup
from bot.questions.model import Intent, Question
from bot.screens import clarification as screens
from bot.screens import small_talk
from bot.screens.clarification import Option
from bot.screens.forecast.wishes import question_of_one_subject, wish_number_of_question
from bot.screens.frame import ScreenFrameLook
from bot.screens.screen import Screen
from core.rules.conversation.buttons import Handle

ASKING = "ask"
_BY_DAY = {Intent.HOMEWORK, Intent.TIMETABLE, Intent.MARKS, Intent.ABSENCES, Intent.CONTROL_WORKS, Intent.LESSON}
_BY_SUBJECT = {*_BY_DAY, Intent.FORECAST, Intent.TEACHERS, Intent.DEBTS}


def clarification_door(doors: Sequence[Door]) -> Door:
    """The door for what is no clear question: its buttons lead to the doors that answer, or to all that are offered."""

    async def choose(visit: DoorVisit, ask: DoorRequest) -> Screen:
        question = ask.question or Question(Intent.UNCLEAR)
        offered = [door for door in doors if door.command and door.is_offered_to(visit)]
        likely = [door for door in offered if door.intent is not None and door.intent in question.maybe]
        visit.afterwards.child_id = question.child_id or visit.afterwards.child_id
        if question.talk is not None:
            return small_talk.small_talk_screen(question.talk, visit.school.ways, visit.t, visit.seal)
        if (asked := _asked_back(question)) is not None:
            visit.afterwards.asked = remembered_followup(asked, at=visit.now)
        ids = {subject.name: subject.id for subject in await visit.subjects()}
        if len(likely) == 1 and len(question.subjects) > 1:
            options = [
                Option(name, _look(question_of_one_subject(question, name), ids[name]).handle(likely[0].name))
                for name in question.subjects
            ]
            return screens.subject_clarification_screen(options, visit.t, visit.seal)
        look = _look(question, ids[question.subjects[0]] if len(question.subjects) == 1 else 0)
        options = [
            Option(visit.t(f"command.{door.command}"), _handle(door, look))
            for door in (likely or _answering(offered, look))
        ]
        return screens.meaning_clarification_screen(options, question, visit.t, visit.seal)

    return Door(ASKING, choose, KNOWN, Behind.NOTHING, intent=Intent.UNCLEAR, discreet=True, joint=True)


def _asked_back(question: Question) -> Question | None:
    """What the next words go on with: the intent whose subject is asked for, or a subject and day without intent."""
    if question.of_others or not (len(question.maybe) == 1 or question.subjects):
        return None
    if len(question.maybe) != 1:
        return replace(Question(Intent.UNCLEAR), subjects=question.subjects, since=question.since, until=question.until)
    return replace(
        Question(question.maybe[0], since=question.since, until=question.until),
        mark=question.mark, is_supposed=question.is_supposed, is_heavy=question.is_heavy, marks=question.marks,
        wish=question.wish, final=question.final,
    )  # fmt: skip


def _answering(doors: Sequence[Door], look: ScreenFrameLook) -> Sequence[Door]:
    """All doors; where the question named a subject or a day, those whose answer it narrows."""
    narrowed = _BY_SUBJECT if look.subject_id else _BY_DAY if look.since else None
    return [door for door in doors if narrowed is None or door.intent in narrowed]


def _handle(door: Door, look: ScreenFrameLook) -> Handle:
    return look.handle(door.name) if door.behind is Behind.STUDENT else Handle(door.name)


def _look(question: Question, subject_id: int) -> ScreenFrameLook:
    """The child, dates and mark of the question; empty where it names a child who is not the asker's."""
    if question.of_others:
        return ScreenFrameLook()
    return ScreenFrameLook(
        question.child_id or 0, question.since, question.until, subject_id, words=wish_number_of_question(question)
    )

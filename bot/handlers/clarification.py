"""An unclear question is answered with buttons to choose from, never with a guess (Q96)."""

from collections.abc import Sequence

from bot.handlers.doors import FAMILY, Ask, Behind, Door, Visit
from bot.questions.model import Intent, Question
from bot.screens import clarification as screens
from bot.screens.clarification import Option
from bot.screens.frame import Look
from bot.screens.screen import Screen

ASKING = "ask"


def clarification_door(doors: Sequence[Door]) -> Door:
    """The door for unclear questions: its buttons lead to the doors that answer questions."""
    answering = [door for door in doors if door.intent is not None]

    async def choose(visit: Visit, ask: Ask) -> Screen:
        question = ask.question or Question(Intent.UNCLEAR)
        likely = [door for door in answering if door.is_offered_to(visit)]
        likely = [door for door in likely if door.intent in question.maybe] or likely
        ids = {subject.name: subject.id for subject in await visit.subjects()}
        if len(likely) == 1 and len(question.subjects) > 1:
            options = [Option(name, _look(question, ids[name]).handle(likely[0].name)) for name in question.subjects]
            return screens.subject_clarification(options, visit.t, visit.seal)
        look = _look(question, ids[question.subjects[0]] if len(question.subjects) == 1 else 0)
        options = [Option(visit.t(f"command.{door.command}"), look.handle(door.name)) for door in likely]
        return screens.door_clarification(options, visit.t, visit.seal, of_others=question.of_others)

    return Door(ASKING, choose, FAMILY, Behind.NOTHING, intent=Intent.UNCLEAR, discreet=True, joint=True)


def _look(question: Question, subject_id: int) -> Look:
    """The child and dates of the question; empty where it names a child who is not the asker's."""
    if question.of_others:
        return Look()
    return Look(question.child_id or 0, question.since, question.until, subject_id)

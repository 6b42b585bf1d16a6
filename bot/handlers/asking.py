"""What was not asked plainly is answered with buttons to choose from, never with a guess about marks (Q96)."""

from collections.abc import Sequence

from bot.handlers.doors import FAMILY, Ask, Behind, Door, Visit
from bot.questions.model import Intent, Question
from bot.screens import choosing as screens
from bot.screens.choosing import Option
from bot.screens.frame import Look
from bot.screens.screen import Screen

ASKING = "ask"


def asking(doors: Sequence[Door]) -> Door:
    """The door behind all doors that answer questions: it leads back to them."""
    answering = [door for door in doors if door.intent is not None]

    async def choose(visit: Visit, ask: Ask) -> Screen:
        question = ask.question or Question(Intent.UNCLEAR)
        likely = [door for door in answering if _admits(door, visit)]
        likely = [door for door in likely if door.intent in question.maybe] or likely
        if len(likely) == 1 and len(question.subjects) > 1:
            return screens.which_subject(await _of_subjects(visit, likely[0], question), visit.t, visit.seal)
        options = await _of_doors(visit, likely, question)
        return screens.which_door(options, visit.t, visit.seal, of_others=question.of_others)

    return Door(ASKING, choose, FAMILY, Behind.NOTHING, intent=Intent.UNCLEAR, discreet=True)


async def _of_subjects(visit: Visit, door: Door, question: Question) -> Sequence[Option]:
    """One thing asked about, several subjects that fit."""
    ids = {each.name: each.id for each in await visit.uow.year.subjects()}
    looks = (
        (name, Look(question.child_id or 0, question.since, question.until, ids[name])) for name in question.subjects
    )
    return [Option(name, look.handle(door.name)) for name, look in looks]


async def _of_doors(visit: Visit, doors: Sequence[Door], question: Question) -> Sequence[Option]:
    """Several things that may be asked about, the one subject that was named with each."""
    ids = {each.name: each.id for each in await visit.uow.year.subjects()}
    subject_id = ids[question.subjects[0]] if len(question.subjects) == 1 and not question.of_others else 0
    look = Look(question.child_id or 0, question.since, question.until, subject_id)
    return [Option(visit.t(f"command.{door.command}"), look.handle(door.name)) for door in doors]


def _admits(door: Door, visit: Visit) -> bool:
    """By role and by the channel's policy (Q85)."""
    return bool(door.roles & visit.reader.roles) and (door.discreet or not visit.is_discreet)

"""A question in plain words, understood with the names of the school's subjects and of the asker's own children."""

from collections.abc import Sequence

from bot.handlers.doors import Caller
from bot.questions import grammar
from bot.questions.model import Question
from core.actions import gradebook, timetable
from core.model.people import Person
from core.ports import UnitOfWork


async def understand(caller: Caller, words: str) -> Question:
    """The question in these words; asked by every door in turn, read once for an update."""
    if caller.afterwards.question is None:
        caller.afterwards.question = await _understood(caller, words)
    return caller.afterwards.question


async def _understood(caller: Caller, words: str) -> Question:
    async with caller.school.open_uow(reading=True) as uow:
        subjects = [each.name for each in await uow.year.subjects()]
        children = await gradebook.children(uow, caller.reader, on=caller.today)
        question = _read(caller, words, subjects, children)
        if question.subject or question.subjects:
            return _plainer(_read(caller, words, await _taught(caller, uow, children), children), question)
        return question


def _read(caller: Caller, words: str, subjects: Sequence[str], children: Sequence[Person]) -> Question:
    named = [(each.id, each.name) for each in children]
    return grammar.understand(words, today=caller.today, subjects=subjects, children=named)


async def _taught(caller: Caller, uow: UnitOfWork, children: Sequence[Person]) -> Sequence[str]:
    """What the timetable has for the children: «математика» is algebra and geometry where there is no other."""
    found = [
        each.subject
        for child in children
        for each in await timetable.teachers(uow, caller.reader, student_id=child.id, on=caller.today)
    ]
    return sorted({name for name in found if name is not None})


def _plainer(of_children: Question, of_school: Question) -> Question:
    """The children's own subjects say more, unless they have none that is meant."""
    return of_children if of_children.subject or of_children.subjects else of_school

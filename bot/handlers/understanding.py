"""A question in plain words, understood with the names of the school's subjects and of the asker's own children."""

from collections.abc import Sequence

from bot.handlers.doors import Visit
from bot.questions import grammar
from bot.questions.model import Question
from core.actions.timetable import lookup as timetable_lookup


async def understand(visit: Visit, words: str) -> Question:
    """The question in these words; a subject is looked for among the children's own first."""
    question = await _read(visit, words, [each.name for each in await visit.subjects()])
    if question.subject or question.subjects:
        return _plainer(await _read(visit, words, await _taught(visit)), question)
    return question


async def _read(visit: Visit, words: str, subjects: Sequence[str]) -> Question:
    named = [(each.id, each.name) for each in await visit.children()]
    return grammar.understand(words, today=visit.today, subjects=subjects, children=named)


async def _taught(visit: Visit) -> Sequence[str]:
    """What the timetable has for the children: «математика» is algebra and geometry where there is no other."""
    found = [
        each.subject
        for child in await visit.children()
        for each in await timetable_lookup.student_teachers(
            visit.uow, (await visit.of_child(child.id)).reader, student_id=child.id, on=visit.today
        )
    ]
    return sorted({name for name in found if name is not None})


def _plainer(of_children: Question, of_school: Question) -> Question:
    """The children's own subjects say more, unless they have none that is meant."""
    return of_children if of_children.subject or of_children.subjects else of_school

"""A question in plain words, understood with the names of the school's subjects and of the asker's own children."""

from bot.handlers.doors import Caller
from bot.questions.grammar import understand as read
from bot.questions.model import Question
from core.actions import gradebook


async def understand(caller: Caller, words: str) -> Question:
    """The question in these words; asked by every door in turn, read once for an update."""
    if caller.afterwards.question is None:
        caller.afterwards.question = await _understood(caller, words)
    return caller.afterwards.question


async def _understood(caller: Caller, words: str) -> Question:
    async with caller.school.open_uow(reading=True) as uow:
        subjects = [each.name for each in await uow.year.subjects()]
        children = [(each.id, each.name) for each in await gradebook.children(uow, caller.reader, on=caller.today)]
    return read(words, today=caller.today, subjects=subjects, children=children)

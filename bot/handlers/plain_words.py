"""A question in plain words, understood with what the asker may see."""

from bot.handlers.doors import Caller
from bot.questions.model import Intent, Question


async def understand(_caller: Caller, _words: str) -> Question:
    """The question in these words."""
    return Question(Intent.UNCLEAR)

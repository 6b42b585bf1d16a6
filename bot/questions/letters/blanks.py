"""Puts blanks between words that were typed as one: «пофизике», «насреду», «чтозадали»."""

import re
from collections.abc import Callable

from bot.questions.tables import table_words_of

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST, _SHORTEST_PART, _SHORTEST_REST = 5, 3, 3
_TABLE = "short_words"
"""Words of one to three letters that may stand before a word without a blank."""

Knows = Callable[[str], bool]


def with_blanks(text: str, is_whole: Knows, is_part: Knows) -> str:
    """The text with blanks inside words that are no `is_whole` word but consist of `is_part` words, in one spelling."""
    return _WORD.sub(
        lambda found: found[0] if _may_be_name(found) else " ".join(_parts(found[0], is_whole, is_part)), text
    )


def _may_be_name(found: re.Match[str]) -> bool:
    """A capital letter inside a line: a surname that is made of known words stays whole."""
    return found.start() > 0 and found[0][0].isupper() and not found[0].isupper()


def _parts(word: str, is_whole: Knows, is_part: Knows) -> list[str]:
    lower = word.casefold().replace("ё", "е")
    if len(word) < _SHORTEST or len(lower) != len(word) or is_whole(lower):
        return [word]
    cuts = _cuts(lower, is_part)
    return [word[start:end] for start, end in zip([0, *cuts], [*cuts, len(word)], strict=True)]


def _cuts(word: str, knows: Knows) -> list[int]:
    """Where the word is cut, the longest words first; empty where it does not consist of known words."""
    for place in range(len(word) - _SHORTEST_REST, 0, -1):
        first, rest = word[:place], word[place:]
        if first not in table_words_of(_TABLE) and (place < _SHORTEST_PART or not knows(first)):
            continue
        if knows(rest) and (place > 1 or len(rest) > _SHORTEST_REST):
            return [place]
        if len(rest) >= _SHORTEST and (more := _cuts(rest, knows)):
            return [place, *(place + each for each in more)]
    return []

"""Puts blanks between words that were typed as one: «пофизике», «насреду», «чтозадали»."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.questions.tables import table_words_of

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST, _SHORTEST_PART, _SHORTEST_REST = 5, 3, 3
_TABLE = "short_words"
"""Words of one to three letters that may stand before a word without a blank."""

Knows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Known:
    """Answers for words in one spelling.

    `is_whole`: a word of its own; `is_part`: it may stand beside another without a blank; `is_slip`: it is a letter off
    a known word, so only a short word is cut from an exactly known one.
    """

    is_whole: Knows
    is_part: Knows
    is_slip: Knows


def with_blanks(text: str, known: Known) -> str:
    """The text with blanks inside unknown words that consist of known ones."""
    return _WORD.sub(lambda found: found[0] if _may_be_name(found) else " ".join(_parts(found[0], known)), text)


def is_joined(word: str, is_part: Knows) -> bool:
    """Whether a word consists of several known ones."""
    return len(word) > _SHORTEST and bool(_cuts(word, is_part))


def _may_be_name(found: re.Match[str]) -> bool:
    """A capital letter inside a line: a surname that is made of known words stays whole."""
    return found.start() > 0 and found[0][0].isupper() and not found[0].isupper()


def _parts(word: str, known: Known) -> list[str]:
    lower = word.casefold().replace("ё", "е")
    if len(word) < _SHORTEST or len(lower) != len(word) or known.is_whole(lower):
        return [word]
    cuts = _cuts(lower, known.is_part)
    if known.is_slip(lower) and not (len(cuts) == 1 and {lower[: cuts[0]], lower[cuts[0] :]} & table_words_of(_TABLE)):
        return [word]
    return [word[start:end] for start, end in zip([0, *cuts], [*cuts, len(word)], strict=True)]


def _cuts(word: str, knows: Knows) -> list[int]:
    """Where the word is cut, the longest words first; empty where it does not consist of known words."""
    for place in range(len(word) - 1, 0, -1):
        first, rest = word[:place], word[place:]
        if len(rest) < _SHORTEST_REST:
            if len(rest) > 1 and len(first) > _SHORTEST_PART and rest in table_words_of(_TABLE) and knows(first):
                return [place]
            continue
        if first not in table_words_of(_TABLE) and (place < _SHORTEST_PART or not knows(first)):
            continue
        if knows(rest) and (place > 1 or len(rest) > _SHORTEST_REST):
            return [place]
        if len(rest) >= _SHORTEST and (more := _cuts(rest, knows)):
            return [place, *(place + each for each in more)]
    return []

"""Puts blanks between words that were typed as one: «пофизике», «насреду», «чтозадали»."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.questions.tables import question_table_words

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST, _SHORTEST_PART, _SHORTEST_REST, _MOST_PARTS = 5, 3, 3, 6
_LONGEST = 60
"""Letters of a run of words that is still cut: more are nobody's question, and each place is tried."""

_TABLE = "short_words"
"""Words of one to three letters that may stand before a word without a blank."""

Knows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Known:
    """Answers for words in one spelling.

    `is_whole`: a word of its own; `is_part`: it may stand beside another without a blank; `is_slip`: it is a letter off
    a known word, so only a short word is cut from an exactly known one that is no mere name (`is_word`).
    """

    is_whole: Knows
    is_part: Knows
    is_slip: Knows
    is_word: Knows


def put_blanks_between_letters(text: str, known: Known) -> str:
    """The text with blanks inside unknown words that consist of known ones."""
    return _WORD.sub(lambda found: found[0] if _may_be_name(found) else " ".join(_parts(found[0], known)), text)


def lacks_blanks(word: str, is_part: Knows) -> bool:
    """Whether a word consists of several known ones."""
    return _SHORTEST < len(word) <= _LONGEST and bool(_cuts(word, is_part))


def _may_be_name(found: re.Match[str]) -> bool:
    """A capital letter inside a line: a surname that is made of known words stays whole."""
    return found.start() > 0 and found[0][0].isupper() and not found[0].isupper()


def _parts(word: str, known: Known) -> list[str]:
    lower = word.casefold().replace("ё", "е")
    if not _SHORTEST <= len(word) <= _LONGEST or len(lower) != len(word) or known.is_whole(lower):
        return [word]
    cuts = _cuts(lower, known.is_part)
    if known.is_slip(lower) and not (len(cuts) == 1 and _is_short_beside_word(lower, cuts[0], known)):
        return [word]
    return [word[start:end] for start, end in zip([0, *cuts], [*cuts, len(word)], strict=True)]


def _is_short_beside_word(word: str, cut: int, known: Known) -> bool:
    first, rest = word[:cut], word[cut:]
    return (_is_glue(first) and known.is_word(rest)) or (_is_glue(rest) and known.is_word(first))


def _cuts(word: str, knows: Knows) -> list[int]:
    """Where the word is cut: in as few words as possible, the longest first; empty where it does not consist of any."""
    return next(filter(None, (_cuts_into(word, knows, most) for most in range(2, _MOST_PARTS + 1))), [])


def _cuts_into(word: str, knows: Knows, most: int) -> list[int]:
    for place in range(len(word) - 1, 0, -1):
        first, rest = word[:place], word[place:]
        if _may_stand_before(first, rest, knows):
            if most == 2 and (knows(rest) or (_is_glue(rest) and 1 < len(rest) < _SHORTEST_REST)):  # noqa: PLR2004  # these two
                return [place]
            if most > 2 and (more := _cuts_into(rest, knows, most - 1)) and more[0] > 1:  # noqa: PLR2004  # as above
                return [place, *(place + each for each in more)]
    return []


def _may_stand_before(first: str, rest: str, knows: Knows) -> bool:
    """Whether a word may have lost the blank behind it: a short one before a longer word, or any known one."""
    if len(rest) < _SHORTEST_REST:
        return _is_glue(rest) and len(first) > _SHORTEST_PART and knows(first)
    if _is_glue(first):
        return len(first) > 1 or len(rest) > _SHORTEST_REST
    return len(first) >= _SHORTEST_PART and knows(first)


def _is_glue(word: str) -> bool:
    return word in question_table_words(_TABLE)

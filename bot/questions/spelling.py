"""Matches typed words to patterns: Russian endings are ignored, and one wrong letter of a long word is corrected."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from zlib import crc32

from bot.questions.tables import question_table_words

ENDINGS = question_table_words("endings") | {""}
_LONGEST_ENDING = max(map(len, ENDINGS))
_OFFICIAL = ("ия", "ья", "ий", "ый", "ой", "ая", "яя", "ое", "ее", "ие", "ые", *"аяоеьйиыю")
_SHORTEST_OFFICIAL = 3
SHORTEST_STEM = 3
"""Letters of a stem by which the words of an announcement are found."""

_LETTERS = re.compile(r"[^\W\d_]+")
_MOST_WORDS, _KEYS = 2, (1 << 24) - 1
_SHORTEST_TYPED, _SHORTEST_WORD, _SHORTEST_STEM = 4, 5, 5


def spelling_pattern(word: str) -> str:
    """The pattern of a word in the nominative: «алгебра» is `алгебр*`."""
    for ending in _OFFICIAL:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_OFFICIAL:
            return f"{word.removesuffix(ending)}*"
    return f"{word}*"


class Spelling:
    """A set of patterns: a word, a stem with `*` for any ending, or with `~` for any rest."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = frozenset(patterns)
        self._without_one_letter: defaultdict[str, set[str]] = defaultdict(set)
        for pattern in self._patterns:
            if len(pattern.rstrip("*")) >= (_SHORTEST_STEM if pattern.endswith("*") else _SHORTEST_WORD):
                for part in _without_one_letter(pattern.rstrip("*")):
                    self._without_one_letter[part].add(pattern)

    def exact(self, word: str) -> frozenset[str]:
        """Patterns that the word fits without correction."""
        begun = (f"{word[:length]}~" for length in range(_SHORTEST_STEM, len(word) + 1))
        return frozenset(pattern for pattern in (word, *_stems(word), *begun) if pattern in self._patterns)

    def one_letter_away(self, word: str) -> frozenset[str]:
        """Patterns at Damerau-Levenshtein distance 1; none for short words."""
        return frozenset(self._near_patterns(word)) if len(word) >= _SHORTEST_TYPED else frozenset()

    def _near_patterns(self, word: str) -> Iterator[str]:
        """Patterns with a typing error in the stem, in the ending, or with two letters swapped between them."""
        for said in (word, *_stems(word)):
            yield from self._near(said)
        for cut in range(_SHORTEST_STEM, len(word)):
            if (pattern := f"{word[:cut]}*") in self._patterns and _is_nearly_ending(word[cut:]):
                yield pattern
        for place in range(1, len(word) - 1):
            yield from self.exact(word[:place] + word[place + 1] + word[place] + word[place + 2 :])

    def _near(self, said: str) -> Iterator[str]:
        bare = said.rstrip("*")
        if len(bare) >= _SHORTEST_TYPED:
            near = {pattern for part in _without_one_letter(bare) for pattern in self._without_one_letter.get(part, ())}
            yield from (
                each
                for each in near
                if each.endswith("*") == said.endswith("*") and is_one_letter_away(bare, each.rstrip("*"))
            )


def is_one_letter_away(typed: str, meant: str) -> bool:
    """True at Damerau-Levenshtein distance 0 or 1: one letter changed, missing, added, or two neighbours swapped."""
    short, long = sorted((typed, meant), key=len)
    same = next((place for place, (one, other) in enumerate(zip(short, long, strict=False)) if one != other), None)
    if same is None:
        return len(long) - len(short) <= 1
    if len(short) < len(long):
        return short[same:] == long[same + 1 :]
    swapped = long[same : same + 2][::-1] + long[same + 2 :]
    return short[same + 1 :] == long[same + 1 :] or short[same:] == swapped


def spelling_topic_number(words: Iterable[str]) -> int:
    """The first two words as a number for a button, the same for all forms of a word; 0 without words."""
    number = 0
    for word in list(words)[:_MOST_WORDS]:
        number = number * (_KEYS + 1) + _key(min(_long_stems(word), key=len, default=word))
    return number


def spelling_topic_keys(number: int) -> frozenset[int]:
    """The keys of the words of a topic number."""
    return frozenset(filter(None, divmod(number, _KEYS + 1)))


def spelling_word_keys(word: str) -> frozenset[int]:
    """The keys that a word may stand for, whatever its ending: «экскурсия» has the key of «экскурсию»."""
    return frozenset(map(_key, _long_stems(word)))


def shares_spelling_word(phrases: Iterable[str], text: str) -> bool:
    """Whether a text has one of these words in any form: «контрольную» is in «Контрольная работа»."""
    wanted = {key for phrase in phrases for word in _LETTERS.findall(phrase) for key in spelling_word_keys(word)}
    said = _LETTERS.findall(text.casefold().replace("ё", "е"))
    return any(spelling_word_keys(word) & wanted for word in said)


def _long_stems(word: str) -> list[str]:
    return [stem for stem in (each.rstrip("*") for each in _stems(word)) if len(stem) >= SHORTEST_STEM]


def _key(stem: str) -> int:
    return crc32(stem.encode()) % _KEYS + 1


def _is_nearly_ending(rest: str) -> bool:
    return len(rest) <= _LONGEST_ENDING + 1 and any(is_one_letter_away(rest, ending) for ending in ENDINGS)


def _stems(word: str) -> Iterator[str]:
    """`стем*` for every ending that the word may have."""
    for length in range(min(_LONGEST_ENDING, len(word) - 2) + 1):
        cut = len(word) - length
        if word[cut:] in ENDINGS:
            yield f"{word[:cut]}*"


def _without_one_letter(word: str) -> Iterator[str]:
    yield word
    yield from (word[:place] + word[place + 1 :] for place in range(len(word)))

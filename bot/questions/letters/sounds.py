"""Finds words that are written as they sound: «ацэнки па рускаму» is «оценки по русскому»."""

import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from bot.questions.tables import question_table_words

_SHORTEST_STEM, _SHORTEST_SHORT = 4, 2
_SHORT_WORDS = "short_words"
_ALIKE = str.maketrans("оэеыё", "аииии", "ьъ")
_REFLEXIVE, _TWICE = re.compile(r"т[ьъ]?с"), re.compile(r"(.)\1+")
_UNVOICED = str.maketrans("бвгджз", "пфктшс")
_BEFORE_VOICELESS = re.compile(r"[бвгджз](?=[кпстфхцчшщ])")


def sounds_of_word(word: str) -> str:
    """How a word sounds where no vowel is stressed: «о» as «а», «е» and «э» as «и», double letters as one."""
    plain = _REFLEXIVE.sub("ц", word).translate(_ALIKE)
    unvoiced = _BEFORE_VOICELESS.sub(lambda found: found[0].translate(_UNVOICED), plain)
    return _TWICE.sub(r"\1", unvoiced)


class WordSounds:
    """The sounds of patterns: of whole words, and of stems (`*`) before the sounds of endings."""

    def __init__(self, patterns: Iterable[str], endings: Iterable[str]) -> None:
        self._endings = {sounds_of_word(ending) for ending in endings} | {"ава", "ива"}
        self._patterns: defaultdict[str, set[str]] = defaultdict(set)
        for pattern in patterns:
            if len(stem := pattern.rstrip("*")) >= _SHORTEST_STEM and "~" not in pattern:
                self._patterns[sounds_of_word(stem) + pattern[len(stem) :]].add(pattern)

    def alike(self, word: str) -> AbstractSet[str]:
        """The patterns that a word sounds like; of a short word the preposition, if an «о» is written as «а»."""
        if len(word) <= _SHORTEST_STEM:
            return _short_word(word)
        found = set(self._patterns.get(sounds_of_word(word), ()))
        for cut in range(_SHORTEST_STEM, len(word) + 1):
            if sounds_of_word(word[cut:]) in self._endings:
                found |= self._patterns.get(f"{sounds_of_word(word[:cut])}*", set())
        return found


def _short_word(word: str) -> AbstractSet[str]:
    if len(word) < _SHORTEST_SHORT or "о" in word:
        return set()
    return {short for short in question_table_words(_SHORT_WORDS) if sounds_of_word(short) == sounds_of_word(word)}

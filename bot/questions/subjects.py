"""Matches spoken names of subjects to a school's official names: one, several, or none."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.questions.spelling import spelling_pattern
from core.rules.imports.subject_names import curriculum_subject_name

_WORD = re.compile(r"[^\W\d_]+")
_SHORT_WORDS = frozenset({"и", "в", "с", "по", "о", "об", "на", "для", "and", "of", "the", "in"})
_SHORT_PATTERNS = frozenset(map(spelling_pattern, _SHORT_WORDS))
_SHORTEST_ABBREVIATION = 3
_VOWELS = "аеиоуыэюя"

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Mention:
    """A mentioned subject: each alternative is a set of patterns that the official name's words must fit."""

    alternatives: tuple[Words, ...]


class SubjectsInQuestion:
    """The subjects under their official names; a school's short form has the words of the full one too."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._words = {name: _significant(name) | _significant(curriculum_subject_name(name) or "") for name in names}
        self.words = frozenset(word for words in self._words.values() for word in words)
        spellings = [spelling for name in names for spelling in (name, curriculum_subject_name(name) or "")]
        self.whole_names = {words for spelling in spellings if len(words := _all_words(spelling)) > 1}
        """The names of several words, word by word."""

    def named_by(self, *words: str) -> Mention:
        """The mention of all subjects whose name has these words."""
        return Mention((frozenset(map(spelling_pattern, words)) - _SHORT_PATTERNS,))

    def known_as(self, official: str) -> Mention:
        """The first tier (split at `>`) with an alternative (`/`) that the school teaches, or an empty mention."""
        for tier in official.split(">"):
            alternatives = tuple(frozenset(each.split()) for each in tier.split("/"))
            taught = tuple(words for words in alternatives if self._bearing(words))
            if taught:
                return Mention(taught)
        return Mention(())

    def abbreviated(self, word: str) -> Mention | None:
        """All words of official names with this beginning as alternatives: «гео» is two subjects."""
        for said in (word, word.rstrip(_VOWELS)):
            begun = sorted(each for each in self.words if each.startswith(said))
            if begun and len(said) >= _SHORTEST_ABBREVIATION:
                return Mention(tuple({frozenset({spelling_pattern(each)}): None for each in begun}))
        return None

    def joined(self, one: Mention, other: Mention) -> Mention | None:
        """Two mentions as one subject («русский язык»), or None where they are two subjects."""
        both = (a | b for a in one.alternatives for b in other.alternatives)
        taught = tuple(words for words in both if self._bearing(words))
        return Mention(taught) if taught else None

    def meant(self, mention: Mention) -> tuple[str, ...]:
        """Names of the subjects that fit; more than one is an ambiguity."""
        found = {name for words in mention.alternatives for name in self._closest(words)}
        return tuple(sorted(found))

    def _closest(self, words: Words) -> Iterable[str]:
        """Of all matching names those with the fewest other words: «русский» is not «Родной русский язык»."""
        bearing = self._bearing(words)
        fewest = min((len(self._words[name]) for name in bearing), default=0)
        return [name for name in bearing if len(self._words[name]) == fewest]

    def _bearing(self, patterns: Words) -> list[str]:
        return [
            name
            for name, words in self._words.items()
            if all(any(_fits(word, pattern) for word in words) for pattern in patterns)
        ]


def _significant(name: str) -> frozenset[str]:
    return frozenset(_all_words(name)) - _SHORT_WORDS


def _all_words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(name.casefold().replace("ё", "е")))


def _fits(word: str, pattern: str) -> bool:
    """Official names are in the nominative, so the word begins with the pattern's stem."""
    return word.startswith(pattern.removesuffix("*")) if pattern.endswith("*") else word == pattern

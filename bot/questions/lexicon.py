"""Maps phrases to glosses, and words to the school's subjects.

`words.csv`: phrases and their glosses («на выходных» is `on weekend`). `fillers.csv`: phrases that say nothing.
`subjects.csv`: spoken subjects and the official names they may mean. The longest phrase wins. `lookalikes.txt`: words
that are no typing errors, although one letter away from a known word («сроки» is not «уроки»).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from bot.questions.letters.sounds import WordSounds
from bot.questions.spelling import ENDINGS, Spelling, spelling_pattern
from bot.questions.subjects import Mention, SubjectsInQuestion
from bot.questions.tables import question_table_rows, question_table_words
from bot.questions.words import WordToken


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of a phrase: glosses, a subject, or both (a nickname of a teacher)."""

    glosses: tuple[str, ...] = ()
    mention: Mention | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A phrase of tokens and its meaning; None where it is unknown."""

    tokens: tuple[WordToken, ...]
    meaning: Meaning | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A phrase of the tables: its glosses, and the official names of the subject that it may mean."""

    glosses: tuple[str, ...]
    official: str = ""


class QuestionLexicon:
    """The phrases of one school: the language is common, the subjects are the school's."""

    def __init__(self, subjects: tuple[str, ...]) -> None:
        self.curriculum = SubjectsInQuestion(subjects)
        self._language = _language()
        self._spelling = _spelling()
        self._own = {spelling_pattern(word): word for word in self.curriculum.words}
        self._own_spelling = Spelling(self._own)
        self._own_sounds = WordSounds(self._own, ENDINGS)
        self._whole_names = {tuple(map(spelling_pattern, words)): words for words in self.curriculum.whole_names}
        self._name_spelling = Spelling({pattern for phrase in self._whole_names for pattern in phrase})

    def knows(self, word: str) -> bool:
        """True for a known word without a typing error."""
        return bool(self._spelling.exact(word) or self._own_spelling.exact(word))

    def nearly_knows(self, word: str) -> bool:
        """True also with one wrong letter."""
        return bool(self._fits(word))

    def read(self, tokens: Sequence[WordToken]) -> Iterator[Spoken]:
        """Split tokens into the longest known phrases; unknown words stand alone."""
        fits = [self._fits(token.text) if token.kind == "word" else frozenset() for token in tokens]
        place = 0
        while place < len(tokens):
            length, meaning = self._longest(fits, place, tokens) or (1, self._abbreviated(tokens[place]))
            if meaning is None or meaning.mention is None:
                length, meaning = self._whole_name(tokens[place:], length, meaning) or (length, meaning)
            yield Spoken(tuple(tokens[place : place + length]), meaning)
            place += length

    def _fits(self, word: str) -> frozenset[str]:
        """The patterns of a word; corrections only where it is unknown: of one letter, then of what only sounds so."""
        exact = self._spelling.exact(word) | self._own_spelling.exact(word)
        if exact or word in question_table_words("lookalikes"):
            return exact
        near = self._spelling.one_letter_away(word) | self._own_spelling.one_letter_away(word)
        return near or frozenset(_sounds().alike(word) | self._own_sounds.alike(word))

    def _longest(
        self, fits: Sequence[frozenset[str]], place: int, tokens: Sequence[WordToken]
    ) -> tuple[int, Meaning] | None:
        most = max((_longest_phrases().get(pattern, 1) for pattern in fits[place]), default=0)
        for length in range(most, 0, -1):
            phrases = product(*fits[place : place + length])
            found = {phrase: meaning for phrase in phrases if (meaning := self._meaning(phrase, length))}
            if found:
                return length, _likeliest(found, tokens[place].text)
        return None

    def _whole_name(
        self, tokens: Sequence[WordToken], length: int, common: Meaning | None
    ) -> tuple[int, Meaning] | None:
        """The subject whose name begins here, also where the words have a common meaning: «Разговоры о важном»."""
        for phrase, words in self._whole_names.items():
            said = tokens[: len(phrase)]
            if length <= len(phrase) == len(said) and all(map(self._is_said, said, phrase, words)):
                glosses = common.glosses if common is not None and length == len(phrase) else ()
                return len(phrase), Meaning(glosses, self.curriculum.named_by(*words))
        return None

    def _is_said(self, token: WordToken, pattern: str, word: str) -> bool:
        return token.text == word or pattern in self._name_spelling.exact(token.text)

    def _meaning(self, phrase: tuple[str, ...], length: int) -> Meaning | None:
        """The meaning of a phrase: from the tables first, then from words of official names."""
        if len(phrase) < length:
            return None
        if (entry := self._language.get(phrase)) is not None:
            return Meaning(entry.glosses, self.curriculum.known_as(entry.official) if entry.official else None)
        word = self._own.get(phrase[0]) if length == 1 else None
        return Meaning(mention=self.curriculum.named_by(word)) if word else None

    def _abbreviated(self, token: WordToken) -> Meaning | None:
        """The subject whose name begins with this unknown word, such as «инф»."""
        mention = self.curriculum.abbreviated(token.text) if token.kind == "word" else None
        return Meaning(mention=mention) if mention else None


def _likeliest(found: Mapping[tuple[str, ...], Meaning], typed: str) -> Meaning:
    """The best correction: same first letter, a meaning, the longest; several subjects stay alternatives."""

    def likeness(phrase: tuple[str, ...]) -> tuple[bool, bool, int]:
        return phrase[0][0] == typed[0], found[phrase] != Meaning(), sum(len(each.rstrip("*~")) for each in phrase)

    most = max(map(likeness, found))
    best = [found[phrase] for phrase in sorted(found) if likeness(phrase) == most]
    mentions = [meaning.mention for meaning in best if meaning.mention]
    if len(mentions) < len(best):
        return next(meaning for meaning in best if not meaning.mention)
    return Meaning(
        best[0].glosses, Mention(tuple({each: None for mention in mentions for each in mention.alternatives}))
    )


@cache
def _language() -> Mapping[tuple[str, ...], _Entry]:
    """All phrases of the tables by their patterns."""
    fillers = {phrase: _Entry(()) for row in question_table_rows("fillers") for phrase in _split(row["phrases"])}
    words = {
        phrase: _Entry(tuple(row["gloss"].split()))
        for row in question_table_rows("words")
        for phrase in _split(row["phrases"])
    }
    subjects = {
        phrase: _Entry(tuple(row["gloss"].split()), row["official"])
        for row in question_table_rows("subjects")
        for phrase in _split(row["spoken"])
    }
    return fillers | words | subjects


@cache
def _longest_phrases() -> Mapping[str, int]:
    """How many words the longest phrase has that begins with a pattern."""
    lengths: dict[str, int] = {}
    for phrase in _language():
        lengths[phrase[0]] = max(len(phrase), lengths.get(phrase[0], 0))
    return lengths


@cache
def _spelling() -> Spelling:
    return Spelling(_patterns())


@cache
def _sounds() -> WordSounds:
    return WordSounds(_patterns(), ENDINGS)


@cache
def _patterns() -> frozenset[str]:
    return frozenset(pattern for phrase in _language() for pattern in phrase)


def _split(phrases: str) -> list[tuple[str, ...]]:
    return [tuple(phrase.split()) for phrase in phrases.split("|")]

"""The words of questions and of a school's subjects: what each phrase means, in a small language of glosses.

`words.csv` gives glosses to phrases («на выходных» is `on weekend`), `subjects.csv` tells which official names a spoken
subject may mean; the longest phrase wins. `lookalikes.txt`: words one letter away from ours («сроки» is not «уроки»).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from bot.questions.spelling import Spelling, pattern_of
from bot.questions.subjects import Curriculum, Mention
from bot.questions.tables import rows_of, words_of
from bot.questions.words import Token

SILENT = "-"
UNKNOWN = "_"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase says: glosses, or a subject, or both (a teacher's nickname)."""

    glosses: tuple[str, ...] = ()
    mention: Mention | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A stretch of tokens with its meaning; None where nobody knows it."""

    tokens: tuple[Token, ...]
    meaning: Meaning | None


class Lexicon:
    """The phrases of one school; building one costs milliseconds, so it is kept as long as the subjects stay."""

    def __init__(self, subjects: tuple[str, ...]) -> None:
        self.curriculum = Curriculum(subjects)
        self._phrases: dict[tuple[str, ...], Meaning] = {}
        for word in self.curriculum.words:
            self._phrases[(pattern_of(word),)] = Meaning(mention=self.curriculum.named_by(word))
        self._phrases |= {phrase: Meaning(glosses=glosses) for phrase, glosses in _words()}
        for phrase, official, glosses in _subjects():
            self._phrases[phrase] = Meaning(glosses, self.curriculum.known_as(official))
        self._spelling = Spelling({pattern for phrase in self._phrases for pattern in phrase}, words_of("lookalikes"))
        self._starts = defaultdict(set)
        for phrase in self._phrases:
            self._starts[phrase[0]].add(len(phrase))

    def knows(self, word: str) -> bool:
        """Whether the word is ours without any correction."""
        return bool(self._spelling.exact(word))

    def read(self, tokens: Sequence[Token]) -> Iterator[Spoken]:
        """Cut into the longest phrases that are known, word by word where none is."""
        fits = [self._spelling.fits(token.text) if token.kind == "word" else frozenset() for token in tokens]
        place = 0
        while place < len(tokens):
            length, meaning = self._longest(fits, place, tokens) or (1, self._abbreviated(tokens[place]))
            yield Spoken(tuple(tokens[place : place + length]), meaning)
            place += length

    def _longest(
        self, fits: Sequence[frozenset[str]], place: int, tokens: Sequence[Token]
    ) -> tuple[int, Meaning] | None:
        lengths = {length for pattern in fits[place] for length in self._starts.get(pattern, ())}
        for length in sorted(lengths, reverse=True):
            found = {
                phrase: self._phrases[phrase]
                for phrase in product(*fits[place : place + length])
                if len(phrase) == length and phrase in self._phrases
            }
            if found:
                return length, _likeliest(found, tokens[place].text)
        return None

    def _abbreviated(self, token: Token) -> Meaning | None:
        """The beginning of a subject's name stands for it, where it begins no other word of ours."""
        mention = self.curriculum.abbreviated(token.text) if token.kind == "word" else None
        return Meaning(mention=mention) if mention else None


def _likeliest(found: Mapping[tuple[str, ...], Meaning], typed: str) -> Meaning:
    """Of several corrections the one that begins alike, says something and is longest; subjects stay alternatives."""

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


def _words() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for row in rows_of("words"):
        for phrase in _split(row["phrases"]):
            yield phrase, tuple(row["gloss"].split()) if row["gloss"] != SILENT else ()


def _subjects() -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    for row in rows_of("subjects"):
        for phrase in _split(row["spoken"]):
            yield phrase, row["official"], tuple(row["gloss"].split())


def _split(phrases: str) -> list[tuple[str, ...]]:
    return [tuple(phrase.split()) for phrase in phrases.split("|")]

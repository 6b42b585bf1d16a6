"""A message of a line or two: Cyrillic SMS have 70 characters, or 67 a part when longer (Q91)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from notifiers.words.sentences import cut

ONE_PART = 70
PART = 67
_RESULT_PARTS = 10
_PARTS = 3
_LONGEST_OF_MANY = 60
"""Characters that one of several facts may take: a teacher's announcement crowds nobody out."""

_VOWELS = "аеёиоуыэюяйьъaeiouy"
_WIDTHS = ((99, 99), (24, 99), (16, 24), (12, 18), (8, 14), (6, 10), (4, 6))
"""How many characters a subject, and a name or a term, are cut to until one result fits one part."""


@dataclass(frozen=True, slots=True)
class ShortFact:
    """Who, in which term or on which day, in which subject or lesson, what. A `result` falls under R6."""

    name: str
    term: str
    subject: str
    what: str
    result: bool


def short_name(name: str) -> str:
    """«Смирнова Аня Петровна» is «Аня С.»: the journal writes the surname first."""
    surname, *given = name.split()
    return f"{given[0]} {surname[0]}." if given else surname


def abbreviated(text: str, width: int) -> str:
    """Words cut to a common length, after a consonant as Russian does it: «Вероятн. и статистика» → «Вер. и стат.»."""
    if len(text) <= width:
        return text
    words = text.split()
    for letters in range(max(map(len, words)) - 2, 0, -1):
        cut = " ".join(_cut(word, letters) for word in words)
        if len(cut) <= width:
            return cut
    return text[: width - 1] + "."


def _cut(word: str, letters: int) -> str:
    if len(word) <= letters + 1:
        return word
    stem = word[:letters].rstrip(_VOWELS) or word[:letters]
    return f"{stem}."


def shortened(facts: Sequence[ShortFact], more: Callable[[int], str], *, room: int = 0) -> str:
    """Facts in one message, results first: one result fits one part, `room` characters being left for what is added.

    Ordinary facts take up to three parts. Results take up to ten, the longest message that a gateway sends; what has
    no place is counted by `more`, never dropped in silence.
    """
    if len(facts) == 1:
        return _fitted(facts[0], ONE_PART - room) if facts[0].result else _held(facts[0], PART * _PARTS - room)
    facts = [_narrowed(replace(fact, what=cut(fact.what, _LONGEST_OF_MANY)), 24, 99) for fact in facts]
    for count in range(len(facts), 0, -1):
        left = len(facts) - count
        text = _joined(facts[:count]) + (f"; {more(left)}" if left else "")
        parts = _RESULT_PARTS if facts[count - 1].result else _PARTS
        if len(text) + room <= max(ONE_PART, PART * parts):
            return text
    return more(len(facts))


def _held(fact: ShortFact, width: int) -> str:
    """One ordinary fact whole where it fits one part, else its words cut to the parts that it may take."""
    text = _fitted(fact, ONE_PART)
    return text if len(text) <= ONE_PART else cut(_joined([_narrowed(fact, 24, 99)]), width)


def _fitted(fact: ShortFact, width: int) -> str:
    texts = [_joined([_narrowed(fact, subject, other)]) for subject, other in _WIDTHS]
    return next((text for text in texts if len(text) <= width), texts[0])


def _narrowed(fact: ShortFact, subject: int, other: int) -> ShortFact:
    return replace(
        fact,
        name=abbreviated(fact.name, other),
        term=abbreviated(fact.term, other),
        subject=abbreviated(fact.subject, subject),
    )


def _joined(facts: Sequence[ShortFact]) -> str:
    """«Аня С., 2 четверть: Алгебра 4, Физика 5»; a child's facts of one term share their head."""
    heads = groupby(facts, key=lambda fact: _listed(fact.name, fact.term))
    groups = ((head, ", ".join(" ".join(filter(None, (f.subject, f.what))) for f in group)) for head, group in heads)
    return "; ".join(f"{head}: {said}" if head else said for head, said in groups)


def _listed(*words: str) -> str:
    return ", ".join(filter(None, words))

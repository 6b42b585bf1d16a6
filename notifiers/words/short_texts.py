"""Short texts for SMS: a Cyrillic SMS holds 70 characters, or 67 in each of several parts (Q91)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

ONE_PART = 70
SEVERAL_PARTS_EACH = 67
_MOST_RESULT_PARTS = 10
_MOST_PARTS = 3
_LONGEST_OF_MANY = 60
"""Length of one of several facts, so that a long announcement leaves room for the others."""

_VOWELS = "аеёиоуыэюяйьъaeiouy"
_WIDTHS = ((99, 99), (24, 99), (16, 24), (12, 18), (8, 14), (6, 10), (4, 6))
"""Widths of (subject, name and term), tried in this order until one result fits one part."""


@dataclass(frozen=True, slots=True)
class ShortFact:
    """One fact: a person's name, a term or day, a subject or lesson, and what happened. A `result` falls under R6."""

    name: str
    term: str
    subject: str
    what: str
    result: bool


_JOINERS = "\u200d\ufe0f"
"""What joins the signs of an emoji; at the end of a cut text it would join nothing."""


def short_text_sms_length(text: str) -> int:
    """Length in UTF-16 units, which is what an SMS counts: an emoji takes two or more (3GPP TS 23.038)."""
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def _truncate_sms(text: str, longest: int) -> str:
    """The text, cut to `longest` UTF-16 units with «…» at its end; no sign is cut in half."""
    if short_text_sms_length(text) <= longest:
        return text
    kept = text.encode("utf-16-be", "surrogatepass")[: 2 * (longest - 1)].decode("utf-16-be", "ignore")
    return kept.rstrip().rstrip(_JOINERS).rstrip() + "…"


def short_name_for_text(name: str) -> str:
    """«Смирнова Аня Петровна» is «Аня С.»: the journal writes the surname first."""
    surname, *given = name.split()
    return f"{given[0]} {surname[0]}." if given else surname


def abbreviated_short_text(text: str, width: int) -> str:
    """Words cut to a common length, after a consonant as in Russian: «Вероятн. и статистика» → «Вер. и стат.»."""
    if len(text) <= width:
        return text
    words = text.split()
    for letters in range(max(map(len, words)) - 2, 0, -1):
        cut = " ".join(_cut_word(word, letters) for word in words)
        if len(cut) <= width:
            return cut
    return text[: width - 1] + "."


def _cut_word(word: str, letters: int) -> str:
    if len(word) <= letters + 1:
        return word
    stem = word[:letters].rstrip(_VOWELS) or word[:letters]
    return f"{stem}."


def short_text(facts: Sequence[ShortFact], more: Callable[[int], str], *, room: int = 0) -> str:
    """Facts in one message, results first. One result fits one part. `room` UTF-16 units stay free for a prefix.

    Ordinary facts take up to three parts. Results take up to ten, the longest message that a gateway sends. Facts that
    do not fit are counted by `more`, never dropped silently.
    """
    if len(facts) == 1:
        return (
            _fit_to_width(facts[0], ONE_PART - room)
            if facts[0].result
            else _one_ordinary_fact(facts[0], SEVERAL_PARTS_EACH * _MOST_PARTS - room)
        )
    facts = [_abbreviate_fact(replace(fact, what=_truncate_sms(fact.what, _LONGEST_OF_MANY)), 24, 99) for fact in facts]
    for count in range(len(facts), 0, -1):
        left = len(facts) - count
        text = _join_facts(facts[:count]) + (f"; {more(left)}" if left else "")
        parts = _MOST_RESULT_PARTS if facts[count - 1].result else _MOST_PARTS
        if short_text_sms_length(text) + room <= max(ONE_PART, SEVERAL_PARTS_EACH * parts):
            return text
    return more(len(facts))


def _one_ordinary_fact(fact: ShortFact, width: int) -> str:
    """One ordinary fact: whole where it fits one part, else cut to `width`."""
    text = _fit_to_width(fact, ONE_PART)
    return (
        text
        if short_text_sms_length(text) <= ONE_PART
        else _truncate_sms(_join_facts([_abbreviate_fact(fact, 24, 99)]), width)
    )


def _fit_to_width(fact: ShortFact, width: int) -> str:
    texts = [_join_facts([_abbreviate_fact(fact, subject, other)]) for subject, other in _WIDTHS]
    return next((text for text in texts if short_text_sms_length(text) <= width), texts[0])


def _abbreviate_fact(fact: ShortFact, subject: int, other: int) -> ShortFact:
    return replace(
        fact,
        name=abbreviated_short_text(fact.name, other),
        term=abbreviated_short_text(fact.term, other),
        subject=abbreviated_short_text(fact.subject, subject),
    )


def _join_facts(facts: Sequence[ShortFact]) -> str:
    """«Аня С., 2 четверть: Алгебра 4, Физика 5»: facts of one child and term share a heading."""
    heads = groupby(facts, key=lambda fact: _comma_list(fact.name, fact.term))
    groups = ((head, ", ".join(" ".join(filter(None, (f.subject, f.what))) for f in group)) for head, group in heads)
    return "; ".join(f"{head}: {said}" if head else said for head, said in groups)


def _comma_list(*words: str) -> str:
    return ", ".join(filter(None, words))

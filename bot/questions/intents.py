"""Which intent the glosses carry: patterns of a strength each, the strongest wins, equals are for the asker to choose.

The patterns stand in `intents.csv`, over the glosses of `words.csv`: S is a subject, D a date, `_` a word that nobody
knows, `-` behind a noun what is only said beside, `<3>` up to three words whatever they are.
"""

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import cache

from bot.questions.model import Intent
from bot.questions.tables import rows_of


class Strength(IntEnum):
    """How plainly a pattern says what is asked."""

    HINT = 1
    CLUE = 2
    NOUN = 3
    PHRASE = 4
    DECISIVE = 5


_UP_TO = re.compile(r"<(\d)>")
_BEFORE = "to|over|past|before|for|on|in|by|from|about|till|at"
_LINK = "(?:of|by|over|for|in|on)"
_BETWEEN = "what|own|all|next|last|recent|season|this|in|_"
_ASIDES = [
    (re.compile(rf"\b{pattern}\b"), meaning)
    for pattern, meaning in (
        (r"did (?:\S+ ){0,3}get for homework", "homework"),
        (r"did (?:\S+ ){0,3}get", "got"),
        (r"(?:timetable|season)(?: of| for)?(?: season)? (control|holidays)", r"\1"),
        (r"(?:homework control|teacher homework)", "homework"),
        (rf"(marks|got|results)(?:(?: {_LINK})? S)?(?: {_LINK})?(?: D)? (?:control|homework)", r"\1"),
        (r"control(?: by S)? (?:marks|results)", "marks"),
        (rf"({_BEFORE}) (?:(?:{_BETWEEN}) )?(control|holidays|timetable)", r"\1 \2-"),
        (r"(over|to|in|by) homework", r"\1 homework-"),
    )
]
"""What a noun is said for: «оценка за контрольную» asks for the mark, «дз на каникулы» for homework."""

_PRECEDENCE = (
    Intent.FORECAST,
    Intent.RECOMMENDATIONS,
    Intent.MARKS,
    Intent.CONTROL_WORKS,
    Intent.HOMEWORK,
    Intent.HOLIDAYS,
    Intent.TIMETABLE,
    Intent.TEACHERS,
)
"""Between clues; two nouns are two questions."""


def intents_of(glosses: str) -> tuple[Intent, ...]:
    """The intent, or those between which the words leave the choice; none where nothing was asked that we answer."""
    said = _without_asides(glosses)
    found = dict(_found(said))
    if not found:
        return ()
    strongest = max(found.values())
    best = tuple(intent for intent in _PRECEDENCE if found.get(intent) == strongest)
    if _is_beyond(said, strongest, best):
        return ()
    return best if strongest is Strength.NOUN else best[:1]


def _without_asides(glosses: str) -> str:
    for pattern, replacement in _ASIDES:
        glosses = pattern.sub(replacement, glosses)
    return glosses


def _found(glosses: str) -> Iterator[tuple[Intent, Strength]]:
    """Ascending, so that the strongest pattern of an intent stays."""
    for intent, strength, pattern in _patterns():
        if pattern.search(glosses):
            yield intent, strength


@cache
def _patterns() -> list[tuple[Intent, Strength, re.Pattern[str]]]:
    """The weakest first."""
    rows = [(Intent(row["intent"]), Strength[row["strength"].upper()], row["pattern"]) for row in rows_of("intents")]
    return [
        (intent, strength, _compiled(pattern)) for intent, strength, pattern in sorted(rows, key=lambda row: row[1])
    ]


def _compiled(pattern: str) -> re.Pattern[str]:
    within = _UP_TO.sub(r"(?:\\S+ ){0,\1}?", pattern)
    return re.compile(rf"\b(?:{within})(?![\w-])")


def _is_beyond(glosses: str, strongest: Strength, best: tuple[Intent, ...]) -> bool:
    """«расписание кружков», «поставь пятёрку»: the words are ours, what is asked is not."""
    return "beyond" in glosses.split() and (strongest < Strength.NOUN or best != (Intent.HOMEWORK,))

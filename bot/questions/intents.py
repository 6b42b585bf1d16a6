"""Which intent the glosses carry: patterns of a strength each, the strongest wins, equals are for the asker to choose.

Glosses are those of `words.csv`; S stands for a subject, D for a date, `_` for a word that nobody knows.
"""

import re
from collections.abc import Iterator
from enum import IntEnum

from bot.questions.model import Intent


class Strength(IntEnum):
    """How plainly a pattern says what is asked."""

    HINT = 1
    CLUE = 2
    NOUN = 3
    PHRASE = 4
    DECISIVE = 5


_BEFORE = "to|over|past|before|for|on|in|by|from|about|till|at"
_BETWEEN = "what|own|all|next|last|recent|season|this|in|_"
_ASIDES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\bdid (\S+ ){0,3}get for homework\b", r"homework"),
        (r"\bdid (\S+ ){0,3}get\b", r"got"),
        (r"\b(timetable|season)( of| for)? (season )?(control|holidays)\b", r"\4"),
        (r"\bhomework control\b", "homework"),
        (
            r"\b(marks|got|results)(( by| for| of| in)? S)?( of| by| over| for| in| on)?( D)? (control|homework)\b",
            r"\1",
        ),
        (r"\bcontrol( by S)? (marks|results)\b", r"marks"),
        (r"\bteacher homework\b", "homework"),
        (rf"\b({_BEFORE}) (?:(?:{_BETWEEN}) )?(control|holidays|timetable)\b", r"\1 \2-"),
        (r"\b(over|to|in|by) homework\b", r"\1 homework-"),
    )
]
"""What a noun is said for: «оценка за контрольную» asks for the mark, «дз на каникулы» for homework."""

_PATTERNS: list[tuple[Intent, Strength, re.Pattern[str]]] = [
    (intent, strength, re.compile(rf"\b(?:{pattern})(?![\w-])"))
    for intent, strength, pattern in (
        (Intent.FORECAST, Strength.DECISIVE, r"forecast"),
        (Intent.FORECAST, Strength.DECISIVE, r"need .*?(?:for|till|so|on|to) (?:\S+ ){0,4}?(?:marks|n[345])"),
        (Intent.FORECAST, Strength.DECISIVE, r"(?:for|till|so|on) (?:get )?(?:marks|n[345]) .*?need"),
        (Intent.FORECAST, Strength.DECISIVE, r"howmany (?:\S+ ){0,3}?marks (?:\S+ ){0,2}?(?:need|get)"),
        (
            Intent.FORECAST,
            Strength.DECISIVE,
            r"need (?:\S+ ){0,2}?howmany (?:\S+ )?marks|howmany (?:\S+ )?need .*?marks",
        ),
        (Intent.FORECAST, Strength.DECISIVE, r"(?:how|what do|need) (?:\S+ ){0,3}?get (?:\S+ )?(?:marks|n[345])"),
        (
            Intent.FORECAST,
            Strength.DECISIVE,
            r"(?:go (?:\S+ )?on|on what (?:\S+ )?go) ?(?:what|marks|n[345]|in|by|S|term|$)",
        ),
        (
            Intent.FORECAST,
            Strength.DECISIVE,
            r"(?:what|which) (?:\S+ )?marks (?:\S+ ){0,3}?will (?:\S+ ){0,3}?(?:get|term|have)",
        ),
        (Intent.FORECAST, Strength.DECISIVE, r"will (?:\S+ ){0,2}?term|will (?:\S+ ){0,4}?marks (?:\S+ ){0,3}?term"),
        (Intent.FORECAST, Strength.DECISIVE, r"term (?:\S+ ){0,4}?will"),
        (Intent.FORECAST, Strength.DECISIVE, r"marks (?:\S+ ){0,2}?will (?:\S+ ){0,4}?get|marks own (?:\S+ )?get"),
        (Intent.FORECAST, Strength.DECISIVE, r"(?:own|will) (?:\S+ ){0,2}?get (?:\S+ )?(?:marks|n[345])"),
        (
            Intent.MARKS,
            Strength.DECISIVE,
            r"got .*?control-?|control-? .*?got|results .*?control-?|control-? .*?results",
        ),
        (Intent.RECOMMENDATIONS, Strength.PHRASE, r"recommend"),
        (Intent.TEACHERS, Strength.PHRASE, r"who (?:\S+ ){0,5}?teaches|teaches .*?who|who (?:\S+ ){0,3}?teacher"),
        (Intent.TEACHERS, Strength.PHRASE, r"named|teacher (?:\S+ ){0,4}?named"),
        (Intent.HOMEWORK, Strength.NOUN, r"homework"),
        (Intent.MARKS, Strength.NOUN, r"marks"),
        (Intent.CONTROL_WORKS, Strength.NOUN, r"control"),
        (Intent.HOLIDAYS, Strength.NOUN, r"holidays"),
        (Intent.TIMETABLE, Strength.NOUN, r"timetable"),
        (Intent.TEACHERS, Strength.CLUE, r"teacher|who (?:\S+ ){0,2}?(?:by )?S|by S (?:\S+ )?who"),
        (Intent.MARKS, Strength.CLUE, r"got|results|missed|how (?:\S+ ){0,4}doing"),
        (Intent.TIMETABLE, Strength.CLUE, r"time"),
        (Intent.CONTROL_WORKS, Strength.HINT, r"control-"),
        (Intent.HOLIDAYS, Strength.HINT, r"holidays-|season"),
        (Intent.HOMEWORK, Strength.HINT, r"homework-|do (?:\S+ )*?(?:S|D|lessons?)|(?:S|D|lessons?) (?:\S+ )*?do"),
        (Intent.HOMEWORK, Strength.HINT, r"lessons (?:on D (?:\S+ )?by S|by S (?:\S+ )?on D|by S)"),
        (Intent.HOMEWORK, Strength.HINT, r"(?:what|is|yes) (?:\S+ ){0,3}?by S (?:\S+ )?(?:on|to) D"),
        (Intent.HOMEWORK, Strength.HINT, r"(?:what|is|yes) (?:\S+ ){0,3}?(?:on|to) D (?:\S+ )?by S"),
        (Intent.HOMEWORK, Strength.HINT, r"(?:what|yes) (?:\S+ ){0,3}?on S"),
        (Intent.TIMETABLE, Strength.HINT, r"lessons?|timetable-"),
        (
            Intent.TIMETABLE,
            Strength.HINT,
            r"(?:when|is|will|next|go) (?:\S+ ){0,3}?S|S (?:\S+ ){0,2}?(?:when|is|will|go)",
        ),
        (Intent.TIMETABLE, Strength.HINT, r"where (?:\S+ ){0,2}?S|what place|place (?:what|D)|D place"),
        (Intent.TIMETABLE, Strength.HINT, r"D (?:\S+ )?(?:is|will|go) S|school|to o[1-9]"),
        (Intent.MARKS, Strength.HINT, r"journal|what (?:\S+ ){0,4}?term|term (?:\S+ )?by S"),
    )
]

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
    for intent, strength, pattern in reversed(_PATTERNS):
        if pattern.search(glosses):
            yield intent, strength


def _is_beyond(glosses: str, strongest: Strength, best: tuple[Intent, ...]) -> bool:
    """«расписание кружков», «поставь пятёрку»: the words are ours, what is asked is not."""
    return "beyond" in glosses.split() and (strongest < Strength.NOUN or best != (Intent.HOMEWORK,))

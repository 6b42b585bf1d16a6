"""Finds days that only the school's calendar knows: «после каникул», «до конца четверти» (Q113)."""

import re

from bot.questions.model import CalendarDays

_RULES = (
    (
        re.compile(
            r"(?:(?P<preposition>on|in|to|for|from) )?(?:(?:place|o1|last) (?:day|lesson) )?past (?:\S+ )?holidays\b"
        ),
        CalendarDays.AFTER_HOLIDAYS,
    ),
    (re.compile(r"(?P<preposition>till|before) (?:season )?holidays\b"), CalendarDays.UNTIL_HOLIDAYS),
    (re.compile(r"(?P<preposition>on|over|in) (?:season )?holidays\b"), CalendarDays.IN_HOLIDAYS),
    (re.compile(r"(?P<preposition>till|to) (?:end )?(?:of )?(?:this )?term\b"), CalendarDays.UNTIL_TERM_ENDS),
)
_NOUNS = re.compile(
    r"\b(?:homework|marks|control|absences|debts|howmany (?:lessons )?S|howmany (?:\S+ ){0,2}?lessons|S will|will S)\b"
)
_FROM_WHEN = re.compile(r"\bfrom when\b")
_AFTERWARDS = re.compile(r"\b(?:homework|control|timetable|lessons?|school|do|S)\b")
_WHEN = re.compile(r"\btime\b")
"""«когда освободится в четверг после каникул», but not «когда начинаются каникулы»."""


def take_spoken_calendar_days(glosses: str) -> tuple[str, CalendarDays | None]:
    """The glosses without the words for such days, and which days they are; only beside a question about them.

    «сколько до каникул», «с какого числа в школу после каникул» ask for the holidays themselves.
    """
    if _FROM_WHEN.search(glosses):
        return glosses, None
    for pattern, days in _RULES:
        found = pattern.search(glosses)
        if found is None:
            continue
        rest = " ".join(f"{glosses[: found.start()]} {glosses[found.end() :]}".split())
        rest = f"{rest} lessons" if " lesson" in found[0] else rest
        nouns = _NOUNS if days in {CalendarDays.UNTIL_HOLIDAYS, CalendarDays.UNTIL_TERM_ENDS} else _AFTERWARDS
        if nouns.search(rest) or (days is CalendarDays.AFTER_HOLIDAYS and _WHEN.search(rest)):
            return rest, days
    return glosses, None

"""Which of the days in a sentence are asked about: by their prepositions, not those on which somebody was ill."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.questions.dates.days import SpokenDay
from bot.questions.model import Intent

_MISSED = re.compile(r"\b(?:ill|missed)\b")
_ILL_BEFORE = re.compile(r"\b(?:ill|missed) (?:(?:own|in|school) )*$")
_ILL_AFTER = re.compile(r" (?:own )?(?:ill|missed)\b")
_WAS = re.compile(
    r"\bwhat went (?:homework on|on (?:D|wd\d) homework)\b|\bhomework (?:on|over) \S+ what went\b"
    r"|\bwhat homework went (?:on|in|over) \S+"
)
_DEADLINE = {"on", "to", "for", "till"}
_PERIOD = {"over", "for"}
_OF_WORK = ("over ", "on ", "to ")
"""Prepositions of the days of homework, not of an illness: «дз за вчера, болели»."""

_OVER_DAYS = {Intent.MARKS, Intent.ANNOUNCEMENTS, Intent.ABSENCES, Intent.DEBTS}


def chosen_spoken_days(dates: Sequence[SpokenDay], intent: Intent) -> Sequence[SpokenDay]:
    """The dates that belong to the intent, by preposition: homework is due "on" a day, marks are "over" days."""
    if _is_range(dates):
        return dates
    if intent in {Intent.MARKS, Intent.FORECAST, Intent.ABSENCES}:
        dates = [said for said in dates if not said.is_loose]
    exact = [said for said in dates if not said.is_weekday]
    if len(dates) > 1 and len(exact) == 1 and _adjacent(dates):
        return exact
    wanted = _DEADLINE if intent is Intent.HOMEWORK else _PERIOD if intent in _OVER_DAYS else set()
    return [said for said in dates if said.preposition in wanted] or dates


def _is_range(dates: Sequence[SpokenDay]) -> bool:
    """«с понедельника по сегодня»."""
    return [said.preposition for said in dates] in (["from", "by"], ["from", "till"])


def _adjacent(dates: Sequence[SpokenDay]) -> bool:
    return all(one.stop + 1 == other.start for one, other in pairwise(dates))


def is_spoken_day_of_illness(said: SpokenDay, glosses: str) -> bool:
    """True for the date of an illness, which is not what is asked."""
    if glosses.startswith(_OF_WORK, said.start):
        return False
    before, after = f" {glosses[: said.start]}", glosses[said.stop :]
    return bool(_ILL_BEFORE.search(before) or _ILL_AFTER.match(after))


def are_spoken_days_past(dates: Sequence[SpokenDay], glosses: str) -> bool:
    """«не была в пятницу, что задали», «что было задано на вторник», «с понедельника по сегодня»: days that are behind.

    Any other day on which homework is due is ahead.
    """
    if _is_range(dates) and int(dates[-1].groups.get("shift") or 1) <= 0:
        return True
    if all(said.is_weekday for said in dates) and _WAS.search(glosses):
        return True
    if any(said.preposition in _DEADLINE for said in dates):
        return False
    return all(said.is_weekday for said in dates) and _MISSED.search(glosses) is not None


def is_missed_day_spoken(glosses: str) -> bool:
    """«болела», «не была»: days of homework are then those on which it was given."""
    return _MISSED.search(glosses) is not None


def with_spoken_days_marked(glosses: str, dates: Sequence[SpokenDay]) -> str:
    for said in reversed(dates):
        marked = f"{said.preposition} D".strip()
        glosses = glosses[: said.start] + marked + glosses[said.stop :]
    return glosses

"""Names of terms, and which reporting periods hold for whom (Q36)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.year import ReportingPeriod
from core.rules.people.names import normal_name

__all__ = [
    "EXAM",
    "FINAL",
    "YEAR",
    "is_numbered_term",
    "is_term",
    "stored_term",
    "term_key",
    "term_kind",
    "term_periods_of_pupil",
]

T = TypeVar("T")

_KINDS = {r"четв(?!ерт[аоы]|ер[гко]).*": "четверть", r"трим.*": "триместр", r"полуг.*": "полугодие"}
_NUMBERS = {r"1|i|перв.*": 1, r"2|ii|втор.*": 2, r"3|iii|трет.*": 3, r"4|iv|четверт[аоы].*": 4}
_WITHOUT_NUMBER = {r"год.*|year": YEAR, r"экзам.*|exam": EXAM, r"итог.*|final": FINAL}
_SCHOOL_YEAR = re.compile(r"\d{4}\s*[/–-]\s*\d{2,4}")
_WORD = re.compile(r"[^\W\d]+|\d+")


@lru_cache(maxsize=1024)
def term_key(text: str) -> str:
    """The key of a term: «1 четв.», «I четверть» and «1-я четверть» are «1 четверть»; others by their normal name."""
    plain = _SCHOOL_YEAR.sub(" ", normal_name(text).replace("п/г", "полуг"))
    words = _WORD.findall(plain)
    kind, number = _first_match(_KINDS, words), _first_match(_NUMBERS, words)
    if kind is not None and number is not None:
        return f"{number} {kind}"
    alone = _first_match(_WITHOUT_NUMBER, words)
    return alone if alone is not None and kind is None and number is None else normal_name(text)


def is_numbered_term(text: str) -> bool:
    """Whether a text names a quarter, trimester or half-year by its number."""
    return term_key(text).partition(" ")[2] in _KINDS.values()


def is_term(text: str) -> bool:
    """Whether a text names a numbered term, or the year, exam or final mark."""
    return is_numbered_term(text) or term_key(text) in {YEAR, EXAM, FINAL}


def term_kind(text: str) -> str:
    """What a numbered term is: «четверть», «триместр», «полугодие»; else the term itself."""
    return term_key(text).partition(" ")[2] or term_key(text)


def stored_term(text: str, periods: Iterable[ReportingPeriod]) -> str:
    """The name under which a term's marks are stored: that of the school's reporting period, else the canonical one."""
    key = term_key(text)
    of_school = (period.name for period in periods if term_key(period.name) == key)
    return next(of_school, key if is_term(text) else " ".join(text.split()))


def term_periods_of_pupil(
    periods: Iterable[ReportingPeriod], *, grade_level: int | None, class_id: int | None, subject_id: int | None = None
) -> Sequence[ReportingPeriod]:
    """The reporting periods of a pupil, or of a pupil in a subject: all of the most exact kind that fits (Q36).

    Periods of a subject in a class come before those of a subject, then of a class, of grades, of everybody.
    """
    fitting = [
        period
        for period in periods
        if period.subject_id in {None, subject_id}
        and period.group_id in {None, class_id}
        and _holds_grade(period, grade_level)
    ]
    most_exact = max(map(_exactness, fitting), default=None)
    return [period for period in fitting if _exactness(period) == most_exact]


def _first_match(meanings: Mapping[str, T], words: Sequence[str]) -> T | None:
    return next(
        (meaning for form, meaning in meanings.items() if any(re.fullmatch(form, each) for each in words)), None
    )


def _holds_grade(period: ReportingPeriod, grade_level: int | None) -> bool:
    if period.grade_from is None or period.grade_to is None:
        return True
    return grade_level is not None and period.grade_from <= grade_level <= period.grade_to


def _exactness(period: ReportingPeriod) -> tuple[bool, bool, bool]:
    return period.subject_id is not None, period.group_id is not None, period.grade_from is not None

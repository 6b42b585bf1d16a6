"""The terms that a person chooses among, and which of them is at hand (Q52)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.results.class_finals import FinalTerm
from core.model.year import ReportingPeriod
from core.rules.results.proposals import EXAM_GRADE
from core.rules.results.terms import term_key
from core.rules.year import LAST_GRADE

WITHOUT_DATES = (YEAR, EXAM, FINAL)
"""Terms that are no reporting periods; their places are their numbers."""

STILL_AT_HAND = timedelta(days=14)
"""How long after its end a term that is not closed is what people mean."""


def final_terms_of_school(periods: Iterable[ReportingPeriod], on: date) -> Sequence[FinalTerm]:
    """All terms of a school year in their order; a term with several periods has the number of the oldest one."""
    oldest: dict[str, ReportingPeriod] = {}
    for period in sorted(periods, key=lambda each: each.id):
        oldest.setdefault(term_key(period.name), period)
    named = [
        FinalTerm(len(WITHOUT_DATES) + period.id, period.name, period.starts_on)
        for key, period in oldest.items()
        if key not in WITHOUT_DATES
    ]
    last = [FinalTerm(number, term, on) for number, term in enumerate(WITHOUT_DATES)]
    return [*sorted(named, key=lambda term: (term.starts_on, term.number)), *last]


def final_terms_of_periods(
    terms: Iterable[FinalTerm], own: Iterable[ReportingPeriod], grade_levels: Collection[int | None]
) -> Sequence[FinalTerm]:
    """The terms of those who have these periods: their own, the year, in grades 9 and 11 the final mark too."""
    keys = {term_key(period.name) for period in own} | {YEAR}
    if {EXAM_GRADE, LAST_GRADE} & set(grade_levels):
        keys.add(FINAL)
    return [term for term in terms if term_key(term.name) in keys]


def final_term_at_hand(periods: Iterable[ReportingPeriod], *, closed: Collection[str], on: date) -> str:
    """The term whose final marks people set now: one that has just ended and is not closed, else the present one.

    After the last period of a year, once it is closed, it is the year. `closed` are keys.
    """
    begun = sorted((each for each in periods if each.starts_on <= on), key=lambda each: each.starts_on)
    ended = [each for each in begun if on - STILL_AT_HAND <= each.ends_on < on and term_key(each.name) not in closed]
    present = [each for each in begun if on <= each.ends_on]
    if found := ended or present:
        return found[-1].name
    return begun[-1].name if begun and term_key(begun[-1].name) not in closed else YEAR

"""Tells a family once that their child has all final marks of a term; each mark was told by itself before (R6)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from core.actions.results.completeness import find_gaps_in_completeness, load_marks_for_completeness
from core.actions.results.term_end.term_state import load_term_state_choices
from core.model.delivery.fact_names import finished_term_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.family import TermFinished
from core.model.results.class_finals import FinalTerm
from core.model.results.learning import ExpectedMark
from core.model.results.period_marks import PeriodMark
from core.ports import UnitOfWork
from core.rules import year
from core.rules.access import Everything
from core.rules.marks.averages import format_average
from core.rules.results.proposals import ResultsPolicy
from core.rules.results.terms import YEAR, term_key

AHEAD, BEHIND = timedelta(days=21), timedelta(days=30)
"""How long before and after its last day a term is looked at."""

SUMMER = 5  # May
"""From this month to the end of the school year marks of the year are looked at."""


async def find_finished_terms(uow: UnitOfWork, *, policy: ResultsPolicy, on: date) -> Sequence[NewNotice]:
    """What is to be told: students who lack nothing of a term that ends now and whose family was not told so.

    Who has no mark that was published, since the school's history came with the first import, is not among them.
    """
    year_id = await uow.year.year(on)
    if year_id is None:
        return ()
    found: list[NewNotice] = []
    for term in await _ending_terms(uow, on):
        fact = finished_term_fact_name(year_id, term_key(term.name))
        told = {each.student_id for each in await uow.outbox.published_as(fact)}
        owed = await load_marks_for_completeness(uow, Everything(), term.name, policy=policy, on=on)
        lacking = {
            each.expected.pupil.student_id for each in await find_gaps_in_completeness(uow, owed, term.name, on=on)
        }
        finished = _by_student([each for each in owed if each.pupil.student_id not in told | lacking])
        marks = await uow.results.period_marks(finished, year_ids=[year_id])
        found += _notices(finished, marks, term, fact, on)
    return found


async def tell_finished_terms(uow: UnitOfWork, *, policy: ResultsPolicy, now: datetime, on: date) -> int:
    """Publishes what `find_finished_terms` finds, once for each student and term; commits. Returns how many."""
    told = 0
    for each in await find_finished_terms(uow, policy=policy, on=on):
        if await uow.leases.claim_run(f"{each.fact}:{each.student_id}", year.first_day_of_year(on)):
            await uow.outbox.add([each], received_at=now, published_at=now)
            told += 1
    await uow.commit()
    return told


async def _ending_terms(uow: UnitOfWork, on: date) -> Sequence[FinalTerm]:
    """The terms whose last day is near, and from May on the year."""
    near = {term_key(each.name) for each in await uow.year.periods(on) if on - BEHIND <= each.ends_on <= on + AHEAD}
    is_summer = SUMMER <= on.month < year.first_day_of_year(on).month
    terms, _, _ = await load_term_state_choices(uow, on=on)
    return [each for each in terms if term_key(each.name) in near or (each.name == YEAR and is_summer)]


def _by_student(owed: Sequence[ExpectedMark]) -> Mapping[int, frozenset[int]]:
    """The subjects of each student."""
    subjects: dict[int, set[int]] = defaultdict(set)
    for each in owed:
        subjects[each.pupil.student_id].add(each.subject_id)
    return {student_id: frozenset(of_student) for student_id, of_student in subjects.items()}


def _notices(
    finished: Mapping[int, frozenset[int]], marks: Sequence[PeriodMark], term: FinalTerm, fact: str, on: date
) -> Sequence[NewNotice]:
    of_term: dict[int, dict[int, PeriodMark]] = defaultdict(dict)
    for mark in marks:
        if mark.value is not None and term_key(mark.term) == term_key(term.name):
            of_term[mark.student_id][mark.subject_id] = mark
    return [
        NewNotice(student_id, _finished(term, subjects, of_term[student_id], on), fact)
        for student_id, subjects in finished.items()
        if any(mark.published for mark in of_term[student_id].values())
    ]


def _finished(term: FinalTerm, subjects: frozenset[int], marks: Mapping[int, PeriodMark], on: date) -> TermFinished:
    """Counts the marks; what has none is deferred."""
    numbers = [int(mark.value) for mark in marks.values() if mark.value is not None and mark.value.isdecimal()]
    average = format_average(Fraction(sum(numbers), len(numbers)), point=".") if numbers else None
    return TermFinished(term.name, on, len(marks), average, len(subjects - marks.keys()))

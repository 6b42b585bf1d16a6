"""Proposes final marks for a term (Q55–Q58)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from core.actions.results.expected import load_expected_final_marks
from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.marks.entries import Entry
from core.model.results.learning import ExpectedMark
from core.model.results.proposals import Proposal, ProposedMark
from core.model.timetable import DayLesson, SchoolDay
from core.model.year import ReportingPeriod
from core.ports import UnitOfWork
from core.rules import year
from core.rules.access import Everything, Scope
from core.rules.results import proposals
from core.rules.results.proposals import JudgedProposalFacts, ResultsPolicy, YearFacts
from core.rules.results.terms import is_numbered_term, term_key, term_periods_of_pupil
from core.rules.timetable import days as timetable_days

Terms = Mapping[str, str]
"""Final marks in force by `term_key`."""


async def propose_final_marks(
    uow: UnitOfWork,
    scope: Scope,
    term: str,
    *,
    policy: ResultsPolicy,
    on: date,
    group_id: int | None = None,
    subject_id: int | None = None,
) -> Sequence[ProposedMark]:
    """Proposals for everything that a term expects and the scope opens, or for one group or subject of it.

    Raises UnknownTermError. Nothing is proposed for an exam, which has its own result.
    """
    expected = await load_expected_final_marks(uow, scope, term, policy=policy, on=on, group_id=group_id)
    asked = [each for each in expected if subject_id in {None, each.subject_id}]
    return await _propose_expected(uow, asked, term, policy=policy, on=on)


async def _propose_expected(
    uow: UnitOfWork, expected: Sequence[ExpectedMark], term: str, *, policy: ResultsPolicy, on: date
) -> Sequence[ProposedMark]:
    """Proposals for these marks of a term, in their order."""
    key = term_key(term)
    books = await LoadedProposalMarks.read(uow, expected, on=on)
    found: list[ProposedMark] = []
    for _, of_class in groupby(expected, key=lambda each: (each.pupil.class_id, each.since, each.until)):
        marks = list(of_class)
        facts = await _class_facts(uow, marks, books, key)
        for each, of_each in zip(marks, facts, strict=True):
            proposal = _propose(each, of_each, books, key, policy)
            found.append(ProposedMark(each.pupil, each.subject_id, each.subject, term, proposal))
    return found


def _propose(
    each: ExpectedMark, facts: JudgedProposalFacts, books: "LoadedProposalMarks", key: str, policy: ResultsPolicy
) -> Proposal:
    if key not in {YEAR, EXAM, FINAL}:
        return proposals.propose_term_mark(facts, policy)
    of_year = books.facts(each)
    proposal = proposals.propose_year_mark(of_year) if key == YEAR else proposals.propose_final_mark(of_year)
    return replace(proposal, missed=facts.missed, lessons=facts.lessons)


@dataclass(frozen=True, slots=True)
class LoadedProposalMarks:
    """Final marks in force of this school year and the one before, open deferrals, and the year's periods."""

    now: Mapping[tuple[int, int], Terms]
    before: Mapping[tuple[int, int], Terms]
    deferred: frozenset[tuple[int, int, str]]
    periods: Sequence[ReportingPeriod]

    @classmethod
    async def read(cls, uow: UnitOfWork, expected: Sequence[ExpectedMark], *, on: date) -> "LoadedProposalMarks":
        """The books of the students of these marks."""
        students = {each.pupil.student_id for each in expected}
        this_year = await uow.year.year(on)
        last_year = await uow.year.year(year.first_day_of_year(on) - timedelta(days=1))
        deferred = [] if this_year is None else await uow.deferrals.deferrals(Everything(), year_id=this_year)
        return cls(
            await _terms(uow, students, this_year),
            await _terms(uow, students, last_year),
            frozenset(
                (each.student_id, each.subject_id, term_key(each.term)) for each in deferred if each.ended_at is None
            ),
            await uow.year.periods(on),
        )

    def is_deferred(self, each: ExpectedMark, key: str) -> bool:
        """Whether a deferral of the mark is in force."""
        return (each.pupil.student_id, each.subject_id, key) in self.deferred

    def facts(self, each: ExpectedMark) -> YearFacts:
        """What the mark of the year, or the final mark, rests on."""
        pupil, subject_id = each.pupil, each.subject_id
        terms = self.now.get((pupil.student_id, subject_id), {})
        own = term_periods_of_pupil(
            self.periods, grade_level=pupil.grade_level, class_id=pupil.class_id, subject_id=subject_id
        )
        names = [term_key(period.name) for period in own] or [term for term in terms if is_numbered_term(term)]
        former = self.before.get((pupil.student_id, subject_id), {})
        knows_former = any(student == pupil.student_id for student, _ in self.before)
        return YearFacts(pupil.grade_level, proposals.year_terms_of_proposal(names, terms), terms, former, knows_former)


async def _terms(uow: UnitOfWork, students: set[int], year_id: int | None) -> Mapping[tuple[int, int], Terms]:
    found: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    if year_id is not None:
        for mark in await uow.results.period_marks(students, year_ids=[year_id]):
            if mark.value is not None:
                found[mark.student_id, mark.subject_id][term_key(mark.term)] = mark.value
    return found


async def _class_facts(
    uow: UnitOfWork, marks: Sequence[ExpectedMark], books: LoadedProposalMarks, key: str
) -> Sequence[JudgedProposalFacts]:
    """The facts of each of a class's marks in one span, in their order."""
    first = marks[0]
    students = {each.pupil.student_id for each in marks}
    entries: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in await uow.marks.known(students, since=first.since, until=first.until):
        entries[entry.student_id, entry.subject_id].append(entry)
    plan = await uow.timetable.of_group(first.pupil.class_id, Everything(), since=first.since, until=first.day)
    days = timetable_days.timetable_days(plan, since=first.since, until=first.day)
    lessons = LoadedProposalLessons.of(days, entries)
    return [
        JudgedProposalFacts(
            each.pupil.grade_level,
            entries.get((each.pupil.student_id, each.subject_id), ()),
            lessons.count(each),
            lessons.weeks,
            books.is_deferred(each, key),
        )
        for each in marks
    ]


@dataclass(frozen=True, slots=True)
class LoadedProposalLessons:
    """The lessons held of a class: by the timetable, and the days of its entries where the timetable has none."""

    planned: Mapping[tuple[int, int], int]
    days_of_entries: Mapping[int, int]
    weeks: int

    @classmethod
    def of(
        cls, days: Sequence[SchoolDay], entries: Mapping[tuple[int, int], Sequence[Entry]]
    ) -> "LoadedProposalLessons":
        """Counts the lessons of the days, and the days and weeks of the entries for a school without a timetable."""
        planned: dict[tuple[int, int], int] = defaultdict(int)
        for lesson in _held(days):
            planned[lesson.group_id, lesson.subject_id] += 1
        days_of: dict[int, set[date]] = defaultdict(set)
        for (_, subject_id), of_pupil in entries.items():
            days_of[subject_id].update(entry.on for entry in of_pupil)
        known = {day.on for day in days if any(lesson.is_held for lesson in day.lessons)} or set().union(
            *days_of.values()
        )
        weeks = len({on.isocalendar()[:2] for on in known})
        return cls(planned, {subject_id: len(found) for subject_id, found in days_of.items()}, weeks)

    def count(self, each: ExpectedMark) -> int:
        """The lessons of the subject that the student's groups had."""
        planned = sum(self.planned.get((group_id, each.subject_id), 0) for group_id in each.pupil.group_ids)
        return planned or self.days_of_entries.get(each.subject_id, 0)


def _held(days: Sequence[SchoolDay]) -> Iterable[DayLesson]:
    return (lesson for day in days for lesson in day.lessons if lesson.is_held)

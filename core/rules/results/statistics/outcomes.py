"""What each student has in each subject of a term: a mark, н/а, осв, a deferral, or nothing yet (Q54, Q63)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.results.statistics import ResultRecords, StudentPlace
from core.model.year import GroupKind, TeachingGroup
from core.rules.results.terms import term_key, term_periods_of_pupil
from core.rules.timetable.days import is_in_force_on_day
from core.rules.year import class_grade_level


class ResultOutcome(IntEnum):
    """Outcomes from the worst to the best, as a student with several of them is counted."""

    TWO = 0
    NOT_ASSESSED = 1
    DEFERRED = 2
    UNMARKED = 3
    THREE = 4
    FOUR = 5
    FIVE = 6
    EXEMPT = 7
    CREDIT = 8
    """зач and незач: they are no marks, so they stand outside every share."""


MARKS = {
    "1": ResultOutcome.TWO,
    "2": ResultOutcome.TWO,
    "3": ResultOutcome.THREE,
    "4": ResultOutcome.FOUR,
    "5": ResultOutcome.FIVE,
}
_OUTCOMES = {
    **MARKS,
    "н/а": ResultOutcome.NOT_ASSESSED,
    "осв": ResultOutcome.EXEMPT,
    "зач": ResultOutcome.CREDIT,
    "незач": ResultOutcome.CREDIT,
}
NO_CREDIT = "незач"

Teachers = frozenset[int]
FIRST_GRADE = 1


class SubjectOutcome(NamedTuple):
    """What a student has in one subject of a term; `value` as it is stored. A tuple, since there are many."""

    subject_id: int
    outcome: ResultOutcome
    value: str | None
    teachers: Teachers


@dataclass(frozen=True, slots=True)
class StudentOutcomes:
    """A student of a class with the outcomes of a term."""

    student_id: int
    school_class: TeachingGroup
    grade_level: int | None
    outcomes: Sequence[SubjectOutcome]


@dataclass(slots=True)
class _Term:
    """A term with its marks by student and subject."""

    name: str
    key: str
    values: Mapping[int, Mapping[int, str | None]]


class TermOutcomes:
    """The outcomes of all students by term."""

    def __init__(self, records: ResultRecords) -> None:
        self._records = records
        self._courses: dict[int, dict[int, set[int]]] = defaultdict(dict)
        for course in records.courses:
            teachers = self._courses[course.group_id].setdefault(course.subject_id, set())
            teachers |= {course.teacher_id} - {None}  # type: ignore[arg-type]  # None is taken out
        self._deferred = {(student, subject, term_key(term)) for student, subject, term in records.deferred}
        self._places: dict[int, list[StudentPlace]] = defaultdict(list)
        for place in records.places:
            self._places[place.student_id].append(place)
        self._known_terms: dict[tuple[int, int | None], frozenset[str]] = {}
        self._terms = _terms(records)

    def names(self, term: str | None = None) -> list[str]:
        """The terms that have marks or deferrals, in their order; or the one that is wanted, if there is anything."""
        wanted = None if term is None else term_key(term)
        return [each.name for key, each in self._terms.items() if wanted in {None, key}]

    def students(self, term: str) -> Iterator[StudentOutcomes]:
        """The students who were in a class at the end of the term, or are today where it still runs (Q40, Q63)."""
        of_term = self._terms[term_key(term)]
        by_class: dict[int, list[tuple[int, TeachingGroup, list[StudentPlace]]]] = defaultdict(list)
        ends: dict[int, date] = {}
        for student_id, places in self._places.items():
            for place in places:
                group = place.group
                if group.kind is not GroupKind.CLASS:
                    continue
                if group.id not in ends:
                    ends[group.id] = self._last_day(of_term, group)
                on = ends[group.id]
                if is_in_force_on_day(place, on):
                    present = [each for each in places if is_in_force_on_day(each, on)]
                    by_class[group.id].append((student_id, group, present))
                    break
        for of_class in by_class.values():
            if self._has_term(of_term, of_class[0][1], [student_id for student_id, *_ in of_class]):
                yield from self._class_students(of_term, of_class)

    def _class_students(
        self, term: _Term, of_class: Sequence[tuple[int, TeachingGroup, list[StudentPlace]]]
    ) -> Iterator[StudentOutcomes]:
        school_class = of_class[0][1]
        grade = class_grade_level([school_class])
        everywhere = self._expected_of_all(term, school_class, grade, of_class)
        for student_id, _, places in of_class:
            values = term.values.get(student_id, {})
            learned = {**everywhere, **self._own_courses(term, school_class, grade, places)}
            for subject_id in values:
                learned.setdefault(subject_id, frozenset())
            yield StudentOutcomes(
                student_id, school_class, grade, list(self._outcomes(term, student_id, values, learned))
            )

    def _outcomes(
        self, term: _Term, student_id: int, values: Mapping[int, str | None], learned: Mapping[int, Teachers]
    ) -> Iterator[SubjectOutcome]:
        for subject_id, teachers in learned.items():
            value = values.get(subject_id)
            if value is not None:
                outcome = _OUTCOMES.get(value, ResultOutcome.CREDIT)
            elif (student_id, subject_id, term.key) in self._deferred:
                outcome = ResultOutcome.DEFERRED
            else:
                outcome = ResultOutcome.UNMARKED
            yield SubjectOutcome(subject_id, outcome, value, teachers)

    def _expected_of_all(
        self,
        term: _Term,
        school_class: TeachingGroup,
        grade: int | None,
        of_class: Sequence[tuple[int, TeachingGroup, list[StudentPlace]]],
    ) -> dict[int, Teachers]:
        """What the whole class is taught; a subject that no list knows is taught to all if anybody has a mark in it."""
        marked = {subject for student, *_ in of_class for subject in term.values.get(student, ())}
        if grade == FIRST_GRADE and not marked:
            return {}
        groups = {each.group.id for _, _, places in of_class for each in places}
        known = {subject for group_id in groups for subject in self._courses.get(group_id, ())}
        expected = self._taught(term, school_class, grade, self._courses.get(school_class.id, {}))
        return expected | {subject: frozenset[int]() for subject in marked - known}

    def _own_courses(
        self, term: _Term, school_class: TeachingGroup, grade: int | None, places: Iterable[StudentPlace]
    ) -> dict[int, Teachers]:
        own: dict[int, Teachers] = {}
        for place in places:
            if place.group.kind is not GroupKind.CLASS:
                own |= self._taught(term, school_class, grade, self._courses.get(place.group.id, {}))
        return own

    def _taught(
        self, term: _Term, school_class: TeachingGroup, grade: int | None, courses: Mapping[int, set[int]]
    ) -> dict[int, Teachers]:
        return {
            subject_id: frozenset(teachers)
            for subject_id, teachers in courses.items()
            if subject_id not in self._records.unmarked and self._is_term_of(term, school_class, grade, subject_id)
        }

    def _is_term_of(self, term: _Term, school_class: TeachingGroup, grade: int | None, subject_id: int) -> bool:
        """Whether a mark is expected: each subject has its own terms, nobody owes an exam or a final mark."""
        if term.key in {YEAR, EXAM, FINAL}:
            return term.key == YEAR
        return term.key in self._own_terms(school_class, grade, subject_id)

    def _own_terms(self, school_class: TeachingGroup, grade: int | None, subject_id: int | None) -> frozenset[str]:
        place = school_class.id, subject_id
        if place not in self._known_terms:
            own = term_periods_of_pupil(
                self._records.periods, grade_level=grade, class_id=school_class.id, subject_id=subject_id
            )
            self._known_terms[place] = frozenset(term_key(each.name) for each in own)
        return self._known_terms[place]

    def _has_term(self, term: _Term, school_class: TeachingGroup, student_ids: Iterable[int]) -> bool:
        """Whether the term is one of the class's own, or some of its students have marks of it."""
        own = self._own_terms(school_class, class_grade_level([school_class]), None)
        is_own = term.key == YEAR or term.key in own
        return is_own or any(student_id in term.values for student_id in student_ids)

    def _last_day(self, term: _Term, school_class: TeachingGroup) -> date:
        """The day whose students count: the last of the term, or today while it still runs."""
        ends = [
            each.ends_on
            for each in self._records.periods
            if each.group_id in {None, school_class.id} and term_key(each.name) == term.key
        ]
        return min(max(ends, default=self._records.year[1]), self._records.today)


def _terms(records: ResultRecords) -> dict[str, _Term]:
    """The terms with marks or deferrals by key: reporting periods by their first day, then year, exam, final."""
    names = {term_key(each.name): each.name for each in sorted(records.periods, key=lambda each: each.starts_on)}
    values: dict[str, dict[int, dict[int, str | None]]] = {}
    by_name: dict[str, dict[int, dict[int, str | None]]] = {}
    for each in records.values:
        if each.term not in by_name:
            key = term_key(each.term)
            names.setdefault(key, each.term)
            by_name[each.term] = values.setdefault(key, defaultdict(dict))
        by_name[each.term][each.student_id][each.subject_id] = each.value
    for _, _, term in records.deferred:
        names.setdefault(term_key(term), term)
        values.setdefault(term_key(term), {})
    last = [YEAR, EXAM, FINAL]
    order = [key for key in names if key not in last] + [key for key in last if key in names]
    return {key: _Term(names[key], key, values[key]) for key in order if key in values}

"""Results of a term by class, parallel, school, teacher and subject (Q54, Q62, Q63)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TypeVar

from core.model.results.statistics import ResultRecords, ResultStatistics, StatisticsCounts, StatisticsScope
from core.rules.results.statistics.outcomes import (
    NO_CREDIT,
    ResultOutcome,
    StudentOutcomes,
    SubjectOutcome,
    TermOutcomes,
)

K = TypeVar("K")
ScopeKey = tuple[StatisticsScope, int | None]
Tally = list[int]
"""Counts by outcome; behind them how many of the twos are ones."""

ONES = len(ResultOutcome)


class _Tallies:
    """Outcomes by scope: of each subject, and of the students by their worst outcome."""

    def __init__(self) -> None:
        self.by_subject: dict[tuple[ScopeKey, int], Tally] = defaultdict(_empty)
        self.by_worst: dict[ScopeKey, Tally] = defaultdict(_empty)
        self._of_class: dict[tuple[int, int | None, int], Tally] = defaultdict(_empty)

    def add_all(self, students: Iterable[StudentOutcomes]) -> None:
        """Adds the students of a term."""
        for student in students:
            self._add_student(student)
        for (class_id, grade, subject_id), tally in self._of_class.items():
            for scope in _scopes(class_id, grade):
                _add(self.by_subject, (scope, subject_id), tally)
            _add(self.by_subject, ((StatisticsScope.SUBJECT, subject_id), subject_id), tally)

    def _add_student(self, student: StudentOutcomes) -> None:
        class_id, grade = student.school_class.id, student.grade_level
        of_teacher: dict[int, list[SubjectOutcome]] = defaultdict(list)
        for each in student.outcomes:
            _count(self._of_class[class_id, grade, each.subject_id], each)
            for teacher_id in each.teachers:
                of_teacher[teacher_id].append(each)
        worst = _worst_outcome(student.outcomes)
        for scope in _scopes(class_id, grade):
            self.by_worst[scope][worst] += 1
        for teacher_id, outcomes in of_teacher.items():
            key = StatisticsScope.TEACHER, teacher_id
            self.by_worst[key][_worst_outcome(outcomes)] += 1
            for each in outcomes:
                _count(self.by_subject[key, each.subject_id], each)


def counted_result_statistics(records: ResultRecords, term: str | None = None) -> list[ResultStatistics]:
    """The rows of a term, else of all terms with marks; the order is that of scopes, first all subjects together."""
    outcomes = TermOutcomes(records)
    rows = []
    for name in outcomes.names(term):
        tallies = _Tallies()
        tallies.add_all(outcomes.students(name))
        rows += sorted(_rows(tallies, name), key=_place)
    return rows


def _worst_outcome(outcomes: Iterable[SubjectOutcome]) -> ResultOutcome:
    """By which outcome a student is counted: the worst; незач is a failure, and зач changes nothing (contracts)."""
    worst = ResultOutcome.CREDIT
    for each in outcomes:
        if each.value == NO_CREDIT:
            return ResultOutcome.TWO
        worst = min(worst, each.outcome)
    return worst


def _scopes(class_id: int, grade: int | None) -> Iterator[ScopeKey]:
    yield StatisticsScope.CLASS, class_id
    if grade is not None:
        yield StatisticsScope.PARALLEL, grade
    yield StatisticsScope.SCHOOL, None


def _rows(tallies: _Tallies, term: str) -> Iterator[ResultStatistics]:
    together: dict[ScopeKey, Tally] = {}
    for ((scope, scope_id), subject_id), tally in tallies.by_subject.items():
        yield ResultStatistics(scope, scope_id, subject_id, term, _counts(tally), _average(tally))
        _add(together, (scope, scope_id), tally)
    for (scope, scope_id), tally in tallies.by_worst.items():
        average = _average(together.get((scope, scope_id), _empty()))
        yield ResultStatistics(scope, scope_id, None, term, _counts(tally), average)


def _place(row: ResultStatistics) -> tuple[int, int, int]:
    return [*StatisticsScope].index(row.scope), row.scope_id or 0, row.subject_id or 0


def _empty() -> Tally:
    return [0] * (ONES + 1)


def _count(tally: Tally, each: SubjectOutcome) -> None:
    tally[each.outcome] += 1
    if each.value == "1":
        tally[ONES] += 1


def _add(tallies: dict[K, Tally], key: K, tally: Tally) -> None:
    known = tallies.get(key)
    tallies[key] = tally if known is None else [left + right for left, right in zip(known, tally, strict=True)]


def _counts(tally: Tally) -> StatisticsCounts:
    return StatisticsCounts(
        pupils=sum(tally[:ONES]),
        n5=tally[ResultOutcome.FIVE],
        n4=tally[ResultOutcome.FOUR],
        n3=tally[ResultOutcome.THREE],
        n2=tally[ResultOutcome.TWO],
        na=tally[ResultOutcome.NOT_ASSESSED],
        exempt=tally[ResultOutcome.EXEMPT],
        deferred=tally[ResultOutcome.DEFERRED],
        unmarked=tally[ResultOutcome.UNMARKED],
    )


def _average(tally: Tally) -> Fraction | None:
    """The mean of all marks, without н/а; a one is a two in the counts and itself here."""
    marks = {
        5: tally[ResultOutcome.FIVE],
        4: tally[ResultOutcome.FOUR],
        3: tally[ResultOutcome.THREE],
        2: tally[ResultOutcome.TWO],
    }
    total = sum(mark * count for mark, count in marks.items()) - tally[ONES]
    return Fraction(total, sum(marks.values())) if any(marks.values()) else None

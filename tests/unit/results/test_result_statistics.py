"""Results of a term: golden numbers, and every figure counted a second time from raw lists (Q54, Q62–Q64)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.results.statistics import (
    Course,
    FinalValue,
    ListKind,
    ResultRecords,
    ResultStatistics,
    StatisticsCounts,
    StatisticsScope,
    StudentPlace,
)
from core.model.year import GroupKind, ReportingPeriod, TeachingGroup
from core.rules.marks.averages import format_average
from core.rules.results.statistics.result_statistics import counted_result_statistics
from core.rules.results.statistics.student_lists import counted_student_lists

TODAY = date(2026, 11, 20)
TERM = "1 четверть"
QUARTER = ReportingPeriod(1, 1, TERM, date(2026, 9, 1), date(2026, 10, 25))
CLASSES = {
    1: TeachingGroup(1, GroupKind.CLASS, "8А", "8а", 8, None, None),
    2: TeachingGroup(2, GroupKind.CLASS, "8Б", "8б", 8, None, None),
    3: TeachingGroup(3, GroupKind.CLASS, "9А", "9а", 9, None, None),
}
ALGEBRA, PHYSICS = 1, 2
MARKS = {"5": 5, "4": 4, "3": 3, "2": 2}


@dataclass(frozen=True, slots=True)
class School:
    """Students by class, with a final mark, «отс» or nothing in each subject that they learn."""

    marks: Sequence[tuple[int, int, str]] = ()
    """Class, subject, value; the students are numbered by position."""
    courses: Sequence[Course] = field(default_factory=tuple)

    def records(self) -> ResultRecords:
        """One student a mark."""
        places = [StudentPlace(at, CLASSES[class_id], None, None) for at, (class_id, _, _) in enumerate(self.marks)]
        values = [
            FinalValue(at, subject, TERM, value)
            for at, (_, subject, value) in enumerate(self.marks)
            if value not in {"", "отс"}
        ]
        deferred = {(at, subject, TERM) for at, (_, subject, value) in enumerate(self.marks) if value == "отс"}
        return records(places, values, self.courses, frozenset(deferred))


def records(
    places: Sequence[StudentPlace], values: Sequence[FinalValue], courses: Sequence[Course] = (),
    deferred: frozenset[tuple[int, int, str]] = frozenset(),
) -> ResultRecords:  # fmt: skip
    """What results are counted from, on a day after the term."""
    return ResultRecords(
        places, courses, values, deferred, [QUARTER], frozenset(), (date(2026, 9, 1), date(2027, 5, 31)), TODAY
    )


def row(
    rows: Iterable[ResultStatistics], scope: StatisticsScope, scope_id: int | None, subject_id: int | None
) -> ResultStatistics:
    """One row."""
    [found] = [each for each in rows if (each.scope, each.scope_id, each.subject_id) == (scope, scope_id, subject_id)]
    return found


def values(*counted: tuple[str, int]) -> School:
    """Algebra of 8А: so many students with each value."""
    return School([(1, ALGEBRA, value) for value, count in counted for _ in range(count)])


def test_the_golden_numbers() -> None:
    """n5=5, n4=8, n3=6, н/а=1, осв=2: 95 % passed, 65 % quality, СОУ 61.75, average 3.95 (Q62)."""
    of_class = row(
        counted_result_statistics(values(("5", 5), ("4", 8), ("3", 6), ("н/а", 1), ("осв", 2)).records()),
        StatisticsScope.CLASS, 1, ALGEBRA,
    )  # fmt: skip
    counts = of_class.counts
    figures = counts.passed_percent, counts.quality_percent, counts.sou, of_class.average
    assert [format_average(each, point=".") for each in figures if each is not None] == [
        "95.00",
        "65.00",
        "61.75",
        "3.95",
    ]
    assert (counts.pupils, counts.n, counts.exempt) == (22, 20, 2)


def test_deferred_unmarked_and_exempt_stand_outside() -> None:
    """They have lines of their own and are in no denominator; nothing at all gives no figure (Q54, Q63)."""
    rows = counted_result_statistics(values(("5", 1), ("отс", 1), ("", 1), ("осв", 1)).records())
    counts = row(rows, StatisticsScope.SCHOOL, None, ALGEBRA).counts
    assert counts == StatisticsCounts(pupils=4, n5=1, deferred=1, unmarked=1, exempt=1)
    assert counts.passed_percent == 100
    nothing = row(counted_result_statistics(values(("осв", 2)).records()), StatisticsScope.CLASS, 1, ALGEBRA)
    assert (nothing.counts.passed_percent, nothing.counts.quality_percent, nothing.counts.sou, nothing.average) == (
        None,
    ) * 4


def test_after_the_mark_the_deferred_student_counts() -> None:
    """A deferral that is still open beside a mark changes nothing: the mark is there (Q54)."""
    school = values(("5", 1), ("отс", 1)).records()
    marked = replace(school, values=[*school.values, FinalValue(1, ALGEBRA, "I четв.", "3")])
    counts = row(counted_result_statistics(marked), StatisticsScope.CLASS, 1, ALGEBRA).counts
    assert (counts.n, counts.deferred, counts.quality_percent) == (2, 0, Fraction(50))


def test_who_left_before_the_end_does_not_count() -> None:
    """A student who left, or came, later does not change the term that is over (Q40, Q63)."""
    end = QUARTER.ends_on
    left, stayed = StudentPlace(1, CLASSES[1], None, date(2026, 10, 24)), StudentPlace(2, CLASSES[1], None, end)
    came = StudentPlace(3, CLASSES[1], date(2026, 11, 4), None)
    given = [FinalValue(student, ALGEBRA, TERM, "5") for student in (1, 2, 3)]
    rows = counted_result_statistics(records([left, stayed, came], given))
    assert row(rows, StatisticsScope.CLASS, 1, ALGEBRA).counts == StatisticsCounts(pupils=1, n5=1)


def test_who_moved_counts_in_the_class_of_the_terms_end() -> None:
    """The mark of the first quarter stays with the class that it was given in (Q40)."""
    places = [
        StudentPlace(1, CLASSES[1], None, date(2026, 11, 1)),
        StudentPlace(1, CLASSES[2], date(2026, 11, 2), None),
    ]
    rows = counted_result_statistics(records(places, [FinalValue(1, ALGEBRA, TERM, "5")]))
    assert {each.scope_id for each in rows if each.scope is StatisticsScope.CLASS} == {1}


@pytest.mark.parametrize(("given", "worst"), [
    (("5", "2"), "n2"), (("н/а", "2"), "n2"), (("отс", "н/а"), "na"), (("", "отс"), "deferred"),
    (("3", ""), "unmarked"),
    (("4", "3"), "n3"), (("5", "4"), "n4"), (("5", "осв"), "n5"), (("осв", "осв"), "exempt"), (("5", "незач"), "n2"),
    (("5", "зач"), "n5"), (("5", "1"), "n2"),
])  # fmt: skip
def test_a_student_counts_by_the_worst_mark(given: tuple[str, str], worst: str) -> None:
    """In the order 2, н/а, deferred, unmarked, 3, 4, 5; all осв = exempt (contracts, Final marks)."""
    courses = [Course(1, subject, None) for subject in (ALGEBRA, PHYSICS)]
    finals = [FinalValue(1, subject, TERM, value) for subject, value in enumerate(given, 1) if value not in {"", "отс"}]
    deferred = frozenset((1, subject, TERM) for subject, value in enumerate(given, 1) if value == "отс")
    rows = counted_result_statistics(
        records([StudentPlace(1, CLASSES[1], None, None)], finals, courses, deferred), TERM
    )
    assert row(rows, StatisticsScope.CLASS, 1, None).counts == StatisticsCounts(pupils=1, **{worst: 1})


def test_a_teacher_answers_for_the_own_groups() -> None:
    """A half of the class is its teacher's, the rest is the class's teacher's (Q62)."""
    half = TeachingGroup(9, GroupKind.STUDY_GROUP, "Англ 1", "англ 1", None, ALGEBRA, 50)
    places = [
        StudentPlace(1, CLASSES[1], None, None),
        StudentPlace(2, CLASSES[1], None, None),
        StudentPlace(1, half, None, None),
    ]
    finals = [FinalValue(1, ALGEBRA, TERM, "5"), FinalValue(2, ALGEBRA, TERM, "3")]
    rows = counted_result_statistics(records(places, finals, [Course(1, ALGEBRA, 40), Course(9, ALGEBRA, 50)]))
    assert {
        each.scope_id: each.counts.n5 for each in rows if each.scope is StatisticsScope.TEACHER and each.subject_id
    } == {40: 0, 50: 1}


def test_a_first_grade_has_no_marks_and_no_figures() -> None:
    """Nobody there is unmarked (Q50)."""
    first = TeachingGroup(7, GroupKind.CLASS, "1А", "1а", 1, None, None)
    places = [StudentPlace(1, first, None, None), StudentPlace(2, CLASSES[1], None, None)]
    rows = counted_result_statistics(records(places, [FinalValue(2, ALGEBRA, TERM, "5")], [Course(7, ALGEBRA, None)]))
    assert row(rows, StatisticsScope.CLASS, 7, None).counts == StatisticsCounts(pupils=1)


def naive(rows: Sequence[tuple[int, dict[int, str]]], subject: int | None) -> tuple[StatisticsCounts, Fraction | None]:
    """Counts over (class, values by subject) of some students, written without the product's rules."""
    keys = {"5": "n5", "4": "n4", "3": "n3", "2": "n2", "н/а": "na", "осв": "exempt", "отс": "deferred", "": "unmarked"}
    counted = dict.fromkeys(keys.values(), 0)
    marks: list[int] = []
    for _, of_student in rows:
        own = [of_student[subject]] if subject else [*of_student.values()]
        marks += [MARKS[each] for each in own if each in MARKS]
        worst = next(each for each in ("2", "н/а", "отс", "", "3", "4", "5", "осв") if each in own)
        counted[keys[worst]] += 1
    return StatisticsCounts(pupils=len(rows), **counted), Fraction(sum(marks), len(marks)) if marks else None


def is_in(row: ResultStatistics, class_id: int) -> bool:
    """Whether a row of a class, a parallel or more is about a class."""
    match row.scope:
        case StatisticsScope.CLASS:
            return class_id == row.scope_id
        case StatisticsScope.PARALLEL:
            return (8 if class_id < 3 else 9) == row.scope_id
        case _:
            return True


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*CLASSES]),
            st.fixed_dictionaries(
                dict.fromkeys((1, 2, 3), st.sampled_from(["5", "4", "3", "2", "н/а", "осв", "отс", ""]))
            ),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_every_row_is_that_of_a_second_count(school: list[tuple[int, dict[int, str]]]) -> None:
    """All scopes, each subject and all together, agree with a plain count over lists (Q62, Q63)."""
    places = [StudentPlace(at, CLASSES[class_id], None, None) for at, (class_id, _) in enumerate(school)]
    finals = [
        FinalValue(at, subject, TERM, value)
        for at, (_, own) in enumerate(school)
        for subject, value in own.items()
        if value not in {"", "отс"}
    ]
    deferred = frozenset(
        (at, subject, TERM) for at, (_, own) in enumerate(school) for subject, value in own.items() if value == "отс"
    )
    courses = [Course(class_id, subject, 10 * subject + class_id % 2) for class_id in CLASSES for subject in (1, 2, 3)]
    rows = counted_result_statistics(records(places, finals, courses, deferred))
    if not finals and not deferred:
        assert rows == []
        return
    for each in rows:
        if each.scope is StatisticsScope.TEACHER:
            subject, parity = divmod(each.scope_id or 0, 10)
            some = [student for student in school if student[0] % 2 == parity]
            assert each.subject_id in {None, subject}
            assert (each.counts, each.average) == naive(some, subject)
        else:
            some = [student for student in school if is_in(each, student[0])]
            assert (each.counts, each.average) == naive(some, each.subject_id)
    of_classes = {class_id for class_id, _ in school}
    teachers = {(subject, class_id % 2) for subject in (1, 2, 3) for class_id in of_classes}
    parallels = {8 if class_id < 3 else 9 for class_id in of_classes}
    assert len(rows) == 4 * (len(of_classes) + len(parallels) + 1) + 2 * len(teachers) + 3


def test_the_lists_of_a_term() -> None:
    """Excellent, good, one "4", one "3", failing, н/а, deferred; who lacks a mark is on no list of the best (Q64)."""
    students = {
        1: ("5", "5", "осв"), 2: ("5", "4", "4"), 3: ("5", "5", "4"), 4: ("5", "4", "3"), 5: ("3", "3", "5"),
        6: ("5", "2", "5"), 7: ("5", "н/а", "5"), 8: ("5", "отс", "5"), 9: ("5", "", "5"), 10: ("5", "5", "незач"),
    }  # fmt: skip
    places = [StudentPlace(student, CLASSES[1], None, None) for student in students]
    finals = [
        FinalValue(student, at, TERM, value)
        for student, own in students.items()
        for at, value in enumerate(own, 1)
        if value not in {"", "отс"}
    ]
    listed = counted_student_lists(records(places, finals, deferred=frozenset({(8, 2, TERM)})), TERM)
    found = {kind: [(each.student_id, each.subject_ids) for each in listed if each.kind is kind] for kind in ListKind}
    assert found == {
        ListKind.EXCELLENT: [(1, ())],
        ListKind.GOOD: [(2, ()), (3, ())],
        ListKind.ONE_FOUR: [(3, (3,))],
        ListKind.ONE_THREE: [(4, (3,))],
        ListKind.FAILING: [(6, (2,)), (10, (3,))],
        ListKind.NOT_ASSESSED: [(7, (2,))],
        ListKind.DEFERRED: [(8, (2,))],
    }

"""Lists of students at the end of a term: excellent, good, one "3", one "4", failing, н/а, deferred (Q64)."""

from collections.abc import Iterator

from core.model.results.statistics import ListedStudent, ListKind, ResultRecords
from core.rules.results.statistics.outcomes import NO_CREDIT, ResultOutcome, StudentOutcomes, TermOutcomes

_BY_OUTCOME = {ListKind.NOT_ASSESSED: ResultOutcome.NOT_ASSESSED, ListKind.DEFERRED: ResultOutcome.DEFERRED}
GOOD = frozenset({ResultOutcome.FIVE, ResultOutcome.FOUR})
PASSED = GOOD | {ResultOutcome.THREE}
OUTSIDE = frozenset({ResultOutcome.EXEMPT, ResultOutcome.CREDIT})
"""They put nobody on a list and keep nobody off it."""


def counted_student_lists(records: ResultRecords, term: str | None = None) -> list[ListedStudent]:
    """The students on each list of a term, else of all terms. Who has one "4" is also among the good.

    Only complete results make somebody excellent or good: nobody with н/а, a deferral or a missing mark is.
    """
    outcomes = TermOutcomes(records)
    listed = [each for name in outcomes.names(term) for student in outcomes.students(name) for each in _lists(student)]
    order = [*ListKind]
    return sorted(listed, key=lambda each: order.index(each.kind))


def _lists(student: StudentOutcomes) -> Iterator[ListedStudent]:
    failed = [
        each.subject_id for each in student.outcomes if each.outcome is ResultOutcome.TWO or each.value == NO_CREDIT
    ]
    if failed:
        yield _listed(student, ListKind.FAILING, failed)
    for kind, outcome in _BY_OUTCOME.items():
        subjects = [each.subject_id for each in student.outcomes if each.outcome is outcome]
        if subjects:
            yield _listed(student, kind, subjects)
    if not failed:
        yield from _best_lists(student)


def _best_lists(student: StudentOutcomes) -> Iterator[ListedStudent]:
    marks = {each.subject_id: each.outcome for each in student.outcomes if each.outcome not in OUTSIDE}
    fours = [subject_id for subject_id, outcome in marks.items() if outcome is ResultOutcome.FOUR]
    threes = [subject_id for subject_id, outcome in marks.items() if outcome is ResultOutcome.THREE]
    if not marks or not set(marks.values()) <= PASSED:
        return
    if not threes:
        yield _listed(student, ListKind.GOOD if fours else ListKind.EXCELLENT, [])
    if not threes and len(fours) == 1:
        yield _listed(student, ListKind.ONE_FOUR, fours)
    if len(threes) == 1:
        yield _listed(student, ListKind.ONE_THREE, threes)


def _listed(student: StudentOutcomes, kind: ListKind, subject_ids: list[int]) -> ListedStudent:
    return ListedStudent(kind, student.school_class, student.student_id, tuple(subject_ids))

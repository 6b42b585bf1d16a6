"""Which final marks a term expects: every student of a class in every subject that they are taught (Q52)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from core.errors import UnknownTermError
from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.results.learning import ExpectedMark, LearnedSubject, Pupil
from core.model.year import ReportingPeriod
from core.ports import UnitOfWork
from core.rules import year
from core.rules.access import Scope
from core.rules.people.names import normal_name
from core.rules.results.proposals import EXAM_GRADE, ResultsPolicy
from core.rules.results.terms import term_key, term_periods_of_pupil
from core.rules.year import LAST_GRADE


@dataclass(frozen=True, slots=True)
class TermSpan:
    """The days of a term; `period` None: the whole school year, for year, exam and final."""

    since: date
    until: date
    period: ReportingPeriod | None = None


async def load_expected_final_marks(
    uow: UnitOfWork, scope: Scope, term: str, *, policy: ResultsPolicy, on: date, group_id: int | None = None
) -> Sequence[ExpectedMark]:
    """The final marks of a term as far as the scope opens the students, by class, subject and name.

    First grades are among them, since people ask why nothing is proposed there; subjects without marks are not. Who
    left before the term's end is not (Q40).
    With `group_id` only the students of that group. Raises UnknownTermError for a term that the year does not have.
    """
    periods = await uow.year.periods(on)
    subjects = {each.id: each.name for each in await uow.year.subjects()}
    marked = {id_: name for id_, name in subjects.items() if normal_name(name) not in policy.unmarked}
    found: list[ExpectedMark] = []
    for span in load_expected_term_spans(periods, term, on):
        day = min(max(span.since, on), span.until)
        pupils = {pupil.student_id: pupil for pupil in await uow.learning.pupils(scope, on=day, group_id=group_id)}
        learned = await uow.learning.learned(
            scope, term=term, since=span.since, until=span.until, on=day, group_id=group_id
        )
        expects = _expectation(periods, span, term_key(term))
        for pupil, each in _of_pupils(learned, pupils):
            if each.subject_id in marked and expects(pupil.grade_level, pupil.class_id, each.subject_id):
                name = marked[each.subject_id]
                found.append(ExpectedMark(pupil, each.subject_id, name, each.teacher_id, span.since, span.until, day))
    return sorted(found, key=_place)


def load_expected_term_spans(periods: Sequence[ReportingPeriod], term: str, on: date) -> Sequence[TermSpan]:
    """The days of a term, which may differ by grade, class or subject. Raises UnknownTermError."""
    key = term_key(term)
    if key in {YEAR, EXAM, FINAL}:
        last = max((period.ends_on for period in periods), default=year.last_day_of_year(on))
        return [TermSpan(year.first_day_of_year(on), last)]
    spans = [TermSpan(each.starts_on, each.ends_on, each) for each in periods if term_key(each.name) == key]
    if not spans:
        raise UnknownTermError
    return spans


def _of_pupils(learned: Sequence[LearnedSubject], pupils: dict[int, Pupil]) -> Iterator[tuple[Pupil, LearnedSubject]]:
    for each in learned:
        if (pupil := pupils.get(each.student_id)) is not None:
            yield pupil, each


def _expectation(
    periods: Sequence[ReportingPeriod], span: TermSpan, key: str
) -> Callable[[int | None, int, int], bool]:
    """Whether the term expects a mark of a grade's class in a subject: nobody owes an exam, few a final mark."""

    @cache
    def expects(grade_level: int | None, class_id: int, subject_id: int) -> bool:
        if span.period is None:
            return key == YEAR or (key == FINAL and grade_level in {EXAM_GRADE, LAST_GRADE})
        own = term_periods_of_pupil(periods, grade_level=grade_level, class_id=class_id, subject_id=subject_id)
        return span.period in own

    return expects


def _place(each: ExpectedMark) -> tuple[int, str, str, str, int]:
    pupil = each.pupil
    return pupil.grade_level or 0, pupil.school_class, each.subject, pupil.name, pupil.student_id

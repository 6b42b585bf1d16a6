"""Families look up exam results; class teachers and the deputy head see them by exam (Q14, Q77)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import NotFoundError
from core.model.people import Actor
from core.model.results.exams import Exam, ExamResult
from core.ports import UnitOfWork
from core.rules import access, year
from core.rules.results.exams import exam_threshold_of

MOST_EXAMS = 30
"""The exams of a year of one class, more or less; older ones stand in its students' results."""


@dataclass(frozen=True, slots=True)
class KnownResult:
    """A result with its exam, and the lowest passing score: the file's, else that of the school's table."""

    exam: Exam
    result: ExamResult
    threshold: int | None


@dataclass(frozen=True, slots=True)
class NamedResult:
    """A result in the list of an exam, with the student's name and class."""

    student: str
    class_name: str
    result: ExamResult


@dataclass(frozen=True, slots=True)
class ExamList:
    """The results of one exam that somebody of the staff may see, by class and name."""

    exam: Exam
    threshold: int | None
    rows: Sequence[NamedResult]


async def look_up_exam_results(uow: UnitOfWork, actor: Actor, *, student_id: int, on: date) -> Sequence[KnownResult]:
    """A student's results, the latest exam first, as the family may see them on a date (Q14)."""
    table = await uow.exams.thresholds()
    found = await uow.exams.of_student(student_id, access.family_access_scope(actor, on=on))
    return [KnownResult(exam, result, exam_threshold_of(exam, table)) for exam, result in found]


async def look_up_class_exams(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[Exam]:
    """The exams of this school year and the last one in which somebody of the actor's classes has a result."""
    last_year = year.first_day_of_year(year.first_day_of_year(on) - timedelta(days=1))
    return await uow.exams.listed(access.broadcasting_access_scope(actor, on=on), since=last_year, limit=MOST_EXAMS)


async def look_up_exam_list(uow: UnitOfWork, actor: Actor, *, exam_id: int, on: date) -> ExamList:
    """One exam with the students of the actor's classes. NotFoundError where there are none."""
    found = await uow.exams.of_exam(exam_id, access.broadcasting_access_scope(actor, on=on), on=on)
    if not found:
        raise NotFoundError
    exam = found[0][0]
    rows = [NamedResult(name, class_name, result) for _, result, name, class_name in found]
    return ExamList(exam, exam_threshold_of(exam, await uow.exams.thresholds()), rows)

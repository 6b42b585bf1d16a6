"""Sets the lowest passing scores of exams, which count where a file names none (Q77)."""

from datetime import datetime

from core.model.people import OFFICE, Actor
from core.model.results.exams import ExamKind
from core.ports import UnitOfWork
from core.rules import access
from core.rules.people.names import normal_name


async def put_exam_threshold(
    uow: UnitOfWork, actor: Actor, *, kind: ExamKind, subject: str, year: int, score: int, now: datetime
) -> None:
    """Sets the lowest passing test score of a subject in a year. Results that were imported before stay as they are."""
    access.require_access_role(actor, *OFFICE)
    await uow.exams.put_threshold(kind, normal_name(subject), year, score=score)
    await uow.audit.write(actor, "exam.threshold", at=now, exam=kind, subject=subject, year=year, score=score)
    await uow.commit()

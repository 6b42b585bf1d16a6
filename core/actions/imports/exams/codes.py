"""The codes of a nationwide test (ВПР), which stand for students in its protocols."""

from collections.abc import Sequence
from datetime import datetime

from core.actions.imports.import_results import IMPORT_LEASE
from core.model.imports.exam_files import CodeFile, PrintedResult
from core.model.imports.reports import Problem
from core.model.people import Actor, Role
from core.model.results.exams import ExamKind, ExamOutcome
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.matching import Miss
from core.rules.people.names import normal_name
from core.rules.results.exam_students import ExamStudentRoll


async def import_exam_codes(
    uow: UnitOfWork, actor: Actor, read: CodeFile, *, now: datetime, policy: Policy
) -> tuple[int, Sequence[Problem]]:
    """Writes which student each code of this year's ВПР stands for, all or nothing; the number of changes, problems."""
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    await uow.leases.hold(IMPORT_LEASE)
    today = timing.local_date_of_time(now, policy)
    roll, problems, codes = (
        ExamStudentRoll(await uow.people.roll(today)),
        list(read.problems),
        dict[tuple[str, str], int](),
    )
    for row in read.rows:
        student = roll.find(PrintedResult(ExamOutcome(), row.student, school_class=row.school_class), ExamKind.VPR)
        if isinstance(student, Miss):
            facts = roll.facts_of_miss(student, row.student)
            problems.append(Problem(read.sheet, row.row, "student", None, student, facts))
        else:
            codes[row.code, normal_name(row.subject or "")] = student.student_id
    if problems:
        return 0, problems
    changed = await uow.exams.put_codes(await uow.year.ensure_year(today), codes)
    if changed:
        await uow.audit.write(actor, "exam.codes", at=now, sha256=read.sha256, codes=changed)
    await uow.commit()
    return changed, ()

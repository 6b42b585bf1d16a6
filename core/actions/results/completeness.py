"""What a term still lacks; a term is closed when nothing is missing, and reopened with a reason (Q52, Q67)."""

from collections.abc import Sequence
from datetime import date, datetime

from core.actions.results.expected import load_expected_final_marks
from core.errors import ClosedTermError, NoReasonError, OpenTermError
from core.model.people import Actor, Role
from core.model.results.closings import TermClosing
from core.model.results.completeness import MissingMark
from core.model.results.learning import ExpectedMark
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything, Scope
from core.rules.results.closings import is_term_closed
from core.rules.results.proposals import ResultsPolicy
from core.rules.results.terms import stored_term, term_key
from core.rules.year import FIRST_GRADE

TERM_ENDS = "term_ends"
"""The lock under which terms are closed and final marks set, so that no mark slips past a closing."""


async def load_gaps_in_completeness(
    uow: UnitOfWork, scope: Scope, term: str, *, policy: ResultsPolicy, on: date, group_id: int | None = None
) -> Sequence[MissingMark]:
    """Who lacks what in a term, by class, subject and name, as far as the scope opens the students.

    A mark, зач, незач, н/а, осв and an open deferral are enough; first grades and unmarked subjects lack nothing.
    Raises UnknownTermError.
    """
    owed = await load_marks_for_completeness(uow, scope, term, policy=policy, on=on, group_id=group_id)
    return await find_gaps_in_completeness(uow, owed, term, on=on)


async def load_marks_for_completeness(
    uow: UnitOfWork, scope: Scope, term: str, *, policy: ResultsPolicy, on: date, group_id: int | None = None
) -> Sequence[ExpectedMark]:
    """The marks that a term wants, by class, subject and name; first grades owe none. Raises UnknownTermError."""
    expected = await load_expected_final_marks(uow, scope, term, policy=policy, on=on, group_id=group_id)
    return [each for each in expected if each.pupil.grade_level != FIRST_GRADE]


async def find_gaps_in_completeness(
    uow: UnitOfWork, owed: Sequence[ExpectedMark], term: str, *, on: date
) -> Sequence[MissingMark]:
    """Those of these marks that are not there, each with its teacher's name."""
    settled = await _settled(uow, owed, term, on=on)
    teachers = {teacher.id: teacher.name for teacher in await uow.people.teachers()}
    return [
        MissingMark(each, teachers.get(each.teacher_id or 0))
        for each in owed
        if (each.pupil.student_id, each.subject_id) not in settled
    ]


async def _settled(uow: UnitOfWork, owed: Sequence[ExpectedMark], term: str, *, on: date) -> frozenset[tuple[int, int]]:
    """The students and subjects with a final mark in force or an open deferral."""
    year_id, key = await uow.year.year(on), term_key(term)
    if year_id is None:
        return frozenset()
    students = {each.pupil.student_id for each in owed}
    marks = await uow.results.period_marks(students, year_ids=[year_id])
    deferrals = await uow.deferrals.deferrals(Everything(), year_id=year_id)
    return frozenset(
        [(mark.student_id, mark.subject_id) for mark in marks if mark.value is not None and term_key(mark.term) == key]
        + [
            (each.student_id, each.subject_id)
            for each in deferrals
            if each.ended_at is None and term_key(each.term) == key
        ]
    )


async def close_term_if_complete(
    uow: UnitOfWork, actor: Actor, term: str, *, policy: ResultsPolicy, now: datetime, on: date
) -> Sequence[MissingMark]:
    """Closes a term for the whole school, unless somebody lacks a mark: then nothing is written and they are returned.

    Raises NotAllowedError unless the actor is a deputy head, ClosedTermError if it is closed, UnknownTermError.
    """
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    await uow.leases.hold(TERM_ENDS)
    if await is_complete_term_closed(uow, term, on=on):
        raise ClosedTermError
    missing = await load_gaps_in_completeness(uow, Everything(), term, policy=policy, on=on)
    if not missing:
        await _enter(uow, actor, term, closed=True, reason=None, now=now, on=on)
    return missing


async def reopen_complete_term(
    uow: UnitOfWork, actor: Actor, term: str, *, reason: str, now: datetime, on: date
) -> None:
    """Reopens a closed term for the whole school.

    Raises NotAllowedError unless the actor is a deputy head, OpenTermError, NoReasonError.
    """
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    await uow.leases.hold(TERM_ENDS)
    if not await is_complete_term_closed(uow, term, on=on):
        raise OpenTermError
    if not reason.strip():
        raise NoReasonError
    await _enter(uow, actor, term, closed=False, reason=" ".join(reason.split()), now=now, on=on)


async def is_complete_term_closed(uow: UnitOfWork, term: str, *, on: date) -> bool:
    """Whether a term of the school year of a date is closed."""
    year_id = await uow.year.year(on)
    return year_id is not None and is_term_closed(await uow.closings.closings(year_id), term)


async def _enter(
    uow: UnitOfWork, actor: Actor, term: str, *, closed: bool, reason: str | None, now: datetime, on: date
) -> None:
    name, year_id = stored_term(term, await uow.year.periods(on)), await uow.year.ensure_year(on)
    await uow.closings.add(TermClosing(0, year_id, name, closed, now, actor.person_id, reason))
    await uow.audit.write(actor, "term_closed" if closed else "term_reopened", at=now, term=name, reason=reason)
    await uow.commit()

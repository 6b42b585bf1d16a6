"""A class's final marks in a subject, read for those who set them and for those who lead the class (Q14, Q55)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.results.expected import load_expected_term_spans
from core.actions.results.proposals import propose_final_marks
from core.errors import NotFoundError
from core.model.marks.gradebook import Taught
from core.model.people import Actor, Role
from core.model.results.class_finals import ClassFinalsRow, FinalsPage, FinalTerm, OpenedFinal
from core.model.results.learning import Pupil
from core.model.results.period_marks import MarkCell, PeriodMark
from core.model.results.proposals import ProposedMark
from core.model.year import ReportingPeriod, TeachingGroup
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.people.names import normal_name
from core.rules.results.closings import is_term_closed
from core.rules.results.deferrals import deferral_in_force
from core.rules.results.final_terms import final_term_at_hand, final_terms_of_periods, final_terms_of_school
from core.rules.results.proposals import ResultsPolicy
from core.rules.results.terms import term_key, term_periods_of_pupil


@dataclass(frozen=True, slots=True)
class AskedFinals:
    """Which page is wanted: a group in a subject, in the term of this number, or without one in the term at hand."""

    group_id: int
    subject_id: int
    term: int | None = None


async def load_class_finals_subjects(
    uow: UnitOfWork, actor: Actor, *, policy: ResultsPolicy, on: date, group_id: int | None = None
) -> Sequence[Taught]:
    """The groups and subjects in which the actor sets final marks, without subjects that have none."""
    taught = await uow.marks.taught(access.teaching_access_scope(actor, on=on), on=on, group_id=group_id)
    return [each for each in taught if normal_name(each.subject) not in policy.unmarked]


async def load_class_finals_page(
    uow: UnitOfWork, actor: Actor, asked: AskedFinals, *, policy: ResultsPolicy, on: date
) -> FinalsPage:
    """The page of a group in a subject: students whom the actor teaches it, or who are of the actor's own class.

    Raises NotFoundError for anything else, also for a term that the group does not have in this subject.
    """
    group = await _group(uow, asked.group_id)
    subject = await _subject(uow, asked.subject_id)
    scope = access.reading_access_scope(actor, on=on)
    pupils = await uow.learning.pupils(scope, on=on, group_id=group.id)
    terms, at_hand = await _terms(uow, pupils, asked.subject_id, on=on)
    term = next((each for each in terms if each.number == (at_hand if asked.term is None else asked.term)), None)
    if term is None:
        raise NotFoundError
    proposed = await propose_final_marks(
        uow, scope, term.name, policy=policy, on=on, group_id=group.id, subject_id=asked.subject_id
    )
    rows = await _rows(uow, actor, asked, proposed, on=on)
    if not rows and asked.subject_id not in {each.subject_id for each in await _taught(uow, actor, group, on)}:
        raise NotFoundError
    year_id = await uow.year.year(on)
    closed = year_id is not None and is_term_closed(await uow.closings.closings(year_id), term.name)
    return FinalsPage(group, asked.subject_id, subject, term, terms, closed, rows)


async def open_class_final(
    uow: UnitOfWork, actor: Actor, asked: AskedFinals, student_id: int, *, policy: ResultsPolicy, on: date
) -> OpenedFinal:
    """One student of a page with the history of the mark; NotFoundError for a student who is not on it."""
    page = await load_class_finals_page(uow, actor, asked, policy=policy, on=on)
    for row in page.rows:
        if row.proposed.pupil.student_id == student_id:
            return OpenedFinal(page, row, await uow.results.versions(row.mark.id) if row.mark else ())
    raise NotFoundError


async def record_class_finals_opening(uow: UnitOfWork, actor: Actor, page: FinalsPage, *, now: datetime) -> None:
    """Writes into the audit trail that the actor has opened a page of final marks (Q102); the caller commits."""
    await uow.audit.write(
        actor, "finals.opened", at=now, group=page.group.id, subject=page.subject_id, term=page.term.name
    )


async def _terms(
    uow: UnitOfWork, pupils: Sequence[Pupil], subject_id: int, *, on: date
) -> tuple[Sequence[FinalTerm], int | None]:
    """The terms of these students in a subject, and the number of the one at hand."""
    periods = await uow.year.periods(on)
    own = _own_periods(periods, pupils, subject_id)
    year_id = await uow.year.year(on)
    closings = [] if year_id is None else await uow.closings.closings(year_id)
    closed = {term_key(each.term) for each in closings if is_term_closed(closings, each.term)}
    terms = final_terms_of_periods(final_terms_of_school(periods, on), own, {pupil.grade_level for pupil in pupils})
    key = term_key(final_term_at_hand(own, closed=closed, on=on))
    return terms, next((each.number for each in terms if term_key(each.name) == key), None)


def _own_periods(
    periods: Sequence[ReportingPeriod], pupils: Sequence[Pupil], subject_id: int
) -> Collection[ReportingPeriod]:
    classes = {(pupil.grade_level, pupil.class_id) for pupil in pupils}
    own = [
        period
        for grade_level, class_id in classes
        for period in term_periods_of_pupil(periods, grade_level=grade_level, class_id=class_id, subject_id=subject_id)
    ]
    return list(dict.fromkeys(own))


async def _rows(
    uow: UnitOfWork, actor: Actor, asked: AskedFinals, proposed: Sequence[ProposedMark], *, on: date
) -> Sequence[ClassFinalsRow]:
    students = [each.pupil.student_id for each in proposed]
    taught = await _taught_students(uow, actor, asked.subject_id, proposed, on=on)
    led = await _led_students(uow, actor, asked.group_id, on=on)
    year_id = await uow.year.year(on)
    deferrals = [] if year_id is None else await uow.deferrals.deferrals(Everything(), year_id=year_id)
    marks = [] if year_id is None else await uow.results.period_marks(students, year_ids=[year_id])
    by_cell = _by_cell(marks)
    found = []
    for each in proposed:
        student_id = each.pupil.student_id
        deferral = deferral_in_force(deferrals, MarkCell(student_id, each.subject_id, each.term))
        if student_id in taught | led:
            mark = by_cell.get((student_id, each.subject_id, term_key(each.term)))
            is_led = student_id in led
            found.append(ClassFinalsRow(each, mark, deferral, may_set=student_id in taught, is_led=is_led))
    return found


def _by_cell(marks: Sequence[PeriodMark]) -> dict[tuple[int, int, str], PeriodMark]:
    """The marks by cell; of two names of one term the mark in force counts, then the newer one."""
    ordered = sorted(marks, key=lambda mark: (mark.value is not None, mark.id))
    return {(mark.student_id, mark.subject_id, term_key(mark.term)): mark for mark in ordered}


async def _taught_students(
    uow: UnitOfWork, actor: Actor, subject_id: int, proposed: Sequence[ProposedMark], *, on: date
) -> frozenset[int]:
    """The students whom the actor teaches the subject, today or on the last day of the term that has come."""
    if not proposed:
        return frozenset()
    scope = access.teaching_access_scope(actor, on=on)
    spans = load_expected_term_spans(await uow.year.periods(on), proposed[0].term, on)
    days = {on, *(min(max(span.since, on), span.until) for span in spans)}
    students = [each.pupil.student_id for each in proposed]
    found = [await uow.learning.taught_students(students, subject_id, scope, on=day) for day in days]
    return frozenset().union(*found)


async def _led_students(uow: UnitOfWork, actor: Actor, group_id: int, *, on: date) -> frozenset[int]:
    """The students of the group who are of a class that the actor leads."""
    if not actor.roles & {Role.CLASS_TEACHER, Role.DEPUTY_HEAD}:
        return frozenset()
    pupils = await uow.learning.pupils(access.statistics_access_scope(actor, on=on), on=on, group_id=group_id)
    return frozenset(pupil.student_id for pupil in pupils)


async def _taught(uow: UnitOfWork, actor: Actor, group: TeachingGroup, on: date) -> Sequence[Taught]:
    return await uow.marks.taught(access.teaching_access_scope(actor, on=on), on=on, group_id=group.id)


async def _group(uow: UnitOfWork, group_id: int) -> TeachingGroup:
    """A group of the school; its name alone is no personal data."""
    for group in await uow.year.groups(Everything()):
        if group.id == group_id:
            return group
    raise NotFoundError


async def _subject(uow: UnitOfWork, subject_id: int) -> str:
    for subject in await uow.year.subjects():
        if subject.id == subject_id:
            return subject.name
    raise NotFoundError

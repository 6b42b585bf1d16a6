"""The state of a term for those who lead classes, the open deferrals, and reminders to teachers (Q52, Q53)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.results.completeness import find_gaps_in_completeness, load_marks_for_completeness
from core.errors import NotFoundError
from core.model.delivery.fact_names import missing_finals_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.imports.reports import EXAM
from core.model.notices.staff import FinalMarksMissing
from core.model.people import Actor, Role
from core.model.results.class_finals import FinalTerm
from core.model.results.completeness import MissingMark, OpenDeferral, TermCompleteness
from core.model.results.learning import Pupil
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.results.class_states import class_states_of_term
from core.rules.results.closings import is_term_closed
from core.rules.results.final_terms import final_term_at_hand, final_terms_of_school
from core.rules.results.proposals import ResultsPolicy
from core.rules.results.terms import term_key


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many teachers were reminded, had been today already, and how many subjects of classes name no teacher."""

    told: int
    already: int
    nobody: int


async def load_term_state(
    uow: UnitOfWork,
    actor: Actor,
    *,
    policy: ResultsPolicy,
    on: date,
    term: int | None = None,
    class_id: int | None = None,
) -> TermCompleteness:
    """The state of the classes that the actor leads, or of one of them, in a term, by default the one at hand.

    Raises NotAllowedError for who leads no class, NotFoundError for a term or class that is not theirs to see.
    """
    scope = access.statistics_access_scope(actor, on=on)
    terms, at_hand, closed = await load_term_state_choices(uow, on=on)
    chosen = next((each for each in terms if each.number == (at_hand if term is None else term)), None)
    if chosen is None:
        raise NotFoundError
    owed = await load_marks_for_completeness(uow, scope, chosen.name, policy=policy, on=on, group_id=class_id)
    missing = await find_gaps_in_completeness(uow, owed, chosen.name, on=on)
    states = [each for each in class_states_of_term(owed, missing) if class_id in {None, each.class_id}]
    if class_id is not None and not states:
        raise NotFoundError
    deferred = await load_term_state_deferrals(uow, actor, on=on)
    return TermCompleteness(chosen, terms, term_key(chosen.name) in closed, states, len(deferred))


async def load_term_state_choices(uow: UnitOfWork, *, on: date) -> tuple[Sequence[FinalTerm], int, frozenset[str]]:
    """The terms in which marks are owed, the number of the one at hand, and the keys of those that are closed."""
    periods = await uow.year.periods(on)
    year_id = await uow.year.year(on)
    closings = [] if year_id is None else await uow.closings.closings(year_id)
    closed = frozenset(term_key(each.term) for each in closings if is_term_closed(closings, each.term))
    terms = [each for each in final_terms_of_school(periods, on) if each.name != EXAM]
    key = term_key(final_term_at_hand(periods, closed=closed, on=on))
    return terms, next(each.number for each in terms if term_key(each.name) == key), closed


async def load_term_state_deferrals(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[OpenDeferral]:
    """The deferrals in force of the classes that the actor leads, the first to run out first."""
    scope = access.statistics_access_scope(actor, on=on)
    year_id = await uow.year.year(on)
    if year_id is None:
        return ()
    pupils = {pupil.student_id: pupil for pupil in await uow.learning.pupils(scope, on=on)}
    subjects = {each.id: each.name for each in await uow.year.subjects()}
    terms = {term_key(each.name): each for each in final_terms_of_school(await uow.year.periods(on), on)}
    found = [
        OpenDeferral(each, pupils[each.student_id], subjects[each.subject_id], terms.get(term_key(each.term)))
        for each in await uow.deferrals.deferrals(scope, year_id=year_id)
        if each.ended_at is None and each.student_id in pupils
    ]
    return sorted(found, key=lambda each: (each.deferral.due_on, each.pupil.school_class, each.pupil.name))


async def load_term_state_subjects(
    uow: UnitOfWork, actor: Actor, pupil: Pupil, term: FinalTerm, *, policy: ResultsPolicy, on: date
) -> dict[int, str]:
    """The subjects in which a student of the actor's classes lacks a mark in a term, by id."""
    scope = access.statistics_access_scope(actor, on=on)
    owed = await load_marks_for_completeness(uow, scope, term.name, policy=policy, on=on, group_id=pupil.class_id)
    own = [each for each in owed if each.pupil.student_id == pupil.student_id]
    missing = await find_gaps_in_completeness(uow, own, term.name, on=on)
    return {each.expected.subject_id: each.expected.subject for each in missing}


async def remind_teachers_of_term(
    uow: UnitOfWork, actor: Actor, term: FinalTerm, *, policy: ResultsPolicy, now: datetime, on: date
) -> Reminded:
    """Tells each teacher which of their classes and subjects lack marks, once a day however often it is asked.

    A notice counts and names no student; its button opens the page. NotAllowedError unless the actor is a deputy head.
    """
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    owed = await load_marks_for_completeness(uow, Everything(), term.name, policy=policy, on=on)
    by_teacher: dict[int | None, list[MissingMark]] = defaultdict(list)
    for each in await find_gaps_in_completeness(uow, owed, term.name, on=on):
        by_teacher[each.expected.teacher_id].append(each)
    unknown = by_teacher.pop(None, [])
    told = 0
    for teacher_id, missing in sorted(by_teacher.items(), key=lambda item: item[0] or 0):
        if await uow.leases.claim_run(f"missing_finals:{term.number}:{teacher_id}", on):
            notices = _reminders(missing, term, teacher_id)
            await uow.outbox.add(notices, received_at=now, published_at=now)
            told += 1
    await uow.audit.write(actor, "teachers_reminded", at=now, term=term.name, count=told)
    await uow.commit()
    places = {(each.expected.pupil.class_id, each.expected.subject_id) for each in unknown}
    return Reminded(told, len(by_teacher) - told, len(places))


def _reminders(missing: Sequence[MissingMark], term: FinalTerm, teacher_id: int | None) -> Sequence[NewNotice]:
    """A notice for each class and subject of a teacher."""
    places: dict[tuple[int, str, int, str], int] = defaultdict(int)
    for each in missing:
        pupil, expected = each.expected.pupil, each.expected
        places[pupil.class_id, pupil.school_class, expected.subject_id, expected.subject] += 1
    return [
        NewNotice(
            None,
            FinalMarksMissing(
                school_class, subject, term.name, count,
                group_id=class_id, subject_id=subject_id, term_number=term.number,
            ),
            missing_finals_fact_name(term.name, class_id, subject_id),
            teacher_id,
        )
        for (class_id, school_class, subject_id, subject), count in places.items()
    ]  # fmt: skip

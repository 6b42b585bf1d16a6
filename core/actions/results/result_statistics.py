"""Results of terms, and lists of students, for those who lead a class or the school (Q54, Q62–Q64)."""

from collections.abc import Sequence
from datetime import date

from core.actions.results.lesson_statistics import load_lesson_statistics_year
from core.model.people import Actor
from core.model.results.statistics import ResultRecords, ResultStatistics, StudentLists, Wanted
from core.ports import UnitOfWork
from core.rules import access
from core.rules.results.statistics import result_statistics as rules
from core.rules.results.statistics import student_lists as list_rules


async def load_result_statistics(
    uow: UnitOfWork, actor: Actor, *, on: date, term: str | None = None, unmarked: frozenset[str] = frozenset()
) -> Sequence[ResultStatistics]:
    """The results of all classes that the actor leads, until a date. NotAllowedError for everybody else.

    `unmarked`: the normal names of subjects without final marks. Without a term: all terms that have marks.
    """
    records = await _records(uow, actor, on=on, unmarked=unmarked)
    return [] if records is None else rules.counted_result_statistics(records, term)


async def load_result_student_lists(
    uow: UnitOfWork, actor: Actor, *, on: date, wanted: Wanted, unmarked: frozenset[str] = frozenset()
) -> StudentLists:
    """The lists of a term, of all classes that the actor leads or of one. NotAllowedError for everybody else."""
    records = await _records(uow, actor, on=on, unmarked=unmarked)
    every = [] if records is None else list_rules.counted_student_lists(records, wanted.term)
    listed = [each for each in every if wanted.class_id in {None, each.school_class.id}]
    scope = access.statistics_access_scope(actor, on=on)
    names = await uow.results.student_names(scope, {each.student_id for each in listed})
    return StudentLists([each for each in listed if each.student_id in names], names)


async def _records(uow: UnitOfWork, actor: Actor, *, on: date, unmarked: frozenset[str]) -> ResultRecords | None:
    scope = access.statistics_access_scope(actor, on=on)
    year_id = await uow.year.year(on)
    if year_id is None:
        return None
    periods = await uow.year.periods(on)
    since, until = load_lesson_statistics_year(periods, on)
    places = await uow.results.student_places(scope, since=since, until=until)
    deferrals = await uow.deferrals.deferrals(scope, year_id=year_id)
    return ResultRecords(
        places,
        await uow.results.courses({each.group.id for each in places}, since=since, until=until),
        await uow.results.final_values(scope, year_id=year_id),
        frozenset((each.student_id, each.subject_id, each.term) for each in deferrals if each.ended_at is None),
        periods,
        frozenset(each.id for each in await uow.year.subjects() if each.name_key in unmarked),
        (since, until),
        on,
    )

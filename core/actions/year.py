"""The school year: its reporting periods and its subjects."""

from collections.abc import Sequence
from datetime import date

from core.model.people import Actor
from core.model.year import ReportingPeriod, Subject, TeachingGroup
from core.ports import UnitOfWork
from core.rules import access
from core.rules.results.terms import term_periods_of_pupil
from core.rules.year import class_of_groups, grade_level_of_groups


async def load_year_period(
    uow: UnitOfWork, actor: Actor, *, student_id: int, on: date, subject_id: int | None = None
) -> ReportingPeriod | None:
    """A student's reporting period of a date: the shortest that holds it, since a half-year holds its quarters."""
    periods = await load_year_periods(uow, actor, student_id=student_id, on=on, subject_id=subject_id)
    holding = [each for each in periods if each.starts_on <= on <= each.ends_on]
    return min(holding, key=lambda each: each.ends_on - each.starts_on, default=None)


async def load_year_periods(
    uow: UnitOfWork, actor: Actor, *, student_id: int, on: date, subject_id: int | None = None
) -> Sequence[ReportingPeriod]:
    """A student's reporting periods of the school year that holds this date, in their order (Q36).

    They are those of the student's class on that date. Where all periods are for everybody the class is not looked up.
    """
    periods = await uow.year.periods(on)
    if all(each.holds_for_everybody for each in periods):
        return periods
    school_class = await load_year_class(uow, actor, student_id=student_id, on=on)
    return term_periods_of_pupil(
        periods,
        grade_level=None if school_class is None else grade_level_of_groups([school_class]),
        class_id=None if school_class is None else school_class.id,
        subject_id=subject_id,
    )


async def load_year_class(uow: UnitOfWork, actor: Actor, *, student_id: int, on: date) -> TeachingGroup | None:
    """The class of a student on a date, as the family may see it; None without one."""
    places = await uow.timetable.places(student_id, access.family_access_scope(actor, on=on), since=on, until=on)
    return class_of_groups(place.group for place in places)


async def load_year_subjects(uow: UnitOfWork) -> Sequence[Subject]:
    """All subjects that the school teaches, by name."""
    return await uow.year.subjects()

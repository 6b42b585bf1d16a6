"""The school year: its reporting periods and its subjects."""

from collections.abc import Sequence
from datetime import date

from core.model.year import ReportingPeriod, Subject
from core.ports import UnitOfWork


async def reporting_period(uow: UnitOfWork, *, on: date) -> ReportingPeriod | None:
    """The reporting period of a date: the shortest that holds it, since a half-year holds its quarters."""
    holding = [each for each in await uow.year.periods(on) if each.starts_on <= on <= each.ends_on]
    return min(holding, key=lambda each: each.ends_on - each.starts_on, default=None)


async def reporting_periods(uow: UnitOfWork, *, on: date) -> Sequence[ReportingPeriod]:
    """All reporting periods of the school year that holds this date, in their order."""
    return await uow.year.periods(on)


async def subjects(uow: UnitOfWork) -> Sequence[Subject]:
    """All subjects that the school teaches, by name."""
    return await uow.year.subjects()

"""The reporting periods of the school year."""

from datetime import date

from core.model.year import ReportingPeriod
from core.ports import UnitOfWork


async def period(uow: UnitOfWork, *, on: date) -> ReportingPeriod | None:
    """The reporting period of a date: the shortest that holds it, since a half-year holds its quarters."""
    holding = [each for each in await uow.year.periods(on) if each.starts_on <= on <= each.ends_on]
    return min(holding, key=lambda each: each.ends_on - each.starts_on, default=None)

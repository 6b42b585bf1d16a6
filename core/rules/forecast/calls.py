"""When families hear of forecasts: weekly, and once in the last two weeks of a term (Q47)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.model.year import ReportingPeriod
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy

LAST_CALL = timedelta(days=14)
"""How long before the end of a term families hear of all that is still open."""


@dataclass(frozen=True, slots=True)
class DueForecastCall:
    """What is to be told on a date: of all terms on the school's weekday, and all that is open of terms that end.

    `ends` are the last days of those terms.
    """

    on: date
    is_weekly: bool
    ends: frozenset[date]

    def covers(self, until: date) -> bool:
        """Whether a term that ends then is told of."""
        return self.is_weekly or until in self.ends


def due_forecast_call(
    periods: Iterable[ReportingPeriod], *, now: datetime, policy: Policy, called: Collection[date]
) -> DueForecastCall | None:
    """What is due now, from the school's hour on; None where nothing is. `called`: ends that were told of already.

    A last call that was missed, since the machine was off, is made up until the day before the term's end.
    """
    on = timing.local_date_of_time(now, policy)
    if now.astimezone(policy.zone).time() < policy.digest_at:
        return None
    present = [each for each in periods if each.starts_on <= on <= each.ends_on]
    is_weekly = bool(present) and on.weekday() == policy.paper_weekday
    ends = frozenset(each.ends_on for each in last_forecast_calls(present, on)) - frozenset(called)
    return DueForecastCall(on, is_weekly, ends) if is_weekly or ends else None


def last_forecast_calls(periods: Iterable[ReportingPeriod], on: date) -> list[ReportingPeriod]:
    """The periods in whose last two weeks a date lies, their last day left out."""
    return [each for each in periods if timedelta(0) < each.ends_on - on <= LAST_CALL and each.starts_on <= on]

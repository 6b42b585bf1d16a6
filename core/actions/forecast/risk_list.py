"""The students of a class who are at risk in this term, for those who lead it (Q49)."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from core.actions.forecast import outlook
from core.errors import NotFoundError
from core.model.people import Actor
from core.ports import UnitOfWork
from core.rules import access
from core.rules.forecast.risks import Risk, forecast_risks_by_kind
from core.rules.results.proposals import ResultsPolicy


async def load_class_risk_list(
    uow: UnitOfWork, actor: Actor, *, class_id: int, on: date, policy: ResultsPolicy
) -> Sequence[Risk]:
    """The risks of a class in the present term; none between terms.

    NotAllowedError for everybody who leads no class, NotFoundError for a class of somebody else.
    """
    scope = access.statistics_access_scope(actor, on=on)
    if class_id not in {group.id for group in await uow.year.groups(scope)}:
        raise NotFoundError
    found = await outlook.load_forecast_outlook(uow, scope, on=on, policy=policy, group_id=class_id)
    return forecast_risks_by_kind(found, [Fraction(least) for least in policy.thresholds])

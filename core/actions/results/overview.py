"""What the statistics screens let a person choose: classes and terms (Q14, Q62)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import NotFoundError
from core.model.imports.reports import YEAR
from core.model.people import Actor
from core.model.year import GroupKind, TeachingGroup
from core.ports import UnitOfWork
from core.rules import access
from core.rules.results.terms import term_key


@dataclass(frozen=True, slots=True)
class StatisticsOverview:
    """The classes that the actor leads, by grade, and the terms of the year in their order, the year last."""

    classes: Sequence[TeachingGroup]
    terms: Sequence[str]
    current: str
    """The last term that has begun."""

    def school_class(self, class_id: int) -> TeachingGroup:
        """The class with this id; NotFoundError where the actor does not lead it."""
        for each in self.classes:
            if each.id == class_id:
                return each
        raise NotFoundError


async def load_statistics_overview(uow: UnitOfWork, actor: Actor, *, on: date) -> StatisticsOverview:
    """What the actor may choose. NotAllowedError for everybody who leads neither a class nor the school."""
    scope = access.statistics_access_scope(actor, on=on)
    classes = [each for each in await uow.year.groups(scope) if each.kind is GroupKind.CLASS]
    periods = sorted(await uow.year.periods(on), key=lambda each: each.starts_on)
    names = {term_key(each.name): each.name for each in reversed(periods)}
    begun = [each.name for each in periods if each.starts_on <= on]
    terms = [*(name for key, name in reversed(names.items()) if key != YEAR), YEAR]
    return StatisticsOverview(
        sorted(classes, key=lambda each: (each.grade_level or 0, each.name)), terms, begun[-1] if begun else YEAR
    )

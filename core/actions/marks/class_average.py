"""How a class stands on the whole, for a family to compare with: one figure in which nobody can be told (Q13, Q14)."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from core.errors import NotFoundError
from core.model.marks.entries import Entry
from core.model.people import Actor
from core.ports import UnitOfWork
from core.rules import access
from core.rules.marks import averages
from core.rules.marks.tokens import token_kind

FEWEST = 5
"""Classmates with marks below which an average would speak of single ones."""


async def load_class_averages(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> dict[int, Fraction]:
    """The weighted average of the student's class by subject; a subject with too few marked classmates is left out.

    Of what families see: a mark or correction that waits for its publication moves nothing yet.
    NotFoundError unless the actor may see the student. Whether the school shows it at all is its setting.
    """
    if student_id not in {child.id for child in await uow.people.children(access.family_access_scope(actor, on=on))}:
        raise NotFoundError
    roll = await uow.people.roll(on)
    own_class = next((each.class_key for each in roll if each.student_id == student_id), "")
    classmates = [each.student_id for each in roll if own_class and each.class_key == own_class]
    by_subject: dict[int, list[Entry]] = {}
    for entry in await uow.marks.known(classmates, since=since, until=until):
        if (seen := entry.seen) is not None:
            as_seen = replace(entry, kind=token_kind(seen), value=seen)
            by_subject.setdefault(entry.subject_id, []).append(as_seen)
    means = {subject_id: _anonymous_average(entries) for subject_id, entries in by_subject.items()}
    return {subject_id: mean for subject_id, mean in means.items() if mean is not None}


def _anonymous_average(entries: list[Entry]) -> Fraction | None:
    marked = {entry.student_id for entry in entries if averages.weighted_average([entry]) is not None}
    return averages.weighted_average(entries) if len(marked) >= FEWEST else None

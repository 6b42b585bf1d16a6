"""The register of consents for reading: the entries of a period, and the state on a date, by class (Q6, Q12)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.model.people import OFFICE, Actor
from core.model.register.consents import ConsentEntry
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.register.consents import latest_consent_entry
from core.rules.year import grade_level_of_name


@dataclass(frozen=True, slots=True)
class BookLine:
    """An entry with the names and the student's class; "" for a student who is in no class on that date."""

    school_class: str
    student: str
    person: str
    entry: ConsentEntry


async def load_consent_book_period(uow: UnitOfWork, actor: Actor, *, since: date, until: date) -> Sequence[BookLine]:
    """The entries whose documents are of these days, both included, by class, student and number (Q12).

    The class is that of the last day.
    """
    access.require_access_role(actor, *OFFICE)
    entries = [each for each in await uow.register.consents() if since <= each.decided_on <= until]
    return await _lines(uow, entries, on=until)


async def load_consent_book_state(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[BookLine]:
    """For each pair the entry that counted on a date, computed from the entries alone (Q6)."""
    access.require_access_role(actor, *OFFICE)
    pairs: defaultdict[tuple[int, int], list[ConsentEntry]] = defaultdict(list)
    for entry in await uow.register.consents():
        pairs[entry.person_id, entry.student_id].append(entry)
    counted = [latest_consent_entry(own, on) for own in pairs.values()]
    return await _lines(uow, [entry for entry in counted if entry is not None], on=on)


async def _lines(uow: UnitOfWork, entries: Sequence[ConsentEntry], *, on: date) -> Sequence[BookLine]:
    classes = {pupil.student_id: pupil.class_name for pupil in await uow.people.roll(on)}
    names = await _names(uow, entries)
    lines = [
        BookLine(classes.get(entry.student_id, ""), names[entry.student_id], names[entry.person_id], entry)
        for entry in entries
    ]
    return sorted(lines, key=lambda line: (_class_order(line.school_class), line.student, line.entry.id))


async def _names(uow: UnitOfWork, entries: Sequence[ConsentEntry]) -> Mapping[int, str]:
    ids = {id_ for entry in entries for id_ in (entry.person_id, entry.student_id)}
    return {id_: (await uow.people.person(id_, Everything())).name for id_ in sorted(ids)}


def _class_order(school_class: str) -> tuple[bool, int, str]:
    """2А before 10А, and whoever is in no class last."""
    return not school_class, grade_level_of_name(school_class) or 0, school_class

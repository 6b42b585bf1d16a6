"""Finds a person by number or full name, and the staff member who acts."""

from collections.abc import Iterable, Mapping
from datetime import date

from bot.cli.errors import BadInputError
from core.errors import NotAllowedError
from core.model.people import OFFICE, STAFF, Actor, Person
from core.model.year import GroupKind, Subject, TeachingGroup
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.people.names import normal_class, normal_name

LARGEST_NUMBER = 2**31 - 1
"""Of an entry: the databases count them in 32 bits."""


async def find_person(uow: UnitOfWork, who: str) -> Person:
    """The person with this number, or with this full name if it is unique. Raises BadInputError, NotFoundError."""
    if who.isdecimal():
        found_by_number = await uow.people.person(_number(who), Everything())
        if found_by_number.joined_to is None:
            return found_by_number
        raise BadInputError("cli.joined", number=found_by_number.joined_to)
    found = await uow.people.named({normal_name(who)})
    if not found:
        raise BadInputError("cli.nobody")
    if len(found) > 1:
        raise BadInputError("cli.several", numbers=", ".join(str(person.id) for person in found))
    return found[0]


async def find_subject(uow: UnitOfWork, named: str) -> Subject:
    """The subject with this number or name. Raises BadInputError."""
    key = normal_name(named)
    for subject in await uow.year.subjects():
        if key in {subject.name_key, str(subject.id)}:
            return subject
    raise BadInputError("subject.nobody")


async def find_class(uow: UnitOfWork, named: str) -> TeachingGroup:
    """The class of this name. Raises BadInputError."""
    for group in await uow.year.groups(Everything()):
        if group.kind is GroupKind.CLASS and group.name_key == normal_class(named):
            return group
    raise BadInputError("results.no_such_class")


async def find_staff(uow: UnitOfWork, who: str, *, on: date) -> Actor:
    """The staff member of this name or number, with the roles of that date; namesakes without a role are ignored.

    Raises BadInputError for nobody or several, NotAllowedError for somebody who has no role at the school.
    """
    known = [await find_person(uow, who)] if who.isdecimal() else await uow.people.named({normal_name(who)})
    if not known:
        raise BadInputError("cli.nobody_acts_so")
    borne = {person.id: await uow.people.roles(person.id, on=on) & STAFF for person in known}
    staff = [person_id for person_id, roles in borne.items() if roles]
    office = [person_id for person_id in staff if borne[person_id] & OFFICE] or staff
    match office:
        case [person_id]:
            return Actor(person_id, borne[person_id])
        case []:
            raise NotAllowedError
        case _:
            raise BadInputError("cli.several", numbers=", ".join(map(str, office)))


def _number(figures: str) -> int:
    """The number of an entry. BadInputError for one that no database can hold."""
    if len(figures) > len(str(LARGEST_NUMBER)) or int(figures) > LARGEST_NUMBER:
        raise BadInputError("cli.nobody")
    return int(figures)


async def names_of(uow: UnitOfWork, person_ids: Iterable[int]) -> Mapping[int, str]:
    """Names by person, each read once."""
    return {id_: (await uow.people.person(id_, Everything())).name for id_ in sorted(set(person_ids))}

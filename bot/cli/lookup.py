"""Finds a person by number, name or part of a name, and the staff member who acts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import typer

from bot.cli.errors import BadInputError
from core.actions.register.office import families
from core.errors import NotAllowedError
from core.model.people import OFFICE, STAFF, Actor, Person
from core.model.register.families import FoundPerson
from core.model.year import GroupKind, Subject, TeachingGroup
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.people.names import normal_class_name, normal_name

if TYPE_CHECKING:
    from bot.app import App

LARGEST_NUMBER = 2**31 - 1
"""Of an entry: the databases count them in 32 bits."""


class SeveralFoundError(BadInputError):
    """Several persons fit what was typed; the answer lists them for the person at the keyboard, the log does not."""

    def __init__(self, found: Sequence[FoundPerson]) -> None:
        super().__init__("cli.several_fit", count=len(found))
        self.found = found


async def look_up_named_person(app: "App", uow: UnitOfWork, who: str) -> Person:
    """The person with this number, full name, or part of a name, if only one fits; who was found by a part is named.

    Raises BadInputError for nobody, SeveralFoundError, NotFoundError.
    """
    if who.isdecimal():
        return await _numbered(uow, who)
    key = normal_name(who)
    named = await uow.people.named({key})
    found = named or (await uow.people.find(key) if key else ())
    if not found:
        raise BadInputError("cli.nobody")
    if len(found) > 1:
        on = timing.local_date_of_time(app.clock(), app.policy)
        raise SeveralFoundError(await families.load_family_namesakes(uow, found, on=on))
    if not named:
        typer.echo(f"№ {found[0].id} {found[0].name}", err=True)
    return found[0]


async def look_up_named_subject(uow: UnitOfWork, named: str) -> Subject:
    """The subject with this number or name. Raises BadInputError."""
    key = normal_name(named)
    for subject in await uow.year.subjects():
        if key in {subject.name_key, str(subject.id)}:
            return subject
    raise BadInputError("subject.nobody")


async def look_up_named_class(uow: UnitOfWork, named: str) -> TeachingGroup:
    """The class of this name. Raises BadInputError."""
    for group in await uow.year.groups(Everything()):
        if group.kind is GroupKind.CLASS and group.name_key == normal_class_name(named):
            return group
    raise BadInputError("results.no_such_class")


async def look_up_named_staff(uow: UnitOfWork, who: str, *, on: date) -> Actor:
    """The staff member of this name or number, with the roles of that date; namesakes without a role are ignored.

    Raises BadInputError for nobody or several, NotAllowedError for somebody who has no role at the school.
    """
    known = [await _numbered(uow, who)] if who.isdecimal() else await uow.people.named({normal_name(who)})
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


async def _numbered(uow: UnitOfWork, figures: str) -> Person:
    """The person with this number. Raises BadInputError for an entry that was joined to another, NotFoundError."""
    found = await uow.people.person(_number(figures), Everything())
    if found.joined_to is not None:
        raise BadInputError("cli.joined", number=found.joined_to)
    return found


def _number(figures: str) -> int:
    """The number of an entry. BadInputError for one that no database can hold."""
    if len(figures) > len(str(LARGEST_NUMBER)) or int(figures) > LARGEST_NUMBER:
        raise BadInputError("cli.nobody")
    return int(figures)


async def look_up_names_on_console(uow: UnitOfWork, person_ids: Iterable[int]) -> Mapping[int, str]:
    """Names by person."""
    return await uow.people.names(set(person_ids))

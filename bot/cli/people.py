"""Finding the one person that the operator means, by number or by full name."""

from collections.abc import Iterable, Mapping

from bot.cli.errors import BadInputError
from core.model.people import Person
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.names import normal_name


async def find_person(uow: UnitOfWork, who: str) -> Person:
    """By number, or by a full name that only one person bears. Raises BadInputError, NotFoundError."""
    if who.isdecimal():
        return await uow.people.person(int(who), Everything())
    found = await uow.people.named({normal_name(who)})
    if not found:
        raise BadInputError("cli.nobody")
    if len(found) > 1:
        raise BadInputError("cli.several", numbers=", ".join(str(person.id) for person in found))
    return found[0]


async def names_of(uow: UnitOfWork, person_ids: Iterable[int]) -> Mapping[int, str]:
    """Names for a report, each asked for once."""
    return {id_: (await uow.people.person(id_, Everything())).name for id_ in sorted(set(person_ids))}

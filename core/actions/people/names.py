"""Names of persons are corrected, and names on papers compared with the staff."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.errors import EmptyNameError
from core.model.people import OFFICE, Actor, Person
from core.ports import UnitOfWork
from core.rules import access
from core.rules.people.initials import people_of_initials
from core.rules.people.names import normal_name


async def correct_person_name(
    uow: UnitOfWork, actor: Actor, *, person_id: int, name: str, now: datetime
) -> Sequence[Person]:
    """Gives a person another name. The former name is kept, so that an old list does not add a second person.

    Returns the other persons of the new name, who may be the same person. Raises EmptyNameError.
    """
    access.require_access_role(actor, *OFFICE)
    clean, key = " ".join(name.split()), normal_name(name)
    if not key or not clean.isprintable():
        raise EmptyNameError
    await uow.people.rename(person_id, clean, key)
    await uow.audit.write(actor, "person.renamed", at=now, person=person_id)
    await uow.commit()
    return [person for person in await uow.people.named({key}) if person.id != person_id]


async def is_name_of_staff(uow: UnitOfWork, people: Iterable[Person], name: str) -> bool:
    """Whether one of these people has or had a role at school and bears the name, whole or with initials."""
    for person in people_of_initials(people, name):
        if await uow.people.staff_roles(person.id):
            return True
    return False

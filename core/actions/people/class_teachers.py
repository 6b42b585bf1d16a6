"""Who leads a class."""

from collections.abc import Sequence
from datetime import date

from core.model.people import Role
from core.ports import UnitOfWork


async def load_class_teachers(uow: UnitOfWork, class_id: int, on: date) -> Sequence[int]:
    """Ids of the class teachers of a class on a date."""
    found = set()
    for person_id in await uow.people.holders_of_role(Role.CLASS_TEACHER, on=on):
        roles = await uow.people.staff_roles(person_id)
        if any(
            role.group_id == class_id and role.role is Role.CLASS_TEACHER and not role.has_ended(on) for role in roles
        ):
            found.add(person_id)
    return sorted(found)

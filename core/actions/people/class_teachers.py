"""Who leads a class."""

from collections.abc import Sequence
from datetime import date

from core.model.people import Role
from core.model.year import GroupKind
from core.ports import UnitOfWork
from core.rules.access import Everything


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


async def load_class_teacher_gaps(uow: UnitOfWork, on: date) -> tuple[Sequence[str], Sequence[str]]:
    """Names of the classes that have students and no class teacher, and of those that have it the other way round."""
    roll = await uow.people.roll(on)
    attended = {entry.class_key for entry in roll if entry.leaves_on is None or entry.leaves_on >= on}
    led: set[int | None] = set()
    for person_id in await uow.people.holders_of_role(Role.CLASS_TEACHER, on=on):
        roles = await uow.people.staff_roles(person_id)
        led |= {role.group_id for role in roles if role.role is Role.CLASS_TEACHER and not role.has_ended(on)}
    classes = [group for group in await uow.year.groups(Everything()) if group.kind is GroupKind.CLASS]
    return (
        [each.name for each in classes if each.name_key in attended and each.id not in led],
        [each.name for each in classes if each.name_key not in attended and each.id in led],
    )

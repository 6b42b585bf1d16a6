"""The roles of a person: staff by the school's list, guardians by access to a child, students by an account."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, select

from core.model.people import Role
from storage.access.scopes import scope_represents_student, scope_role_in_force
from storage.database.types import DayType
from storage.schema.people import guardianship, person, staff_role, student

ON: Any = bindparam("on", type_=DayType())
"""The parameter for the date of the roles."""

_GUARDS = (
    exists()
    .where(guardianship.c.guardian_id == person.c.id, scope_represents_student(ON))
    .correlate_except(guardianship)
)
_HAS_ACCOUNT = exists().where(student.c.id == person.c.id, student.c.own_account)
ROLES = select(staff_role.c.role, _GUARDS.label("guards"), _HAS_ACCOUNT.label("has_account")).select_from(
    person.outerjoin(staff_role, and_(staff_role.c.person_id == person.c.id, scope_role_in_force(ON)))
)
"""A row for each staff role of a person on a day, or one without a role."""


def roles_of_person_rows(rows: Iterable[Row[Any]]) -> frozenset[Role]:
    """All roles in the rows of one person; none where there are no rows."""
    return frozenset(role for row in rows for role in _of_row(row))


def _of_row(row: Row[Any]) -> Iterator[Role]:
    if row.role is not None:
        yield row.role
    if row.guards:
        yield Role.GUARDIAN
    if row.has_account:
        yield Role.STUDENT

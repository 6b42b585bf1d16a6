"""Staff as recipients, and who bears a role, in SQL."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from core.model.delivery.recipients import Recipient
from core.model.people import Role
from storage.access.scopes import is_in_force
from storage.database.repository import Repository
from storage.delivery import recipients
from storage.schema.people import staff_role


class SqlStaff(Repository):
    async def staff(self, person_ids: Collection[int], *, on: date) -> Sequence[Recipient]:
        return await recipients.staff_recipients(self._connection, person_ids, on=on)

    async def holders_of_role(self, role: Role, *, on: date) -> Sequence[int]:
        bearing = select(staff_role.c.person_id).where(staff_role.c.role == role, is_in_force(on)).distinct()
        return list(await self._connection.scalars(bearing.order_by(staff_role.c.person_id)))

"""Contacts with their proofs in SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, insert, select, update

from core.errors import ConflictError
from core.model.channels import PAPER
from core.model.delivery.states import Reason
from core.model.register.contacts import Confirmation, Contact, PendingContact
from core.model.register.forms import WrittenForm
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_one_row, fetch_rows, row_chunks, row_columns, select_rows
from storage.schema.people import guardianship, person, staff_role
from storage.schema.register import confirmation, contact

IS_CONFIRMED = exists().where(confirmation.c.contact_id == contact.c.id)
"""Whether a written form confirms a row of `contact`."""

_IN_USE = (
    select(*row_columns(contact, Contact), person.c.name, IS_CONFIRMED)
    .join(person, person.c.id == contact.c.person_id)
    .where(contact.c.channel != PAPER, contact.c.revoked_at.is_(None), contact.c.destroyed_at.is_(None))
)
_OPEN_GUARDIANSHIP = (guardianship.c.guardian_id == contact.c.person_id) & guardianship.c.ends_on.is_(None)
_IS_BARRED = (
    exists().where(_OPEN_GUARDIANSHIP, ~guardianship.c.access)
    & ~exists().where(_OPEN_GUARDIANSHIP, guardianship.c.access)
    & ~exists().where(staff_role.c.person_id == contact.c.person_id)
)
"""A guardian who may see none of the children has nothing to confirm."""

PENDING = _IN_USE.where(contact.c.proven_at.is_(None) | ~IS_CONFIRMED, ~_IS_BARRED).order_by(
    person.c.name_key, person.c.id, contact.c.rank, contact.c.id
)
SET_ASIDE = _IN_USE.where(contact.c.set_aside_at.is_not(None)).order_by(
    contact.c.set_aside_at.desc(), contact.c.id.desc()
)

_OTHER = contact.alias("other")
SHARED = (
    select(contact.c.id, person.c.name)
    .join(person, person.c.id == contact.c.person_id)
    .where(contact.c.id.in_(bindparam("contact_ids", expanding=True)))
    .where(
        exists().where(
            _OTHER.c.channel == contact.c.channel,
            _OTHER.c.address == contact.c.address,
            _OTHER.c.person_id != contact.c.person_id,
            _OTHER.c.proven_at.is_not(None),
            _OTHER.c.revoked_at.is_(None),
            exists().where(confirmation.c.contact_id == _OTHER.c.id),
        )
    )
)


class SqlContacts(Repository):
    async def add_contact(
        self,
        *,
        person_id: int,
        channel: str,
        address: str | None,
        rank: int,
        origin: str,
        proven_at: datetime | None,
        added_at: datetime | None = None,
    ) -> int:
        new = {"person_id": person_id, "channel": channel, "address": address, "rank": rank, "origin": origin}
        return await add_row(self._connection, contact, new | {"proven_at": proven_at, "added_at": added_at})

    async def contacts(self, person_id: int) -> Sequence[Contact]:
        own = select_rows(contact, Contact).where(contact.c.person_id == person_id)
        return await fetch_rows(self._connection, Contact, own.order_by(contact.c.rank, contact.c.id))

    async def addresses(self) -> Sequence[tuple[int, str, str]]:
        held = select(contact.c.person_id, contact.c.channel, contact.c.address).where(contact.c.address.is_not(None))
        return [
            (person_id, channel, address or "") for person_id, channel, address in await self._connection.execute(held)
        ]

    async def contact(self, contact_id: int) -> Contact:
        return await fetch_one_row(
            self._connection, Contact, select_rows(contact, Contact).where(contact.c.id == contact_id)
        )

    async def contacts_at(self, channel: str, address: str) -> Sequence[Contact]:
        here = (contact.c.channel == channel) & (contact.c.address == address) & contact.c.revoked_at.is_(None)
        return await fetch_rows(
            self._connection, Contact, select_rows(contact, Contact).where(here).order_by(contact.c.id)
        )

    async def pending(self) -> Sequence[PendingContact]:
        return await self._with_owners(PENDING)

    async def contacts_set_aside(self) -> Sequence[PendingContact]:
        return await self._with_owners(SET_ASIDE)

    async def _with_owners(self, contacts: Select[Any]) -> Sequence[PendingContact]:
        return [
            PendingContact(Contact(*fields), owner, is_confirmed)
            for *fields, owner, is_confirmed in await self._connection.execute(contacts)
        ]

    async def rank(self, contact_ids: Sequence[int]) -> None:
        for rank, contact_id in enumerate(contact_ids):
            await self._update_contact(contact_id, rank=rank)

    async def owners_of_shared(self, contact_ids: Collection[int]) -> Mapping[int, str]:
        found: dict[int, str] = {}
        for ids in row_chunks(sorted(contact_ids)):
            rows = await self._connection.execute(SHARED, {"contact_ids": ids})
            found |= {row.id: row.name for row in rows}
        return found

    async def confirm(self, contact_id: int, written: WrittenForm, *, at: datetime) -> None:
        new = {
            "contact_id": contact_id,
            "form": written.form,
            "document": written.document,
            "document_on": written.document_on,
            "accepted_by": written.accepted_by,
            "accepted_at": at,
        }
        await self._connection.execute(insert(confirmation), new)

    async def confirmations(self, contact_id: int) -> Sequence[Confirmation]:
        written = select_rows(confirmation, Confirmation).where(confirmation.c.contact_id == contact_id)
        return await fetch_rows(self._connection, Confirmation, written.order_by(confirmation.c.id))

    async def bind(self, contact_id: int, address: str, *, at: datetime) -> None:
        """A person has an address only once, so an earlier contact with it is revoked."""
        this = select(contact.c.person_id, contact.c.channel).where(contact.c.id == contact_id).subquery()
        twice = update(contact).where(
            contact.c.person_id.in_(select(this.c.person_id)),
            contact.c.channel.in_(select(this.c.channel)),
            and_(contact.c.address == address, contact.c.id != contact_id, contact.c.revoked_at.is_(None)),
        )
        await self._connection.execute(twice.values(revoked_at=at))
        open_to_it = contact.c.address.is_(None) | (contact.c.address == address)
        proven = {"address": address, "proven_at": at, "set_aside_at": None, "set_aside_reason": None}
        bound = update(contact).where(contact.c.id == contact_id, open_to_it).values(proven)
        if (await self._connection.execute(bound)).rowcount != 1:
            raise ConflictError

    async def set_announcement(self, contact_id: int, at: datetime | None) -> None:
        await self._update_contact(contact_id, announce_at=at)

    async def announcements(self, channel: str) -> Sequence[Contact]:
        due = select_rows(contact, Contact).where(contact.c.channel == channel, contact.c.announce_at.is_not(None))
        in_use = due.where(contact.c.proven_at.is_not(None), contact.c.revoked_at.is_(None), IS_CONFIRMED)
        return await fetch_rows(self._connection, Contact, in_use.order_by(contact.c.id))

    async def set_aside(self, contact_id: int, reason: Reason, *, at: datetime) -> None:
        await self._update_contact(contact_id, set_aside_at=at, set_aside_reason=reason)

    async def mute(self, contact_id: int, *, until: datetime | None) -> None:
        await self._update_contact(contact_id, muted_until=until)

    async def end_mutes(self, *, before: datetime) -> None:
        over = update(contact).where(contact.c.muted_until <= before)
        await self._connection.execute(over.values(muted_until=None))

    async def resume(self, contact_id: int) -> None:
        await self._update_contact(contact_id, set_aside_at=None, set_aside_reason=None)

    async def revoke(self, contact_id: int, *, at: datetime) -> None:
        await self._update_contact(contact_id, revoked_at=at)

    async def _update_contact(self, contact_id: int, **values: Any) -> None:
        await self._connection.execute(update(contact).where(contact.c.id == contact_id).values(**values))

"""The register of consents, contacts with their proofs, one-time codes, preferences in SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import ConflictError
from core.model.channels import PAPER
from core.model.delivery.states import Reason
from core.model.notices import NoticeKind
from core.model.register.consents import ConsentEntry, Decision
from core.model.register.contacts import Confirmation, Contact, OneTimeCode, PendingContact
from core.model.register.forms import FormKind
from core.model.register.preferences import Frequency, Preference
from storage.database.rows import add_row, chunks, columns, fetch, fetch_one, selected, upsert
from storage.numbering import next_number
from storage.schema.people import person
from storage.schema.register import (
    confirmation,
    consent_entry,
    contact,
    digest_hour,
    one_time_code,
    preference,
    wrong_code,
)

_WRITTEN = exists().where(confirmation.c.contact_id == contact.c.id)
_ABOUT = (person.c.name.label("owner"), _WRITTEN.label("is_confirmed"))
PENDING = (
    select(*columns(contact, Contact), *_ABOUT)
    .join(person, person.c.id == contact.c.person_id)
    .where(contact.c.channel != PAPER, contact.c.revoked_at.is_(None), contact.c.destroyed_at.is_(None))
    .where(contact.c.proven_at.is_(None) | ~_WRITTEN)
    .order_by(person.c.name_key, person.c.id, contact.c.rank, contact.c.id)
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


class Register:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_consent(  # noqa: PLR0913  # a register entry has these fields by law (Q1)
        self,
        *,
        person_id: int,
        student_id: int,
        decision: Decision,
        decided_on: date,
        form: FormKind,
        document: str,
        registered_by: str,
        at: datetime,
        expires_on: date | None = None,
        scan_sha256: str | None = None,
    ) -> ConsentEntry:
        new = {
            "number": f"{at.year}-{await next_number(self._connection, 'consent', at.year):04}",
            "person_id": person_id,
            "student_id": student_id,
            "decision": decision,
            "decided_on": decided_on,
            "form": form,
            "document": document,
            "scan_sha256": scan_sha256,
            "expires_on": expires_on,
            "registered_by": registered_by,
            "registered_at": at,
        }
        entry_id = await add_row(self._connection, consent_entry, new)
        same = selected(consent_entry, ConsentEntry).where(consent_entry.c.id == entry_id)
        return await fetch_one(self._connection, ConsentEntry, same)

    async def consents(self, person_id: int | None = None, student_id: int | None = None) -> Sequence[ConsentEntry]:
        entries = selected(consent_entry, ConsentEntry).order_by(consent_entry.c.id)
        if person_id is not None:
            entries = entries.where(consent_entry.c.person_id == person_id)
        if student_id is not None:
            entries = entries.where(consent_entry.c.student_id == student_id)
        return await fetch(self._connection, ConsentEntry, entries)

    async def add_contact(
        self, *, person_id: int, channel: str, address: str | None, rank: int, origin: str, proven_at: datetime | None
    ) -> int:
        new = {"person_id": person_id, "channel": channel, "address": address, "rank": rank, "origin": origin}
        return await add_row(self._connection, contact, new | {"proven_at": proven_at})

    async def contacts(self, person_id: int) -> Sequence[Contact]:
        own = selected(contact, Contact).where(contact.c.person_id == person_id)
        return await fetch(self._connection, Contact, own.order_by(contact.c.rank, contact.c.id))

    async def contact(self, contact_id: int) -> Contact:
        return await fetch_one(self._connection, Contact, selected(contact, Contact).where(contact.c.id == contact_id))

    async def contacts_at(self, channel: str, address: str) -> Sequence[Contact]:
        here = (contact.c.channel == channel) & (contact.c.address == address) & contact.c.revoked_at.is_(None)
        return await fetch(self._connection, Contact, selected(contact, Contact).where(here).order_by(contact.c.id))

    async def pending(self) -> Sequence[PendingContact]:
        return [
            PendingContact(Contact(*row[: -len(_ABOUT)]), row.owner, row.is_confirmed)
            for row in await self._connection.execute(PENDING)
        ]

    async def rank(self, contact_ids: Sequence[int]) -> None:
        for rank, contact_id in enumerate(contact_ids):
            await self._set(contact_id, rank=rank)

    async def owners_of_shared(self, contact_ids: Collection[int]) -> Mapping[int, str]:
        found: dict[int, str] = {}
        for ids in chunks(sorted(contact_ids)):
            rows = await self._connection.execute(SHARED, {"contact_ids": ids})
            found |= {row.id: row.name for row in rows}
        return found

    async def confirm(
        self,
        contact_id: int,
        *,
        form: FormKind,
        document: str,
        document_on: date | None,
        accepted_by: str,
        at: datetime,
    ) -> None:
        new = {"contact_id": contact_id, "form": form, "document": document, "document_on": document_on}
        await self._connection.execute(insert(confirmation), new | {"accepted_by": accepted_by, "accepted_at": at})

    async def confirmations(self, contact_id: int) -> Sequence[Confirmation]:
        written = selected(confirmation, Confirmation).where(confirmation.c.contact_id == contact_id)
        return await fetch(self._connection, Confirmation, written.order_by(confirmation.c.id))

    async def bind(self, contact_id: int, address: str, *, at: datetime) -> None:
        """The address is the person's once: an earlier contact of it is taken back."""
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

    async def set_aside(self, contact_id: int, reason: Reason, *, at: datetime) -> None:
        await self._set(contact_id, set_aside_at=at, set_aside_reason=reason)

    async def resume(self, contact_id: int) -> None:
        await self._set(contact_id, set_aside_at=None, set_aside_reason=None)

    async def revoke(self, contact_id: int, *, at: datetime) -> None:
        await self._set(contact_id, revoked_at=at)

    async def _set(self, contact_id: int, **values: Any) -> None:
        await self._connection.execute(update(contact).where(contact.c.id == contact_id).values(**values))

    async def add_code(
        self, *, person_id: int, contact_id: int | None, channel: str, code_hash: str, expires_at: datetime
    ) -> None:
        new = {"person_id": person_id, "contact_id": contact_id, "channel": channel, "code_hash": code_hash}
        await self._connection.execute(insert(one_time_code), new | {"expires_at": expires_at})

    async def code(self, code_hash: str, channel: str) -> OneTimeCode | None:
        same = (one_time_code.c.code_hash == code_hash) & (one_time_code.c.channel == channel)
        newest = selected(one_time_code, OneTimeCode).where(same).order_by(one_time_code.c.id.desc()).limit(1)
        return next(iter(await fetch(self._connection, OneTimeCode, newest)), None)

    async def use_code(self, code_id: int, *, at: datetime) -> bool:
        unused = (one_time_code.c.id == code_id) & one_time_code.c.used_at.is_(None)
        result = await self._connection.execute(update(one_time_code).where(unused).values(used_at=at))
        return result.rowcount == 1

    async def count_guess(self, origin: str, *, at: datetime, window: timedelta) -> int:
        await self._connection.execute(delete(wrong_code).where(wrong_code.c.at <= at - window))
        await self._connection.execute(insert(wrong_code), {"origin": origin, "at": at})
        return await self.guesses(origin, since=at - window)

    async def guesses(self, origin: str | None = None, *, since: datetime) -> int:
        wrong = select(func.count()).select_from(wrong_code).where(wrong_code.c.at > since)
        if origin is not None:
            wrong = wrong.where(wrong_code.c.origin == origin)
        return (await self._connection.execute(wrong)).scalar_one()

    async def prefer(self, person_id: int, kind: NoticeKind, frequency: Frequency) -> None:
        new = upsert(self._connection, preference).values(person_id=person_id, kind=kind, frequency=frequency)
        agreed = new.on_conflict_do_update(index_elements=["person_id", "kind"], set_={"frequency": frequency})
        await self._connection.execute(agreed)

    async def preferences(self, person_id: int) -> Sequence[Preference]:
        own = selected(preference, Preference).where(preference.c.person_id == person_id)
        return await fetch(self._connection, Preference, own.order_by(preference.c.id))

    async def set_digest_hour(self, person_id: int, at: time | None) -> None:
        if at is None:
            await self._connection.execute(delete(digest_hour).where(digest_hour.c.person_id == person_id))
            return
        new = upsert(self._connection, digest_hour).values(person_id=person_id, at=at)
        await self._connection.execute(new.on_conflict_do_update(index_elements=["person_id"], set_={"at": at}))

    async def digest_hour(self, person_id: int) -> time | None:
        own = select(digest_hour.c.at).where(digest_hour.c.person_id == person_id)
        return (await self._connection.execute(own)).scalar_one_or_none()

    async def digest_hours(self) -> Sequence[time]:
        return list(await self._connection.scalars(select(digest_hour.c.at).distinct().order_by(digest_hour.c.at)))

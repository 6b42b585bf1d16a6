"""What people want to hear, and when, in SQL."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import cast

from sqlalchemy import ColumnElement, delete, select

from core.model.notices.kinds import NoticeKind
from core.model.register.preferences import Frequency, Preference
from storage.database.repository import Repository
from storage.database.rows import add_missing_row, fetch_rows, select_rows, upsert_rows
from storage.schema.register import digest_hour, preference, quiet_hours, unsubscription


class SqlPreferences(Repository):
    async def prefer(self, person_id: int, kind: NoticeKind, frequency: Frequency) -> None:
        new = upsert_rows(self._connection, preference).values(person_id=person_id, kind=kind, frequency=frequency)
        agreed = new.on_conflict_do_update(index_elements=["person_id", "kind"], set_={"frequency": frequency})
        await self._connection.execute(agreed)

    async def unsubscribe(self, person_id: int, channel: str, kind: NoticeKind, *, at: datetime) -> None:
        new = {"person_id": person_id, "channel": channel, "kind": kind, "at": at}
        await add_missing_row(self._connection, unsubscription, new)

    async def subscribe(self, person_id: int, *, kind: NoticeKind | None = None, channel: str | None = None) -> bool:
        meant = {unsubscription.c.person_id: person_id, unsubscription.c.kind: kind, unsubscription.c.channel: channel}
        own = [cast("ColumnElement[bool]", column == value) for column, value in meant.items() if value is not None]
        return bool((await self._connection.execute(delete(unsubscription).where(*own))).rowcount)

    async def unsubscribed(self, person_id: int) -> frozenset[tuple[str, NoticeKind]]:
        own = select(unsubscription.c.channel, unsubscription.c.kind).where(unsubscription.c.person_id == person_id)
        return frozenset((channel, kind) for channel, kind in await self._connection.execute(own))

    async def preferences(self, person_id: int) -> Sequence[Preference]:
        own = select_rows(preference, Preference).where(preference.c.person_id == person_id)
        return await fetch_rows(self._connection, Preference, own.order_by(preference.c.id))

    async def set_digest_hour(self, person_id: int, at: time | None) -> None:
        if at is None:
            await self._connection.execute(delete(digest_hour).where(digest_hour.c.person_id == person_id))
            return
        new = upsert_rows(self._connection, digest_hour).values(person_id=person_id, at=at)
        await self._connection.execute(new.on_conflict_do_update(index_elements=["person_id"], set_={"at": at}))

    async def digest_hour(self, person_id: int) -> time | None:
        own = select(digest_hour.c.at).where(digest_hour.c.person_id == person_id)
        return (await self._connection.execute(own)).scalar_one_or_none()

    async def digest_hours(self) -> Sequence[time]:
        return list(await self._connection.scalars(select(digest_hour.c.at).distinct().order_by(digest_hour.c.at)))

    async def set_quiet_hours(self, person_id: int, hours: tuple[time, time] | None) -> None:
        if hours is None:
            await self._connection.execute(delete(quiet_hours).where(quiet_hours.c.person_id == person_id))
            return
        own = {"starts": hours[0], "ends": hours[1]}
        new = upsert_rows(self._connection, quiet_hours).values(person_id=person_id, **own)
        await self._connection.execute(new.on_conflict_do_update(index_elements=["person_id"], set_=own))

    async def quiet_hours(self, person_id: int) -> tuple[time, time] | None:
        own = select(quiet_hours.c.starts, quiet_hours.c.ends).where(quiet_hours.c.person_id == person_id)
        found = (await self._connection.execute(own)).first()
        return None if found is None else (found.starts, found.ends)

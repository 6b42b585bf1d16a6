"""Chats and waiting updates in SQL."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, delete, literal, select, update

from core.model.conversation import Arrival, Dialog, SentFile
from core.model.people import Actor, Speaker
from storage.database.repository import Repository
from storage.database.rows import fetch_first_row, fetch_rows, row_chunks, row_columns, select_rows, upsert_rows
from storage.database.types import MomentType
from storage.people.roles import ROLES, roles_of_person_rows
from storage.register.contacts import IS_CONFIRMED
from storage.schema import conversation as table
from storage.schema.conversation import arrival, kept_file
from storage.schema.people import person
from storage.schema.register import contact

_PROVEN = and_(contact.c.proven_at.is_not(None), contact.c.revoked_at.is_(None), IS_CONFIRMED)
SPEAKERS = (
    ROLES.add_columns(contact.c.person_id, person.c.name, person.c.language)
    .join(contact, contact.c.person_id == person.c.id)
    .where(contact.c.channel == bindparam("channel"), contact.c.address == bindparam("address"), _PROVEN)
    .order_by(contact.c.id)
)
_DIALOG_COLUMNS = [column.label(f"dialog_{column.name}") for column in row_columns(table.dialog, Dialog)]
HEARD_IN = SPEAKERS.add_columns(*_DIALOG_COLUMNS).outerjoin(
    table.dialog, and_(table.dialog.c.channel == contact.c.channel, table.dialog.c.chat == contact.c.address)
)
DIALOG = select_rows(table.dialog, Dialog).where(
    table.dialog.c.channel == bindparam("channel"), table.dialog.c.chat == bindparam("chat")
)

FIRST_PAUSE = timedelta(minutes=1)
"""After the first try in vain; each further pause is four times as long."""

EMPTY: Mapping[str, Any] = {"step": None, "draft": {}, "taken": {}, "asked": {}}


class SqlConversations(Repository):
    async def speakers(self, channel: str, address: str, *, on: date) -> Sequence[Speaker]:
        rows = await self._connection.execute(SPEAKERS, {"channel": channel, "address": address, "on": on})
        return _speakers(rows, channel)

    async def heard_in(self, channel: str, chat: str, *, on: date) -> tuple[Sequence[Speaker], Dialog]:
        rows = (await self._connection.execute(HEARD_IN, {"channel": channel, "address": chat, "on": on})).all()
        is_kept = bool(rows) and rows[0].dialog_chat is not None
        dialog = Dialog(*rows[0][-len(_DIALOG_COLUMNS) :]) if is_kept else Dialog(channel, chat)
        return _speakers(rows, channel), dialog

    async def known(self, channel: str, addresses: Collection[str]) -> frozenset[str]:
        ours = select(contact.c.address).where(contact.c.channel == channel, _PROVEN)
        return frozenset(
            {
                address
                for some in row_chunks(addresses)
                for address in await self._connection.scalars(ours.where(contact.c.address.in_(some)))
                if address is not None
            }
        )

    async def dialog(self, channel: str, chat: str) -> Dialog:
        stored = await fetch_first_row(self._connection, Dialog, DIALOG, {"channel": channel, "chat": chat})
        return stored or Dialog(channel, chat)

    async def keep(self, dialog: Dialog, *, at: datetime) -> None:
        state: dict[str, Any] = {"step": dialog.step, "draft": dict(dialog.draft)}
        state |= {"child_id": dialog.child_id, "person_id": dialog.person_id, "kept_at": at}
        await self._put(dialog.channel, dialog.chat, new={"taken": {}, "asked": {}, **state}, known=state)

    async def turn_to(self, channel: str, chat: str, child_id: int | None, *, at: datetime) -> None:
        about = {"child_id": child_id, "kept_at": at}
        await self._put(channel, chat, new={**EMPTY, **about}, known=about)

    async def remember_taken(self, channel: str, chat: str, taken: Mapping[str, Any], *, at: datetime) -> None:
        changed = {"taken": dict(taken), "kept_at": at}
        await self._put(channel, chat, new={**EMPTY, **changed}, known=changed)

    async def remember_asked(self, channel: str, chat: str, asked: Mapping[str, Any], *, at: datetime) -> None:
        changed = {"asked": dict(asked), "kept_at": at}
        await self._put(channel, chat, new={**EMPTY, **changed}, known=changed)

    async def leave(self, channel: str, chat: str, step: str) -> None:
        dialog = table.dialog
        waiting = and_(dialog.c.channel == channel, dialog.c.chat == chat, dialog.c.step == step)
        await self._connection.execute(update(dialog).where(waiting).values(step=None))

    async def _put(self, channel: str, chat: str, *, new: Mapping[str, Any], known: Mapping[str, Any]) -> None:
        first = upsert_rows(self._connection, table.dialog).values(channel=channel, chat=chat, **new)
        await self._connection.execute(first.on_conflict_do_update(index_elements=["channel", "chat"], set_=known))

    async def arrive(self, arrivals: Sequence[Arrival]) -> Sequence[int]:
        if not arrivals:
            return []
        new = upsert_rows(self._connection, arrival).on_conflict_do_nothing().returning(arrival.c.update_id)
        rows = [asdict(each) | {"held_at": each.arrived_at, "finished_at": None} for each in arrivals]
        return [row.update_id for row in await self._connection.execute(new, rows)]

    async def apply(self, channel: str, update_id: int) -> bool:
        """A second process waits for the row's lock here, until the first has committed."""
        ours = and_(arrival.c.channel == channel, arrival.c.update_id == update_id)
        applied = update(arrival).where(ours, ~arrival.c.applied).values(applied=True)
        if (await self._connection.execute(applied)).rowcount == 1:
            return True
        return (await self._connection.execute(select(arrival.c.update_id).where(ours))).first() is None

    async def finish(self, channel: str, update_ids: Collection[int], *, at: datetime) -> None:
        for some in row_chunks(update_ids):
            answered = and_(arrival.c.channel == channel, arrival.c.update_id.in_(some))
            await self._connection.execute(update(arrival).where(answered).values(finished_at=at, body=""))

    async def claim_unfinished(
        self, channel: str, *, holder: str, now: datetime, silent_since: datetime
    ) -> Sequence[Arrival]:
        free = (arrival.c.holder == holder) | (arrival.c.held_at < silent_since)
        waiting = and_(arrival.c.channel == channel, arrival.c.finished_at.is_(None), free)
        ours = update(arrival).where(waiting).values(holder=holder, held_at=now)
        claimed = await fetch_rows(self._connection, Arrival, ours.returning(*row_columns(arrival, Arrival)))
        return sorted(claimed, key=lambda arrived: (arrived.arrived_at, arrived.update_id))

    async def expect_files(self, files: Collection[SentFile], *, at: datetime, until: datetime) -> None:
        for file in files:
            place = {"channel": file.channel, "reference": file.reference}
            new = {"digest": _digest(**place), **place, "until": until, "tries": 0, "try_at": at}
            longer = {"until": case((kept_file.c.until < until, literal(until, MomentType())), else_=kept_file.c.until)}
            first = upsert_rows(self._connection, kept_file).values(new)
            await self._connection.execute(first.on_conflict_do_update(index_elements=["digest"], set_=longer))

    async def expected_file(self, *, now: datetime) -> tuple[str, str] | None:
        wanted = select(kept_file.c.channel, kept_file.c.reference).where(kept_file.c.try_at <= now)
        row = (await self._connection.execute(wanted.order_by(kept_file.c.try_at).limit(1))).first()
        return None if row is None else (row.channel, row.reference)

    async def kept_file(self, channel: str, reference: str) -> bytes | None:
        found = select(kept_file.c.content).where(kept_file.c.digest == _digest(channel, reference))
        return await self._connection.scalar(found)

    async def keep_file(self, channel: str, reference: str, content: bytes | None, *, now: datetime) -> None:
        ours = kept_file.c.digest == _digest(channel, reference)
        if content is not None:
            kept = update(kept_file).where(ours).values(content=content, try_at=None)
            await self._connection.execute(kept)
            return
        tries = await self._connection.scalar(select(kept_file.c.tries).where(ours)) or 0
        later = update(kept_file).where(ours, kept_file.c.content.is_(None))
        await self._connection.execute(later.values(tries=tries + 1, try_at=now + FIRST_PAUSE * 4**tries))

    async def erase_files(self, *, before: datetime) -> None:
        await self._connection.execute(delete(kept_file).where(kept_file.c.until < before))

    async def forget_chat(self, channel: str, chat: str) -> None:
        dialog = table.dialog
        await self._connection.execute(delete(dialog).where(dialog.c.channel == channel, dialog.c.chat == chat))
        finished = and_(arrival.c.channel == channel, arrival.c.chat == chat, arrival.c.finished_at.is_not(None))
        await self._connection.execute(update(arrival).where(finished).values(chat=""))

    async def forget(self, *, before: datetime) -> None:
        await self._connection.execute(delete(arrival).where(arrival.c.finished_at < before))


def _digest(channel: str, reference: str) -> str:
    """A messenger's references may be longer than a key of an index."""
    return sha256(f"{channel} {reference}".encode()).hexdigest()


def _speakers(rows: Iterable[Row[Any]], channel: str) -> Sequence[Speaker]:
    by_person: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_person[row.person_id].append(row)
    return [
        Speaker(Actor(person_id, roles_of_person_rows(own), channel), own[0].name, own[0].language)
        for person_id, own in by_person.items()
    ]

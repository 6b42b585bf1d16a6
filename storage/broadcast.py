"""Broadcasts in SQL."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import starmap

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    cast,
    insert,
    literal,
    literal_column,
    select,
    type_coerce,
    update,
)

from core.model.broadcast import Broadcast, BroadcastState, Draft, ReceivedAnnouncement
from core.model.notices.kinds import NoticeKind
from core.model.timetable import NewLessonChange
from core.rules.access import Scope
from storage.access.scopes import scope_opens_group, scope_opens_student
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_one_row, fetch_rows, select_rows
from storage.database.types import WordType
from storage.schema.broadcast import broadcast, broadcast_change, broadcast_group
from storage.schema.delivery import notice
from storage.schema.year import teaching_group

_PLANNED: ColumnElement[BroadcastState] = literal_column("'planned'", WordType(BroadcastState))
"""Written out for the partial index; see `storage/delivery/evidence.py`."""

_OF_STUDENT: ColumnElement[int] = type_coerce(notice.c.student_id, Integer)
"""Staff's own notices are about no student; no query here asks for them."""

_STANDING = (BroadcastState.PLANNED, BroadcastState.HELD, BroadcastState.SENT)


class SqlBroadcasts(Repository):
    async def add(self, draft: Draft, *, author_id: int, at: datetime) -> int:
        content = {"text": draft.text, "rule": draft.rule, "files": draft.files, "replaces_id": draft.replaces_id}
        when = {"send_at": draft.send_at or at, "created_at": at, "state": BroadcastState.PLANNED}
        id_ = await add_row(self._connection, broadcast, {"author_id": author_id, **content, **when})
        to = [{"broadcast_id": id_, "group_id": group_id} for group_id in sorted(draft.addressed)]
        await self._connection.execute(insert(broadcast_group), to)
        if draft.changes:
            brings = [{"broadcast_id": id_, **asdict(change)} for change in draft.changes]
            await self._connection.execute(insert(broadcast_change), brings)
        return id_

    async def broadcast(self, broadcast_id: int, scope: Scope) -> tuple[Broadcast, frozenset[int]]:
        foreign = (
            select(broadcast_group.c.group_id)
            .join(teaching_group, teaching_group.c.id == broadcast_group.c.group_id)
            .where(broadcast_group.c.broadcast_id == broadcast_id, ~scope_opens_group(scope))
        )
        opened = select_rows(broadcast, Broadcast).where(broadcast.c.id == broadcast_id, ~foreign.exists())
        found = await fetch_one_row(self._connection, Broadcast, opened)
        return found, (await self._groups([broadcast_id]))[broadcast_id]

    async def _groups(self, broadcast_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        of = select(broadcast_group.c.broadcast_id, broadcast_group.c.group_id)
        found: dict[int, frozenset[int]] = defaultdict(frozenset)
        for id_, group_id in await self._connection.execute(
            of.where(broadcast_group.c.broadcast_id.in_(broadcast_ids))
        ):
            found[id_] |= {group_id}
        return found

    async def changes(self, broadcast_id: int) -> Sequence[NewLessonChange]:
        own = select_rows(broadcast_change, NewLessonChange).where(broadcast_change.c.broadcast_id == broadcast_id)
        return await fetch_rows(self._connection, NewLessonChange, own.order_by(broadcast_change.c.id))

    async def of_author(self, author_id: int, *, limit: int) -> Sequence[Broadcast]:
        own = select_rows(broadcast, Broadcast).where(broadcast.c.author_id == author_id)
        return await fetch_rows(self._connection, Broadcast, own.order_by(broadcast.c.id.desc()).limit(limit))

    async def due(self, *, now: datetime) -> Sequence[tuple[Broadcast, frozenset[int]]]:
        waiting = select_rows(broadcast, Broadcast).where(broadcast.c.state == _PLANNED, broadcast.c.send_at <= now)
        found = await fetch_rows(self._connection, Broadcast, waiting.order_by(broadcast.c.send_at, broadcast.c.id))
        groups = await self._groups([each.id for each in found]) if found else {}
        return [(each, groups[each.id]) for each in found]

    async def announcements(
        self, student_id: int, scope: Scope, *, reader_id: int, since: datetime, until: datetime
    ) -> Sequence[ReceivedAnnouncement]:
        of_broadcast = notice.c.fact == literal("broadcast:") + cast(broadcast.c.id, String)
        told = (
            select(notice.c.notice, broadcast.c.sent_at)
            .join(broadcast, of_broadcast)
            .where(broadcast.c.state == BroadcastState.SENT, notice.c.kind == NoticeKind.ANNOUNCEMENTS)
            .where(notice.c.student_id == student_id, scope_opens_student(scope, _OF_STUDENT))
            .where(notice.c.person_id.is_(None) | (notice.c.person_id == reader_id))
            .where(broadcast.c.sent_at >= since, broadcast.c.sent_at < until)
            .order_by(broadcast.c.sent_at.desc(), notice.c.id.desc())
        )
        rows = await self._connection.execute(told)
        return list(dict.fromkeys(starmap(ReceivedAnnouncement, rows)))

    async def recall(self, broadcast_id: int) -> bool:
        return await self._set_state(broadcast_id, BroadcastState.RECALLED, *_STANDING)

    async def mark_sent(self, broadcast_id: int, *, at: datetime) -> bool:
        if not await self._set_state(broadcast_id, BroadcastState.SENT, BroadcastState.PLANNED):
            return False
        this = update(broadcast).where(broadcast.c.id == broadcast_id).values(sent_at=at)
        await self._connection.execute(this)
        earlier = select(broadcast.c.replaces_id).where(broadcast.c.id == broadcast_id).scalar_subquery()
        replaced = update(broadcast).where(broadcast.c.id == earlier).values(state=BroadcastState.REPLACED)
        await self._connection.execute(replaced)
        return True

    async def _set_state(self, broadcast_id: int, state: BroadcastState, *before: BroadcastState) -> bool:
        here = (broadcast.c.id == broadcast_id) & broadcast.c.state.in_(before)
        return (await self._connection.execute(update(broadcast).where(here).values(state=state))).rowcount == 1

    async def set_due(self, broadcast_id: int, due: datetime | None) -> None:
        await self._connection.execute(update(broadcast).where(broadcast.c.id == broadcast_id).values(due=due))

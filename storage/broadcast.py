"""Broadcasts in SQL."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import ColumnElement, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.broadcast import Broadcast, BroadcastState, Draft
from core.model.people import Household, Person, Role
from core.model.timetable import NewLessonChange
from core.rules.access import Scope
from storage.access.scopes import is_staff, opens_group, opens_student, within
from storage.database.rows import add_row, chunks, fetch, fetch_one, selected
from storage.database.types import Word
from storage.schema.broadcast import broadcast, broadcast_change, broadcast_group
from storage.schema.people import guardianship, person, staff_role, student
from storage.schema.timetable import template_lesson
from storage.schema.year import enrolment, teaching_group

_PLANNED: ColumnElement[BroadcastState] = literal_column("'planned'", Word(BroadcastState))
"""Written out for the partial index; see `storage/delivery/evidence.py`."""

_STANDING = (BroadcastState.PLANNED, BroadcastState.HELD, BroadcastState.SENT)

_TEACHING = (Role.TEACHER, Role.CLASS_TEACHER)


class Broadcasts:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, draft: Draft, *, author_id: int, at: datetime) -> int:
        said = {"text": draft.text, "rule": draft.rule, "file": draft.file, "replaces_id": draft.replaces_id}
        when = {"send_at": draft.send_at or at, "created_at": at, "state": BroadcastState.PLANNED}
        id_ = await add_row(self._connection, broadcast, {"author_id": author_id, **said, **when})
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
            .where(broadcast_group.c.broadcast_id == broadcast_id, ~opens_group(scope))
        )
        opened = selected(broadcast, Broadcast).where(broadcast.c.id == broadcast_id, ~foreign.exists())
        found = await fetch_one(self._connection, Broadcast, opened)
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
        own = selected(broadcast_change, NewLessonChange).where(broadcast_change.c.broadcast_id == broadcast_id)
        return await fetch(self._connection, NewLessonChange, own.order_by(broadcast_change.c.id))

    async def of_author(self, author_id: int, *, limit: int) -> Sequence[Broadcast]:
        own = selected(broadcast, Broadcast).where(broadcast.c.author_id == author_id)
        return await fetch(self._connection, Broadcast, own.order_by(broadcast.c.id.desc()).limit(limit))

    async def due(self, *, now: datetime) -> Sequence[tuple[Broadcast, frozenset[int]]]:
        waiting = selected(broadcast, Broadcast).where(broadcast.c.state == _PLANNED, broadcast.c.send_at <= now)
        found = await fetch(self._connection, Broadcast, waiting.order_by(broadcast.c.send_at, broadcast.c.id))
        groups = await self._groups([each.id for each in found]) if found else {}
        return [(each, groups[each.id]) for each in found]

    async def recall(self, broadcast_id: int) -> bool:
        return await self._turn(broadcast_id, BroadcastState.RECALLED, *_STANDING)

    async def sent(self, broadcast_id: int, *, at: datetime) -> bool:
        if not await self._turn(broadcast_id, BroadcastState.SENT, BroadcastState.PLANNED):
            return False
        this = update(broadcast).where(broadcast.c.id == broadcast_id).values(sent_at=at)
        await self._connection.execute(this)
        earlier = select(broadcast.c.replaces_id).where(broadcast.c.id == broadcast_id).scalar_subquery()
        replaced = update(broadcast).where(broadcast.c.id == earlier).values(state=BroadcastState.REPLACED)
        await self._connection.execute(replaced)
        return True

    async def _turn(self, broadcast_id: int, state: BroadcastState, *before: BroadcastState) -> bool:
        here = (broadcast.c.id == broadcast_id) & broadcast.c.state.in_(before)
        return (await self._connection.execute(update(broadcast).where(here).values(state=state))).rowcount == 1

    async def set_due(self, broadcast_id: int, due: datetime | None) -> None:
        await self._connection.execute(update(broadcast).where(broadcast.c.id == broadcast_id).values(due=due))

    async def households(self, group_ids: Collection[int], scope: Scope, *, on: date) -> Sequence[Household]:
        places = (
            select(enrolment.c.student_id, person.c.name, enrolment.c.group_id)
            .join(student, student.c.id == enrolment.c.student_id)
            .join(person, person.c.id == student.c.id)
            .where(enrolment.c.group_id.in_(group_ids), within(on, enrolment.c.starts_on, enrolment.c.ends_on))
            .where(or_(student.c.leaves_on.is_(None), student.c.leaves_on >= on))
            .where(opens_student(scope, student.c.id))
        )
        names: dict[int, str] = {}
        groups: dict[int, frozenset[int]] = defaultdict(frozenset)
        for student_id, name, group_id in await self._connection.execute(places):
            names[student_id] = name
            groups[student_id] |= {group_id}
        families = await self._families(names, on)
        return [
            Household(id_, name, groups[id_], families[id_] | {id_: name})
            for id_, name in sorted(names.items(), key=lambda item: (item[1], item[0]))
        ]

    async def _families(self, student_ids: Collection[int], on: date) -> Mapping[int, dict[int, str]]:
        found: dict[int, dict[int, str]] = defaultdict(dict)
        for ids in chunks(student_ids):
            guardians = (
                select(guardianship.c.student_id, person.c.id, person.c.name)
                .join(person, person.c.id == guardianship.c.guardian_id)
                .where(guardianship.c.student_id.in_(ids), guardianship.c.access)
                .where(within(on, guardianship.c.starts_on, guardianship.c.ends_on))
            )
            for student_id, person_id, name in await self._connection.execute(guardians):
                found[student_id][person_id] = name
        return found

    async def teachers(self, *, on: date | None = None) -> Sequence[Person]:
        by_role = select(staff_role.c.person_id).where(staff_role.c.role.in_(_TEACHING))
        by_group = select(teaching_group.c.teacher_id)
        by_template = select(template_lesson.c.teacher_id)
        teaches = or_(*(person.c.id.in_(each) for each in (by_role, by_group, by_template)))
        staff = selected(person, Person).where(teaches)
        if on is not None:
            staff = staff.where(is_staff(person.c.id, on))
        return await fetch(self._connection, Person, staff.order_by(person.c.name, person.c.id))

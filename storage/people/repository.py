"""Persons, students, guardianship, staff in SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, true, update

from core.errors import NotFoundError
from core.model.delivery.recipients import Recipient
from core.model.people import Guardianship, Person, Role, RollEntry, StaffRole
from core.rules.access import Scope
from core.rules.people.ages import date_of_adult_age
from storage.access.cached_statements import cached_access_statement
from storage.access.scopes import scope_in_class, scope_opens_person, scope_opens_student, scope_role_in_force
from storage.database.rows import (
    add_missing_row,
    add_row,
    fetch_one_row,
    fetch_rows,
    fetch_rows_chunked,
    row_chunks,
    row_columns,
    select_rows,
)
from storage.delivery import joined_obligations, recipients
from storage.people import joining
from storage.people.households import SqlHouseholds
from storage.people.roles import ROLES, roles_of_person_rows
from storage.schema.people import former_name, guardianship, person, staff_role, student
from storage.schema.year import enrolment, teaching_group

_NOT_JOINED = person.c.joined_to.is_(None)
"""Leaves out second entries that were joined to a first one: they are history (Q134)."""

LONGEST_PART = 1000
"""Letters of a name that are searched for: SQLite takes patterns of 50,000 bytes, and no name is as long."""

_ROLES = ROLES.where(person.c.id == bindparam("person_id"))


class SqlPeople(SqlHouseholds):
    async def add(self, name: str, name_key: str, *, birth_date: date | None = None, language: str = "ru") -> int:
        new = {"name": name, "name_key": name_key, "birth_date": birth_date, "language": language}
        return await add_row(self._connection, person, new | {"adult_on": date_of_adult_age(birth_date)})

    async def add_student(self, person_id: int, *, leaves_on: date | None, own_account: bool = False) -> bool:
        moved = (
            update(student)
            .where(student.c.id == person_id, student.c.leaves_on.is_distinct_from(leaves_on))
            .values(leaves_on=leaves_on)
        )
        if (await self._connection.execute(moved)).rowcount:
            return True
        new = {"id": person_id, "leaves_on": leaves_on, "own_account": own_account}
        return await add_missing_row(self._connection, student, new)

    async def set_account(self, student_id: int, *, opened: bool) -> None:
        changed = update(student).where(student.c.id == student_id).values(own_account=opened)
        if not (await self._connection.execute(changed)).rowcount:
            raise NotFoundError

    async def add_guardianship(  # see the port
        self,
        guardian_id: int,
        student_id: int,
        *,
        relation: str,
        access: bool = True,
        starts_on: date | None = None,
        ends_on: date | None = None,
        document: str | None = None,
        document_on: date | None = None,
    ) -> int:
        new = {"guardian_id": guardian_id, "student_id": student_id, "relation": relation, "access": access}
        ground = {"starts_on": starts_on, "ends_on": ends_on, "document": document, "document_on": document_on}
        return await add_row(self._connection, guardianship, new | ground)

    async def end_guardianship(self, guardianship_id: int, *, ends_on: date, at: datetime) -> None:
        this = update(guardianship).where(guardianship.c.id == guardianship_id)
        await self._connection.execute(this.values(ends_on=ends_on, ended_at=at))

    async def add_staff_role(
        self,
        person_id: int,
        role: Role,
        *,
        group_id: int | None,
        subject_id: int | None = None,
        ends_on: date | None = None,
    ) -> bool:
        named = {"person_id": person_id, "role": role, "group_id": group_id, "subject_id": subject_id}
        borne = select(staff_role.c.id).where(
            staff_role.c.person_id == person_id,
            staff_role.c.role == role,
            staff_role.c.group_id.is_not_distinct_from(group_id),
            staff_role.c.subject_id.is_not_distinct_from(subject_id),
        )
        if (await self._connection.execute(borne)).first():
            return False
        return await add_missing_row(self._connection, staff_role, named | {"ends_on": ends_on})

    async def end_role(self, role_id: int, *, ends_on: date | None) -> None:
        await self._connection.execute(update(staff_role).where(staff_role.c.id == role_id).values(ends_on=ends_on))

    async def staff_roles(self, person_id: int) -> Sequence[StaffRole]:
        own = select_rows(staff_role, StaffRole).where(staff_role.c.person_id == person_id)
        return await fetch_rows(self._connection, StaffRole, own.order_by(staff_role.c.id))

    async def named(self, name_keys: Collection[str]) -> Sequence[Person]:
        named = select_rows(person, Person).where(_NOT_JOINED).order_by(person.c.id)
        return await fetch_rows_chunked(
            self._connection, Person, name_keys, lambda keys: named.where(person.c.name_key.in_(keys))
        )

    async def find(self, part: str) -> Sequence[Person]:
        if len(part) > LONGEST_PART:
            return []
        words = part.split()
        formerly = select(former_name.c.person_id).where(*_contains_words(former_name.c.name_key, words))
        found = select_rows(person, Person).where(
            or_(and_(true(), *_contains_words(person.c.name_key, words)), person.c.id.in_(formerly)), _NOT_JOINED
        )
        return await fetch_rows(self._connection, Person, found.order_by(person.c.name_key, person.c.id))

    async def names(self, person_ids: Collection[int]) -> Mapping[int, str]:
        named = select(person.c.id, person.c.name)
        found = [await self._connection.execute(named.where(person.c.id.in_(ids))) for ids in row_chunks(person_ids)]
        return {id_: name for rows in found for id_, name in rows}

    async def formerly(self, name_keys: Collection[str]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for keys in row_chunks(name_keys):
            borne = (
                select(former_name.c.name_key, former_name.c.person_id)
                .join(person, person.c.id == former_name.c.person_id)
                .where(former_name.c.name_key.in_(keys), former_name.c.name_key != person.c.name_key)
            )
            found.update((key, person_id) for key, person_id in await self._connection.execute(borne))
        return found

    async def rename(self, person_id: int, name: str, name_key: str) -> None:
        before = (await self._connection.execute(select(person.c.name_key).where(person.c.id == person_id))).scalar()
        if before is None:
            raise NotFoundError
        await add_missing_row(self._connection, former_name, {"person_id": person_id, "name_key": before})
        named = update(person).where(person.c.id == person_id).values(name=name, name_key=name_key)
        await self._connection.execute(named)

    async def students(self, person_ids: Collection[int]) -> frozenset[int]:
        return frozenset(await self._connection.scalars(select(student.c.id).where(student.c.id.in_(person_ids))))

    async def join(self, keep_id: int, gone_id: int, *, students: bool, at: datetime) -> None:
        connection = self._connection
        await joining.join_contact_rows(connection, keep_id, gone_id, at=at)
        await joined_obligations.merge_joined_obligations(connection, keep_id, gone_id, at=at)
        await joining.join_bar_rows(connection, keep_id, gone_id)
        if students:
            await joining.join_student_rows(connection, keep_id, gone_id, at=at)
        await joining.repoint_joined_rows(connection, person, keep_id, gone_id, at=at)
        await joined_obligations.rebundle_joined_obligations(connection, keep_id)
        await joining.join_name_rows(connection, keep_id, gone_id)

    async def person(self, person_id: int, scope: Scope) -> Person:
        opened = select_rows(person, Person).where(person.c.id == person_id, scope_opens_person(scope, person.c.id))
        return await fetch_one_row(self._connection, Person, opened)

    async def roll(self, on: date) -> Sequence[RollEntry]:
        classes = (
            select(enrolment.c.student_id, teaching_group.c.name, teaching_group.c.name_key)
            .join(teaching_group, teaching_group.c.id == enrolment.c.group_id)
            .where(scope_in_class(on))
            .subquery()
        )
        students = (
            select(
                student.c.id, person.c.name, person.c.name_key, classes.c.name, classes.c.name_key, student.c.leaves_on
            )
            .join(person, person.c.id == student.c.id)
            .outerjoin(classes, classes.c.student_id == student.c.id)
            .where(_NOT_JOINED)
            .order_by(student.c.id)
        )
        rows = await self._connection.execute(students)
        return [RollEntry(id_, name, key, in_ or "", in_key or "", left) for id_, name, key, in_, in_key, left in rows]

    async def guardianships(self, student_ids: Collection[int] | None = None) -> Sequence[Guardianship]:
        links = select_rows(guardianship, Guardianship).order_by(guardianship.c.id)
        if student_ids is None:
            return await fetch_rows(self._connection, Guardianship, links)
        return await fetch_rows_chunked(
            self._connection, Guardianship, student_ids, lambda ids: links.where(guardianship.c.student_id.in_(ids))
        )

    async def speak(self, person_id: int, language: str) -> None:
        spoken = update(person).where(person.c.id == person_id).values(language=language)
        await self._connection.execute(spoken)

    async def roles(self, person_id: int, *, on: date) -> frozenset[Role]:
        return roles_of_person_rows(await self._connection.execute(_ROLES, {"person_id": person_id, "on": on}))

    async def children(self, scope: Scope) -> Sequence[Person]:
        opened, asked = cached_access_statement(_children, scope)
        return await fetch_rows(self._connection, Person, opened, asked)

    async def recipients(self, student_ids: Collection[int], *, on: date) -> Sequence[Recipient]:
        return await recipients.fetch_student_recipients(self._connection, student_ids, on=on)

    async def staff(self, person_ids: Collection[int], *, on: date | None) -> Sequence[Recipient]:
        return await recipients.fetch_staff_recipients(self._connection, person_ids, on=on)

    async def students_of_age(self, *, after: date, until: date) -> Sequence[Person]:
        ahead = select_rows(person, Person).join(student, student.c.id == person.c.id)
        ahead = ahead.where(_NOT_JOINED, person.c.adult_on > after, person.c.adult_on <= until)
        present = ahead.where(or_(student.c.leaves_on.is_(None), student.c.leaves_on >= after))
        return await fetch_rows(self._connection, Person, present.order_by(person.c.name_key, person.c.id))

    async def holders_of_role(self, role: Role, *, on: date) -> Sequence[int]:
        holders = select(staff_role.c.person_id).where(staff_role.c.role == role, scope_role_in_force(on)).distinct()
        return list(await self._connection.scalars(holders.order_by(staff_role.c.person_id)))


def _contains_words(name_key: ColumnElement[str], words: Sequence[str]) -> list[ColumnElement[bool]]:
    return [name_key.contains(word, autoescape=True) for word in words]


def _children(scope: Scope) -> Select[Any]:
    return (
        select(*row_columns(person, Person))
        .join(student, student.c.id == person.c.id)
        .where(scope_opens_student(scope, student.c.id), _NOT_JOINED)
        .order_by(person.c.name, person.c.id)
    )

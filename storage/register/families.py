"""Pairs of representative and student with decisions and contacts in SQL: five queries, however many they are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, or_, select

from core.model.channels import PAPER
from core.model.register.consents import ConsentEntry
from core.model.register.contacts import Contact, PendingContact
from core.model.register.families import FamilyPair
from core.rules.access import Scope
from core.rules.register.consents import latest_consent_entry
from storage.access.scopes import scope_in_class, scope_opens_student, scope_student_has_left, scope_within_dates
from storage.database.repository import Repository
from storage.database.rows import fetch_rows_chunked, row_chunks, row_columns, select_rows
from storage.register.contacts import IS_CONFIRMED
from storage.schema.people import guardianship, person, student
from storage.schema.register import consent_entry, contact
from storage.schema.year import enrolment, teaching_group


@dataclass(frozen=True, slots=True)
class _Pupil:
    """A student with the class of the date; 0 and "" without one."""

    id: int
    name: str
    has_account: bool
    group_id: int
    school_class: str


class SqlFamilies(Repository):
    async def families(
        self, scope: Scope, *, on: date, group_id: int | None = None, person_ids: Collection[int] | None = None
    ) -> Sequence[FamilyPair]:
        pupils = {row.id: row for row in await self._pupils(scope, on, group_id, person_ids)}
        persons = await self._entitled(pupils, on)
        entries = await self._entries(pupils)
        contacts = await self._contacts({id_ for family in persons.values() for id_, _ in family})
        return [
            FamilyPair(
                id_, name, pupil.id, pupil.name, pupil.group_id, pupil.school_class,
                latest_consent_entry(entries.get((id_, pupil.id), ()), on), tuple(contacts.get(id_, ())), is_alone,
            )
            for pupil in pupils.values()
            for (id_, name), is_alone in _members(pupil, persons)
            if person_ids is None or {id_, pupil.id} & set(person_ids)
        ]  # fmt: skip

    async def _pupils(
        self, scope: Scope, on: date, group_id: int | None, person_ids: Collection[int] | None
    ) -> Sequence[_Pupil]:
        found = _present(scope, on)
        if group_id is not None:
            found = found.where(teaching_group.c.id == group_id)
        if person_ids is not None:
            represented = exists().where(
                guardianship.c.student_id == student.c.id, guardianship.c.guardian_id.in_(person_ids)
            )
            found = found.where(or_(student.c.id.in_(person_ids), represented))
        rows = await self._connection.execute(found)
        return [_Pupil(id_, name, has, class_id or 0, label or "") for id_, name, has, class_id, label in rows]

    async def _entitled(self, pupils: Mapping[int, _Pupil], on: date) -> Mapping[int, list[tuple[int, str]]]:
        """Id and name of the representatives by student."""
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for ids in row_chunks(pupils):
            guardians = (
                select(guardianship.c.student_id, person.c.id, person.c.name)
                .join(person, person.c.id == guardianship.c.guardian_id)
                .where(guardianship.c.student_id.in_(ids), guardianship.c.access)
                .where(scope_within_dates(on, guardianship.c.starts_on, guardianship.c.ends_on))
                .order_by(guardianship.c.id)
            )
            for student_id, id_, name in await self._connection.execute(guardians):
                if (id_, name) not in found[student_id]:
                    found[student_id].append((id_, name))
        return found

    async def _entries(self, pupils: Collection[int]) -> Mapping[tuple[int, int], list[ConsentEntry]]:
        of_students = select_rows(consent_entry, ConsentEntry).order_by(consent_entry.c.id)
        by_pair: dict[tuple[int, int], list[ConsentEntry]] = defaultdict(list)
        for entry in await fetch_rows_chunked(
            self._connection, ConsentEntry, pupils, lambda ids: of_students.where(consent_entry.c.student_id.in_(ids))
        ):
            by_pair[entry.person_id, entry.student_id].append(entry)
        return by_pair

    async def _contacts(self, person_ids: Collection[int]) -> Mapping[int, list[PendingContact]]:
        found: dict[int, list[PendingContact]] = defaultdict(list)
        for ids in row_chunks(sorted(person_ids)):
            in_use = (
                select(*row_columns(contact, Contact), person.c.name, IS_CONFIRMED)
                .join(person, person.c.id == contact.c.person_id)
                .where(contact.c.person_id.in_(ids), contact.c.channel != PAPER)
                .where(contact.c.revoked_at.is_(None), contact.c.destroyed_at.is_(None))
                .order_by(contact.c.rank, contact.c.id)
            )
            for *fields, owner, is_confirmed in await self._connection.execute(in_use):
                found[(held := Contact(*fields)).person_id].append(PendingContact(held, owner, is_confirmed))
        return found


def _present(scope: Scope, on: date) -> Select[int, str, bool, int, str]:
    """The students that a scope opens who have not left, by class and name."""
    place = (
        select(enrolment.c.student_id, enrolment.c.group_id)
        .join(teaching_group, teaching_group.c.id == enrolment.c.group_id)
        .where(scope_in_class(on))
        .subquery()
    )
    return (
        select(student.c.id, person.c.name, student.c.own_account, teaching_group.c.id, teaching_group.c.name)
        .join(person, person.c.id == student.c.id)
        .outerjoin(place, place.c.student_id == student.c.id)
        .outerjoin(teaching_group, teaching_group.c.id == place.c.group_id)
        .where(
            scope_opens_student(scope, student.c.id),
            ~scope_student_has_left(on, student.c.id),
            person.c.joined_to.is_(None),
        )
        .order_by(teaching_group.c.grade_level, teaching_group.c.name_key, person.c.name_key, student.c.id)
    )


def _members(pupil: _Pupil, persons: Mapping[int, Sequence[tuple[int, str]]]) -> Sequence[tuple[tuple[int, str], bool]]:
    """Who is entitled to the student's facts, and whether it is the student whom nobody represents."""
    family = [(each, False) for each in persons.get(pupil.id, ())]
    if pupil.has_account or not family:
        family.append(((pupil.id, pupil.name), not pupil.has_account))
    return family

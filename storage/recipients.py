"""Whom facts are owed to, and what the gate needs to know of them: five queries for many students at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import exists, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.contact import PAPER, ConsentEntry, Contact, Frequency
from core.model.delivery import Reason, Recipient, Route
from core.model.notices import NoticeKind
from core.rules import consent
from storage.rows import chunks, columns, fetch, selected
from storage.schema.people import guardianship, person, student
from storage.schema.register import confirmation, consent_entry, contact, digest_hour, preference
from storage.scopes import within


@dataclass(frozen=True, slots=True)
class _Member:
    """A person who may be a recipient of one student's facts."""

    student_id: int
    person_id: int
    language: str
    entitled: bool


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What persons chose to receive, how often and at which hour."""

    frequencies: Mapping[int, tuple[tuple[NoticeKind, Frequency], ...]]
    hours: Mapping[int, time]


async def of_students(connection: AsyncConnection, student_ids: Collection[int], *, on: date) -> Sequence[Recipient]:
    found: list[Recipient] = []
    for ids in chunks(sorted(student_ids)):
        members = await _members(connection, ids, on)
        person_ids = sorted({member.person_id for member in members})
        consents = await _consents(connection, ids)
        routes = await _routes(connection, person_ids)
        agreed = await _agreed(connection, person_ids)
        found += [
            _recipient(member, consents[member.person_id, member.student_id], routes, agreed, on) for member in members
        ]
    return found


async def of_staff(connection: AsyncConnection, person_ids: Collection[int]) -> Sequence[Recipient]:
    """What a staff member is told about their own work needs nobody's consent; contacts are proven all the same."""
    found: list[Recipient] = []
    for ids in chunks(sorted(person_ids)):
        spoken = select(person.c.id, person.c.language).where(person.c.id.in_(ids)).order_by(person.c.id)
        members = (await connection.execute(spoken)).all()
        routes = await _routes(connection, ids)
        agreed = await _agreed(connection, ids)
        found += [
            Recipient(
                id_,
                None,
                None,
                None,
                language,
                routes.get(id_, ()),
                agreed.frequencies.get(id_, ()),
                agreed.hours.get(id_),
            )
            for id_, language in members
        ]
    return found


def _recipient(
    member: _Member,
    entries: Iterable[ConsentEntry],
    routes: Mapping[int, tuple[Route, ...]],
    agreed: _Agreed,
    on: date,
) -> Recipient:
    last = consent.last_word(entries, on)
    obstacle = consent.obstacle(last, on) if member.entitled else Reason.NO_ACCESS
    return Recipient(
        person_id=member.person_id,
        student_id=member.student_id,
        consent_id=last.id if last is not None and obstacle is None else None,
        obstacle=obstacle,
        language=member.language,
        routes=routes.get(member.person_id, ()) if member.entitled else (),
        frequencies=agreed.frequencies.get(member.person_id, ()),
        digest_at=agreed.hours.get(member.person_id),
    )


async def _members(connection: AsyncConnection, student_ids: Collection[int], on: date) -> Sequence[_Member]:
    """The entitled, guardians first; of a student whom nobody entitled stands for, the student."""
    guardians = (
        select(guardianship.c.student_id, person.c.id, person.c.language, guardianship.c.access, guardianship.c.id)
        .join(person, person.c.id == guardianship.c.guardian_id)
        .where(guardianship.c.student_id.in_(student_ids), guardianship.c.access)
        .where(within(on, guardianship.c.starts_on, guardianship.c.ends_on))
    )
    students = (
        select(student.c.id, person.c.id, person.c.language, student.c.own_account, literal(0))
        .join(person, person.c.id == student.c.id)
        .where(student.c.id.in_(student_ids))
    )
    rows = await connection.execute(union_all(guardians, students))
    families: dict[int, dict[int, _Member]] = defaultdict(dict)
    for student_id, person_id, language, entitled, _ in sorted(rows, key=lambda row: (row[0], row[4] == 0, row[4])):
        families[student_id].setdefault(person_id, _Member(student_id, person_id, language, bool(entitled)))
    return [member for family in families.values() for member in _owed(family.values())]


def _owed(family: Collection[_Member]) -> Sequence[_Member]:
    return [member for member in family if member.entitled] or list(family)


async def _consents(
    connection: AsyncConnection, student_ids: Collection[int]
) -> Mapping[tuple[int, int], list[ConsentEntry]]:
    entries = selected(consent_entry, ConsentEntry).where(consent_entry.c.student_id.in_(student_ids))
    by_pair: dict[tuple[int, int], list[ConsentEntry]] = defaultdict(list)
    for entry in await fetch(connection, ConsentEntry, entries):
        by_pair[entry.person_id, entry.student_id].append(entry)
    return by_pair


async def _routes(connection: AsyncConnection, person_ids: Collection[int]) -> Mapping[int, tuple[Route, ...]]:
    confirmed = exists().where(confirmation.c.contact_id == contact.c.id)
    agreed = (
        select(*columns(contact, Contact), confirmed)
        .where(contact.c.person_id.in_(person_ids), contact.c.channel != PAPER)
        .order_by(contact.c.rank, contact.c.id)
    )
    routes: dict[int, tuple[Route, ...]] = {}
    for *fields, is_confirmed in await connection.execute(agreed):
        kept = Contact(*fields)
        route = Route(kept.channel, kept.id, kept.address, kept.rank, _obstacle(kept, confirmed=is_confirmed))
        routes[kept.person_id] = (*routes.get(kept.person_id, ()), route)
    return routes


def _obstacle(kept: Contact, *, confirmed: bool) -> Reason | None:
    """What bars a contact, whatever the consent says (Q80, Q84)."""
    if kept.revoked_at is not None:
        return Reason.CONTACT_REVOKED
    if kept.set_aside_at is not None:
        return Reason.CONTACT_SET_ASIDE
    if kept.address is None or kept.proven_at is None or not confirmed:
        return Reason.CONTACT_UNCONFIRMED
    return None


async def _agreed(connection: AsyncConnection, person_ids: Collection[int]) -> _Agreed:
    chosen = select(digest_hour.c.person_id, digest_hour.c.at).where(digest_hour.c.person_id.in_(person_ids))
    hours = dict((await connection.execute(chosen)).all())
    return _Agreed(await _frequencies(connection, person_ids), hours)


async def _frequencies(
    connection: AsyncConnection, person_ids: Collection[int]
) -> Mapping[int, tuple[tuple[NoticeKind, Frequency], ...]]:
    agreed = (
        select(preference.c.person_id, preference.c.kind, preference.c.frequency)
        .where(preference.c.person_id.in_(person_ids))
        .order_by(preference.c.id)
    )
    by_person: dict[int, tuple[tuple[NoticeKind, Frequency], ...]] = {}
    for person_id, kind, frequency in await connection.execute(agreed):
        by_person[person_id] = (*by_person.get(person_id, ()), (kind, frequency))
    return by_person

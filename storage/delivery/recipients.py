"""Recipients of many students at once, with contacts and consents: five queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from sqlalchemy import bindparam, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.channels import PAPER
from core.model.delivery.recipients import Recipient, Route
from core.model.delivery.states import Reason
from core.model.notices.kinds import NoticeKind
from core.model.register.consents import ConsentEntry
from core.model.register.contacts import Contact
from core.model.register.preferences import Frequency
from core.rules.register import consents as consent_rules
from storage.access.scopes import scope_is_staff, scope_represents_student
from storage.database.rows import fetch_rows, row_chunks, row_columns, select_rows
from storage.database.types import DayType
from storage.register.contacts import IS_CONFIRMED
from storage.schema.people import guardianship, person, student
from storage.schema.register import consent_entry, contact, digest_hour, preference, quiet_hours, unsubscription

_ON: Any = bindparam("on", type_=DayType())
_STUDENTS: Any = bindparam("student_ids", expanding=True)
_PERSONS: Any = bindparam("person_ids", expanding=True)

_HOUR = digest_hour.c.person_id == person.c.id
_QUIET = quiet_hours.c.person_id == person.c.id
_HOURS = digest_hour.c.at.label("digest_at"), quiet_hours.c.starts, quiet_hours.c.ends
_GUARDIANS = (
    select(
        guardianship.c.student_id,
        person.c.id.label("person_id"),
        person.c.language,
        *_HOURS,
        guardianship.c.access.label("entitled"),
        guardianship.c.id.label("guardianship_id"),
    )
    .join(person, person.c.id == guardianship.c.guardian_id)
    .outerjoin(digest_hour, _HOUR)
    .outerjoin(quiet_hours, _QUIET)
    .where(guardianship.c.student_id.in_(_STUDENTS), scope_represents_student(_ON))
)
_THEMSELVES = (
    select(student.c.id, person.c.id, person.c.language, *_HOURS, student.c.own_account, literal(0))
    .join(person, person.c.id == student.c.id)
    .outerjoin(digest_hour, _HOUR)
    .outerjoin(quiet_hours, _QUIET)
    .where(student.c.id.in_(_STUDENTS))
)
MEMBERS = union_all(_GUARDIANS, _THEMSELVES)

PERSONS = (
    select(person.c.id, person.c.language, *_HOURS)
    .outerjoin(digest_hour, _HOUR)
    .outerjoin(quiet_hours, _QUIET)
    .where(person.c.id.in_(_PERSONS))
    .order_by(person.c.id)
)
STAFF = PERSONS.where(scope_is_staff(person.c.id, _ON))

CONSENTS = select_rows(consent_entry, ConsentEntry).where(consent_entry.c.student_id.in_(_STUDENTS))

ROUTES = (
    select(*row_columns(contact, Contact), IS_CONFIRMED)
    .where(contact.c.person_id.in_(_PERSONS), contact.c.channel != PAPER)
    .order_by(contact.c.rank, contact.c.id)
)

FREQUENCIES = (
    select(preference.c.person_id, preference.c.kind, preference.c.frequency)
    .where(preference.c.person_id.in_(_PERSONS))
    .order_by(preference.c.id)
)

UNSUBSCRIBED = select(unsubscription.c.person_id, unsubscription.c.channel, unsubscription.c.kind).where(
    unsubscription.c.person_id.in_(_PERSONS)
)


@dataclass(frozen=True, slots=True)
class _Member:
    """A person who may be a recipient of one student's facts."""

    student_id: int
    person_id: int
    language: str
    digest_at: time | None
    entitled: bool
    quiet: tuple[time, time] | None


Frequencies = Mapping[int, tuple[tuple[NoticeKind, Frequency], ...]]


async def fetch_student_recipients(
    connection: AsyncConnection, student_ids: Collection[int], *, on: date
) -> Sequence[Recipient]:
    found: list[Recipient] = []
    for ids in row_chunks(sorted(student_ids)):
        members = await _members(connection, ids, on)
        person_ids = sorted({member.person_id for member in members})
        consents = await _consents(connection, ids)
        routes = await _routes(connection, person_ids)
        agreed = await _frequencies(connection, person_ids)
        found += [
            _recipient(member, consents[member.person_id, member.student_id], routes, agreed, on) for member in members
        ]
    return await _with_unsubscribed(connection, found)


async def fetch_staff_recipients(
    connection: AsyncConnection, person_ids: Collection[int], *, on: date | None
) -> Sequence[Recipient]:
    """Staff as recipients. A notice about their own work needs no consent; a contact must be proven all the same.

    Without a date anybody, since what is about themselves is owed to whoever it is.
    """
    found: list[Recipient] = []
    for ids in row_chunks(sorted(person_ids)):
        values = {"person_ids": ids} if on is None else {"person_ids": ids, "on": on}
        members = (await connection.execute(PERSONS if on is None else STAFF, values)).all()
        routes = await _routes(connection, ids)
        agreed = await _frequencies(connection, ids)
        found += [
            Recipient(
                id_,
                None,
                None,
                None,
                language,
                routes.get(id_, ()),
                agreed.get(id_, ()),
                digest_at,
                quiet=_own_quiet(starts, ends),
            )
            for id_, language, digest_at, starts, ends in members
        ]
    return found


async def _with_unsubscribed(connection: AsyncConnection, recipients: Sequence[Recipient]) -> Sequence[Recipient]:
    """The same recipients with the kinds that they do not want by a channel; few have any."""
    off: dict[int, set[tuple[str, NoticeKind]]] = defaultdict(set)
    for ids in row_chunks(sorted({recipient.person_id for recipient in recipients})):
        for person_id, channel, kind in await connection.execute(UNSUBSCRIBED, {"person_ids": ids}):
            off[person_id].add((channel, kind))
    if not off:
        return recipients
    return [replace(each, unsubscribed=frozenset(off.get(each.person_id, ()))) for each in recipients]


def _recipient(
    member: _Member,
    entries: Iterable[ConsentEntry],
    routes: Mapping[int, tuple[Route, ...]],
    agreed: Frequencies,
    on: date,
) -> Recipient:
    last = consent_rules.latest_consent_entry(entries, on)
    obstacle = consent_rules.consent_obstacle(last, on) if member.entitled else Reason.NO_ACCESS
    return Recipient(
        person_id=member.person_id,
        student_id=member.student_id,
        consent_id=last.id if last is not None and obstacle is None else None,
        obstacle=obstacle,
        language=member.language,
        routes=_named_routes(routes.get(member.person_id, ()), last) if member.entitled else (),
        frequencies=agreed.get(member.person_id, ()),
        digest_at=member.digest_at,
        quiet=member.quiet,
    )


def _named_routes(routes: Iterable[Route], consent: ConsentEntry | None) -> tuple[Route, ...]:
    """The routes, those closed whose processor the consent does not name."""
    return tuple(
        route
        if route.obstacle or consent_rules.is_processor_in_consent(consent, route.channel)
        else replace(route, obstacle=Reason.PROCESSOR_NOT_NAMED)
        for route in routes
    )


def _own_quiet(starts: time | None, ends: time | None) -> tuple[time, time] | None:
    return None if starts is None or ends is None else (starts, ends)


async def _members(connection: AsyncConnection, student_ids: Collection[int], on: date) -> Sequence[_Member]:
    """Persons with a right to the facts, guardians first; the student alone where nobody else has it."""
    rows = await connection.execute(MEMBERS, {"student_ids": student_ids, "on": on})
    families: dict[int, dict[int, _Member]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: (row.student_id, row.guardianship_id == 0, row.guardianship_id)):
        quiet = _own_quiet(row.starts, row.ends)
        member = _Member(row.student_id, row.person_id, row.language, row.digest_at, bool(row.entitled), quiet)
        families[member.student_id].setdefault(member.person_id, member)
    return [member for family in families.values() for member in _owed(family.values())]


def _owed(family: Collection[_Member]) -> Sequence[_Member]:
    return [member for member in family if member.entitled] or list(family)


async def _consents(
    connection: AsyncConnection, student_ids: Collection[int]
) -> Mapping[tuple[int, int], list[ConsentEntry]]:
    by_pair: dict[tuple[int, int], list[ConsentEntry]] = defaultdict(list)
    for entry in await fetch_rows(connection, ConsentEntry, CONSENTS, {"student_ids": student_ids}):
        by_pair[entry.person_id, entry.student_id].append(entry)
    return by_pair


async def _routes(connection: AsyncConnection, person_ids: Collection[int]) -> Mapping[int, tuple[Route, ...]]:
    routes: dict[int, tuple[Route, ...]] = {}
    for *fields, is_confirmed in await connection.execute(ROUTES, {"person_ids": person_ids}):
        kept = Contact(*fields)
        route = Route(
            kept.channel, kept.id, kept.address, kept.rank, _obstacle(kept, confirmed=is_confirmed), kept.muted_until
        )
        routes[kept.person_id] = (*routes.get(kept.person_id, ()), route)
    return routes


def _obstacle(kept: Contact, *, confirmed: bool) -> Reason | None:
    """Why a contact may not be used, whatever the consent says (Q80, Q84)."""
    if kept.revoked_at is not None:
        return Reason.CONTACT_REVOKED
    if kept.set_aside_at is not None:
        return Reason.CONTACT_SET_ASIDE
    if kept.address is None or kept.proven_at is None or not confirmed:
        return Reason.CONTACT_UNCONFIRMED
    return None


async def _frequencies(connection: AsyncConnection, person_ids: Collection[int]) -> Frequencies:
    by_person: dict[int, tuple[tuple[NoticeKind, Frequency], ...]] = {}
    for person_id, kind, frequency in await connection.execute(FREQUENCIES, {"person_ids": person_ids}):
        by_person[person_id] = (*by_person.get(person_id, ()), (kind, frequency))
    return by_person

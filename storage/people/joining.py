"""Joins two entries of one person or subject: all rows of the second move to the first (Q134).

A row that the first entry already has is not kept twice. Which columns refer to a person, a student, a subject or a
group is read from the foreign keys of the tables.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    UniqueConstraint,
    and_,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.year import GroupKind
from core.rules.people.ages import date_of_adult_age
from storage.database.rows import add_missing_row
from storage.delivery.evidence import PENDING
from storage.schema import metadata
from storage.schema.delivery import delivery
from storage.schema.marks import entry
from storage.schema.people import former_name, guardianship, person, student
from storage.schema.register import confirmation, contact, one_time_code
from storage.schema.results import period_mark
from storage.schema.year import enrolment, subject, teaching_group

ONLY_GROW = frozenset(
    {
        *("audit_line", "consent_entry", "entry_version", "homework_version", "period_mark_version"),
        *("term_closing", "council_decision", "exam_result_version"),
    }
)
"""Append-only tables: their rows about the second entry stay as history."""

LEFT_BEHIND = frozenset({"period_mark", "deferral", "exam_result"})
"""Versions or notices refer to these rows, so a doubled row stays with the second entry, where nothing reads it."""

IN_FORCE = {
    "guardianship": ("guardian_id", "student_id", "ends_on"),
    "enrolment": ("student_id", "group_id", "ends_on"),
    "deferral": ("student_id", "subject_id", "year_id", "term", "ended_at"),
    "reporting_period": ("year_id", "name", "grade_from", "grade_to", "group_id", "subject_id"),
}
"""Keys that are unique among some rows only."""


async def repoint_joined_rows(
    connection: AsyncConnection, named: Table[Any], keep: int, gone: int, *, at: datetime
) -> None:
    """Makes every reference to the row `gone` of a table a reference to the row `keep`."""
    for column in _referring(named):
        table: Any = column.table
        exists_already = or_(*_same_rows(column, keep))
        moves = column == gone
        if table is entry:
            moves &= entry.c.withdrawn_at.is_distinct_from(
                at
            )  # a doubled entry was withdrawn at this moment and stays behind
        await connection.execute(update(table).where(moves, ~exists_already).values({column: keep}))
        if table.name not in LEFT_BEHIND and table is not entry:
            await connection.execute(delete(table).where(column == gone))


def _referring(named: Table[Any]) -> Iterator[Column[Any]]:
    for table in metadata.sorted_tables:
        if table.name not in ONLY_GROW and table is not student:
            yield from (column for column in table.c if column.references(named.c.id))


def _same_rows(column: Column[Any], keep: int) -> Iterator[ColumnElement[bool]]:
    """For each unique key with the column: whether the same row exists already under the id that stays."""
    table: Any = column.table
    keys = [tuple(each.name for each in found.columns) for found in _unique(table) if column.name in found.columns]
    yield false()
    for key in (*keys, *filter(None, [IN_FORCE.get(table.name)])):
        other = table.alias()
        same = [other.c[name].is_not_distinct_from(table.c[name]) for name in key if name != column.name]
        yield exists().where(other.c[column.name] == keep, *same).correlate_except(other)


def _unique(table: Any) -> Iterator[Any]:
    yield table.primary_key
    yield from (each for each in table.constraints if isinstance(each, UniqueConstraint))


async def join_contact_rows(connection: AsyncConnection, keep: int, gone: int, *, at: datetime) -> None:
    """Makes one contact, with the proofs of both, of an address that both have; the rest comes last in the order."""
    ours, theirs = contact.alias("ours"), contact.alias("theirs")
    both = (
        select(ours.c.id, theirs.c.id, ours.c.proven_at, theirs.c.proven_at)
        .where(ours.c.person_id == keep, theirs.c.person_id == gone)
        .where(ours.c.channel == theirs.c.channel, func.lower(ours.c.address) == func.lower(theirs.c.address))
        .where(ours.c.revoked_at.is_(None), theirs.c.revoked_at.is_(None))
    )
    for kept, doubled, proven_at, other in (await connection.execute(both)).all():
        for table in (confirmation, one_time_code):
            await connection.execute(update(table).where(table.c.contact_id == doubled).values(contact_id=kept))
        waiting = update(delivery).where(delivery.c.contact_id == doubled, delivery.c.status == PENDING)
        await connection.execute(waiting.values(contact_id=kept))
        await connection.execute(update(contact).where(contact.c.id == kept).values(proven_at=proven_at or other))
        await connection.execute(update(contact).where(contact.c.id == doubled).values(revoked_at=at))
    last = (await connection.scalar(select(func.max(contact.c.rank)).where(contact.c.person_id == keep))) or 0
    behind = update(contact).where(contact.c.person_id == gone).values(rank=contact.c.rank + last + 1)
    await connection.execute(behind)


async def join_bar_rows(connection: AsyncConnection, keep: int, gone: int) -> None:
    """A guardian who is barred under one entry is barred under both."""
    theirs = guardianship.alias("theirs")
    for ours, other, same in (
        (guardianship.c.guardian_id, theirs.c.guardian_id, theirs.c.student_id == guardianship.c.student_id),
        (guardianship.c.student_id, theirs.c.student_id, theirs.c.guardian_id == guardianship.c.guardian_id),
    ):
        barred = and_(other == gone, same, theirs.c.ends_on.is_(None), ~theirs.c.access)
        held = and_(ours == keep, guardianship.c.ends_on.is_(None), exists().where(barred).correlate_except(theirs))
        await connection.execute(update(guardianship).where(held).values(access=False))


async def join_student_rows(connection: AsyncConnection, keep: int, gone: int, *, at: datetime) -> None:
    """Keeps the first entry's class; an account or a last day of either entry is kept."""
    classes = select(teaching_group.c.id).where(teaching_group.c.kind == GroupKind.CLASS)
    place = enrolment.alias("place")
    has_class = exists().where(place.c.student_id == keep, place.c.ends_on.is_(None), place.c.group_id.in_(classes))
    other = and_(enrolment.c.student_id == gone, enrolment.c.ends_on.is_(None), enrolment.c.group_id.in_(classes))
    await connection.execute(delete(enrolment).where(other, has_class.correlate_except(place)))
    (leaves_on, own_account) = (
        await connection.execute(select(student.c.leaves_on, student.c.own_account).where(student.c.id == gone))
    ).one()
    ours = update(student).where(student.c.id == keep)
    if own_account:
        await connection.execute(ours.values(own_account=True))
    if leaves_on is not None:
        await connection.execute(ours.where(student.c.leaves_on.is_(None)).values(leaves_on=leaves_on))
    await repoint_joined_rows(connection, student, keep, gone, at=at)


async def join_name_rows(connection: AsyncConnection, keep: int, gone: int) -> None:
    """Keeps the second entry as history with a reference to the first, whose former name its name becomes."""
    old = (await connection.execute(select(person.c.name_key, person.c.birth_date).where(person.c.id == gone))).one()
    await connection.execute(update(person).where(person.c.id == gone).values(joined_to=keep))
    unknown = update(person).where(person.c.id == keep, person.c.birth_date.is_(None))
    await connection.execute(unknown.values(birth_date=old.birth_date, adult_on=date_of_adult_age(old.birth_date)))
    await add_missing_row(connection, former_name, {"person_id": keep, "name_key": old.name_key})


async def join_subject_rows(connection: AsyncConnection, keep: int, gone: int, *, at: datetime) -> None:
    """Moves everything of the second subject to the first; groups of the same name become one."""
    ours, theirs = teaching_group.alias("ours"), teaching_group.alias("theirs")
    doubled = (
        select(ours.c.id, theirs.c.id)
        .where(ours.c.subject_id == keep, theirs.c.subject_id == gone)
        .where(ours.c.kind == theirs.c.kind, ours.c.name_key == theirs.c.name_key)
    )
    for kept, other in (await connection.execute(doubled)).all():
        await repoint_joined_rows(connection, teaching_group, kept, other, at=at)
        await connection.execute(delete(teaching_group).where(teaching_group.c.id == other))
    await repoint_joined_rows(connection, subject, keep, gone, at=at)
    await connection.execute(update(subject).where(subject.c.id == gone).values(joined_to=keep))


def select_differing_joined_terms(keep: int, gone: int, column: Column[Any]) -> Select[Any, Any]:
    """The terms, as they are stored, of all differing final marks of both students, or both subjects, in one year.

    Which of them name one term, only `term_key` can tell.
    """
    ours, theirs = period_mark.alias("ours"), period_mark.alias("theirs")
    names = {"student_id", "subject_id", "year_id"} - {column.name}
    return (
        select(ours.c.term, theirs.c.term)
        .select_from(ours.join(theirs, and_(*(ours.c[name] == theirs.c[name] for name in names))))
        .where(ours.c[column.name] == keep, theirs.c[column.name] == gone)
        .where(theirs.c.value.is_not(None), theirs.c.value.is_distinct_from(ours.c.value))
    )

"""Turns a scope into SQL conditions: the one place that decides in SQL which students a reader may see (Q3, Q14).

The reader and the date enter every condition as parameters with fixed names (`READER`, `DAY`). So a statement that is
built once serves every scope of the same kind; see `cached_statements`. One statement never mixes two scopes.
"""

from datetime import date
from functools import lru_cache
from typing import Any, assert_never

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from core.model.people import Role
from core.model.register.consents import Decision
from core.model.year import GroupKind
from core.rules.access import Everything, Family, Nothing, OwnClasses, OwnGroups, Scope
from storage.database.types import DayType
from storage.schema.people import guardianship, person, staff_role, student
from storage.schema.register import consent_entry
from storage.schema.timetable import lesson_change, template_lesson
from storage.schema.year import enrolment, teaching_group

Personal = Family | OwnGroups | OwnClasses
"""Scopes of one reader on one date."""

READER, DAY = "scope_person", "scope_on"
"""The names of the two parameters."""


_SCOPES_KEPT = 256
"""So many conditions are kept: a person asks several times a day, and SQLAlchemy builds one in milliseconds."""


def scope_reader_parameter(scope: Personal) -> ColumnElement[int]:
    """The id of the person who reads, as a parameter."""
    return bindparam(READER, scope.person_id, type_=Integer())


def scope_day_parameter(scope: Personal) -> ColumnElement[date]:
    """The date on which the person reads, as a parameter."""
    return bindparam(DAY, scope.on, type_=DayType())


@lru_cache(_SCOPES_KEPT)
def scope_opens_student(scope: Scope, student_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a scope opens the student with this id."""
    match scope:
        case Nothing():
            return false()
        case Everything():
            return true()
        case Family():
            return _in_family(scope, student_id)
        case OwnGroups():
            taught = exists().where(
                enrolment.c.student_id == student_id,
                scope_within_dates(scope_day_parameter(scope), enrolment.c.starts_on, enrolment.c.ends_on),
                enrolment.c.group_id == teaching_group.c.id,
                _works_with(scope),
            )
            return and_(
                taught.correlate_except(enrolment, teaching_group),
                ~scope_student_has_left(scope_day_parameter(scope), student_id),
            )
        case OwnClasses():
            return and_(
                _in_own_class(scope, student_id), ~scope_student_has_left(scope_day_parameter(scope), student_id)
            )
        case _:
            assert_never(scope)


@lru_cache(_SCOPES_KEPT)
def scope_opens_person(scope: Scope, person_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a scope opens the person with this id: a student it opens, and whoever asks."""
    match scope:
        case Family() | OwnGroups() | OwnClasses():
            return or_(person_id == scope_reader_parameter(scope), scope_opens_student(scope, person_id))
        case _:
            return scope_opens_student(scope, person_id)


@lru_cache(_SCOPES_KEPT)
def scope_opens_group(scope: Scope) -> ColumnElement[bool]:
    """Whether a scope opens a row of `teaching_group`: the reader's own groups, or those of the family's students."""
    match scope:
        case OwnGroups():
            return _works_with(scope)
        case OwnClasses():
            return _is_own_group(scope)
        case Family():
            attended = exists().where(
                enrolment.c.group_id == teaching_group.c.id,
                scope_within_dates(scope_day_parameter(scope), enrolment.c.starts_on, enrolment.c.ends_on),
                scope_opens_student(scope, enrolment.c.student_id),
            )
            return attended.correlate(teaching_group)
        case _:
            return scope_opens_student(scope, teaching_group.c.id)


@lru_cache(_SCOPES_KEPT)
def scope_teaches_subject(
    scope: Scope, subject_id: ColumnElement[int], *, lesson_on: date | None
) -> ColumnElement[bool]:
    """Whether a scope may write marks of a subject in a row of `teaching_group` on a lesson's day.

    The reader is the group's own teacher, has a teacher's role there, stands in the timetable, or is the substitute of
    that day (`lesson_on` None: substitutes are left out). Leading the class is not enough.
    """
    learned = or_(teaching_group.c.subject_id.is_(None), teaching_group.c.subject_id == subject_id)
    match scope:
        case Everything():
            return learned
        case OwnGroups():
            return and_(learned, _teaches_subject(scope, subject_id, lesson_on))
        case _:
            return false()


def scope_on_class_list(scope: Scope, student_id: ColumnElement[int], *, lesson_on: date) -> ColumnElement[bool]:
    """Whether a row of `enrolment` puts the student on the group's list on a lesson's day, and they have not left."""
    seen_on = scope_day_parameter(scope) if isinstance(scope, OwnGroups) else lesson_on
    return and_(
        scope_within_dates(lesson_on, enrolment.c.starts_on, enrolment.c.ends_on),
        ~scope_student_has_left(seen_on, student_id),
    )


def scope_within_dates(on: Any, starts_on: ColumnElement[Any], ends_on: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a date lies between two dates, both included; a missing one sets no limit."""
    return and_(or_(starts_on.is_(None), starts_on <= on), or_(ends_on.is_(None), ends_on >= on))


def scope_represents_student(on: Any) -> ColumnElement[bool]:
    """Whether a row of `guardianship` gives access on a date.

    From the student's 18th birthday on only where the student has consented to it since: the pair's last entry is a
    consent of that day or later (Q8).
    """
    grown = person.alias("grown_student")
    is_adult = exists().where(grown.c.id == guardianship.c.student_id, grown.c.adult_on <= on)
    return and_(
        guardianship.c.access,
        scope_within_dates(on, guardianship.c.starts_on, guardianship.c.ends_on),
        or_(~is_adult.correlate_except(grown), _consented_as_adult(on)),
    )


def _consented_as_adult(on: Any) -> ColumnElement[bool]:
    of_pair = and_(
        consent_entry.c.person_id == guardianship.c.guardian_id,
        consent_entry.c.student_id == guardianship.c.student_id,
        consent_entry.c.decided_on <= on,
    )
    last = select(consent_entry.c.id).where(of_pair).order_by(consent_entry.c.id.desc()).limit(1)
    entry, grown = consent_entry.alias("adult_entry"), person.alias("adult_student")
    given = exists().where(
        entry.c.id == last.correlate_except(consent_entry).scalar_subquery(),
        grown.c.id == guardianship.c.student_id,
        entry.c.decision == Decision.CONSENT,
        entry.c.decided_on >= grown.c.adult_on,
        or_(entry.c.expires_on.is_(None), entry.c.expires_on >= on),
    )
    return given.correlate_except(entry, grown)


def scope_role_in_force(on: Any) -> ColumnElement[bool]:
    """Whether a row of `staff_role` is in force on a date (Q127)."""
    return scope_within_dates(on, staff_role.c.starts_on, staff_role.c.ends_on)


def scope_is_staff(person_id: Any, on: Any, *roles: Role) -> ColumnElement[bool]:
    """Whether a person is staff on a date, in one of the roles if any are named.

    A person whom only a timetable names is staff. A person whose roles of this kind have all ended is not (Q127).
    """
    listed = staff_role.c.role.in_(roles) if roles else staff_role.c.role.is_not(None)
    own = exists().where(staff_role.c.person_id == person_id, listed).correlate_except(staff_role)
    still = (
        exists()
        .where(staff_role.c.person_id == person_id, listed, scope_role_in_force(on))
        .correlate_except(staff_role)
    )
    return or_(~own, still)


def scope_in_class(on: date) -> ColumnElement[bool]:
    """Whether a row of `enrolment` with its `teaching_group` puts the student into a class on a date."""
    return and_(
        teaching_group.c.kind == GroupKind.CLASS, scope_within_dates(on, enrolment.c.starts_on, enrolment.c.ends_on)
    )


def scope_student_has_left(on: date | ColumnElement[date], student_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the student's last day at the school is over by then, whatever a group's list still says (Q40)."""
    left = student.alias("left_student")
    return exists().where(left.c.id == student_id, left.c.leaves_on < on).correlate_except(left)


def _in_family(scope: Family, student_id: ColumnElement[int]) -> ColumnElement[bool]:
    child = exists().where(
        guardianship.c.guardian_id == scope_reader_parameter(scope),
        guardianship.c.student_id == student_id,
        scope_represents_student(scope_day_parameter(scope)),
    )
    own = select(student.c.id).where(student.c.id == scope_reader_parameter(scope))
    if not scope.on_paper:
        own = own.where(student.c.own_account)
    family = or_(child.correlate_except(guardianship), student_id.in_(own))
    return and_(family, _consented(scope, student_id)) if scope.needs_consent else family


def _consented(scope: Family, student_id: ColumnElement[int]) -> ColumnElement[bool]:
    """`rules/register/consents.py` in SQL: the pair's last entry by then is a consent in force for the channel."""
    of_pair = and_(
        consent_entry.c.person_id == scope_reader_parameter(scope),
        consent_entry.c.student_id == student_id,
        consent_entry.c.decided_on <= scope_day_parameter(scope),
    )
    last = select(consent_entry.c.id).where(of_pair).order_by(consent_entry.c.id.desc()).limit(1)
    entry = consent_entry.alias("last_entry")
    in_force = exists().where(
        entry.c.id == last.correlate_except(consent_entry).scalar_subquery(),
        entry.c.decision == Decision.CONSENT,
        or_(entry.c.expires_on.is_(None), entry.c.expires_on >= scope_day_parameter(scope)),
        _names_processor(entry, scope.channel),
    )
    return in_force.correlate_except(entry)


def _names_processor(entry: Any, channel: str | None) -> ColumnElement[bool]:
    """Whether a consent opens a channel; the list is JSON, in which each name stands in quotes."""
    if channel is None:
        return true()
    listed = cast(entry.c.channels, String).contains(f'"{channel}"', autoescape=True)
    return or_(entry.c.channels.is_(None), listed)


def _teaches_subject(scope: OwnGroups, subject_id: ColumnElement[int], lesson_on: date | None) -> ColumnElement[bool]:
    by_role = exists().where(
        staff_role.c.person_id == scope_reader_parameter(scope),
        staff_role.c.role == Role.TEACHER,
        scope_role_in_force(scope_day_parameter(scope)),
        staff_role.c.group_id == teaching_group.c.id,
        or_(staff_role.c.subject_id.is_(None), staff_role.c.subject_id == subject_id),
    )
    by_timetable = exists().where(
        template_lesson.c.teacher_id == scope_reader_parameter(scope),
        template_lesson.c.group_id == teaching_group.c.id,
        template_lesson.c.subject_id == subject_id,
        scope_within_dates(scope_day_parameter(scope), template_lesson.c.starts_on, template_lesson.c.ends_on),
    )
    as_substitute = exists().where(
        lesson_change.c.new_teacher_id == scope_reader_parameter(scope),
        lesson_change.c.group_id == teaching_group.c.id,
        func.coalesce(lesson_change.c.new_subject_id, lesson_change.c.subject_id) == subject_id,
        lesson_change.c.on == lesson_on,
        lesson_change.c.withdrawn_at.is_(None),
    )
    by_name = or_(
        and_(teaching_group.c.teacher_id == scope_reader_parameter(scope), teaching_group.c.subject_id == subject_id),
        by_timetable.correlate_except(template_lesson),
        as_substitute.correlate_except(lesson_change),
    )
    return or_(by_role.correlate_except(staff_role), and_(by_name, _still_teaches(scope)))


def _still_teaches(scope: OwnGroups) -> ColumnElement[bool]:
    """False where all roles as a teacher have ended, whatever a timetable still says (Q127)."""
    return scope_is_staff(scope_reader_parameter(scope), scope_day_parameter(scope), Role.TEACHER)


def _led_classes(scope: OwnClasses) -> Select[int | None]:
    """The classes that the reader leads by a staff role."""
    leading = (staff_role.c.person_id == scope_reader_parameter(scope)) & (staff_role.c.role == Role.CLASS_TEACHER)
    return select(staff_role.c.group_id).where(leading, scope_role_in_force(scope_day_parameter(scope)))


def _in_own_class(scope: OwnClasses, student_id: ColumnElement[int]) -> ColumnElement[bool]:
    place = enrolment.alias("led_place")  # no name that a query of a repository has: it would hide that one
    led = exists().where(
        place.c.student_id == student_id,
        scope_within_dates(scope_day_parameter(scope), place.c.starts_on, place.c.ends_on),
        place.c.group_id.in_(_led_classes(scope)),
    )
    return led.correlate_except(place)


def _is_own_group(scope: OwnClasses) -> ColumnElement[bool]:
    """Whether a row of `teaching_group` is a class that the reader leads, or a group within such classes."""
    member = enrolment.alias("led_member")
    present = (member.c.group_id == teaching_group.c.id) & scope_within_dates(
        scope_day_parameter(scope), member.c.starts_on, member.c.ends_on
    )
    own = exists().where(present, _in_own_class(scope, member.c.student_id)).correlate_except(member)
    others = exists().where(present, ~_in_own_class(scope, member.c.student_id)).correlate_except(member)
    return or_(
        teaching_group.c.id.in_(_led_classes(scope)), and_(teaching_group.c.kind != GroupKind.CLASS, own, ~others)
    )


def _works_with(scope: OwnGroups) -> ColumnElement[bool]:
    """Whether the reader teaches or leads a row of `teaching_group`.

    By a staff role, as the group's own teacher, or by the timetable.
    """
    by_role = select(staff_role.c.group_id).where(
        staff_role.c.person_id == scope_reader_parameter(scope), scope_role_in_force(scope_day_parameter(scope))
    )
    by_timetable = select(template_lesson.c.group_id).where(
        template_lesson.c.teacher_id == scope_reader_parameter(scope),
        scope_within_dates(scope_day_parameter(scope), template_lesson.c.starts_on, template_lesson.c.ends_on),
    )
    by_name = or_(teaching_group.c.teacher_id == scope_reader_parameter(scope), teaching_group.c.id.in_(by_timetable))
    return or_(teaching_group.c.id.in_(by_role), and_(by_name, _still_teaches(scope)))

"""Who may read what: turns an actor into a scope, which storage alone turns into SQL (Q14)."""

from dataclasses import dataclass
from datetime import date

from core.errors import NotAllowedError
from core.model.channels import PAPER
from core.model.people import Actor, Role


@dataclass(frozen=True, slots=True)
class Nothing:
    """No student at all."""


@dataclass(frozen=True, slots=True)
class Everything:
    """All students: the deputy head, the secretary and the system itself."""


@dataclass(frozen=True, slots=True)
class Family:
    """A guardian's children and the student's own record.

    Over an electronic channel only pairs with a consent in force that names its processor. `on_paper`: the own record
    also without an own account, since a student whom nobody else represents gets the paper (Q30).
    """

    person_id: int
    on: date
    needs_consent: bool
    on_paper: bool = False
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class OwnGroups:
    """The students of the groups that a teacher teaches or a class teacher leads."""

    person_id: int
    on: date


@dataclass(frozen=True, slots=True)
class OwnClasses:
    """The classes that a class teacher leads, with the other groups that none but their students attend."""

    person_id: int
    on: date


Scope = Nothing | Everything | Family | OwnGroups | OwnClasses


def reading_access_scope(actor: Actor, *, on: date) -> Scope:
    """The widest scope that the actor's roles open, for reading personal data on a date.

    A guardian who is also staff reads as staff only where they ask as staff; see `family_access_scope`.
    """
    if actor.roles & {Role.DEPUTY_HEAD, Role.SECRETARY, Role.SYSTEM}:
        return Everything()
    if actor.person_id is None:
        return Nothing()
    if actor.roles & {Role.TEACHER, Role.CLASS_TEACHER}:
        return OwnGroups(actor.person_id, on)
    return family_access_scope(actor, on=on)


def family_access_scope(actor: Actor, *, on: date) -> Scope:
    """What the actor may read as a family member, whatever else they are to the school (Q3, Q14)."""
    if actor.person_id is None or not actor.roles & {Role.GUARDIAN, Role.STUDENT}:
        return Nothing()
    on_paper = actor.channel == PAPER
    channel = None if on_paper else actor.channel
    return Family(actor.person_id, on, needs_consent=channel is not None, on_paper=on_paper, channel=channel)


def teaching_access_scope(actor: Actor, *, on: date) -> Scope:
    """Where the actor may keep the register: all of it for the deputy head, what one teaches oneself for teachers.

    A class teacher who does not teach the subject reads the class's marks and makes none (Q14).
    """
    if actor.roles & {Role.DEPUTY_HEAD, Role.SYSTEM}:
        return Everything()
    if actor.person_id is not None and actor.roles & {Role.TEACHER, Role.CLASS_TEACHER}:
        return OwnGroups(actor.person_id, on)
    return Nothing()


def broadcasting_access_scope(actor: Actor, *, on: date) -> Scope:
    """To whose families the actor may speak: the deputy head to all, a class teacher to own classes (Q97).

    Teaching a group is not enough: NotAllowedError.
    """
    if actor.roles & {Role.DEPUTY_HEAD, Role.SYSTEM}:
        return Everything()
    if actor.person_id is None or Role.CLASS_TEACHER not in actor.roles:
        raise NotAllowedError
    return OwnClasses(actor.person_id, on)


def statistics_access_scope(actor: Actor, *, on: date) -> Scope:
    """Whose lessons and results the actor may see as figures: the school for the deputy head, own classes else.

    NotAllowedError for everybody who leads no class (Q14).
    """
    return broadcasting_access_scope(actor, on=on)


def acquaintance_access_scope(actor: Actor, *, on: date) -> Scope:
    """Whose acquaintance with results the actor may see and tick off: the office all, a class teacher own classes.

    NotAllowedError for everybody else.
    """
    if Role.SECRETARY in actor.roles:
        return Everything()
    return broadcasting_access_scope(actor, on=on)


def families_access_scope(actor: Actor, *, on: date) -> Scope:
    """Whose consents and contacts the actor may see by class: the office all, a class teacher own classes.

    NotAllowedError for everybody else.
    """
    return acquaintance_access_scope(actor, on=on)


def require_access_role(actor: Actor, *roles: Role) -> None:
    """NotAllowedError unless the actor bears one of the roles; the system bears them all."""
    if not actor.roles & {*roles, Role.SYSTEM}:
        raise NotAllowedError

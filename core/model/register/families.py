"""Families as the register sees them: pairs of representative and student, with decision, contacts and state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.model.people import Person, Role
from core.model.register.consents import ConsentEntry
from core.model.register.contacts import Confirmation, PendingContact
from core.model.register.forms import IssuedForm


class PairState(StrEnum):
    """How far a pair has come on the way to electronic delivery; all but `active` means paper."""

    ACTIVE = "active"
    SET_ASIDE = "set_aside"
    WAITING = "waiting"
    NO_CHANNEL = "no_channel"
    NOT_SERVED = "not_served"
    """The channels that work for the family are none that the school has set up."""
    UNDECIDED = "undecided"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    ALONE = "alone"
    """Nobody represents the student."""


@dataclass(frozen=True, slots=True)
class FamilyPair:
    """A person who is entitled to a student's facts, the pair's latest entry, and the person's contacts except paper.

    `is_alone`: the student, whom nobody represents and who has no own account. `group_id` 0: no class.
    """

    person_id: int
    person: str
    student_id: int
    student: str
    group_id: int
    school_class: str
    entry: ConsentEntry | None
    contacts: tuple[PendingContact, ...]
    is_alone: bool = False

    @property
    def is_own(self) -> bool:
        """Whether the person is the student."""
        return self.person_id == self.student_id


@dataclass(frozen=True, slots=True)
class StatedPair:
    """A pair with its state on a date."""

    pair: FamilyPair
    state: PairState


@dataclass(frozen=True, slots=True)
class NamedForm:
    """An issued form with the names of its person and student; "" for no student."""

    form: IssuedForm
    person: str
    student: str


@dataclass(frozen=True, slots=True)
class OfficeLists:
    """What the office has to do: forms and contacts that wait, consents without a channel, contacts set aside."""

    forms: Sequence[NamedForm]
    waiting: Sequence[PendingContact]
    without_channel: Sequence[FamilyPair]
    set_aside: Sequence[PendingContact]
    undecided: int
    pair_of: Mapping[int, FamilyPair]
    """One pair of each person who represents a student or is one."""


@dataclass(frozen=True, slots=True)
class OfficeContact:
    """A contact as the office opens it: with one child of its owner, and the form that waits for its confirmation."""

    held: PendingContact
    pair: FamilyPair | None
    form: IssuedForm | None


@dataclass(frozen=True, slots=True)
class PersonCard:
    """All that the register knows of one person; `pairs` as representative and as student."""

    person: Person
    roles: frozenset[Role]
    pairs: Sequence[StatedPair]
    contacts: Sequence[PendingContact]
    confirmations: Sequence[Confirmation]
    forms: Sequence[IssuedForm]


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person found by a part of a name, with what tells namesakes apart: own class, children with class, roles.

    `led` and `taught` are the classes of a class teacher and of a teacher.
    """

    person: Person
    school_class: str
    children: tuple[tuple[str, str], ...]
    roles: frozenset[Role]
    led: tuple[str, ...] = ()
    taught: tuple[str, ...] = ()

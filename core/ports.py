"""What the actions need from the outside: the unit of work with its repositories, notifiers, translator, print tray."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from core.model.audit import AuditLine
from core.model.contact import Confirmation, ConsentEntry, Contact, Decision, FormKind, Frequency, OneTimeCode
from core.model.delivery import (
    Attempt,
    Delivery,
    Item,
    Obligation,
    Outcome,
    PlannedDelivery,
    PlannedObligation,
    PublishedNotice,
    Reason,
    Receipt,
    Recipient,
    State,
    Status,
    Text,
)
from core.model.journal import DiaryLesson, ReportKind
from core.model.marks import Entry, EntryChange, NewEntry, PeriodMark
from core.model.notices import Notice, NoticeKind
from core.model.people import Actor, Guardianship, Person, Role, RollEntry
from core.model.printing import Extract
from core.model.year import GroupKind, Homework, Subject, TeachingGroup
from core.rules.access import Scope


class Translator(Protocol):
    """A catalogue in one language; `n` chooses the plural form. KeyError for a key that no catalogue has."""

    @property
    def language(self) -> str: ...

    def __call__(self, key: str, /, n: int | None = None, **values: object) -> str: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can carry: `text` in characters, `concurrency` sends at once, `pace` messages a second or None."""

    text: int
    concurrency: int
    pace: float | None
    attachments: bool
    receipts: bool


class RefusedError(Exception):
    """The channel will never reach this contact: set it aside, take the next agreed channel."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class UnavailableError(Exception):
    """Not now: nothing was accepted, so the message may go again after `retry_after`.

    `channel_wide` pauses the whole channel (a flood limit, a bad token), not only this contact.
    """

    def __init__(self, reason: Reason, *, retry_after: timedelta | None = None, channel_wide: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.channel_wide = channel_wide


class UncertainError(Exception):
    """The message may have been accepted: the answer was lost after it was sent."""

    def __init__(self, reason: Reason = Reason.ANSWER_LOST) -> None:
        super().__init__(reason)
        self.reason = reason


class Notifier(Protocol):
    """A channel. The contract kit in `notifiers/testing.py` says what each must keep to (Q86)."""

    @property
    def channel(self) -> str:
        """The name that contacts and settings know it by."""
        ...

    @property
    def limits(self) -> Limits:
        """What it carries."""
        ...

    def normalise(self, address: str) -> str:
        """The address in the one form it is kept in; InvalidAddressError if the channel cannot reach it."""
        ...

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        """One message; raises RefusedError, UnavailableError or UncertainError and nothing of the vendor's."""
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...


class PrintTray(Protocol):
    """The print queue as the paper channel sees it."""

    async def put(self, *, person_id: int, student_id: int, text: Text, key: str) -> str:
        """Queue an extract once per key; returns its number."""
        ...


class People(Protocol):
    """Persons, students, guardianship, staff."""

    async def add(self, name: str, name_key: str, *, birth_date: date | None = None, language: str = "ru") -> int: ...
    async def add_student(self, person_id: int, *, leaves_on: date | None) -> bool:
        """True where it is new or the last day of a known student moved."""
        ...

    async def add_guardianship(self, guardian_id: int, student_id: int, *, relation: str) -> int: ...
    async def add_staff_role(self, person_id: int, role: Role, *, group_id: int | None) -> bool:
        """True where the person did not bear it yet."""
        ...

    async def named(self, name_keys: Collection[str]) -> Sequence[Person]:
        """Persons of these normalised names, for matching an import's rows."""
        ...

    async def person(self, person_id: int, scope: Scope) -> Person:
        """NotFoundError outside the scope."""
        ...

    async def roll(self, on: date) -> Sequence[RollEntry]:
        """Every student with the class they are in on a date: what files are matched against."""
        ...

    async def guardianships(self, student_ids: Collection[int] | None = None) -> Sequence[Guardianship]: ...
    async def roles(self, person_id: int) -> frozenset[Role]:
        """Staff roles, GUARDIAN with a guardianship, STUDENT with an own account."""
        ...

    async def children(self, scope: Scope) -> Sequence[Person]:
        """The students that a scope opens, by name."""
        ...

    async def recipients(self, student_ids: Collection[int], *, on: date) -> Sequence[Recipient]:
        """Whom these students' facts are owed to, fresh from the tables as of a date.

        Guardians with access and the student with an own account; failing both, the student, who is then on paper.
        """
        ...


class Year(Protocol):
    """School years, subjects, groups, enrolment, lessons, homework."""

    async def ensure_year(self, on: date) -> int:
        """The school year (1 September to 31 August) a date lies in."""
        ...

    async def ensure_period(self, year_id: int, name: str, *, starts_on: date, ends_on: date) -> int: ...
    async def ensure_subjects(self, names: Mapping[str, str]) -> Mapping[str, int]:
        """Ids by normalised name, for printed names by normalised name; missing ones are added."""
        ...

    async def ensure_group(
        self,
        kind: GroupKind,
        name: str,
        name_key: str,
        *,
        grade_level: int | None = None,
        subject_id: int | None = None,
        teacher_id: int | None = None,
    ) -> int: ...
    async def enrol(self, student_id: int, group_id: int, *, starts_on: date | None = None) -> bool:
        """True where the place is new; a new class ends the old one the day before `starts_on` (Q40)."""
        ...

    async def groups(self, scope: Scope) -> Sequence[TeachingGroup]: ...
    async def record_lessons(
        self, group_id: int, lessons: Sequence[DiaryLesson], subjects: Mapping[str, int], *, now: datetime
    ) -> int:
        """Lessons and homework of a diary; rows that are there already stay; returns how many changed."""
        ...

    async def homework(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[Homework]: ...
    async def subjects(self) -> Sequence[Subject]: ...


class Journal(Protocol):
    """Entries with versions, period marks, imports and sources."""

    async def sources(self) -> frozenset[tuple[ReportKind, int]]:
        """The (report kind, student) pairs already imported once."""
        ...

    async def add_sources(self, pairs: Collection[tuple[ReportKind, int]], *, import_id: int) -> None: ...
    async def known(self, student_ids: Collection[int], *, since: date | None, until: date | None) -> Sequence[Entry]:
        """Entries in force of these students, by student, subject, date and id; a bulk read for the diff."""
        ...

    async def add_entries(self, entries: Sequence[NewEntry], *, import_id: int | None, at: datetime) -> None:
        """Bulk insert."""
        ...

    async def change_entries(
        self, changes: Sequence[EntryChange], *, at: datetime, by: int | None, reason: str, import_id: int | None
    ) -> None:
        """New versions with before and after; enrichment alone makes no version (Q38)."""
        ...

    async def period_marks(
        self, student_ids: Collection[int], *, year_ids: Collection[int]
    ) -> Sequence[PeriodMark]: ...
    async def put_period_mark(self, mark: PeriodMark, *, before: PeriodMark | None, by: int | None) -> int:
        """Insert (id 0) or follow `before` (ConflictError if its version moved); returns the id.

        A greater version than before's is a new value with its own row of history; the same one moves the average only.
        """
        ...

    async def published_results(self) -> Mapping[str, int]:
        """How many versions of each result were published, by fact ("period_mark:17")."""
        ...

    async def add_import(self, *, sha256: str, kind: str, at: datetime, by: int | None) -> int: ...
    async def finish_import(self, import_id: int, *, recorded: int, changed: int, withdrawn: int) -> None: ...
    async def entries(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[tuple[Entry, str]]:
        """A student's entries in force with the subject's name, newest day last; empty outside the scope."""
        ...

    async def finals(self, student_id: int, scope: Scope, *, year_id: int) -> Sequence[tuple[PeriodMark, str]]: ...


class Register(Protocol):
    """The register of consents, contacts with their proofs, one-time codes, preferences."""

    async def add_consent(  # noqa: PLR0913  # a register entry has these fields by law (Q1)
        self,
        *,
        person_id: int,
        student_id: int,
        decision: Decision,
        decided_on: date,
        form: FormKind,
        document: str,
        registered_by: str,
        at: datetime,
        expires_on: date | None = None,
        scan_sha256: str | None = None,
    ) -> ConsentEntry:
        """Appends; the registration number is given here, in order, per year of registration."""
        ...

    async def consents(self, person_id: int | None = None, student_id: int | None = None) -> Sequence[ConsentEntry]: ...
    async def add_contact(
        self, *, person_id: int, channel: str, address: str | None, rank: int, origin: str, proven_at: datetime | None
    ) -> int: ...
    async def contacts(self, person_id: int) -> Sequence[Contact]: ...
    async def contact(self, contact_id: int) -> Contact:
        """NotFoundError if there is none."""
        ...

    async def contacts_at(self, channel: str, address: str) -> Sequence[Contact]:
        """Unrevoked contacts with this address: several members of a family may share one."""
        ...

    async def confirm(
        self,
        contact_id: int,
        *,
        form: FormKind,
        document: str,
        document_on: date | None,
        accepted_by: str,
        at: datetime,
    ) -> None: ...
    async def confirmations(self, contact_id: int) -> Sequence[Confirmation]: ...
    async def bind(self, contact_id: int, address: str, *, at: datetime) -> None:
        """Sets the address and ownership as proven now, and clears a set-aside."""
        ...

    async def set_aside(self, contact_id: int, reason: Reason, *, at: datetime) -> None: ...
    async def resume(self, contact_id: int) -> None: ...
    async def revoke(self, contact_id: int, *, at: datetime) -> None: ...
    async def add_code(
        self, *, person_id: int, contact_id: int | None, channel: str, code_hash: str, expires_at: datetime
    ) -> None: ...
    async def code(self, code_hash: str, channel: str) -> OneTimeCode | None: ...
    async def use_code(self, code_id: int, *, at: datetime) -> bool:
        """True for the one caller that used it."""
        ...

    async def count_guess(self, origin: str, *, at: datetime, window: timedelta) -> int:
        """Counts a wrong code from an origin (a keyed hash of the chat) and returns the wrong ones in the window."""
        ...

    async def guesses(self, origin: str, *, since: datetime) -> int: ...
    async def prefer(self, person_id: int, kind: NoticeKind, frequency: Frequency) -> None: ...


@dataclass(frozen=True, slots=True)
class OpenObligation:
    """An obligation whose current delivery ended without closing evidence, or whose next channel must start."""

    obligation: Obligation
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """An obligation as reports show it, with the names a person needs."""

    obligation: Obligation
    person: str
    student: str
    deliveries: tuple[Delivery, ...]


class Outbox(Protocol):
    """Notices, obligations, deliveries, attempts. Statuses only move as `rules/evidence.py` allows (Q93)."""

    async def add(
        self, student_id: int, notice: Notice, *, fact: str, received_at: datetime, published_at: datetime
    ) -> None: ...
    async def add_many(
        self, notices: Sequence[tuple[int, Notice, str]], *, received_at: datetime, published_at: datetime
    ) -> None:
        """(student id, notice, fact) in bulk."""
        ...

    async def unplanned(self, limit: int) -> Sequence[PublishedNotice]:
        """Notices not fanned out yet, oldest first."""
        ...

    async def plan(
        self, obligations: Sequence[PlannedObligation], *, notice_ids: Collection[int], at: datetime
    ) -> None:
        """Writes obligations and deliveries.

        Exactly one obligation per notice and person (a second one is left out by a unique key), marks the
        notices fanned out and supersedes open obligations of the same R6 fact.
        """
        ...

    async def waiting(self, channel: str, *, now: datetime, limit: int) -> Sequence[str]:
        """Bundles with a delivery that may go now, the most urgent first."""
        ...

    async def pending(self, bundles: Collection[str], *, until: datetime) -> Sequence[Item]:
        """Pending deliveries of these bundles with `not_before` up to `until`, with fact and child's name."""
        ...

    async def claim(self, attempts: Sequence["NewAttempt"], *, now: datetime) -> Sequence[int]:
        """Writes the attempts and turns their deliveries to SENDING; returns the attempts' ids in order."""
        ...

    async def replan(
        self, moved: Sequence[tuple[Delivery, Status, Reason, tuple[PlannedDelivery, ...]]], *, now: datetime
    ) -> None:
        """Ends deliveries with a status and reason and plans what follows them for the same obligations."""
        ...

    async def settle(self, outcomes: Sequence[Outcome], closes: Mapping[str, Status]) -> None:
        """Commits outcomes: attempts, their deliveries still SENDING, evidence of their obligations.

        An obligation closes where the evidence reaches `closes[channel]`.
        """
        ...

    async def sent_by(self, attempt_ids: Collection[int]) -> Sequence[Delivery]:
        """The deliveries whose latest attempt is one of these."""
        ...

    async def attempt(self, key: str) -> Attempt | None: ...
    async def record_receipt(
        self, attempt_id: int, receipt: Receipt, closes: Mapping[str, Status], *, at: datetime
    ) -> bool:
        """Keeps the receipt and raises the deliveries' status where it is higher; False where it changed nothing."""
        ...

    async def in_flight(self) -> Sequence[Attempt]:
        """Attempts claimed and not settled: after a takeover, what the dead worker held."""
        ...

    async def to_escalate(self, *, now: datetime, limit: int) -> Sequence[OpenObligation]:
        """Open obligations with no delivery on its way, or with one past its `escalate_at`, not escalated from yet."""
        ...

    async def deliveries_of_pair(
        self, person_id: int, student_id: int, statuses: Collection[Status]
    ) -> Sequence[Delivery]: ...
    async def deliveries_of_contact(self, contact_id: int, statuses: Collection[Status]) -> Sequence[Delivery]: ...
    async def obligations(
        self,
        *,
        states: Collection[State] | None = None,
        late_at: datetime | None = None,
        obligation_id: int | None = None,
        kinds: Collection[NoticeKind] | None = None,
    ) -> Sequence[ObligationRow]:
        """For reports, by due time; `late_at`: R6 ones closed after due, or open and due before that moment."""
        ...

    async def published(self, kinds: Collection[NoticeKind]) -> Sequence[PublishedNotice]:
        """All notices of these kinds that have been fanned out."""
        ...

    async def attempts_of(self, obligation_id: int) -> Sequence[Attempt]: ...
    async def next_wake(self, *, now: datetime) -> datetime | None:
        """The earliest `not_before` or `escalate_at` ahead."""
        ...


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """A message about to be sent: which deliveries it carries, under which consents."""

    key: str
    channel: str
    contact_id: int | None
    person_id: int
    worker: str
    deliveries: tuple[tuple[int, int | None], ...]
    """(delivery id, consent id)"""


class Leases(Protocol):
    """One worker at a time."""

    async def take(self, name: str, holder: str, *, now: datetime, ttl: timedelta) -> bool:
        """Takes or renews; False while another holder's lease runs."""
        ...

    async def release(self, name: str, holder: str) -> None: ...
    async def claim_run(self, job: str, on: date) -> bool:
        """True for the one caller that may run a periodic job for a local date."""
        ...


class Audit(Protocol):
    """The append-only, hash-linked trail (Q76, Q102): ids and keyed hashes, never names or addresses."""

    async def write(self, actor: Actor, action: str, *, at: datetime, **facts: str | int | None) -> None:
        """The line joins the chain when the unit of work commits."""
        ...

    async def verify(self) -> int | None:
        """The id of the first line that does not fit the chain; None if all do."""
        ...

    async def lines(self, *, limit: int) -> Sequence[AuditLine]: ...


class Paper(Protocol):
    """The print queue."""

    async def put(self, *, person_id: int, student_id: int, key: str, basis: str, text: Text, at: datetime) -> Extract:
        """Once per key: the same key gives the same extract back."""
        ...

    async def extracts(self, statuses: Collection[Status]) -> Sequence[Extract]: ...
    async def extract(self, number: str) -> Extract:
        """NotFoundError if there is none."""
        ...

    async def advance(self, number: str, status: Status, *, at: datetime) -> None: ...


class UnitOfWork(Protocol):
    """One transaction: rolled back unless committed. Writing ones take the write lock at once."""

    people: People
    year: Year
    journal: Journal
    register: Register
    outbox: Outbox
    leases: Leases
    audit: Audit
    paper: Paper

    async def commit(self) -> None: ...


class UnitOfWorkFactory(Protocol):
    """`async with open_uow() as uow`: a writing unit of work; `open_uow(reading=True)`: one that only reads."""

    def __call__(self, *, reading: bool = False) -> AbstractAsyncContextManager[UnitOfWork]: ...

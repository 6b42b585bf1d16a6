"""Repositories of the school itself: people, the year, the journal, the register."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol

from core.model.delivery.recipients import Recipient
from core.model.delivery.states import Reason
from core.model.imports.reports import ReportKind
from core.model.marks.entries import Entry, EntryChange, NewEntry
from core.model.marks.gradebook import ClassRegister, DatedVersion, LessonDay, OpenedEntry, Taught
from core.model.notices import NoticeKind
from core.model.people import Guardianship, Person, Role, RollEntry, StaffRole
from core.model.register.consents import ConsentEntry, Decision
from core.model.register.contacts import Confirmation, Contact, OneTimeCode, PendingContact
from core.model.register.forms import FormKind
from core.model.register.preferences import Frequency, Preference
from core.model.results.period_marks import PeriodMark
from core.model.year import GroupKind, Homework, Lesson, ReportingPeriod, Subject, TeachingGroup
from core.rules.access import Scope


class People(Protocol):
    """Persons, students, guardianship, staff."""

    async def add(self, name: str, name_key: str, *, birth_date: date | None = None, language: str = "ru") -> int: ...
    async def add_student(self, person_id: int, *, leaves_on: date | None, own_account: bool = False) -> bool:
        """True where it is new or the last day of a known student moved."""
        ...

    async def set_account(self, student_id: int, *, opened: bool) -> None:
        """A student's own account; NotFoundError if there is no such student."""
        ...

    async def add_guardianship(  # a bar has its ground
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
    ) -> int: ...
    async def end_guardianship(self, guardianship_id: int, *, ends_on: date, at: datetime) -> None:
        """The last day of a link, entered at a moment."""
        ...

    async def add_staff_role(
        self,
        person_id: int,
        role: Role,
        *,
        group_id: int | None,
        subject_id: int | None = None,
        ends_on: date | None = None,
    ) -> bool:
        """True where the person did not bear it yet; one that has ended stays ended."""
        ...

    async def end_role(self, role_id: int, *, ends_on: date | None) -> None:
        """The last day of a staff role; None: it goes on."""
        ...

    async def staff_roles(self, person_id: int) -> Sequence[StaffRole]:
        """All staff roles of a person, those that have ended too."""
        ...

    async def named(self, name_keys: Collection[str]) -> Sequence[Person]:
        """Persons of these normalised names, for matching an import's rows."""
        ...

    async def find(self, part: str) -> Sequence[Person]:
        """Persons whose normalised name has this normalised part, by name; "" finds everybody."""
        ...

    async def formerly(self, name_keys: Collection[str]) -> Mapping[str, int]:
        """Ids by former normalised name, of those who bear another one now."""
        ...

    async def rename(self, person_id: int, name: str, name_key: str) -> None:
        """The name from now on; the one before is kept as a former one."""
        ...

    async def students(self, person_ids: Collection[int]) -> frozenset[int]:
        """Which of these persons are students."""
        ...

    async def join(self, keep_id: int, gone_id: int, *, students: bool, at: datetime) -> None:
        """Everything of the second person but their entries in the register is the first one's from now on."""
        ...

    async def person(self, person_id: int, scope: Scope) -> Person:
        """NotFoundError outside the scope."""
        ...

    async def roll(self, on: date) -> Sequence[RollEntry]:
        """Every student with the class they are in on a date: what files are matched against."""
        ...

    async def guardianships(self, student_ids: Collection[int] | None = None) -> Sequence[Guardianship]: ...
    async def speak(self, person_id: int, language: str) -> None:
        """The person's language from now on."""
        ...

    async def roles(self, person_id: int, *, on: date) -> frozenset[Role]:
        """Roles on a date: staff roles, GUARDIAN with access to a child, STUDENT with an own account."""
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
    """School years, periods, subjects, groups, enrolment, the diary's lessons and homework."""

    async def ensure_year(self, on: date) -> int:
        """The school year (1 September to 31 August) a date lies in."""
        ...

    async def year(self, on: date) -> int | None:
        """The school year a date lies in, if the school has it."""
        ...

    async def ensure_period(self, year_id: int, name: str, *, starts_on: date, ends_on: date) -> int: ...
    async def put_period(self, year_id: int, name: str, *, starts_on: date, ends_on: date) -> bool:
        """True where the period is new or its dates moved."""
        ...

    async def subject_ids(self) -> Mapping[str, int]:
        """Ids by normalised name; a name that was joined to another is that subject."""
        ...

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
    async def lessons(self, group_ids: Collection[int], *, since: date, until: date) -> Sequence[Lesson]:
        """The lessons of these groups that a diary or a teacher has entered, days inclusive."""
        ...

    async def homework(self, group_ids: Collection[int], *, since: date, until: date) -> Sequence[Homework]:
        """What was ever given to these groups for these days, withdrawn homework included."""
        ...

    async def periods(self, on: date) -> Sequence[ReportingPeriod]:
        """The reporting periods of the school year that a date lies in, by their first day."""
        ...

    async def sharing(self, group_ids: Collection[int], *, on: date) -> Sequence[TeachingGroup]:
        """The groups that any of these groups' students are in on a date, these themselves included."""
        ...

    async def subjects(self) -> Sequence[Subject]:
        """By name, without those that were joined to another."""
        ...

    async def join_subjects(self, keep_id: int, gone_id: int, *, at: datetime) -> None:
        """Everything of the second subject is the first one's from now on, its name included."""
        ...


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

    async def clashing_terms(
        self, *, students: tuple[int, int] | None = None, subjects: tuple[int, int] | None = None
    ) -> int:
        """In how many terms two students, or two subjects, have final marks that are not the same."""
        ...

    async def of_subject(self, subject_id: int) -> Sequence[Entry]:
        """All entries in force of a subject."""
        ...

    async def published_results(self) -> Mapping[str, int]:
        """How many versions of each result were published, by fact ("period_mark:17")."""
        ...

    async def add_import(self, *, sha256: str, kind: str, at: datetime, by: int | None) -> int: ...
    async def has_imported(self, kind: str) -> bool:
        """Whether a file of this kind has ever brought anything."""
        ...

    async def finish_import(self, import_id: int, *, recorded: int, changed: int, withdrawn: int) -> None: ...
    async def entries(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[tuple[Entry, str]]:
        """A student's entries in force with the subject's name, newest day last; empty outside the scope.

        Guardians get an entry as it was before a change that waits for its publication, the student as it is.
        """
        ...

    async def versions(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[DatedVersion]:
        """Versions of entries of these days, oldest first; those that this reader may not see yet are left out."""
        ...

    async def taught(self, scope: Scope, *, on: date, group_id: int | None = None) -> Sequence[Taught]:
        """Groups with their subjects where the scope keeps the register, by name."""
        ...

    async def lesson(self, day: LessonDay, scope: Scope) -> Taught:
        """Whose lesson it is; NotFoundError unless the scope teaches the subject there on that day."""
        ...

    async def register(self, day: LessonDay, scope: Scope) -> ClassRegister:
        """NotFoundError unless the scope teaches the subject there on that day."""
        ...

    async def set_topic(self, day: LessonDay, topic: str | None) -> None:
        """The topic of the day's lessons; a day that the timetable does not know gets a lesson without a number."""
        ...

    async def add_entry(self, new: Entry) -> int:
        """One entry as it is, `id` 0; returns its id."""
        ...

    async def entry(self, entry_id: int, scope: Scope) -> OpenedEntry:
        """Locked for a change; NotFoundError unless the scope teaches the student that subject on that day."""
        ...

    async def due(self, *, now: datetime, limit: int) -> Sequence[tuple[Entry, str]]:
        """Locked entries whose delay has ended, with the subject's name, withdrawn ones included."""
        ...

    async def publish(self, entry_ids: Collection[int]) -> None:
        """From now on guardians see them as they are."""
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

    async def pending(self) -> Sequence[PendingContact]:
        """Contacts in use, paper left out, without one of the two proofs."""
        ...

    async def rank(self, contact_ids: Sequence[int]) -> None:
        """The order of contacts from now on."""
        ...

    async def owners_of_shared(self, contact_ids: Collection[int]) -> Mapping[int, str]:
        """The owner's name for each of these contacts whose address is another person's too, with both proofs."""
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
        """Sets the address and ownership as proven now, and clears a set-aside.

        ConflictError where the contact has another address: what was signed for it was signed for that one.
        """
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
        """Counts a wrong code from an origin (a keyed hash of the chat) and returns its wrong ones in the window.

        Whatever is older than the window is forgotten.
        """
        ...

    async def guesses(self, origin: str | None = None, *, since: datetime) -> int:
        """Wrong codes since then, of all chats where no origin is named."""
        ...

    async def prefer(self, person_id: int, kind: NoticeKind, frequency: Frequency) -> None: ...
    async def preferences(self, person_id: int) -> Sequence[Preference]: ...
    async def set_digest_hour(self, person_id: int, at: time | None) -> None:
        """By the school's clock; None: the school's own hour."""
        ...

    async def digest_hour(self, person_id: int) -> time | None: ...
    async def digest_hours(self) -> Sequence[time]:
        """All hours that anybody chose, once each, early ones first."""
        ...

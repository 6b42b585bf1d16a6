"""Persons, students, guardianship, staff."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.delivery.recipients import Recipient
from core.model.people import Guardianship, Household, Person, Role, RollEntry, StaffRole
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

    async def households(self, group_ids: Collection[int], scope: Scope, *, on: date) -> Sequence[Household]:
        """The students of these groups on a date that the scope opens, by name."""
        ...

    async def teachers(self, *, on: date | None = None) -> Sequence[Person]:
        """Whoever teaches or has taught here, by name; with a date only those whose roles have not ended by then."""
        ...

    async def staff(self, person_ids: Collection[int], *, on: date) -> Sequence[Recipient]:
        """Staff members as recipients of notices about their own work: contacts with both proofs, no consent.

        Nothing for somebody whose roles have all ended by that date (Q127).
        """
        ...

    async def holders_of_role(self, role: Role, *, on: date) -> Sequence[int]:
        """Ids of the staff members who bear a role on a date: whom a notice for that office goes to."""
        ...

"""Persons, students, guardianships, staff."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.delivery.recipients import Recipient
from core.model.people import Guardianship, Household, Person, Role, RollEntry, StaffRole
from core.rules.access import Scope


class PeoplePort(Protocol):
    """Persons, students, guardianship, staff."""

    async def add(self, name: str, name_key: str, *, birth_date: date | None = None, language: str = "ru") -> int: ...
    async def add_student(self, person_id: int, *, leaves_on: date | None, own_account: bool = False) -> bool:
        """Adds a student; True if the student is new or has another last day."""
        ...

    async def set_account(self, student_id: int, *, opened: bool) -> None:
        """Opens or closes a student's own account; NotFoundError if there is no such student."""
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
        """Sets the last day of a guardianship; `at` is when it was entered."""
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
        """Adds a staff role; False if the person has or had it, and one that has ended stays ended."""
        ...

    async def end_role(self, role_id: int, *, ends_on: date | None) -> None:
        """Sets the last day of a staff role; None: it has no end."""
        ...

    async def staff_roles(self, person_id: int) -> Sequence[StaffRole]:
        """All staff roles of a person, those that have ended too."""
        ...

    async def named(self, name_keys: Collection[str]) -> Sequence[Person]:
        """Persons with these normalised names."""
        ...

    async def find(self, part: str) -> Sequence[Person]:
        """Persons whose present or a former normalised name contains all words of this part; "" finds everybody."""
        ...

    async def names(self, person_ids: Collection[int]) -> Mapping[int, str]:
        """Names by person; whom nobody knows is left out."""
        ...

    async def formerly(self, name_keys: Collection[str]) -> Mapping[str, int]:
        """Ids of persons by their former normalised names."""
        ...

    async def rename(self, person_id: int, name: str, name_key: str) -> None:
        """Sets a person's name; the former one is kept as a former name."""
        ...

    async def students(self, person_ids: Collection[int]) -> frozenset[int]:
        """Which of these persons are students."""
        ...

    async def join(self, keep_id: int, gone_id: int, *, students: bool, at: datetime) -> None:
        """Moves everything of the second person to the first, except entries of the register of consents."""
        ...

    async def person(self, person_id: int, scope: Scope) -> Person:
        """NotFoundError outside the scope."""
        ...

    async def roll(self, on: date) -> Sequence[RollEntry]:
        """Every student with their class on a date, for matching files."""
        ...

    async def guardianships(self, student_ids: Collection[int] | None = None) -> Sequence[Guardianship]: ...
    async def speak(self, person_id: int, language: str) -> None:
        """Sets the person's language."""
        ...

    async def roles(self, person_id: int, *, on: date) -> frozenset[Role]:
        """Roles on a date: staff roles, GUARDIAN with access to a child, STUDENT with an own account."""
        ...

    async def children(self, scope: Scope) -> Sequence[Person]:
        """The students that a scope includes, by name."""
        ...

    async def students_of_age(self, *, after: date, until: date) -> Sequence[Person]:
        """Students at the school whose 18th birthday lies after a date and not after another one, by name."""
        ...

    async def recipients(self, student_ids: Collection[int], *, on: date) -> Sequence[Recipient]:
        """The persons who are entitled to notices about these students on a date.

        Guardians with access, and the student with an own account; if there is neither, the student, on paper.
        """
        ...

    async def households(self, group_ids: Collection[int], scope: Scope, *, on: date) -> Sequence[Household]:
        """The students of these groups on a date, as far as the scope includes them, by name."""
        ...

    async def teachers(self, *, on: date | None = None) -> Sequence[Person]:
        """Present and former teachers by name; with a date only those whose roles have not ended by then."""
        ...

    async def staff(self, person_ids: Collection[int], *, on: date | None) -> Sequence[Recipient]:
        """Staff members as recipients of notices about their work: contacts with both proofs, without a consent.

        Persons whose roles have all ended by that date are left out (Q127). None: whoever it is, about themselves.
        """
        ...

    async def holders_of_role(self, role: Role, *, on: date) -> Sequence[int]:
        """Ids of the staff members who have a role on a date."""
        ...

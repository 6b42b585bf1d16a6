"""What the import of people lists shares between rows: known people, problems, counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import assert_never

from core.actions.imports.import_results import OWN_NAME, FileTally, ImportResultCounts
from core.model.imports.people_lists import GroupRow, GuardianRow, PeopleKind, PersonRow, StaffRow, StudentRow
from core.model.imports.reports import Problem, ReadFile
from core.model.people import Actor, Person, RollEntry
from core.model.year import GroupKind
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.imports.subject_names import SchoolSubjectNames, subject_name_doubts
from core.rules.people import matching
from core.rules.people.likeness import Likeness, NameLikeness
from core.rules.people.matching import MatchingRoll, Miss
from core.rules.people.names import normal_class_name, normal_name
from core.rules.year import grade_level_of_name


@dataclass(slots=True)
class PeopleCounts(ImportResultCounts):
    """What a file of lists changed: places are enrolments, links guardianships, ended those and roles."""

    tables = frozenset(PeopleKind)

    persons: int = 0
    students: int = 0
    returned: int = 0
    places: int = 0
    roles: int = 0
    links: int = 0
    ended: int = 0
    contacts: int = 0
    confirmations: int = 0
    revoked: int = 0
    decisions: int = 0


PeopleTally = FileTally[PeopleCounts]


@dataclass(slots=True)
class PeopleImportContext:
    """The state of an import of people lists; `tally` and `sheet` are the file and the sheet of the current row.

    `listed` are the name keys of the set, `left_out` those of students and staff whose own rows have faults.
    """

    uow: UnitOfWork
    actor: Actor
    now: datetime
    policy: Policy
    persons: dict[str, list[Person]]
    roll: MatchingRoll
    classes: dict[int, str]
    last_days: dict[int, date]
    tally: PeopleTally
    sheet: str | None = None
    former: Mapping[str, int] = field(default_factory=dict)
    subjects: SchoolSubjectNames = field(default_factory=SchoolSubjectNames)
    known_names: NameLikeness = field(default_factory=NameLikeness)
    everyone: dict[int, Person] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    groups: dict[tuple[GroupKind, str, int | None], int] = field(default_factory=dict)

    @classmethod
    async def open(
        cls, uow: UnitOfWork, actor: Actor, files: Sequence[ReadFile], *, now: datetime, policy: Policy
    ) -> "PeopleImportContext":
        """Reads the persons of the names in the files, the present students, and all names for comparison."""
        keys = {
            normal_name(name) for file in files for table in file.people for row in table.rows for name in _names(row)
        }
        persons: dict[str, list[Person]] = {}
        for person in await uow.people.named(sorted(keys)):
            persons.setdefault(person.name_key, []).append(person)
        roll = await uow.people.roll(timing.local_date_of_time(now, policy))
        classes = {entry.student_id: entry.class_key for entry in roll}
        last_days = {entry.student_id: entry.leaves_on for entry in roll if entry.leaves_on is not None}
        nothing = PeopleTally(ReadFile("", ""), PeopleCounts())
        opened = cls(uow, actor, now, policy, persons, MatchingRoll(roll), classes, last_days, nothing)
        opened.subjects = SchoolSubjectNames.of(await uow.year.subjects(), await uow.year.subject_ids())
        opened.listed = frozenset(keys)
        opened.left_out = frozenset(
            normal_name(row.cells[name])
            for file in files
            for row in file.left_out
            if (name := OWN_NAME.get(row.table, "")) in row.cells
        )
        opened.former = await uow.people.formerly(sorted(keys))
        for person in await uow.people.find(""):
            opened.known_names.add(person.id, person.name)
            opened.everyone[person.id] = person
        return opened

    @property
    def today(self) -> date:
        """The school's date."""
        return timing.local_date_of_time(self.now, self.policy)

    @property
    def counts(self) -> PeopleCounts:
        """The counts of the current file."""
        return self.tally.counts

    async def reread_roll(self) -> None:
        """Reads the students again, after students were added or changed class."""
        self.roll = MatchingRoll(await self.uow.people.roll(self.today))

    def doubt(self, reason: str, row: int, column: str, **facts: str) -> None:
        """Adds a problem: a person must decide what the row means."""
        place = matching.person_matching_problem(reason, sheet=self.sheet, row=row, column=column)
        self.tally.problems.append(replace(place, facts=tuple(facts.items())))

    def student(self, name: str, school_class: str | None, *, row: int) -> RollEntry | None:
        """The student of a row, or a problem; none of a student whose own row has a fault, since that one is told."""
        student = self.roll.find(name, school_class)
        if isinstance(student, Miss):
            if normal_name(name) not in self.left_out:
                facts = self.roll.facts_of_miss(student, name)
                self.doubt(student, row, "student", **dict(facts))
            return None
        return student

    def named(self, name: str) -> list[Person]:
        """All persons of this name, including those added by this import."""
        return self.persons.setdefault(normal_name(name), [])

    def unlisted(self, likely: Iterable[Likeness]) -> Iterator[Likeness]:
        """Leaves out persons of another surname whom the set names too: they are other people."""
        return (
            each for each in likely if not each.is_renamed or self.everyone[each.person_id].name_key not in self.listed
        )

    async def add_person(
        self, name: str, row: int, column: str, *, birth_date: date | None = None, likely: Iterable[Likeness] = ()
    ) -> int:
        """Adds a person. A former name of somebody is a problem; a name like a known one is a doubt (Q134).

        `likely` are the persons of similar names who may be the same by what else the row says.
        """
        key, clean = normal_name(name), " ".join(name.split())
        if key in self.former:
            self.doubt("former_name", row, column)
        person_id = await self.uow.people.add(clean, key, birth_date=birth_date)
        self.everyone[person_id] = person = Person(person_id, clean, key, birth_date, "ru")
        self.named(name).append(person)
        self.counts.persons += 1
        equal = self.known_names.equal(clean)
        like = next(iter(likely), None) if equal is None else Likeness(equal, is_renamed=False)
        if like is not None:
            numbers = (("known", str(like.person_id)), ("new", str(person_id)))
            reason = "likely_renamed" if like.is_renamed else "likely_known"
            self.tally.doubts.append(Problem(self.sheet, row, column, None, reason, numbers))
        self.known_names.add(person_id, clean)
        return person_id

    def take_place(self, student_id: int, name: str, school_class: str) -> None:
        """Notes the student's new class for the rows that follow."""
        self.classes[student_id] = class_key = normal_class_name(school_class)
        self.roll.add(RollEntry(student_id, name, normal_name(name), school_class, class_key))
        self.counts.places += 1

    async def group(
        self,
        name: str,
        kind: GroupKind = GroupKind.CLASS,
        *,
        row: int = 0,
        subject: str | None = None,
        teacher_id: int | None = None,
    ) -> int:
        """The id of a teaching group, which is added if it is missing."""
        subject_id = await self.subject(subject, row=row)
        is_class = kind is GroupKind.CLASS
        name_key = normal_class_name(name) if is_class else normal_name(name)
        key = (kind, name_key, subject_id)
        if key not in self.groups:
            level = grade_level_of_name(name) if is_class else None
            self.groups[key] = await self.uow.year.ensure_group(
                kind, name, name_key, grade_level=level, subject_id=subject_id, teacher_id=teacher_id
            )
        return self.groups[key]

    async def subject(self, name: str | None, *, row: int) -> int | None:
        """The id of a subject by any of its names; a new one is added, and is a doubt (Q134)."""
        if name is None:
            return None
        if (known := self.subjects.find(name)) is not None:
            return known
        key = normal_name(name)
        subject_id = (await self.uow.year.ensure_subjects({key: name}))[key]
        self.subjects.add(subject_id, name)
        self.tally.doubts.extend(subject_name_doubts(self.subjects, subject_id, self.sheet, row))
        return subject_id


def _names(row: PersonRow) -> Iterator[str]:
    match row:
        case StudentRow():
            yield row.student
        case GuardianRow():
            yield row.guardian
        case StaffRow():
            yield row.person
        case GroupRow():
            yield from filter(None, [row.teacher])
        case _:
            assert_never(row)

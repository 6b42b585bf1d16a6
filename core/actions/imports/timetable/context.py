"""What the import of timetables shares between rows: teachers, groups, subjects, problems, counts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.imports.import_results import FileTally, ImportResultCounts
from core.model.imports.reports import Problem, ReadFile
from core.model.imports.timetable_tables import ScheduleKind
from core.model.people import Actor, Person
from core.model.year import GroupKind, TeachingGroup
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.imports.subject_names import SchoolSubjectNames, subject_name_doubts
from core.rules.people.initials import people_of_initials, unknown_teacher_initials
from core.rules.people.names import normal_class_name, normal_name
from core.rules.year import grade_level_of_name

_CLASS_WORD = re.compile(r"й?класс$")
"""The end of the key of «9-й класс»."""


@dataclass(slots=True)
class TimetableCounts(ImportResultCounts):
    """How many rows a file added or removed, by kind."""

    tables = frozenset(ScheduleKind)

    classes: int = 0
    template_lessons: int = 0
    lesson_changes: int = 0
    bells: int = 0
    holidays: int = 0
    periods: int = 0
    planned_hours: int = 0
    lesson_types: int = 0


TimetableTally = FileTally[TimetableCounts]


@dataclass(slots=True)
class TimetableImportContext:
    """The state of an import of timetables; `tally` and `sheet` are the file and the sheet of the current row."""

    uow: UnitOfWork
    actor: Actor
    now: datetime
    policy: Policy
    staff: Sequence[Person]
    groups: list[TeachingGroup]
    subjects: SchoolSubjectNames
    tally: TimetableTally
    sheet: str | None = None
    had_classes: bool = False
    """Whether the school had classes before: then a new one may be a misprint."""

    @classmethod
    async def open(cls, uow: UnitOfWork, actor: Actor, *, now: datetime, policy: Policy) -> "TimetableImportContext":
        """Reads the school's teachers, groups and subjects."""
        staff = await uow.people.teachers()
        groups = list(await uow.year.groups(Everything()))
        subjects = SchoolSubjectNames.of(await uow.year.subjects(), await uow.year.subject_ids())
        tally, had_classes = TimetableTally(ReadFile("", ""), TimetableCounts()), any(map(_is_class, groups))
        return cls(uow, actor, now, policy, staff, groups, subjects, tally, had_classes=had_classes)

    @property
    def today(self) -> date:
        """The school's date."""
        return timing.local_date_of_time(self.now, self.policy)

    def doubt(self, reason: str, row: int, column: int | str | None, **facts: str) -> None:
        """Adds a problem: a person must decide what the row means. It shows the place, never a name (Q103)."""
        self.tally.problems.append(Problem(self.sheet, row, column, None, reason, tuple(facts.items())))

    def school_class(self, name: str) -> TeachingGroup | None:
        """The class of this name, with or without the word «класс»; None if the school has none."""
        key = normal_class_name(name)
        classes = list(filter(_is_class, self.groups))
        exact = [group for group in classes if group.name_key == key]
        alike = [group for group in classes if _CLASS_WORD.sub("", group.name_key) == _CLASS_WORD.sub("", key)]
        return next(iter(exact or alike), None)

    async def ensure_class(self, name: str, *, row: int, column: int | None = None) -> TeachingGroup:
        """The class of this name, which is added if it is missing: timetables may come before students.

        `row` and `column` are where it is named first; the column is a grid's.
        """
        if (known := self.school_class(name)) is not None:
            return known
        key, level = normal_class_name(name), grade_level_of_name(name)
        if self.had_classes:
            self.tally.doubts.append(Problem(self.sheet, row, column or "class", name, "class_new"))
        group_id = await self.uow.year.ensure_group(GroupKind.CLASS, name, key, grade_level=level)
        self.groups.append(TeachingGroup(group_id, GroupKind.CLASS, name, key, level, None, None))
        self.tally.counts.classes += 1
        return self.groups[-1]

    def subgroup(self, name: str, subject_id: int, *, row: int) -> TeachingGroup | None:
        """The study group, stream or individual plan of this name and subject, or a problem."""
        key = normal_name(name)
        named = [group for group in self.groups if group.kind is not GroupKind.CLASS and group.name_key == key]
        of_subject = [group for group in named if group.subject_id == subject_id]
        if len(of_subject) != 1:
            self.doubt("unknown_group", row, "group")
            return None
        return of_subject[0]

    def teacher(self, name: str | None, *, row: int, column: str = "teacher") -> int | None:
        """The id of the teacher with this name or these initials; none or several are a problem."""
        if name is None:
            return None
        match people_of_initials(self.staff, name):
            case [person]:
                return person.id
            case []:
                reason, likely = unknown_teacher_initials(self.staff, name)
                self.doubt(reason, row, column, **likely)
                return None
            case _:
                self.doubt("ambiguous_person", row, column)
                return None

    async def subject(self, name: str, *, row: int) -> int:
        """The id of a subject by any of its names; a new one is added, and is a doubt (Q134)."""
        if (known := self.subjects.find(name)) is not None:
            return known
        key = normal_name(name)
        subject_id = (await self.uow.year.ensure_subjects({key: name}))[key]
        self.subjects.add(subject_id, name)
        self.tally.doubts.extend(subject_name_doubts(self.subjects, subject_id, self.sheet, row))
        return subject_id


def _is_class(group: TeachingGroup) -> bool:
    return group.kind is GroupKind.CLASS

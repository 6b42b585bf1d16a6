"""What diaries change of a class's lessons and homework: each diary speaks for its student (Q23).

A diary that is imported again replaces what it named before on its days. What no diary names any more is withdrawn; of
a homework that goes while another one comes for the same lesson the words have changed.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Generic, TypeVar

from core.model.imports.history import DiaryStatement
from core.model.schoolwork.homework import Homework, HomeworkVersion
from core.model.timetable import Lesson

Row = TypeVar("Row", Lesson, Homework)
Days = tuple[date, date]


@dataclass(slots=True)
class DiaryDiffRow(Generic[Row]):
    """A lesson or homework, what it was before (None: new), and the students whose diaries name it, before and now."""

    row: Row
    before: Row | None
    statements: Mapping[int, DiaryStatement] = field(default_factory=dict)
    named_by: set[int] = field(default_factory=set)

    @property
    def was_named(self) -> bool:
        """Whether a diary named it before; otherwise a teacher entered it, and no diary withdraws it."""
        return any(statement.gone_at is None for statement in self.statements.values())

    @property
    def is_dropped(self) -> bool:
        """Whether the last diary that named it does so no more."""
        return self.was_named and not self.named_by and self.row.withdrawn_at is None

    @property
    def newly(self) -> list[int]:
        """The students whose diaries name it for the first time."""
        return sorted(self.named_by - self.statements.keys())

    def turned(self, now: datetime) -> Iterator[tuple[DiaryStatement, DiaryStatement]]:
        """Known statements that are gone now, or back, as they were and as they are."""
        for student_id, known in self.statements.items():
            if (known.gone_at is None) is not (student_id in self.named_by):
                yield known, replace(known, gone_at=None if student_id in self.named_by else now)


@dataclass(slots=True)
class DiaryDiffRows(Generic[Row]):
    """All lessons, or all homework, of a class on the days of a set; `fact` is what makes two of them the same.

    `with_details` takes over what else the diary says now of a row that it named before.
    """

    fact: Callable[[Row], Hashable]
    day: Callable[[Row], date]
    with_details: Callable[[Row, Row], Row]
    rows: list[DiaryDiffRow[Row]] = field(default_factory=list)
    by_fact: dict[Hashable, DiaryDiffRow[Row]] = field(default_factory=dict)

    def add_known(self, row: Row, statements: Iterable[DiaryStatement]) -> None:
        """Adds a row of the database with what diaries have said of it; one in force comes before a withdrawn one."""
        by_student = {statement.student_id: statement for statement in statements}
        in_force = {student_id for student_id, statement in by_student.items() if statement.gone_at is None}
        named = DiaryDiffRow(row, row, by_student, in_force)
        self.rows.append(named)
        if row.withdrawn_at is None:
            self.by_fact[self.fact(row)] = named
        else:
            self.by_fact.setdefault(self.fact(row), named)

    def read_diary(self, student_id: int, days: Days, said: Sequence[Row]) -> None:
        """Replaces what a student's diary names of these days."""
        facts = {self.fact(row): row for row in said}
        for named in self.rows:
            if days[0] <= self.day(named.row) <= days[1] and self.fact(named.row) not in facts:
                named.named_by.discard(student_id)
        for fact, row in facts.items():
            if fact not in self.by_fact:
                self.by_fact[fact] = DiaryDiffRow(row, None)
                self.rows.append(self.by_fact[fact])
            named = self.by_fact[fact]
            if named.before is None or named.statements:
                named.named_by.add(student_id)
                named.row = self.with_details(named.row, row)

    def settle(self, now: datetime) -> None:
        """Withdraws what no diary names any more, and brings back what one names again."""
        for named in self.rows:
            if named.is_dropped:
                named.row = replace(named.row, withdrawn_at=now)
            elif named.named_by and not named.was_named:
                named.row = replace(named.row, withdrawn_at=None)

    @property
    def new(self) -> list[DiaryDiffRow[Row]]:
        """Rows to be added."""
        return [named for named in self.rows if named.before is None and named.named_by]

    @property
    def changed(self) -> list[tuple[Row, Row]]:
        """Rows as they were and as they are."""
        pairs = [(named.before, named.row) for named in self.rows]
        return [(before, after) for before, after in pairs if before is not None and before != after]


def diary_diff_lessons() -> DiaryDiffRows[Lesson]:
    """A lesson in another room or under another number is another lesson."""
    return DiaryDiffRows(
        lambda row: (row.held_on, row.number, row.subject_id, row.room), lambda row: row.held_on, _with_times_and_topic
    )


def diary_diff_homework() -> DiaryDiffRows[Homework]:
    """A homework in other words is another homework, until `reword_diary_diff` finds what it was before."""
    return DiaryDiffRows(
        lambda row: (row.due_on, row.subject_id, row.text), lambda row: row.due_on, lambda known, _said: known
    )


def reword_diary_diff(homework: DiaryDiffRows[Homework], now: datetime) -> Iterator[HomeworkVersion]:
    """Turns a homework that is dropped and one that is new for the same lesson into one with other words."""
    new: dict[Hashable, list[DiaryDiffRow[Homework]]] = defaultdict(list)
    for named in homework.new:
        new[_lesson_of(named.row)].append(named)
    for dropped in [named for named in homework.rows if named.is_dropped]:
        if coming := new[_lesson_of(dropped.row)]:
            other = coming.pop(0)
            yield HomeworkVersion(0, dropped.row.id, dropped.row.text, now, None)
            dropped.row = replace(dropped.row, text=other.row.text)
            dropped.named_by = other.named_by
            homework.rows.remove(other)


def _lesson_of(row: Homework) -> Hashable:
    return row.due_on, row.subject_id


def _with_times_and_topic(known: Lesson, said: Lesson) -> Lesson:
    topic = known.topic if said.topic is None else said.topic
    return replace(known, starts_at=said.starts_at, ends_at=said.ends_at, topic=topic)

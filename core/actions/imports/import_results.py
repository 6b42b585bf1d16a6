"""Results of an import, file by file, and the import of the school's own tables that returns them."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from core.actions.imports.staging import retry_staged_import
from core.model.imports.people_lists import PeopleKind
from core.model.imports.reports import LeftOutRow, Problem, ReadFile
from core.model.imports.timetable_tables import ScheduleKind
from core.model.people import Actor, Role
from core.ports import UnitOfWork
from core.rules import access

IMPORT_LEASE = "import"
"""The lease that one import holds from its first read; two at once would each add the same people (fault 11)."""

_STUDENTS = frozenset({PeopleKind.STUDENTS})
_LESSONS = frozenset({ScheduleKind.TEMPLATE, ScheduleKind.PERIODS, ScheduleKind.PLAN})

UNCERTAIN: Mapping[str, Collection[str]] = {
    "unknown_student": _STUDENTS,
    "unknown_student_near": _STUDENTS,
    "student_in_other_class": _STUDENTS,
    "unknown_teacher": {PeopleKind.STAFF},
    "unknown_teacher_near": {PeopleKind.STAFF},
    "bells_unused": {ScheduleKind.BELLS},
    "lesson_unknown": {ScheduleKind.TEMPLATE},
    "unknown_class": _LESSONS,
    "unknown_subject": _LESSONS,
    "unknown_term": {ScheduleKind.PERIODS},
}
"""Problems that may only follow from a row of one of these tables that was left out."""

OWN_NAME: Mapping[str, str] = {PeopleKind.STUDENTS: "student", PeopleKind.STAFF: "person"}
"""Columns of whom a row enters: a left-out row with this cell is known by it, so nobody takes it for missing."""


@dataclass(slots=True)
class ImportResultCounts:
    """How many rows a file added or changed, by kind. `tables` are those that a file of this import may hold."""

    tables: ClassVar[frozenset[str]] = frozenset()

    @property
    def total(self) -> int:
        """The sum of all kinds."""
        return sum(asdict(self).values())


Counts = TypeVar("Counts", bound=ImportResultCounts)


@dataclass(slots=True)
class FileTally(Generic[Counts]):
    """Counts and problems of one file while it is imported; the problems of reading it are there from the start."""

    file: ReadFile
    counts: Counts
    problems: list[Problem] = field(init=False)
    doubts: list[Problem] = field(default_factory=list)
    """Rows that were imported but that a person should look at."""
    silent: set[int] = field(default_factory=set)
    """Students of whom a report of this kind came first: history, of which nobody is told."""

    def __post_init__(self) -> None:
        self.problems = list(self.file.problems)


@dataclass(frozen=True, slots=True)
class FileResult(Generic[Counts]):
    """One file after the import: its problems, or what it changed; doubts are likely second entries (Q134)."""

    file: str
    counts: Counts
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()
    silent: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ImportResult(Generic[Counts]):
    """All files of a set in their order; if any has a problem, nothing of the set was written (Q101)."""

    files: tuple[FileResult[Counts], ...]

    @property
    def ok(self) -> bool:
        """True if the set was written."""
        return not any(file.problems for file in self.files)


async def import_with_results(
    uow: UnitOfWork,
    actor: Actor,
    files: Sequence[ReadFile],
    counts: type[Counts],
    enter: Callable[[Sequence[FileTally[Counts]]], Awaitable[None]],
    *,
    action: str,
    now: datetime,
    check_only: bool = False,
) -> ImportResult[Counts]:
    """Imports a set of the school's own tables, all of it or nothing; `enter` writes its rows and counts them.

    If any row has a problem, or with `check_only`, nothing is committed, and the caller must leave the unit of work
    without a commit. Each file that changed something leaves an audit line `action` with its hash and counts.
    Rows and tables with faults are left out and the others are checked all the same, so that everything is told at
    once.
    """
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)

    async def attempt() -> ImportResult[Counts]:
        await uow.begin_aside(copying=True)
        await uow.leases.hold(IMPORT_LEASE)
        tallies = [FileTally(file, counts()) for file in files]
        hidden = {table for tally in tallies for table in _tables_left_out(tally.file, counts.tables)}
        await enter(tallies)
        _forget_uncertain(tallies, hidden)
        result = build_import_result(tallies)
        if result.ok and not check_only:
            await _audit_files(uow, actor, tallies, action=action, now=now)
            await uow.commit()
        return result

    return await retry_staged_import(uow, attempt)


def _tables_left_out(file: ReadFile, tables: Collection[str]) -> Iterator[str]:
    """The tables of a file that lack rows; all tables where it holds a sheet or lines that could not be read."""
    yield from (row.table for row in file.left_out if not _is_known(row))
    told = {(row.sheet, row.row) for row in file.left_out}
    for problem in file.problems:
        if problem.column is None and (problem.sheet, problem.row) not in told:
            table = dict(problem.facts).get("table")
            yield from [table] if table else tables


def _is_known(row: LeftOutRow) -> bool:
    return any(row.table == table and name in row.cells for table, name in OWN_NAME.items())


def _forget_uncertain(tallies: Sequence[FileTally[Counts]], hidden: Collection[str]) -> None:
    """Removes UNCERTAIN problems where rows or tables were left out on which they may depend."""
    for tally in tallies:
        tally.problems = [each for each in tally.problems if not {*UNCERTAIN.get(each.reason, ())} & {*hidden}]


def build_import_result(tallies: Sequence[FileTally[Counts]]) -> ImportResult[Counts]:
    """The result of a set: its problems alone if any file has one, for then nothing is written."""
    has_problems = any(tally.problems for tally in tallies)
    return ImportResult(tuple(_file_result(tally, is_written=not has_problems) for tally in tallies))


def _file_result(tally: FileTally[Counts], *, is_written: bool) -> FileResult[Counts]:
    if not is_written:
        return FileResult(tally.file.file, type(tally.counts)(), tuple(tally.problems))
    return FileResult(tally.file.file, tally.counts, (), tuple(tally.doubts), frozenset(tally.silent))


async def _audit_files(
    uow: UnitOfWork, actor: Actor, tallies: Sequence[FileTally[Counts]], *, action: str, now: datetime
) -> None:
    for tally in tallies:
        if tally.counts.total:
            await uow.audit.write(actor, action, at=now, sha256=tally.file.sha256, **asdict(tally.counts))

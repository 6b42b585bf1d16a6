"""Results of an import, file by file, and the import of the school's own tables that returns them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from core.actions.imports.staging import retry_staged_import
from core.model.imports.reports import Problem, ReadFile
from core.model.people import Actor, Role
from core.ports import UnitOfWork
from core.rules import access

IMPORT_LEASE = "import"
"""The lease that one import holds from its first read; two at once would each add the same people (fault 11)."""

UNCERTAIN = frozenset({"bells_unused", "lesson_unknown", "unknown_class", "unknown_subject", "unknown_term"})
"""Problems that may only follow from a row of another table that was left out."""


@dataclass(slots=True)
class ImportResultCounts:
    """How many rows a file added or changed, by kind."""

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
    Rows with faulty cells are left out and the others are checked all the same, so that everything is told at once.
    """
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)

    async def attempt() -> ImportResult[Counts]:
        await uow.begin_aside(copying=True)
        await uow.leases.hold(IMPORT_LEASE)
        tallies = [FileTally(file, counts()) for file in files]
        if all(map(_is_of_cell, (problem for tally in tallies for problem in tally.problems))):
            await enter(tallies)
            _forget_uncertain(tallies)
        result = build_import_result(tallies)
        if result.ok and not check_only:
            await _audit_files(uow, actor, tallies, action=action, now=now)
            await uow.commit()
        return result

    return await retry_staged_import(uow, attempt)


def _is_of_cell(problem: Problem) -> bool:
    """True for the fault of one cell; others hide rows or whole tables, whose absence would cause further problems."""
    return problem.row is not None and problem.column is not None


def _forget_uncertain(tallies: Sequence[FileTally[Counts]]) -> None:
    """Removes UNCERTAIN problems where rows were left out."""
    if any(tally.file.problems for tally in tallies):
        for tally in tallies:
            tally.problems = [each for each in tally.problems if each.reason not in UNCERTAIN]


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

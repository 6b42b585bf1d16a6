"""Rows and ids that an import prepares before it writes, and the retry of an import that met another writer."""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from core.errors import ConflictError
from core.model.imports.reports import Problem
from core.model.year import Subject
from core.ports import UnitOfWork
from core.rules.imports.subject_names import SchoolSubjectNames, subject_name_doubts, subject_names_given_twice
from core.rules.people.names import normal_name


class DoubtfulStagedFile(Protocol):
    """A file that an import reads, with the lines about it that a person should look at."""

    @property
    def doubts(self) -> list[Problem]: ...


class StagedRowWithId(Protocol):
    """A row of a table."""

    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=StagedRowWithId)


@dataclass(slots=True)
class StagedIds:
    """Ids that are reserved before their rows are written, so that other rows can refer to them."""

    uow: UnitOfWork
    free: dict[type[object], deque[int]] = field(default_factory=dict)

    async def reserve(self, noun: type[object], count: int) -> deque[int]:
        """The free ids for rows of a type, at least `count`; the caller takes ids from the left."""
        free = self.free.setdefault(noun, deque())
        if len(free) < count:
            free.extend(await self.uow.staged.reserve(noun, count - len(free)))
        return free

    async def next_id(self, noun: type[object]) -> int:
        """The next free id for a row of a type."""
        return (await self.reserve(noun, 1)).popleft()


@dataclass(slots=True)
class StagedRows(Generic[Row]):
    """New and changed rows of a set, each once in its last state, however often reports of the set change it."""

    new: dict[int, Row] = field(default_factory=dict)
    changed: dict[int, tuple[Row, Row]] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Adds a new row."""
        self.new[row.id] = row

    def change(self, before: Row, after: Row) -> None:
        """Changes a known row, or a new one that an earlier report of the set has added."""
        if before.id in self.new:
            self.new[before.id] = after
        else:
            original, _ = self.changed.get(before.id, (before, before))
            self.changed[before.id] = original, after


@dataclass(slots=True)
class StagedSubjects:
    """Ids of a set's subjects by printed name, the names of all subjects by id; `new` are rows to be added."""

    ids: Mapping[str | None, int]
    names: Mapping[int, str]
    new: list[Subject]

    @classmethod
    async def read(
        cls, uow: UnitOfWork, printed: Mapping[str, DoubtfulStagedFile], new_ids: StagedIds
    ) -> "StagedSubjects":
        """Reads the known ones and reserves ids for new ones, which are lines of the files that print them first."""
        known = SchoolSubjectNames.of(await uow.year.subjects(), await uow.year.subject_ids())
        new: list[Subject] = []
        ids: dict[str | None, int] = {}
        several = subject_names_given_twice(printed)
        for name, file in sorted(printed.items()):
            subject_id = known.named(name) if name in several else known.find(name)
            if subject_id is None:
                subject_id = await new_ids.next_id(Subject)
                known.add(subject_id, name)
                new.append(Subject(subject_id, name, normal_name(name)))
                file.doubts.extend(subject_name_doubts(known, subject_id))
            ids[name] = subject_id
        return cls(ids, known.names, new)


Result = TypeVar("Result")

TRIES = 2
"""How often an import is tried while others may write."""


async def retry_staged_import(uow: UnitOfWork, attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Tries a long import while others may write; after `TRIES` conflicts once more with the write lock.

    `attempt` begins in a reading unit of work and ends with a commit, or with ConflictError if others wrote meanwhile.
    """
    for _ in range(TRIES):
        try:
            return await attempt()
        except ConflictError:
            await uow.begin_reading()
    await uow.begin_writing()
    return await attempt()

"""While an import is worked out others write, and see nothing of it; what they write meanwhile is not lost."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.actions.imports import journal
from core.actions.imports import people as people_import
from core.actions.imports.people_context import PeopleImportContext
from core.actions.imports.timetable import tables
from core.actions.imports.timetable.context import TimetableImportContext as ScheduleIntake
from core.errors import ConflictError
from core.model.imports.reports import PrintedTerm, ReadFile
from core.model.imports.timetable_tables import ScheduleKind, ScheduleTable, TemplateRow
from core.model.marks.entries import Entry, EntryChange, EntryKind
from core.model.people import SYSTEM
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from tests.support.schools.builders import NOW
from tests.support.schools.files import ANNA, PYOTR, VERA, file, finals, guardian, people, report, signed, student

TERM = (date(2026, 11, 1), date(2026, 11, 30))
Write = Callable[[], Awaitable[None]]


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """A student with a mark of the e-journal."""
    async with open_uow() as uow:
        assert (await people_import.import_people(uow, SYSTEM, [people(student())], now=NOW, policy=Policy())).ok
    async with open_uow() as uow:
        assert (
            await journal.import_journal(uow, SYSTEM, [file(report({"Алгебра": {9: "3"}}))], now=NOW, policy=Policy())
        ).ok
    return open_uow


def another_writer(store_url: str) -> Callable[[], int]:
    """Takes SQLite's write lock at once or fails, and returns how many entries and persons can be seen."""
    path = store_url.partition("///")[2]

    def write() -> int:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            (seen,) = connection.execute(
                "SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM person)"
            ).fetchone()
            connection.execute("COMMIT")
        return int(seen)

    return write


async def marks(open_uow: UnitOfWorkFactory) -> list[tuple[str, int, str]]:
    async with open_uow(reading=True) as uow:
        (person,) = await uow.people.named([normal_name(PYOTR)])
        found = await uow.marks.entries(person.id, Everything(), since=TERM[0], until=TERM[1])
    return [(subject, each.on.day, each.value) for each, subject in found]


async def test_others_write_while_a_journal_is_worked_out(open_sqlite: UnitOfWorkFactory, sqlite_url: str) -> None:
    """SQLite has one writer: it is free until everything is known, and nothing of the import can be seen before."""
    async with open_sqlite() as uow:
        await people_import.import_people(uow, SYSTEM, [people(student(), student(ANNA))], now=NOW, policy=Policy())
    write, seen = another_writer(sqlite_url), list[int]()
    files = [file(report({"Алгебра": {9: "5"}})), file(report({"Физика": {9: "4"}}, ANNA))]
    async with open_sqlite(reading=True) as uow:
        result = await journal.import_journal(
            uow, SYSTEM, files, now=NOW, policy=Policy(), on_progress=lambda *_: seen.append(write())
        )
    assert [each.counts.recorded for each in result.files] == [1, 1]
    assert seen == [2, 2]
    assert write() == 4


async def test_others_write_while_lists_of_people_are_entered(
    open_sqlite: UnitOfWorkFactory, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows go into copies; a person who is added there is nobody yet for everybody else."""
    write, seen, add = another_writer(sqlite_url), list[int](), PeopleImportContext.add_person

    async def added(self: PeopleImportContext, name: str, row: int, column: str, **more: Any) -> int:
        seen.append(write())
        return await add(self, name, row, column, **more)

    monkeypatch.setattr(PeopleImportContext, "add_person", added)
    rows = people(student(), guardian(telegram="100500", email="o@example.org", **signed()), student(VERA, "1А"))
    async with open_sqlite(reading=True) as uow:
        result = await people_import.import_people(uow, SYSTEM, [rows], now=NOW, policy=Policy())
    assert (result.ok, seen) == (True, [0, 0, 0])
    assert write() == 3
    async with open_sqlite(reading=True) as uow:
        assert (await people_import.import_people(uow, SYSTEM, [rows], now=NOW, policy=Policy())).files[
            0
        ].counts.total == 0


async def test_others_write_while_a_timetable_is_entered(
    open_sqlite: UnitOfWorkFactory, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is replaced whole is replaced at the end."""
    write, seen, subject = another_writer(sqlite_url), list[int](), ScheduleIntake.subject

    async def named(self: ScheduleIntake, name: str, *, row: int) -> int:
        seen.append(write())
        return await subject(self, name, row=row)

    monkeypatch.setattr(ScheduleIntake, "subject", named)
    lessons = tuple(TemplateRow(2, 1, "8Б", 0, number, name, None) for number, name in ((1, "Алгебра"), (2, "Химия")))
    week = ReadFile("week.csv", "0" * 64, schedules=(ScheduleTable(ScheduleKind.TEMPLATE, None, lessons),))
    for wanted in (2, 0):
        async with open_sqlite(reading=True) as uow:
            result = await tables.import_timetable_tables(uow, SYSTEM, [week], now=NOW, policy=Policy())
        assert result.files[0].counts.template_lessons == wanted
    assert len(seen) == 4


async def test_a_mark_that_a_teacher_sets_meanwhile_is_seen(school: UnitOfWorkFactory) -> None:
    """What was worked out before it is thrown away: the same mark does not stand there twice."""
    async with school(reading=True) as uow:
        (person,) = await uow.people.named([normal_name(PYOTR)])
        (known,) = await uow.marks.known([person.id], since=None, until=None)
    by_teacher = replace(known, id=0, on=date(2026, 11, 10), value="5", source=None, import_id=None)
    written = list[int]()

    async def teach() -> None:
        async with school() as uow:
            written.append(await uow.marks.add_entry(by_teacher))
            await uow.commit()

    result = await imported_beside(school, teach)
    assert [(each.counts.recorded, each.counts.changed) for each in result.files] == [(0, 1)]
    assert await marks(school) == [("Алгебра", 9, "4"), ("Алгебра", 10, "5")]
    assert len(written) == 1


async def test_a_mark_that_a_teacher_changes_meanwhile_is_not_overwritten_unseen(school: UnitOfWorkFactory) -> None:
    """The report is compared with the mark as it is now."""

    async def teach() -> None:
        async with school() as uow:
            (person,) = await uow.people.named([normal_name(PYOTR)])
            (known,) = await uow.marks.known([person.id], since=None, until=None)
            change = EntryChange(known, EntryKind.SCORE, "4", known.work_kind, known.topic, known.weight)
            await uow.marks.change_entries([change], at=NOW, by=None, reason="correction", import_id=None)
            await uow.commit()

    result = await imported_beside(school, teach)
    assert [(each.counts.recorded, each.counts.changed) for each in result.files] == [(1, 0)]
    assert await marks(school) == [("Алгебра", 9, "4"), ("Алгебра", 10, "5")]


async def imported_beside(open_uow: UnitOfWorkFactory, write: Write) -> journal.JournalResult:
    """A report comes in; somebody else writes once, after it was worked out and before it is written."""
    algebra = report({"Алгебра": {9: "4", 10: "5"}})
    async with open_uow(reading=True) as uow:
        begin_writing, writes = uow.begin_writing, iter([write])

        async def begin() -> None:
            for each in writes:
                await each()
            await begin_writing()

        uow.begin_writing = begin  # type: ignore[method-assign]  # the moment between the two transactions
        return await journal.import_journal(uow, SYSTEM, [file(algebra)], now=NOW, policy=Policy())


async def test_two_imports_at_once_make_one_of_each(open_uow: UnitOfWorkFactory) -> None:
    """Whoever comes second works it out again and finds everybody there."""
    rows = people(student(), guardian(telegram="100500", **signed()))

    async def entered() -> int:
        async with open_uow(reading=True) as uow:
            result = await people_import.import_people(uow, SYSTEM, [rows], now=NOW, policy=Policy())
            return result.files[0].counts.persons

    async with open_uow() as uow:  # so that both find a school
        assert (
            await people_import.import_people(uow, SYSTEM, [people(student(VERA, "1А"))], now=NOW, policy=Policy())
        ).ok
    first = await entered()
    second, third = await asyncio.gather(entered(), entered())
    assert (first, second, third) == (2, 0, 0)


async def test_what_was_given_up_leaves_no_audit_line(
    open_sqlite: UnitOfWorkFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import that had to be worked out again is told of once."""
    enter, others = people_import._enter, iter([student(VERA, "1А")])  # noqa: SLF001  # the moment before the merge

    async def beside(*given: object) -> None:
        await enter(*given)  # type: ignore[arg-type]
        for other in others:
            async with open_sqlite() as uow:
                await people_import.import_people(uow, SYSTEM, [people(other)], now=NOW, policy=Policy())

    monkeypatch.setattr(people_import, "_enter", beside)
    async with open_sqlite(reading=True) as uow:
        result = await people_import.import_people(uow, SYSTEM, [people(student())], now=NOW, policy=Policy())
    assert (result.ok, result.files[0].counts.persons) == (True, 1)
    async with open_sqlite(reading=True) as uow:
        lines = await uow.audit.lines(limit=10)
        assert [line.action for line in lines] == ["people_imported", "people_imported"]
        assert await uow.audit.verify() is None
        assert [len(await uow.people.named([normal_name(name)])) for name in (PYOTR, VERA)] == [1, 1]


async def test_two_journals_at_once_are_both_there_once(open_sqlite: UnitOfWorkFactory) -> None:
    """The second is compared with the first."""
    async with open_sqlite() as uow:
        await people_import.import_people(uow, SYSTEM, [people(student())], now=NOW, policy=Policy())

    async def imported(*reports: object) -> int:
        async with open_sqlite(reading=True) as uow:
            result = await journal.import_journal(uow, SYSTEM, [file(*reports)], now=NOW, policy=Policy())  # type: ignore[arg-type]
            return sum(each.counts.recorded + each.counts.terms for each in result.files)

    november = report({"Алгебра": {9: "4", 10: "5"}})
    counts = await asyncio.gather(imported(november), imported(november), imported(november))
    assert sorted(counts) == [0, 0, 2]
    assert await marks(open_sqlite) == [("Алгебра", 9, "4"), ("Алгебра", 10, "5")]


async def test_a_row_that_is_not_as_it_was_read_is_not_changed(school: UnitOfWorkFactory) -> None:
    """Staged rows come in together or not at all."""
    async with school(reading=True) as uow:
        (person,) = await uow.people.named([normal_name(PYOTR)])
        (known,) = await uow.marks.known([person.id], since=None, until=None)
    stale: Entry = replace(known, topic="Дроби")
    async with school(reading=True) as uow:
        await uow.staged.add([replace(known, id=(await uow.staged.reserve(Entry, 1))[0], value="2")])
        await uow.staged.change([(stale, replace(stale, value="5"))])
        await uow.begin_writing()
        with pytest.raises(ConflictError):
            await uow.staged.write()
    assert await marks(school) == [("Алгебра", 9, "3")]


async def test_what_is_staged_and_not_written_is_gone(school: UnitOfWorkFactory) -> None:
    """The next unit of work over the same connection finds nothing of it."""
    for _ in range(2):
        async with school(reading=True) as uow:
            (person,) = await uow.people.named([normal_name(PYOTR)])
            (known,) = await uow.marks.known([person.id], since=None, until=None)
            await uow.staged.add([replace(known, id=(await uow.staged.reserve(Entry, 1))[0], value="2")])
    async with school() as uow:
        await uow.staged.write()
        await uow.commit()
    assert await marks(school) == [("Алгебра", 9, "3")]


async def test_finals_of_two_files_of_a_set_follow_each_other(school: UnitOfWorkFactory) -> None:
    """What the first brings is what the second changes, each with its own line of history."""
    first = file(finals(PrintedTerm("1 четверть", None, "4")), name="a.html")
    second = file(finals(PrintedTerm("1 Четверть", None, "5")), name="b.html")
    async with school(reading=True) as uow:
        result = await journal.import_journal(uow, SYSTEM, [first, second], now=NOW, policy=Policy())
    assert [each.counts.terms for each in result.files] == [1, 1]
    async with school(reading=True) as uow:
        (person,) = await uow.people.named([normal_name(PYOTR)])
        year_id = await uow.year.year(TERM[1])
        assert year_id is not None
        ((kept, subject),) = await uow.results.finals(person.id, Everything(), year_id=year_id)
    assert (subject, kept.value, kept.version, kept.term) == ("Алгебра", "5", 2, "1 четверть")

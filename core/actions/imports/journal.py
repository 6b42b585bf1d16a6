"""The e-journal's reports come in, all of a set or nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from core.actions.imports.import_results import IMPORT_LEASE, ImportResult, import_result
from core.actions.imports.journal_writer import JournalWriter
from core.actions.imports.report_parts import CheckedFile, Progress, ReportCounts
from core.actions.imports.staging import retry_with_lock
from core.errors import ConflictError
from core.model.imports.reports import JournalReport, Problem, ReadFile
from core.model.marks.entries import EntryKind
from core.model.people import Actor, Role, RollEntry
from core.ports import UnitOfWork
from core.rules import access
from core.rules.marks.tokens import token_kind
from core.rules.people import matching
from core.rules.people.matching import Miss, Roll
from core.rules.year import is_first_grade

JournalResult = ImportResult[ReportCounts]


async def import_journal(
    uow: UnitOfWork, actor: Actor, files: Sequence[ReadFile], *, now: datetime, on_progress: Progress | None = None
) -> JournalResult:
    """Write what is new in a set of files, all of it or nothing (Q90, Q100, Q101).

    A student's first file of a report kind is silent, and so is the whole set that it comes in. A file that changes
    nothing leaves no trace; each other one leaves its import row and an audit line with hash and counts.
    The reports that show most are written first whatever the files are called, so that the marks are theirs to
    withdraw. `on_progress` gets the reports done and their total.

    In a unit of work that reads, everything is worked out and staged while others write; only what comes in at last
    keeps them waiting. If somebody wrote meanwhile, it is worked out again.
    """
    access.require_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)

    async def attempt() -> JournalResult:
        await uow.begin_aside()
        await uow.leases.hold(IMPORT_LEASE)
        before = await _read_state(uow, now)
        result, writer = await _stage_set(uow, actor, files, now=now, on_progress=on_progress)
        if writer is not None:
            await uow.begin_writing()
            if await _read_state(uow, now) != before:
                raise ConflictError
            await writer.write()
            await uow.commit()
        return result

    return await retry_with_lock(uow, attempt)


async def _read_state(uow: UnitOfWork, now: datetime) -> object:
    """Equal as long as nobody has written what a set is compared with."""
    return await uow.staged.seen(), await uow.people.roll(now.date())


async def _stage_set(
    uow: UnitOfWork, actor: Actor, files: Sequence[ReadFile], *, now: datetime, on_progress: Progress | None
) -> tuple[JournalResult, JournalWriter | None]:
    """What becomes of the set, and who writes it; nobody where a file has problems."""
    roll = Roll(await uow.people.roll(now.date()))
    checked = [_check_file(file, roll) for file in files]
    if any(each.problems for each in checked):
        return import_result(checked), None
    writer = await JournalWriter.open(uow, actor, checked, now=now, on_progress=on_progress)
    await writer.stage()
    return import_result(checked), writer


def _check_file(file: ReadFile, roll: Roll) -> CheckedFile:
    checked = CheckedFile(file, ReportCounts())
    for report in file.reports:
        found = roll.find(report.student, report.school_class)
        if isinstance(found, Miss):
            checked.problems.append(matching.matching_problem(found, sheet=report.sheet, row=report.row))
            continue
        checked.problems += _forbidden_marks(report, found)
        checked.add(found, report)
    return checked


def _forbidden_marks(report: JournalReport, student: RollEntry) -> Iterator[Problem]:
    """What no report may say: marks of a subject without a name, and marks of a first grade (Q26)."""
    if any(subject.subject is None for subject in report.subjects):
        yield matching.matching_problem("subject_missing", sheet=report.sheet, row=report.row)
    mark = next(_marks(report), None) if is_first_grade(student.class_name) else None
    if mark is not None:
        yield Problem(report.sheet, report.row, None, mark, "first_grade")


def _marks(report: JournalReport) -> Iterator[str]:
    """All but absences: a first grade has words only, no marks and no symbols in their place."""
    for subject in report.subjects:
        for entry in subject.entries:
            yield from (token for token in entry.tokens if token_kind(token) is not EntryKind.ABSENCE)
        yield from (term.final for term in subject.terms if term.final is not None)

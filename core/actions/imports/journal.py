"""Imports a set of the e-journal's reports, all of it or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from core.actions.imports.import_results import IMPORT_LEASE, ImportResult, build_import_result
from core.actions.imports.journal_writer import JournalWriter
from core.actions.imports.report_parts import CheckedReportPartsFile, Progress, ReportCounts
from core.actions.imports.staging import retry_staged_import
from core.errors import ConflictError
from core.model.imports.reports import JournalReport, Problem, ReadFile, ReportKind
from core.model.marks.entries import EntryKind
from core.model.people import Actor, Role, RollEntry
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.imports.journal_doubts import journal_doubts, journal_year_slips
from core.rules.marks.tokens import token_kind
from core.rules.people import matching
from core.rules.people.matching import MatchingRoll, Miss
from core.rules.year import is_first_grade

JournalResult = ImportResult[ReportCounts]


async def import_journal(
    uow: UnitOfWork,
    actor: Actor,
    files: Sequence[ReadFile],
    *,
    now: datetime,
    policy: Policy,
    on_progress: Progress | None = None,
    check_only: bool = False,
) -> JournalResult:
    """Writes what is new in a set of reports, all of it or nothing (Q90, Q100, Q101).

    A student's first report of a kind makes no notices, nor does the rest of the set for that student and kind. A file
    that changes something leaves an import row and an audit line with its hash and counts. The kinds of report that
    show most are written first, so that their entries belong to them and only they may withdraw these later.
    `on_progress` gets the reports done and their total. With `check_only` nothing is written.

    In a reading unit of work the changes are computed and staged while others write, and only the final write takes the
    write lock. If somebody else wrote meanwhile, they are computed again.
    """
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)

    async def attempt() -> JournalResult:
        await uow.begin_aside()
        await uow.leases.hold(IMPORT_LEASE)
        before = await _read_state(uow, timing.local_date_of_time(now, policy))
        result, writer = await _stage_set(uow, actor, files, now=now, policy=policy, on_progress=on_progress)
        if writer is not None and not check_only:
            await uow.begin_writing()
            if await _read_state(uow, timing.local_date_of_time(now, policy)) != before:
                raise ConflictError
            await writer.write()
            await uow.commit()
        return result

    return await retry_staged_import(uow, attempt)


async def _read_state(uow: UnitOfWork, today: date) -> object:
    """The state that a set is compared with; equal states mean that nobody has changed it."""
    year_id = await uow.year.year(today)
    closings = [] if year_id is None else await uow.closings.closings(year_id)
    return await uow.staged.seen(), await uow.people.roll(today), closings


async def _stage_set(
    uow: UnitOfWork,
    actor: Actor,
    files: Sequence[ReadFile],
    *,
    now: datetime,
    policy: Policy,
    on_progress: Progress | None,
) -> tuple[JournalResult, JournalWriter | None]:
    """Stages a set and returns its result with the writer; no writer if a file has problems."""
    today = timing.local_date_of_time(now, policy)
    roll = MatchingRoll(await uow.people.roll(today))
    checked = [_check_file(file, roll, today) for file in files]
    if any(file.problems for file in checked):
        return build_import_result(checked), None
    writer = await JournalWriter.open(uow, actor, checked, now=now, today=today, on_progress=on_progress)
    await writer.stage()
    periods = await uow.year.periods(today)
    for file in checked:
        file.doubts += journal_doubts(file.file.reports, today=today, periods=periods, kept=file.kept)
    return build_import_result(checked), writer


def _check_file(file: ReadFile, roll: MatchingRoll, today: date) -> CheckedReportPartsFile:
    checked = CheckedReportPartsFile(file, ReportCounts())
    for report in file.reports:
        student = roll.find(report.student, report.school_class)
        if isinstance(student, Miss):
            column = "student" if report.kind is ReportKind.TABLE else None
            place = matching.person_matching_problem(student, sheet=report.sheet, row=report.row, column=column)
            facts = roll.facts_of_miss(student, report.student or "")
            checked.problems.append(replace(place, facts=facts))
            continue
        checked.problems += _forbidden_marks(report, student)
        checked.add(student, report)
    checked.problems += journal_year_slips(file.reports, today=today)
    for row in file.left_out:
        name = row.cells.get("student")
        missed = roll.find(name, row.cells.get("class")) if name else None
        if isinstance(missed, Miss):
            facts = roll.facts_of_miss(missed, name or "")
            checked.problems.append(Problem(row.sheet, row.row, "student", None, missed, facts))
    return checked


def _forbidden_marks(report: JournalReport, student: RollEntry) -> Iterator[Problem]:
    """Problems of a report: a subject without a name, and marks in a first grade (Q26)."""
    if any(subject.subject is None for subject in report.subjects):
        yield matching.person_matching_problem("subject_missing", sheet=report.sheet, row=report.row)
    mark = next(_marks(report), None) if is_first_grade(student.class_name) else None
    if mark is not None:
        yield Problem(report.sheet, report.row, None, mark, "first_grade")


def _marks(report: JournalReport) -> Iterator[str]:
    """All marks of a report; absences are none, since a first grade has them too."""
    for subject in report.subjects:
        for entry in subject.entries:
            yield from (token for token in entry.tokens if token_kind(token) is not EntryKind.ABSENCE)
        yield from (term.final for term in subject.terms if term.final is not None)

"""Imports exam files: matches students, writes new versions of results, and publishes them (R6, Q70, Q74)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core.actions.imports.exams.writer import ExamWriter, ExamWriterCounts, ExamWriterReceipt, MatchedResult
from core.actions.imports.import_results import IMPORT_LEASE
from core.errors import ReceiptTimeError
from core.model.imports.exam_files import REVIEWS, ExamFile, PrintedExam, PrintedResult
from core.model.imports.reports import Problem
from core.model.people import Actor, Role
from core.model.results.exams import ExamKind
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery.timing import Policy
from core.rules.people.matching import Miss
from core.rules.people.names import normal_name
from core.rules.results.exam_students import ExamStudentRoll

Rows = list[tuple[PrintedExam, MatchedResult]]


@dataclass(slots=True)
class ExamFileResult:
    """One file after the import: what it changed, its problems, and rows that stay out with `--partial`."""

    file: str
    counts: ExamWriterCounts = field(default_factory=ExamWriterCounts)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExamProtocolImport:
    """All files of a set; if any has a problem, nothing of the set was written (Q101)."""

    files: tuple[ExamFileResult, ...]

    @property
    def ok(self) -> bool:
        """True if the set was written."""
        return not any(file.problems for file in self.files)


async def import_exam_protocols(
    uow: UnitOfWork,
    actor: Actor,
    files: Sequence[ExamFile],
    *,
    now: datetime,
    policy: Policy,
    received_at: datetime | None = None,
    partial: bool = False,
    check_only: bool = False,
) -> ExamProtocolImport:
    """Writes what is new in a set of exam files, all of it or nothing, in one transaction.

    A row whose student is in doubt is a problem; with `partial` it stays out and is told. `received_at` None: now, and
    old exams are history. Raises ReceiptTimeError for a moment in the future (Q70). With `check_only` nothing is
    written.
    """
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    if received_at is not None and received_at > now:
        raise ReceiptTimeError
    await uow.leases.hold(IMPORT_LEASE)
    receipt = ExamWriterReceipt.of(now, received_at, policy)
    matcher = _Matcher(uow, receipt.today)
    read = [await _matched(file, matcher, receipt, partial=partial) for file in files]
    if not check_only and not any(each.result.problems for each in read):
        await _write_set(uow, actor, read, receipt)
    return ExamProtocolImport(tuple(each.result for each in read))


@dataclass(frozen=True, slots=True)
class _MatchedFile:
    """A file with the rows whose students were found, and what is to be told of it."""

    file: ExamFile
    rows: Rows
    result: ExamFileResult


async def _matched(file: ExamFile, matcher: "_Matcher", receipt: ExamWriterReceipt, *, partial: bool) -> _MatchedFile:
    rows, misses = await matcher.match(file)
    problems = [*file.problems, *_impossible_days(file, receipt), *([] if partial else misses)]
    return _MatchedFile(file, rows, ExamFileResult(file.file, problems=problems, doubts=misses if partial else []))


async def _write_set(uow: UnitOfWork, actor: Actor, read: Sequence[_MatchedFile], receipt: ExamWriterReceipt) -> None:
    """Writes the files, re-checks after the protocols that they speak of. Commits."""
    writer = await ExamWriter.open(uow, actor, receipt)
    for each in sorted(read, key=lambda matched: matched.file.kind in REVIEWS):
        written = await writer.write(each.file, each.rows)
        each.result.counts = written.counts
        each.result.doubts += [_miss(row, "exam_settled") for row in written.settled]
    await uow.commit()


def _impossible_days(file: ExamFile, receipt: ExamWriterReceipt) -> Iterator[Problem]:
    """Problems: a result cannot be received before the exam's day (contracts, Exams)."""
    for exam in file.exams:
        if exam.on is not None and exam.on > receipt.received_on:
            row = exam.results[0]
            yield Problem(row.sheet, row.row, None, exam.on.isoformat(), "exam_received_before")


class _Matcher:
    """Finds the student of each row of a file: by name and class, in a ВПР by code."""

    def __init__(self, uow: UnitOfWork, today: date) -> None:
        self._uow = uow
        self._today = today
        self._rolls: dict[date, ExamStudentRoll] = {}

    async def match(self, file: ExamFile) -> tuple[Rows, list[Problem]]:
        """The rows whose students were found, and a problem for each other row."""
        rows, misses = Rows(), list[Problem]()
        for exam in file.exams:
            if exam.kind is ExamKind.VPR and any(result.code for result in exam.results):
                await self._match_codes(exam, rows, misses)
            else:
                await self._match_names(exam, rows, misses)
        return rows, misses

    async def _match_names(self, exam: PrintedExam, rows: Rows, misses: list[Problem]) -> None:
        roll = await self._roll(exam.on or self._today)
        for result in exam.results:
            student = roll.find(result, exam.kind, grade=exam.grade)
            if isinstance(student, Miss):
                misses.append(_miss(result, student, roll.facts_of_miss(student, result.student or "")))
            else:
                rows.append((exam, MatchedResult(result, student.student_id)))

    async def _match_codes(self, exam: PrintedExam, rows: Rows, misses: list[Problem]) -> None:
        """Without the school's list of codes the whole file is kept back: nobody guesses who sat behind a code."""
        codes = await self._codes(exam.on)
        subject = normal_name(exam.subject)
        printed = [result.code or "" for result in exam.results]
        found = [codes.get((code, subject)) or codes.get((code, "")) for code in printed]
        if not any(found):
            misses.append(Problem(exam.results[0].sheet, None, None, None, "exam_codes_missing"))
            return
        for result, student_id in zip(exam.results, found, strict=True):
            if student_id is None:
                misses.append(_miss(result, "exam_code_unknown"))
            else:
                rows.append((exam, MatchedResult(result, student_id)))

    async def _codes(self, on: date | None) -> dict[tuple[str, str], int]:
        """This school year's codes and those of the exam's year, which count first."""
        codes: dict[tuple[str, str], int] = {}
        for day in (self._today, on or self._today):
            year_id = await self._uow.year.year(day)
            codes |= await self._uow.exams.codes(year_id) if year_id is not None else {}
        return codes

    async def _roll(self, on: date) -> ExamStudentRoll:
        if on not in self._rolls:
            then, now = await self._uow.people.roll(on), await self._uow.people.roll(self._today)
            self._rolls[on] = ExamStudentRoll([*then, *now])
        return self._rolls[on]


def _miss(result: PrintedResult, reason: str, facts: tuple[tuple[str, str], ...] = ()) -> Problem:
    """A problem at the place of a name or a code, which is not shown (Q103)."""
    return Problem(result.sheet, result.row, result.column, None, reason, facts)

"""`vestnik exam`: protocols of exams, codes of a ВПР, lowest passing scores, when results were received (R6)."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, console_acts_as_staff, print_console_json, print_console_json_items
from bot.cli.errors import BAD_INPUT, BadInputError
from bot.cli.imports import AsJson, DryRun, Files
from bot.cli.lookup import LARGEST_NUMBER
from bot.clocks import utc_clock
from bot.imports.exams.files import exam_file_of_school, read_exam_code_file, read_exam_files
from bot.imports.exams.summary import exam_summary_json
from bot.imports.exams.titles import exam_title_subject
from bot.imports.summary import import_summary_notes, import_summary_problems
from bot.screens.results.exams import exam_screen_title
from core.actions.delivery import fan_out
from core.actions.imports.exams import protocols as exam_protocols
from core.actions.imports.exams.codes import import_exam_codes
from core.actions.imports.exams.protocols import ExamFileResult, ExamProtocolImport
from core.actions.results.exams import exam_receipts, exam_thresholds
from core.actions.results.exams.exam_receipts import ExamReceipts
from core.errors import ReceiptTimeError, SeveralReceiptsError
from core.model.imports.exam_files import ExamFile
from core.model.imports.reports import Problem, ReadFile
from core.model.people import SYSTEM, Actor
from core.model.results.exams import ExamKind
from core.ports import UnitOfWork
from core.rules.delivery import timing

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Schools = Annotated[list[str] | None, typer.Option("--school", metavar="CODE")]
Received = Annotated[str | None, typer.Option("--received", metavar="TIME")]
Partial = Annotated[bool, typer.Option("--partial")]
CodesFile = Annotated[Path, typer.Argument(metavar="FILE")]
OfYear = Annotated[int | None, typer.Option("--year", min=2001, max=2199)]
OfSubject = Annotated[str | None, typer.Option("--subject", metavar="SUBJECT")]
Score = Annotated[int | None, typer.Option("--score", min=0, max=100)]


ExamNumber = Annotated[int, typer.Argument(metavar="EXAM", min=1, max=LARGEST_NUMBER)]
At = Annotated[str, typer.Option("--at", metavar="TIME")]
Was = Annotated[str | None, typer.Option("--was", metavar="TIME")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT")]


@dataclass(frozen=True, slots=True)
class _Choices:
    """What the person chose: the school's codes, the moment of receipt, whether rows in doubt may stay out."""

    schools: frozenset[str]
    received_at: datetime | None
    partial: bool


@commands.command("import")
def import_exams_command(
    context: typer.Context,
    files: Files,
    *,
    schools: Schools = None,
    received: Received = None,
    partial: Partial = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import protocols of exams, re-checks, ВПР and the school's own table of results."""
    desk = ConsoleDesk.of(context)
    choices = _Choices(frozenset(schools or desk.settings.own_school_codes()), _received_at(desk, received), partial)
    if not dry_run and not choices.schools:
        raise BadInputError("exam.no_school")
    read = [_named_kind(file) for file in read_exam_files(files, schools=frozenset(schools or ()))]
    _print_foreign(desk, read, choices.schools)
    checked = _check_all(desk, read, choices) if dry_run else _write_all(desk, read, choices)
    if as_json:
        print_console_json_items(exam_summary_json(file, desk.t) for file in checked)
    _refuse_problems(desk, [ReadFile(file.file, "", problems=file.problems, notes=file.notes) for file in checked])
    if dry_run:
        desk.print_message("import.checked", len(checked))


@commands.command("codes")
def import_exam_codes_command(context: typer.Context, file: CodesFile) -> None:
    """Import the school's own list of codes of a ВПР: code,student,class[,subject]."""
    desk = ConsoleDesk.of(context)
    read = read_exam_code_file(file)
    if not read.problems:

        async def work(app: "App") -> tuple[int, Sequence[Problem]]:
            async with app.open_uow() as uow:
                return await import_exam_codes(uow, SYSTEM, read, now=app.clock(), policy=app.policy)

        changed, problems = desk.run_work(work)
        read = replace(read, problems=tuple(problems))
        if not problems:
            desk.print_message("exam.codes", changed)
    _refuse_problems(desk, [ReadFile(read.file, "", problems=read.problems)])


@commands.command("thresholds")
@console_acts_as_staff
def exam_thresholds_command(
    context: typer.Context, *, year: OfYear = None, subject: OfSubject = None, score: Score = None
) -> None:
    """List the lowest passing scores of ЕГЭ that count where a file names none, or set one."""
    desk = ConsoleDesk.of(context)
    if subject is None and score is None:
        rows = desk.run_read(lambda _, uow: uow.exams.thresholds())
        listed = [(of, key, value) for (_, key, of), value in sorted(rows.items()) if year in {None, of}]
        desk.print_table("exam.thresholds", ("year", "subject", "score"), sorted(listed))
        return
    known = exam_title_subject(subject or "")
    if known is None or score is None or year is None:
        raise BadInputError("exam.threshold_needs")

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        await exam_thresholds.put_exam_threshold(
            uow, actor, kind=ExamKind.EGE, subject=known.name, year=year, score=score, now=app.clock()
        )

    desk.run_write(work)


@commands.command("list")
def list_exams_command(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the exams of this school year and the last one, with numbers and when their results were received."""
    desk = ConsoleDesk.of(context)
    today = timing.local_date_of_time(utc_clock(), desk.settings.policy())
    found = desk.run_read(lambda _, uow: exam_receipts.load_exam_receipts(uow, SYSTEM, on=today))
    if as_json:
        print_console_json([_exam_json(each) for each in found])
        return
    desk.print_table("exam.list", ("id", "exam", "students", "received"), (_exam_cells(desk, each) for each in found))


@commands.command("received")
@console_acts_as_staff
def correct_exam_receipt_command(
    context: typer.Context, exam: ExamNumber, *, at: At, reason: Reason, was: Was = None
) -> None:
    """Correct when the school received the results of an exam: the 24 hours run from there; the trail keeps both."""
    desk = ConsoleDesk.of(context)
    to, before = _school_time(desk, at, "--at"), None if was is None else _school_time(desk, was, "--was")

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        return await exam_receipts.correct_exam_receipt(
            uow, actor, exam, to=to, was=before, reason=reason, now=app.clock(), policy=app.policy
        )

    try:
        moved = desk.run_write(work)
    except SeveralReceiptsError as error:
        moments = ", ".join(_local(desk, each) for each in error.moments)
        raise BadInputError("exam.which_receipt", moments=moments) from None
    desk.print_message("exam.receipt_corrected", moved, at=_local(desk, to))


def _exam_cells(desk: ConsoleDesk, listed: ExamReceipts) -> Sequence[object]:
    moments = ", ".join(f"{_local(desk, at)} ({count})" for at, count in listed.moments)
    return listed.exam.id, exam_screen_title(listed.exam, desk.t), listed.students, moments or desk.t("exam.not_told")


def _exam_json(listed: ExamReceipts) -> dict[str, object]:
    exam = listed.exam
    received = [{"at": at.isoformat(), "results": count} for at, count in listed.moments]
    day = exam.on.isoformat() if exam.on else None
    return {"id": exam.id, "kind": exam.kind, "subject": exam.subject, "date": day, "stage": exam.stage,
            "students": listed.students, "received": received}  # fmt: skip


def _local(desk: ConsoleDesk, at: datetime) -> str:
    return f"{at.astimezone(desk.settings.zone):%Y-%m-%d %H:%M}"


def _received_at(desk: ConsoleDesk, text: str | None) -> datetime | None:
    """`--received` is school time. BadInputError for anything else; ReceiptTimeError for the future (Q70)."""
    if text is None:
        return None
    received = _school_time(desk, text, "--received")
    if received > utc_clock():
        raise ReceiptTimeError
    return received


def _school_time(desk: ConsoleDesk, text: str, option: str) -> datetime:
    """A time of the school's clock, year first. BadInputError for anything else."""
    with suppress(ValueError):
        return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=desk.settings.zone).astimezone(UTC)
    raise BadInputError("exam.received", option=option)


def _print_foreign(desk: ConsoleDesk, read: Sequence[ExamFile], schools: frozenset[str]) -> None:
    """Say which files have no row of the school: a wrong code would look like a file without news."""
    for file in read:
        if not file.problems and not exam_file_of_school(file, schools).exams:
            desk.print_message("exam.no_own_rows", file=file.file)


def _named_kind(file: ExamFile) -> ExamFile:
    """A file that another command reads is named as such: skipped silently it would be lost."""
    if not any(each.reason == "exam_unrecognised" for each in file.problems):
        return file
    from bot.imports.files import read_import_files  # noqa: PLC0415  # lxml: 0.05 s

    (other,) = read_import_files([Path(file.path)])
    known = {"journal": other.reports, "people": other.people, "timetable": other.schedules, "finals": other.finals}
    named = [Problem(None, None, None, None, f"is_{kind}") for kind, found in known.items() if found]
    return replace(file, problems=tuple(named[:1]) or file.problems)


def _check_all(desk: ConsoleDesk, read: Sequence[ExamFile], choices: _Choices) -> Sequence[ExamFile]:
    """The files with all problems that the import would find, where the school has a database (Q131)."""
    files = desk.settings.database_files
    has_database = files[0].exists() if files else bool(desk.settings.database_url)
    if any(file.problems for file in read) or not has_database:
        return read
    if not choices.schools:
        desk.print_message("exam.persons_unchecked")
        return read

    async def work(app: "App") -> ExamProtocolImport:
        async with app.open_uow(reading=True) as uow:
            return await _import(app, uow, read, choices, check_only=True)

    result = desk.run_work(work)
    _print_doubts(desk, result.files)
    return _with_problems(read, result)


def _write_all(desk: ConsoleDesk, read: Sequence[ExamFile], choices: _Choices) -> Sequence[ExamFile]:
    """Write all files and print the changes; returns the files with problems that only the database shows.

    Obligations exist when the command ends; the worker only sends them.
    """
    if any(file.problems for file in read):
        return read

    async def work(app: "App") -> ExamProtocolImport:
        async with app.open_uow() as uow:
            result = await _import(app, uow, read, choices, check_only=False)
        async with app.open_uow() as uow:
            rest = partial(asyncio.sleep, fan_out.BREATH)
            await fan_out.fan_out_all_notices(uow, now=app.clock(), policy=app.policy, rest=rest)
        return result

    result = desk.run_work(work)
    if result.ok:
        _print_changes(desk, result.files)
        _print_doubts(desk, result.files)
    return _with_problems(read, result)


async def _import(
    app: "App", uow: UnitOfWork, read: Sequence[ExamFile], choices: _Choices, *, check_only: bool
) -> ExamProtocolImport:
    own = [exam_file_of_school(file, choices.schools) for file in read]
    return await exam_protocols.import_exam_protocols(
        uow,
        SYSTEM,
        own,
        now=app.clock(),
        policy=app.policy,
        received_at=choices.received_at,
        partial=choices.partial,
        check_only=check_only,
    )


def _print_changes(desk: ConsoleDesk, files: Sequence[ExamFileResult]) -> None:
    """What each file changed; that history is told to nobody is said (contracts, Exams)."""
    for file in files:
        counts = {name: count for name, count in asdict(file.counts).items() if count}
        if counts:
            changes = ", ".join(desk.t(f"import.count.{name}", count=count) for name, count in counts.items())
            desk.print_message("import.file", file=file.file, changes=changes)
    desk.print_message("import.changes", sum(file.counts.total for file in files))
    if history := sum(file.counts.history for file in files):
        desk.print_message("exam.history", history)


def _print_doubts(desk: ConsoleDesk, files: Sequence[ExamFileResult]) -> None:
    """Rows that stay out with `--partial`, each with its place."""
    lines = [
        line
        for file in files
        for line in import_summary_problems(ReadFile(file.file, "", problems=tuple(file.doubts)), desk.t)
    ]
    for line in lines:
        typer.echo(line, err=True)
    if lines:
        desk.print_message("exam.left_out", len(lines))


def _with_problems(read: Sequence[ExamFile], result: ExamProtocolImport) -> Sequence[ExamFile]:
    return [replace(file, problems=tuple(each.problems)) for file, each in zip(read, result.files, strict=True)]


def _refuse_problems(desk: ConsoleDesk, files: Sequence[ReadFile]) -> None:
    """Lines about problems to stderr, and exit 2 if there are any."""
    lines = [line for file in files for line in import_summary_problems(file, desk.t)]
    for line in [*lines, *(note for file in files for note in import_summary_notes(file, desk.t))]:
        typer.echo(line, err=True)
    if lines:
        desk.print_message("import.refused", len(lines))
        raise typer.Exit(BAD_INPUT)

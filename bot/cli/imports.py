"""`vestnik import`: all files are checked first, then everything is written or nothing (Q101)."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli.console import ConsoleDesk, console_day_option, print_console_json_items, write_console_file
from bot.cli.errors import BAD_INPUT, BadInputError
from bot.imports.reading import ReadingRules
from bot.imports.results.summary import results_summary_json
from bot.imports.summary import Json, import_summary_json, import_summary_notes, import_summary_problems
from core.actions.delivery import fan_out
from core.actions.imports import journal as journal_import
from core.actions.imports import people as people_import
from core.actions.imports.import_results import FileResult, ImportResultCounts
from core.actions.imports.journal import JournalResult
from core.actions.imports.people import PeopleResult
from core.actions.imports.results import FinalsResult
from core.actions.imports.timetable import tables as timetable_import
from core.actions.imports.timetable.tables import TimetableResult
from core.model.imports.reports import Problem, ReadFile
from core.model.people import SYSTEM
from core.ports import UnitOfWork

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(metavar="FILE…")]
DryRun = Annotated[bool, typer.Option("--dry-run")]
AsJson = Annotated[bool, typer.Option("--json")]

From = Annotated[date | None, console_day_option("--from")]


OfTemplate = Annotated[Literal["people", "journal", "timetable", "finals", "exams"], typer.Argument(metavar="KIND")]
Workbook = Annotated[Path | None, typer.Option("--out", dir_okay=False)]

FINALS = "finals"
READ_BY = {"finals": "vestnik finals import", "exams": "vestnik exam import"}
"""The commands that read a filled-in workbook, where it is not `vestnik import KIND`."""

Result = JournalResult | PeopleResult | TimetableResult | FinalsResult


class Write(Protocol):
    """An import; with `check_only` it writes nothing."""

    def __call__(
        self, app: "App", uow: UnitOfWork, read: Sequence[ReadFile], *, check_only: bool
    ) -> Awaitable[Result]: ...


@commands.command("journal")
def import_journal_command(
    context: typer.Context, files: Files, *, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import marks, absences and printed finals from the e-journal's reports or a table of the school."""
    run_import_command(
        ConsoleDesk.of(context),
        "journal",
        files,
        lambda app, uow, read, *, check_only: journal_import.import_journal(
            uow, SYSTEM, read, now=app.clock(), policy=app.policy, check_only=check_only
        ),
        dry_run=dry_run,
        as_json=as_json,
    )


@commands.command("people")
def import_people_command(
    context: typer.Context, files: Files, *, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import students, guardians with their signed forms, staff and groups from tables."""
    run_import_command(
        ConsoleDesk.of(context),
        "people",
        files,
        lambda app, uow, read, *, check_only: people_import.import_people(
            uow, SYSTEM, read, now=app.clock(), policy=app.policy, check_only=check_only
        ),
        dry_run=dry_run,
        as_json=as_json,
    )


@commands.command("timetable")
def import_timetable_command(
    context: typer.Context, files: Files, *, starts: From = None, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import the weekly template, lesson changes, bells, holidays and reporting periods."""
    run_import_command(
        ConsoleDesk.of(context),
        "timetable",
        files,
        lambda app, uow, read, *, check_only: timetable_import.import_timetable_tables(
            uow, SYSTEM, read, now=app.clock(), policy=app.policy, starts_on=starts, check_only=check_only
        ),
        dry_run=dry_run,
        as_json=as_json,
    )


@commands.command("template")
def write_import_template_command(
    context: typer.Context, template_kind: OfTemplate, *, workbook: Workbook = None
) -> None:
    """Write a workbook to fill in, with examples and explanations (Q130)."""
    from bot.documents.templates import TemplateKind, template_workbook  # noqa: PLC0415  # xlsxwriter: 0.05 s

    desk, path = ConsoleDesk.of(context), workbook or Path(f"{template_kind}.xlsx")
    if path.exists():
        raise BadInputError("import.template_exists", file=path)
    write_console_file(path, template_workbook(TemplateKind(template_kind), desk.t))
    command = READ_BY.get(template_kind, f"vestnik import {template_kind}")
    desk.print_message("import.template", file=path, command=command)


def run_import_command(
    desk: ConsoleDesk, kind: str, files: Files, write: Write, *, dry_run: bool, as_json: bool
) -> None:
    """Read all files, check them, and write all or nothing; prints what a person or a program needs to know."""
    read = [_require_kind(file, kind) for file in _read(desk, files)]
    checked = _check_all(desk, read, write) if dry_run else _write_all(desk, read, write)
    if as_json:
        print_console_json_items(shown for file in checked for shown in _shown(desk, kind, file))
    _print_result(desk, checked, dry_run=dry_run)


def _shown(desk: ConsoleDesk, kind: str, file: ReadFile) -> Iterable[Json]:
    return [results_summary_json(file, desk.t)] if kind == FINALS else import_summary_json(file, desk.t)


def _read(desk: ConsoleDesk, paths: Sequence[Path]) -> Sequence[ReadFile]:
    """Read all files of the paths and folders, with a progress bar on a terminal."""
    from bot.imports.files import read_import_files  # noqa: PLC0415  # lxml: 0.05 s

    with _progress(desk.t("import.reading")) as on_progress:
        return read_import_files(paths, on_progress=on_progress, settings=ReadingRules(desk.settings.lowest_mark))


@contextmanager
def _progress(words: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr; hidden where stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _require_kind(file: ReadFile, wanted: str) -> ReadFile:
    """Tables that belong to another import command are a problem: skipped silently they would be lost.

    It stands above the problems of the file.
    """
    found = {"journal": file.reports, "people": file.people, "timetable": file.schedules, FINALS: file.finals}
    others = [name for name, tables in found.items() if tables and name != wanted]
    told = (Problem(None, None, None, None, f"is_{other}") for other in others)
    return replace(file, problems=(*told, *file.problems))


def _check_all(desk: ConsoleDesk, read: Sequence[ReadFile], write: Write) -> Sequence[ReadFile]:
    """The files with all problems that the import would find, where the school has a database (Q131)."""
    files = desk.settings.database_files
    if not (files[0].exists() if files else desk.settings.database_url):
        return read

    async def work(app: "App") -> Result:
        async with app.open_uow(reading=True) as uow:
            return await write(app, uow, read, check_only=True)

    result = desk.run_work(work)
    found: Sequence[FileResult[ImportResultCounts]] = [*result.files]
    _print_changes(desk, found, would=True)
    _print_doubts(desk, found)
    if any("new" in dict(doubt.facts) for each in found for doubt in each.doubts):
        desk.print_message("import.numbers")
    return [replace(file, problems=each.problems) for file, each in zip(read, found, strict=True)]


def _write_all(desk: ConsoleDesk, read: Sequence[ReadFile], write: Write) -> Sequence[ReadFile]:
    """Write all files and print the changes; returns the files with problems that only the database shows.

    Obligations exist when the command ends; the worker only sends them.
    """
    if any(file.problems for file in read):
        return _check_all(desk, read, write)

    async def work(app: "App") -> tuple[Result, int]:
        gc.freeze()  # the read files live to the end, so the garbage collector need not visit them
        async with app.open_uow(reading=True) as uow:
            result = await write(app, uow, read, check_only=False)
        async with app.open_uow() as uow:
            told = await fan_out.fan_out_all_notices(
                uow, now=app.clock(), policy=app.policy, rest=partial(asyncio.sleep, fan_out.BREATH)
            )
        return result, told

    result, told = desk.run_work(work)
    files: Sequence[FileResult[ImportResultCounts]] = [*result.files]
    if result.ok:
        _print_changes(desk, files)
        if told:
            desk.print_message("import.told", told)
        _print_doubts(desk, files)
    return [replace(file, problems=found.problems) for file, found in zip(read, files, strict=True)]


def _print_changes(desk: ConsoleDesk, files: Sequence[FileResult[ImportResultCounts]], *, would: bool = False) -> None:
    """Print what each file changed, and the sum; with `would` what an import would change, where nothing is wrong."""
    if any(file.problems for file in files):
        return
    for file in (each for each in files if each.counts.total):
        desk.print_message("import.file", file=file.file, changes=_changes(desk, asdict(file.counts)))
    changed = sum(file.counts.total for file in files)
    desk.print_message("import.would" if would else "import.changes", changed)
    first = frozenset[int]().union(*(file.silent for file in files))
    if first and changed:
        desk.print_message("import.history", len(first))


def _print_doubts(desk: ConsoleDesk, files: Sequence[FileResult[ImportResultCounts]]) -> None:
    """Print rows that were imported although a person should check them (Q134)."""
    for file in files:
        for line in import_summary_problems(ReadFile(file.file, "", problems=file.doubts), desk.t):
            typer.echo(line, err=True)


def _changes(desk: ConsoleDesk, counts: Mapping[str, int]) -> str:
    return ", ".join(desk.t(f"import.count.{name}", count=count) for name, count in counts.items() if count)


def _print_result(desk: ConsoleDesk, read: Sequence[ReadFile], *, dry_run: bool) -> None:
    """Lines about problems to stderr, and exit 2 if there are any (contracts, import journal)."""
    lines = [line for file in read for line in import_summary_problems(file, desk.t)]
    for line in [*lines, *(note for file in read for note in import_summary_notes(file, desk.t))]:
        typer.echo(line, err=True)
    if lines:
        desk.print_message("import.refused", len(lines))
        raise typer.Exit(BAD_INPUT)
    if dry_run:
        desk.print_message("import.checked", len(read))

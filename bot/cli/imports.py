"""`vestnik import`: the whole of every file is checked first, then everything is written or nothing (Q101)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli.console import Desk, show_json_items
from bot.cli.errors import BAD_INPUT
from core.actions.delivery import fan_out
from core.actions.imports import journal as journal_import
from core.actions.imports import people as people_import
from core.actions.imports import timetable as timetable_import
from core.actions.imports.file_tally import FileCounts, FileResult
from core.actions.imports.journal import JournalResult
from core.actions.imports.people import PeopleResult
from core.actions.imports.timetable import ScheduleResult
from core.model.imports.reports import Problem, ReadFile
from core.model.people import SYSTEM
from core.ports import UnitOfWork

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(metavar="FILE…")]
DryRun = Annotated[bool, typer.Option("--dry-run")]
AsJson = Annotated[bool, typer.Option("--json")]

From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d", "%d.%m.%Y"])]

Result = JournalResult | PeopleResult | ScheduleResult
Write = Callable[["App", UnitOfWork, Sequence[ReadFile]], Awaitable[Result]]


@commands.command()
def journal(context: typer.Context, files: Files, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Marks, absences and printed finals from the e-journal's reports or a table of the school."""
    desk = Desk.of(context)
    read = [_of_kind(file, "journal") for file in _read(desk, files)]
    _finish(desk, read if dry_run else _written(desk, read, _write_journal), dry_run=dry_run, as_json=as_json)


@commands.command()
def people(context: typer.Context, files: Files, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Students, guardians with their signed forms, staff and groups from tables."""
    desk = Desk.of(context)
    read = [_of_kind(file, "people") for file in _read(desk, files)]
    _finish(desk, read if dry_run else _written(desk, read, _write_people), dry_run=dry_run, as_json=as_json)


@commands.command()
def timetable(
    context: typer.Context,
    files: Files,
    *,
    starts: From = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """The weekly template, changes of lessons, bells, holidays and reporting periods."""
    desk = Desk.of(context)
    read = [_of_kind(file, "timetable") for file in _read(desk, files)]

    async def write(app: "App", uow: UnitOfWork, read: Sequence[ReadFile]) -> Result:
        starts_on = starts.date() if starts else None
        return await timetable_import.import_schedules(
            uow, SYSTEM, read, now=app.clock(), policy=app.policy, starts_on=starts_on
        )

    _finish(desk, read if dry_run else _written(desk, read, write), dry_run=dry_run, as_json=as_json)


def _read(desk: Desk, paths: Sequence[Path]) -> Sequence[ReadFile]:
    """Every file of the paths and of the folders in them, with progress where somebody watches."""
    from bot.imports.files import read_files
    from bot.imports.reading import ReadingRules

    with _progress(desk.t("import.reading")) as on_progress:
        return read_files(paths, on_progress=on_progress, settings=ReadingRules(desk.settings.lowest_mark))


@contextmanager
def _progress(words: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr; nothing is drawn where stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _of_kind(file: ReadFile, wanted: str) -> ReadFile:
    """What belongs to another command is a fault of the file: passed over in silence it would be lost."""
    found = {"journal": file.reports, "people": file.people, "timetable": file.schedules}
    others = [name for name, tables in found.items() if tables and name != wanted]
    if file.problems or not others:
        return file
    return replace(file, problems=(Problem(None, None, None, None, f"is_{others[0]}"),))


def _written(desk: Desk, read: Sequence[ReadFile], write: Write) -> Sequence[ReadFile]:
    """Write the set and tell what changed; the files come back with the problems that only the register shows.

    What is owed stands as soon as the command ends; the worker only sends it.
    """
    if any(file.problems for file in read):
        return read

    async def work(app: "App") -> Result:
        from bot.app import settle

        settle()  # what was read stays to the end
        async with app.open_uow(reading=True) as uow:
            result = await write(app, uow, read)
        async with app.open_uow() as uow:
            await fan_out.fan_out_all(
                uow, now=app.clock(), policy=app.policy, rest=partial(asyncio.sleep, fan_out.BREATH)
            )
        return result

    result = desk.act(work)
    files: Sequence[FileResult[FileCounts]] = [*result.files]
    if result.ok:
        for file in (each for each in files if each.counts.total):
            desk.say("import.file", file=file.file, changes=_changes(desk, asdict(file.counts)))
        desk.say("import.changes", sum(file.counts.total for file in files))
        _tell_doubts(desk, files)
    return [replace(file, problems=found.problems) for file, found in zip(read, files, strict=True)]


def _tell_doubts(desk: Desk, files: Sequence[FileResult[FileCounts]]) -> None:
    """What was taken although a person should look at it (Q134)."""
    from bot.imports.summary import problem_lines

    for file in files:
        for line in problem_lines(ReadFile(file.file, "", problems=file.doubts), desk.t):
            typer.echo(line, err=True)


def _changes(desk: Desk, counts: Mapping[str, int]) -> str:
    return ", ".join(desk.t(f"import.count.{name}", count=count) for name, count in counts.items() if count)


async def _write_journal(app: "App", uow: UnitOfWork, read: Sequence[ReadFile]) -> Result:
    return await journal_import.import_reports(uow, SYSTEM, read, now=app.clock())


async def _write_people(app: "App", uow: UnitOfWork, read: Sequence[ReadFile]) -> Result:
    return await people_import.import_people(uow, SYSTEM, read, now=app.clock(), policy=app.policy)


def _finish(desk: Desk, read: Sequence[ReadFile], *, dry_run: bool, as_json: bool) -> None:
    """JSON on stdout, with faults too; then the operator's report and exit 2 (contracts, import journal)."""
    from bot.imports.summary import note_lines, problem_lines, to_json

    if as_json:
        show_json_items(shown for file in read for shown in to_json(file, desk.t))
    lines = [line for file in read for line in problem_lines(file, desk.t)]
    for line in [*lines, *(note for file in read for note in note_lines(file, desk.t))]:
        typer.echo(line, err=True)
    if lines:
        desk.say("import.refused", len(lines))
        raise typer.Exit(BAD_INPUT)
    if dry_run:
        desk.say("import.checked", len(read))

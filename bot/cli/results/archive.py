"""`vestnik archive`: a closed term as one zip that opens without Vestnik, and the check of such a file (Q104)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.audit import audit_verifier_source
from bot.cli.console import ConsoleDesk, acting_staff_on_console, console_acts_as_staff, write_console_file
from bot.cli.errors import CHECK_FAILED, BadInputError
from bot.cli.results.lookup import look_up_named_result_term, look_up_result_year
from bot.documents.results.archive import (
    archive_index_page,
    archive_marks_csv,
    archived_class_files,
    results_archive_fault,
    sealed_archive_zip,
)
from bot.documents.results.sheet.words import SheetIssue
from core.actions.results.term_end.archive import (
    ArchivedClass,
    TermOpenError,
    load_archived_classes,
    record_term_archive,
)
from core.model.people import Actor
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.year import first_day_of_year

if TYPE_CHECKING:
    from bot.app import App

LEDGER, HEAD, VERIFIER = "audit/ledger.jsonl", "audit/head.json", "audit/verifier.py"


@console_acts_as_staff
def archive_results_command(
    context: typer.Context,
    term: Annotated[str | None, typer.Argument(metavar="[TERM]")] = None,
    *,
    year: Annotated[str | None, typer.Option("--year", metavar="YEAR")] = None,
    out: Annotated[Path | None, typer.Option(dir_okay=False)] = None,
    check: Annotated[Path | None, typer.Option("--check", metavar="FILE", exists=True, dir_okay=False)] = None,
) -> None:
    """Archive a closed term, or with --check FILE see whether an archive is as it was written."""
    desk = ConsoleDesk.of(context)
    if (term is None) == (check is None):
        raise BadInputError("archive.what")
    if check is not None:
        _check(desk, check)
    else:
        _write(desk, term or "", year, out)


def _check(desk: ConsoleDesk, file: Path) -> None:
    fault = results_archive_fault(file, key=desk.settings.signing_key())
    if fault is not None:
        desk.print_message(f"archive.{fault}")
        raise typer.Exit(CHECK_FAILED)
    desk.print_message("archive.whole")


def _write(desk: ConsoleDesk, term: str, year: str | None, out: Path | None) -> None:
    who = desk.acting_person()

    async def work(app: "App") -> Path:
        on = timing.local_date_of_time(app.clock(), app.policy)
        day = look_up_result_year(year, on)
        async with app.open_uow(reading=True) as uow:
            actor = await acting_staff_on_console(app, uow, who)
            key = await look_up_named_result_term(uow, term, on=day)
            classes = await _classes(app, uow, actor, key, day)
            ledger = await _ledger_files(desk, uow)
        content, sha256 = sealed_archive_zip(_files(desk, classes, ledger, term, day, on), key=app.signing_key)
        file = out or Path(f"vestnik-{first_day_of_year(day).year}-{sha256[:8]}.zip")
        write_console_file(file, content)
        async with app.open_uow() as uow:
            await record_term_archive(uow, actor, key, sha256=sha256, now=app.clock())
        return file

    desk.print_message("archive.written", term=term, file=desk.run_work(work))


async def _classes(app: "App", uow: UnitOfWork, actor: Actor, term: str, day: date) -> Sequence[ArchivedClass]:
    on, unmarked = timing.local_date_of_time(app.clock(), app.policy), app.settings.results_policy().unmarked
    try:
        return await load_archived_classes(uow, actor, term, day=day, on=on, unmarked=unmarked)
    except TermOpenError:
        raise BadInputError("archive.open") from None


async def _ledger_files(desk: ConsoleDesk, uow: UnitOfWork) -> Mapping[str, bytes]:
    """The whole audit trail, since only a trail from its first line can be verified, and the program that does it."""
    from storage.audit import stored_audit_export_line  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s

    lines = [f"{stored_audit_export_line(line)}\n" async for line in uow.audit.export()]
    head = await uow.audit.head()
    return {
        LEDGER: "".join(lines).encode(),
        HEAD: json.dumps(asdict(head) if head else {}, sort_keys=True).encode(),
        VERIFIER: audit_verifier_source(desk.t).encode(),
    }


def _files(
    desk: ConsoleDesk, classes: Sequence[ArchivedClass], ledger: Mapping[str, bytes], term: str, day: date, on: date
) -> Mapping[str, bytes]:
    t, since = desk.t, first_day_of_year(day).year
    school_year = f"{since}/{since + 1}"
    issue = SheetIssue(desk.settings.school, on, desk.settings.zone)
    files = {
        **archived_class_files(classes, issue, t),
        "marks.csv": archive_marks_csv(classes, term=term, school_year=school_year),
        **ledger,
    }
    title = t("archive.title", school=desk.settings.school, term=term, year=school_year)
    names = ", ".join(each.name for each in classes)
    words = (t("archive.classes", classes=names), t("archive.made", on=on), t("archive.how"), t("archive.signature"))
    return files | {"index.html": archive_index_page(files, title=title, words=words)}

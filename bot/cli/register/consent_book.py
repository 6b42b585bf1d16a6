"""`vestnik consent export` and `state`: the register for a period and on a date, by class (Q6, Q12)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, console_day_option, write_console_file
from bot.cli.errors import BadInputError
from bot.cli.register import consents
from core.actions.register.office import consent_book
from core.actions.register.office.consent_book import BookLine
from core.model.people import SYSTEM
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.register.consents import consent_obstacle

if TYPE_CHECKING:
    from bot.app import App

commands = consents.commands

OnDay = Annotated[date | None, console_day_option("--on")]
OutFile = Annotated[Path | None, typer.Option(dir_okay=False)]


@commands.command("export")
def export_consent_book_command(
    context: typer.Context,
    *,
    since: Annotated[date, console_day_option("--from")],
    until: Annotated[date | None, console_day_option("--to")] = None,
    xlsx: OutFile = None,
    pdf: OutFile = None,
) -> None:
    """Write the entries of a period by class to a workbook, a PDF or both."""
    desk = ConsoleDesk.of(context)
    if xlsx is None and pdf is None:
        raise BadInputError("book.no_file")

    async def work(app: "App", uow: UnitOfWork) -> tuple[date, Sequence[BookLine], Sequence[BookLine]]:
        last = until or timing.local_date_of_time(app.clock(), app.policy)
        if last < since:
            raise BadInputError("book.order")
        lines = await consent_book.load_consent_book_period(uow, SYSTEM, since=since, until=last)
        return last, lines, await consent_book.load_consent_book_state(uow, SYSTEM, on=last)

    last, lines, in_force = desk.run_read(work)
    _write(desk, lines, in_force, since=since, until=last, xlsx=xlsx, pdf=pdf)
    desk.print_message("book.written", len(lines))


@commands.command("state")
def show_consent_book_command(context: typer.Context, on: OnDay = None) -> None:
    """Show for each pair the entry that counted on a date, and whether its consent was in force."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> tuple[date, Sequence[BookLine]]:
        day = on or timing.local_date_of_time(app.clock(), app.policy)
        return day, await consent_book.load_consent_book_state(uow, SYSTEM, on=day)

    day, lines = desk.run_read(work)
    heads = ("class", "student", "person", "decision", "number", "date", "in_force")
    desk.print_table("book.state", heads, [_state_row(desk, line, day) for line in lines])


def _write(
    desk: ConsoleDesk,
    lines: Sequence[BookLine],
    in_force: Sequence[BookLine],
    *,
    since: date,
    until: date,
    xlsx: Path | None,
    pdf: Path | None,
) -> None:
    from bot.documents.register.consent_book import SHORT_HASH, consent_book_tables  # noqa: PLC0415  # typst: 0.02 s
    from bot.documents.results.pages import table_pages_pdf  # noqa: PLC0415  # typst: 0.02 s
    from bot.documents.results.workbook import tables_workbook  # noqa: PLC0415  # XlsxWriter: 0.05 s

    if xlsx is not None:
        write_console_file(
            xlsx, tables_workbook(consent_book_tables(lines, in_force, desk.t, since=since, until=until))
        )
    if pdf is not None:
        pages = consent_book_tables(lines, in_force, desk.t, since=since, until=until, hash_length=SHORT_HASH)
        write_console_file(pdf, table_pages_pdf(pages, desk.t, school=desk.settings.school, day=f"{until:%d.%m.%Y}"))


def _state_row(desk: ConsoleDesk, line: BookLine, on: date) -> tuple[object, ...]:
    entry = line.entry
    return (
        line.school_class,
        line.student,
        line.person,
        desk.t(f"consent.{entry.decision}"),
        entry.number,
        f"{entry.decided_on:%d.%m.%Y}",
        desk.t("book.yes" if consent_obstacle(entry, on) is None else "book.no"),
    )

"""`vestnik obligations` and `vestnik proof`: open and late obligations, their report, and the proof of each (R6)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, console_day_option, print_console_json, print_console_line, write_console_file
from bot.cli.errors import CHECK_FAILED, BadInputError
from bot.cli.lookup import LARGEST_NUMBER
from bot.clocks import utc_clock
from bot.documents.delivery import obligations as obligation_documents
from bot.screens.delivery.report import delivery_report_screen_lines
from core.actions.delivery import deadline_reports, obligations, proofs
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State
from core.model.people import SYSTEM
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.year import first_day_of_year

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(invoke_without_command=True)

Number = Annotated[int, typer.Argument(metavar="ID", max=LARGEST_NUMBER)]
Since = Annotated[date | None, console_day_option("--from")]
Until = Annotated[date | None, console_day_option("--to")]
Page = Annotated[Path | None, typer.Option("--pdf", metavar="FILE")]


@commands.callback()
def list_obligations_command(
    context: typer.Context,
    *,
    only_open: Annotated[bool, typer.Option("--open")] = False,
    late: Annotated[bool, typer.Option("--late")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List all obligations by due time, or the open ones, or the late ones."""
    if context.invoked_subcommand:
        return
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> Sequence[ObligationRow]:
        states = {State.OPEN, State.HELD} if only_open else None
        return await uow.outbox.obligations(states=states, late_at=app.clock() if late else None)

    rows = desk.run_read(work)
    if as_json:
        print_console_json([obligation_documents.obligation_json(row) for row in rows])
    else:
        _print_rows(desk, rows)


@commands.command("verify")
def verify_obligations_command(context: typer.Context) -> None:
    """Check that each published result has exactly one obligation to each entitled person (Q71)."""
    desk = ConsoleDesk.of(context)
    differences = desk.run_read(lambda app, uow: obligations.verify_obligations(uow, policy=app.policy))
    for difference in differences:
        print_console_line(desk.t(f"verify.{difference.what}", fact=difference.fact, person=difference.person_id))
    if differences:
        desk.print_message("verify.found", len(differences))
        raise typer.Exit(CHECK_FAILED)
    desk.print_message("verify.none")


@commands.command("report")
def report_obligations_command(
    context: typer.Context,
    *,
    since: Since = None,
    until: Until = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Report the results of a period: in time, late and why, by channel, with the median and the 95th percentile."""
    desk = ConsoleDesk.of(context)
    today = timing.local_date_of_time(utc_clock(), desk.settings.policy())
    first, last = since or first_day_of_year(today), until or today
    if first > last:
        raise BadInputError("report.dates")
    report = desk.run_read(
        lambda app, uow: deadline_reports.load_deadline_report(
            uow, SYSTEM, since=first, until=last, closes=app.settings.closing_statuses(), now=app.clock(),
            policy=app.policy,
        )
    )  # fmt: skip
    if as_json:
        print_console_json(obligation_documents.obligations_report_json(report))
        return
    print_console_line(desk.t("report.title", dates=f"{first:%d.%m.%Y}–{last:%d.%m.%Y}"))
    print_console_line(desk.t("report.scope"))
    for line in delivery_report_screen_lines(report, desk.t, desk.settings.zone):
        print_console_line(line)


def prove_obligation_command(context: typer.Context, number: Number, *, pdf: Page = None) -> None:
    """Print the proof of one obligation, or write it as a PDF (Q76)."""
    from bot.documents.delivery import proof as documents  # noqa: PLC0415  # typst: 0.02 s
    from notifiers.directory import InstalledChannelDirectory  # noqa: PLC0415  # the channels' words: 0.1 s

    desk = ConsoleDesk.of(context)
    made = desk.run_read(lambda app, uow: proofs.load_obligation_proof(uow, SYSTEM, number, now=app.clock()))
    policy, words = desk.settings.policy(), InstalledChannelDirectory().notice_words
    if pdf is not None:
        content = documents.proof_pdf(made, desk.t, policy=policy, notice_words=words, school=desk.settings.school)
        write_console_file(pdf, content)
        desk.print_message("statistics.written", file=pdf)
        return
    sections = documents.proof_document_sections(made, desk.t, policy=policy, notice_words=words)
    for line in documents.proof_document_lines(sections, number, desk.t):
        print_console_line(line)


def _print_rows(desk: ConsoleDesk, rows: Sequence[ObligationRow]) -> None:
    policy, now = desk.settings.policy(), utc_clock()
    cells = (obligation_documents.obligation_table_cells(row, desk.t, policy, now=now) for row in rows)
    desk.print_table("obligations.title", obligation_documents.HEADS, cells)

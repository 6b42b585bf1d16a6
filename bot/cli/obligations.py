"""`vestnik obligations` and `vestnik proof`: open and late obligations, their report, and the proof of each (R6)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Desk, day_option, print_json, print_line, write_file
from bot.cli.errors import CHECK_FAILED, BadInputError
from bot.cli.lookup import LARGEST_NUMBER
from bot.clocks import utc_now
from bot.documents.delivery import obligations as obligation_documents
from bot.screens.delivery.report import report_lines
from core.actions.delivery import deadline_reports, obligations, proofs
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State
from core.model.people import SYSTEM
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.year import first_day

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(invoke_without_command=True)

Number = Annotated[int, typer.Argument(metavar="ID", max=LARGEST_NUMBER)]
Since = Annotated[date | None, day_option("--from")]
Until = Annotated[date | None, day_option("--to")]
Page = Annotated[Path | None, typer.Option("--pdf", metavar="FILE")]


@commands.callback()
def list_obligations(
    context: typer.Context,
    *,
    only_open: Annotated[bool, typer.Option("--open")] = False,
    late: Annotated[bool, typer.Option("--late")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List all obligations by due time, or the open ones, or the late ones."""
    if context.invoked_subcommand:
        return
    desk = Desk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> Sequence[ObligationRow]:
        states = {State.OPEN, State.HELD} if only_open else None
        return await uow.outbox.obligations(states=states, late_at=app.clock() if late else None)

    rows = desk.run_read(work)
    if as_json:
        print_json([obligation_documents.obligation_json(row) for row in rows])
    else:
        _print_rows(desk, rows)


@commands.command("verify")
def verify_obligations(context: typer.Context) -> None:
    """Check that each published result has exactly one obligation to each entitled person (Q71)."""
    desk = Desk.of(context)
    differences = desk.run_read(lambda app, uow: obligations.verify_obligations(uow, policy=app.policy))
    for difference in differences:
        print_line(desk.t(f"verify.{difference.what}", fact=difference.fact, person=difference.person_id))
    if differences:
        desk.print_message("verify.found", len(differences))
        raise typer.Exit(CHECK_FAILED)
    desk.print_message("verify.none")


@commands.command("report")
def report_deadlines(
    context: typer.Context,
    *,
    since: Since = None,
    until: Until = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Report the results of a period: in time, late and why, by channel, with the median and the 95th percentile."""
    desk = Desk.of(context)
    today = timing.local_date(utc_now(), desk.settings.policy())
    first, last = since or first_day(today), until or today
    if first > last:
        raise BadInputError("report.dates")
    report = desk.run_read(
        lambda app, uow: deadline_reports.deadline_report(
            uow, SYSTEM, since=first, until=last, closes=app.settings.closing_statuses(), now=app.clock(),
            policy=app.policy,
        )
    )  # fmt: skip
    if as_json:
        print_json(obligation_documents.report_json(report))
        return
    print_line(desk.t("report.title", dates=f"{first:%d.%m.%Y}–{last:%d.%m.%Y}"))
    for line in report_lines(report, desk.t, desk.settings.zone):
        print_line(line)


def proof(context: typer.Context, number: Number, *, pdf: Page = None) -> None:
    """Print the proof of one obligation, or write it as a PDF (Q76)."""
    from bot.documents.delivery import proof as documents  # noqa: PLC0415  # typst: 0.02 s
    from notifiers.directory import InstalledChannels  # noqa: PLC0415  # the channels' words: 0.1 s

    desk = Desk.of(context)
    made = desk.run_read(lambda app, uow: proofs.obligation_proof(uow, SYSTEM, number, now=app.clock()))
    policy, words = desk.settings.policy(), InstalledChannels().notice_words
    if pdf is not None:
        content = documents.proof_pdf(made, desk.t, policy=policy, notice_words=words, school=desk.settings.school)
        write_file(pdf, content)
        desk.print_message("statistics.written", file=pdf)
        return
    sections = documents.proof_sections(made, desk.t, policy=policy, notice_words=words)
    for line in documents.proof_lines(sections, number, desk.t):
        print_line(line)


def _print_rows(desk: Desk, rows: Sequence[ObligationRow]) -> None:
    policy, now = desk.settings.policy(), utc_now()
    cells = (obligation_documents.obligation_cells(row, desk.t, policy, now=now) for row in rows)
    desk.print_table("obligations.title", obligation_documents.HEADS, cells)

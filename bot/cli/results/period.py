"""`vestnik period`: what a term lacks; it is closed and reopened (Q52)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, console_acts_as_staff, print_console_json
from bot.cli.errors import CHECK_FAILED
from bot.documents.results import term_ends
from core.actions.results import completeness
from core.model.people import Actor
from core.model.results.completeness import MissingMark
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.delivery import timing

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Term = Annotated[str, typer.Argument(metavar="TERM")]


@commands.command("check")
def check_period_command(
    context: typer.Context, term: Term, *, as_json: Annotated[bool, typer.Option("--json")] = False
) -> None:
    """List who lacks a final mark in a term, with the teacher; exit 4 while anybody does."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> Sequence[MissingMark]:
        on, policy = timing.local_date_of_time(app.clock(), app.policy), app.settings.results_policy()
        return await completeness.load_gaps_in_completeness(uow, Everything(), term, policy=policy, on=on)

    missing = desk.run_read(work)
    if as_json:
        rows = [term_ends.term_end_missing_json(each) for each in missing]
        print_console_json({"term": term, "complete": not missing, "missing": rows})
    _require_complete(desk, missing, as_table=not as_json)
    desk.print_message("period.complete", term=term)


@commands.command("close")
@console_acts_as_staff
def close_period_command(context: typer.Context, term: Term) -> None:
    """Close a term for the whole school; refused, with exit 4, while anybody lacks a final mark."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> Sequence[MissingMark]:
        now = app.clock()
        on, policy = timing.local_date_of_time(now, app.policy), app.settings.results_policy()
        return await completeness.close_term_if_complete(uow, actor, term, policy=policy, now=now, on=on)

    _require_complete(desk, desk.run_write(work), as_table=True)
    desk.print_message("period.closed", term=term)


@commands.command("reopen")
@console_acts_as_staff
def reopen_period_command(
    context: typer.Context, term: Term, *, reason: Annotated[str, typer.Option("--reason", metavar="TEXT")]
) -> None:
    """Reopen a closed term, with a reason."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        now = app.clock()
        on = timing.local_date_of_time(now, app.policy)
        await completeness.reopen_complete_term(uow, actor, term, reason=reason, now=now, on=on)

    desk.run_write(work)
    desk.print_message("period.reopened", term=term)


def _require_complete(desk: ConsoleDesk, missing: Sequence[MissingMark], *, as_table: bool) -> None:
    """Exit 4 with who lacks what, by class and subject, and how many marks that are."""
    if not missing:
        return
    if as_table:
        desk.print_table("period.missing", term_ends.MISSING_HEADS, map(term_ends.term_end_missing_cells, missing))
    places = {(each.expected.pupil.school_class, each.expected.subject) for each in missing}
    desk.print_message("period.incomplete", len(missing), places=len(places))
    raise typer.Exit(CHECK_FAILED)

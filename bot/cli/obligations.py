"""`vestnik obligations` and `vestnik proof`: open and late obligations, and the proof of each (R6)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Desk, print_json, print_line
from bot.cli.errors import CHECK_FAILED
from bot.cli.lookup import LARGEST_NUMBER
from bot.clocks import utc_now
from bot.documents import obligations as obligation_documents
from core.actions.delivery import obligations
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State
from core.ports import UnitOfWork

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(invoke_without_command=True)

Number = Annotated[int, typer.Argument(metavar="ID", max=LARGEST_NUMBER)]


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


def proof(context: typer.Context, number: Number) -> None:
    """Print the proof of one obligation (Q76)."""
    desk = Desk.of(context)
    for line in desk.run_read(
        lambda app, uow: obligation_documents.obligation_proof(uow, number, t=desk.t, policy=app.policy)
    ):
        print_line(line)


def _print_rows(desk: Desk, rows: Sequence[ObligationRow]) -> None:
    policy, now = desk.settings.policy(), utc_now()
    cells = (obligation_documents.obligation_cells(row, desk.t, policy, now=now) for row in rows)
    desk.print_table("obligations.title", obligation_documents.HEADS, cells)

"""`vestnik obligations` and `vestnik proof`: what is owed, what is late, and the proof of what was done (R6)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Desk, show, show_json, show_table
from bot.cli.errors import FOUND
from bot.documents import obligations as obligation_documents
from core.actions.delivery import obligations
from core.actions.delivery.obligations import ObligationDifference
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(invoke_without_command=True)


@commands.callback()
def list_(
    context: typer.Context,
    *,
    only_open: Annotated[bool, typer.Option("--open")] = False,
    late: Annotated[bool, typer.Option("--late")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """All obligations by due time, the open ones, or the late ones."""
    if context.invoked_subcommand:
        return
    desk = Desk.of(context)

    async def work(app: "App") -> Sequence[ObligationRow]:
        async with app.open_uow(reading=True) as uow:
            states = {State.OPEN, State.HELD} if only_open else None
            return await uow.outbox.obligations(states=states, late_at=app.clock() if late else None)

    found = desk.act(work)
    if as_json:
        show_json([obligation_documents.row_json(row) for row in found])
    else:
        _show(desk, found)


@commands.command()
def verify(context: typer.Context) -> None:
    """Every published result and every entitled person have exactly one obligation (Q71)."""
    desk = Desk.of(context)

    async def work(app: "App") -> Sequence[ObligationDifference]:
        async with app.open_uow(reading=True) as uow:
            return await obligations.verify_obligations(uow, policy=app.policy)

    differences = desk.act(work)
    for difference in differences:
        show(desk.t(f"verify.{difference.what}", fact=difference.fact, person=difference.person_id))
    if differences:
        desk.say("verify.found", len(differences))
        raise typer.Exit(FOUND)
    desk.say("verify.none")


def proof(context: typer.Context, number: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """The proof of one obligation (Q76)."""
    desk = Desk.of(context)

    async def work(app: "App") -> Sequence[str]:
        async with app.open_uow(reading=True) as uow:
            return await obligation_documents.proof(uow, number, t=desk.t, policy=app.policy)

    for line in desk.act(work):
        show(line)


def _show(desk: Desk, found: Sequence[ObligationRow]) -> None:
    from bot.app import utc_now

    policy, now = desk.settings.policy(), utc_now()
    heads = [desk.t(f"column.{head}") for head in obligation_documents.HEADS]
    show_table(
        desk.t("obligations.title"),
        heads,
        [obligation_documents.row_cells(row, desk.t, policy, now=now) for row in found],
    )

"""`vestnik held`: after a restore, decide which of the held messages are sent and which are dropped (Q124)."""

from collections.abc import Collection
from typing import Annotated

import typer

from bot.cli.console import ConsoleDesk, console_acts_as_staff, print_console_json
from bot.cli.errors import BadInputError
from core.actions import restoring
from core.actions.restoring import HeldNumbers
from core.model.notices.kinds import R6_KINDS, NoticeKind

commands = typer.Typer(no_args_is_help=True)

Kinds = Annotated[list[NoticeKind] | None, typer.Option("--kind")]
R6 = Annotated[bool, typer.Option("--r6")]
Broadcasts = Annotated[bool, typer.Option("--broadcasts")]
Everything = Annotated[bool, typer.Option("--all")]


@commands.command("list")
def list_held_command(context: typer.Context, *, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List what waits for a decision after a restore: counts by kind and due time, R6 first."""
    desk = ConsoleDesk.of(context)
    numbers = desk.run_read(lambda _app, uow: restoring.count_held_after_restore(uow))
    if as_json:
        kinds = [
            {"kind": each.kind, "due": each.due.isoformat() if each.due else None, "count": each.count}
            for each in numbers.kinds
        ]
        print_console_json({"kinds": kinds, "broadcasts": numbers.broadcasts})
    else:
        print_held_on_console(desk, numbers)


@commands.command("send")
@console_acts_as_staff
def send_held_command(
    context: typer.Context,
    *,
    kinds: Kinds = None,
    r6: R6 = False,
    broadcasts: Broadcasts = False,
    everything: Everything = False,
) -> None:
    """Send what is held; a message that may have been sent before is marked as a repeat."""
    desk = ConsoleDesk.of(context)
    chosen, planned = _chosen(kinds, r6=r6, broadcasts=broadcasts, everything=everything)
    count = desk.run_write(
        lambda app, uow, actor: restoring.release_held_after_restore(
            uow, actor, chosen, broadcasts=planned, now=app.clock(), policy=app.policy
        )
    )
    desk.print_message("held.sent", count)


@commands.command("drop")
@console_acts_as_staff
def drop_held_command(
    context: typer.Context,
    *,
    kinds: Kinds = None,
    r6: R6 = False,
    broadcasts: Broadcasts = False,
    everything: Everything = False,
) -> None:
    """Drop what is held; the reason is kept in the delivery journal and in the audit trail."""
    desk = ConsoleDesk.of(context)
    chosen, planned = _chosen(kinds, r6=r6, broadcasts=broadcasts, everything=everything)
    count = desk.run_write(
        lambda app, uow, actor: restoring.drop_held_after_restore(
            uow, actor, chosen, broadcasts=planned, now=app.clock()
        )
    )
    desk.print_message("held.dropped", count)


def _chosen(
    kinds: list[NoticeKind] | None, *, r6: bool, broadcasts: bool, everything: bool
) -> tuple[Collection[NoticeKind], bool]:
    """The chosen kinds, and whether planned broadcasts are chosen; everything needs an explicit `--all`."""
    if everything:
        return frozenset(NoticeKind), True
    chosen = frozenset(kinds or ()) | (R6_KINDS if r6 else frozenset())
    if not chosen and not broadcasts:
        raise BadInputError("held.which")
    return chosen, broadcasts


def print_held_on_console(desk: ConsoleDesk, numbers: HeldNumbers) -> None:
    """Print the counts of held messages as a table, and what to do with them."""
    if not numbers:
        desk.print_message("held.none")
        return
    zone = desk.settings.zone
    rows: list[tuple[object, ...]] = [
        (
            desk.t(f"kind.{each.kind}"),
            f"{each.due.astimezone(zone):%d.%m.%Y %H:%M}" if each.due else "",
            each.count,
            "R6" if each.kind in R6_KINDS else "",
        )
        for each in numbers.kinds
    ]
    if numbers.broadcasts:
        rows.append((desk.t("held.broadcasts"), "", numbers.broadcasts, ""))
    desk.print_table("held.title", ("kind", "due", "count", "term"), rows)
    desk.print_message("held.decide")

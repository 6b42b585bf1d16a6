"""`vestnik restore` and `held`: restore a copy, then decide which of its unsent messages go (Q104, Q124)."""

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Desk, acting_staff, acts_as_staff, print_json, print_table
from bot.cli.errors import CHECK_FAILED, BadInputError
from core.actions import restoring as restored_copy
from core.actions.restoring import HeldNumbers
from core.model.notices import R6_KINDS, NoticeKind
from core.model.people import Actor
from core.ports import UnitOfWork

if TYPE_CHECKING:
    from bot.app import App

held = typer.Typer(no_args_is_help=True)

Kinds = Annotated[list[NoticeKind] | None, typer.Option("--kind")]
R6 = Annotated[bool, typer.Option("--r6")]
Broadcasts = Annotated[bool, typer.Option("--broadcasts")]
Everything = Annotated[bool, typer.Option("--all")]


@acts_as_staff
def restore(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None,
    *,
    check: Annotated[bool, typer.Option("--check")] = False,
    in_place: Annotated[bool, typer.Option("--in-place")] = False,
    force: Annotated[bool, typer.Option("--force")] = False,
) -> None:
    """Restore a copy and hold its unsent messages, or only check it, or accept one that was restored by hand."""
    desk = Desk.of(context)
    if (file is None) != in_place or (in_place and check):
        raise BadInputError("restore.what")
    if file is not None and not file.is_file():
        raise BadInputError("restore.missing")
    if file is not None and check:
        _check(desk, file)
    else:
        _restore(desk, file, forced=force)


def _check(desk: Desk, file: Path) -> None:
    from storage.backup.copies import fault_of

    fault = asyncio.run(fault_of(file))
    if fault is not None:
        desk.print_message(f"restore.broken_{fault}")
        raise typer.Exit(CHECK_FAILED)
    desk.print_message("restore.whole")


def _restore(desk: Desk, file: Path | None, *, forced: bool) -> None:
    from bot import restoring
    from storage.backup.copies import CopyRefusedError

    who = desk.acting_person()

    async def work(app: "App") -> tuple[HeldNumbers, Path | None]:
        async def find(uow: UnitOfWork) -> Actor:
            return await acting_staff(app, uow, who)

        if file is None:
            return await restoring.in_place(app, find), None
        return await restoring.restore(app, file, find, forced=forced)

    try:
        numbers, aside = desk.run_work(work, any_database=file is not None)
    except CopyRefusedError as refused:
        desk.print_message(f"restore.broken_{refused.fault}")
        raise typer.Exit(CHECK_FAILED) from None
    desk.print_message("restore.done")
    if aside is not None:
        desk.print_message("restore.aside", file=aside)
    _show(desk, numbers)


@held.command("list")
def list_(context: typer.Context, *, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List what waits for a decision after a restore: counts by kind and due time, R6 first."""
    desk = Desk.of(context)

    async def work(app: "App") -> HeldNumbers:
        async with app.open_uow(reading=True) as uow:
            return await restored_copy.count_held(uow)

    numbers = desk.run_work(work)
    if as_json:
        kinds = [
            {"kind": each.kind, "due": each.due.isoformat() if each.due else None, "count": each.count}
            for each in numbers.kinds
        ]
        print_json({"kinds": kinds, "broadcasts": numbers.broadcasts})
    else:
        _show(desk, numbers)


@held.command()
@acts_as_staff
def send(
    context: typer.Context,
    *,
    kinds: Kinds = None,
    r6: R6 = False,
    broadcasts: Broadcasts = False,
    everything: Everything = False,
) -> None:
    """Send what is held; a message that may have been sent before is marked as a repeat."""
    desk = Desk.of(context)
    chosen, planned = _chosen(kinds, r6=r6, broadcasts=broadcasts, everything=everything)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        return await restored_copy.release_held(
            uow, actor, chosen, broadcasts=planned, now=app.clock(), policy=app.policy
        )

    desk.print_message("held.sent", desk.run_write(work))


@held.command()
@acts_as_staff
def drop(
    context: typer.Context,
    *,
    kinds: Kinds = None,
    r6: R6 = False,
    broadcasts: Broadcasts = False,
    everything: Everything = False,
) -> None:
    """Drop what is held; the reason is kept in the delivery journal and in the audit trail."""
    desk = Desk.of(context)
    chosen, planned = _chosen(kinds, r6=r6, broadcasts=broadcasts, everything=everything)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        return await restored_copy.drop_held(uow, actor, chosen, broadcasts=planned, now=app.clock())

    desk.print_message("held.dropped", desk.run_write(work))


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


def _show(desk: Desk, numbers: HeldNumbers) -> None:
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
    heads = [desk.t(f"column.{head}") for head in ("kind", "due", "count", "term")]
    print_table(desk.t("held.title"), heads, rows)
    desk.print_message("held.decide")

"""`vestnik erase`: contact data are destroyed after a withdrawal or on request, with act and extract (Q10)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import (
    ConsoleDesk,
    acting_staff_on_console,
    console_acts_as_staff,
    print_console_line,
    write_console_file,
)
from bot.cli.errors import BadInputError
from bot.cli.lookup import look_up_named_person, look_up_names_on_console
from core.actions.register import erasures
from core.model.people import Actor
from core.model.register.erasures import DueErasure, Erasure
from core.ports import UnitOfWork

if TYPE_CHECKING:
    from bot.app import App
    from bot.documents.register.acts import ErasureAct


@console_acts_as_staff
def run_erasures_command(
    context: typer.Context,
    person: Annotated[str | None, typer.Argument(metavar="[PERSON]")] = None,
    *,
    document: Annotated[str | None, typer.Option()] = None,
    confirm: Annotated[bool, typer.Option("--confirm")] = False,
    reprint: Annotated[str | None, typer.Option("--again", metavar="NUMBER")] = None,
    out: Annotated[Path, typer.Option(file_okay=False, exists=True)] = Path(),
) -> None:
    """Destroy contact data whose consent was withdrawn, or a person's on request; a dry run without --confirm."""
    desk = ConsoleDesk.of(context)
    if person is not None and not document:
        raise BadInputError("erase.no_document")
    if reprint is not None:
        _reprint(desk, reprint, out)
    elif confirm:
        _destroy(desk, person, document or "", out)
    else:
        _show(desk, person, document or "")


def _show(desk: ConsoleDesk, person: str | None, document: str) -> None:
    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> list[tuple[object, ...]]:
        now, policy = app.clock(), app.policy
        if person is None:
            due = await erasures.load_due_erasures(uow, actor, now=now, policy=policy)
        else:
            who = await look_up_named_person(app, uow, person)
            due = [
                await erasures.load_requested_erasure(
                    uow, actor, person_id=who.id, document=document, now=now, policy=policy
                )
            ]
        names = await look_up_names_on_console(uow, (each.person_id for each in due))
        return [_row(desk, each, names[each.person_id]) for each in due]

    rows = desk.run_write(work)
    desk.print_table("erase.due", ("person", "reason", "document", "until", "contacts"), rows)
    desk.print_message("erase.dry_run", len(rows))


def _destroy(desk: ConsoleDesk, person: str | None, document: str, out: Path) -> None:
    """The database is rewritten after the commit, so that no byte of the addresses is left in its files."""
    from storage.database.purging import purge_deleted_data  # noqa: PLC0415  # SQLAlchemy: 0.15 s

    by = desk.acting_person()

    async def work(app: "App") -> tuple[Sequence["ErasureAct"], bool]:
        async with app.open_uow() as uow:
            done = await _erased(app, uow, await acting_staff_on_console(app, uow, by), person, document)
        async with app.open_uow(reading=True) as uow:
            acts = [await _act(app, uow, each) for each in done]
        return acts, await purge_deleted_data(app.engine) if done else True

    acts, is_purged = desk.run_work(work)
    _write(desk, acts, out)
    desk.print_message("erase.done", len(acts), folder=out)
    if not is_purged:
        desk.print_message("erase.not_purged")


async def _erased(app: "App", uow: UnitOfWork, actor: Actor, person: str | None, document: str) -> Sequence[Erasure]:
    now, policy = app.clock(), app.policy
    if person is None:
        return await erasures.erase_due_contacts(uow, actor, now=now, policy=policy)
    who = await look_up_named_person(app, uow, person)
    return [
        await erasures.erase_contacts_on_request(
            uow, actor, person_id=who.id, document=document, now=now, policy=policy
        )
    ]


def _reprint(desk: ConsoleDesk, number: str, out: Path) -> None:
    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> "ErasureAct":
        return await _act(app, uow, await erasures.load_erasure_by_number(uow, actor, number))

    _write(desk, [desk.run_write(work)], out)


async def _act(app: "App", uow: UnitOfWork, erasure: Erasure) -> "ErasureAct":
    from bot.documents.register.acts import ErasureAct  # noqa: PLC0415  # typst: 0.02 s

    return ErasureAct(
        erasure,
        await erasures.load_erasure_person_name(uow, erasure.person_id) or "",
        await erasures.load_erasure_person_name(uow, erasure.destroyed_by),
        erasure.destroyed_at.astimezone(app.policy.zone),
    )


def _write(desk: ConsoleDesk, acts: Sequence["ErasureAct"], out: Path) -> None:
    """A PDF and a csv for each act, named by its number."""
    from bot.documents.register.acts import erasure_act_pdf, erasure_acts_csv  # noqa: PLC0415  # typst: 0.02 s

    operator = desk.settings.form_operator()
    for act in acts:
        number = act.erasure.number
        write_console_file(out / f"{number}.pdf", erasure_act_pdf(act, desk.t, operator=operator))
        write_console_file(out / f"{number}.csv", erasure_acts_csv([act], desk.t, operator=operator))
        print_console_line(number)


def _row(desk: ConsoleDesk, due: DueErasure, person: str) -> tuple[object, ...]:
    return (
        person,
        desk.t(f"erase.reason.{due.reason}"),
        due.document,
        f"{due.due_on:%d.%m.%Y}",
        ", ".join(desk.t(f"channel.{each}") for each in due.channels),
    )

"""`vestnik paper`: the print queue, its pages, and what became of them (R2b, Q34)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Desk, acting, show_table, write_file
from bot.cli.errors import BadInputError
from bot.cli.people.lookup import names_of
from core.actions import paper
from core.model.delivery.states import Status
from core.model.paper import Extract
from core.model.people import Actor
from core.ports import UnitOfWork

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Numbers = Annotated[list[str], typer.Argument(metavar="NUMBER…")]
NOT_HANDED = (Status.ACCEPTED, Status.PRINTED, Status.WITHDRAWN)


@commands.command("list")
def list_(context: typer.Context, *, everything: Annotated[bool, typer.Option("--all")] = False) -> None:
    """Extracts that have not been handed over yet, or all."""
    desk = Desk.of(context)

    async def work(app: "App") -> list[tuple[object, ...]]:
        async with app.open_uow(reading=True) as uow:
            shown = (*NOT_HANDED, Status.HANDED, Status.SIGNED) if everything else NOT_HANDED
            extracts = [each for each in await uow.paper.extracts(shown) if everything or _concerns_desk(each)]
            names = await names_of(uow, (id_ for each in extracts for id_ in (each.person_id, each.student_id) if id_))
            return [_row(desk, each, names[each.person_id], names.get(each.student_id or 0, "–")) for each in extracts]

    heads = ("number", "student", "to", "basis", "queued", "state")
    show_table(desk.t("paper.title"), [desk.t(f"column.{head}") for head in heads], desk.act(work))


@commands.command("print")
def print_(
    context: typer.Context,
    numbers: Annotated[list[str] | None, typer.Argument(metavar="[NUMBER…]")] = None,
    out: Annotated[Path, typer.Option(dir_okay=False)] = Path("extracts.pdf"),
) -> None:
    """The queue, or the extracts named, as a PDF with a page for each."""
    from bot.paper.print_queue import pdf_of

    desk = Desk.of(context)

    async def work(app: "App") -> tuple[bytes, int]:
        async with app.open_uow(reading=True) as uow:
            chosen = await _chosen(uow, numbers)
            extracts = await paper.printable_extracts(uow, chosen, now=app.clock(), policy=app.policy)
            if len(extracts) < len(chosen):
                desk.say("paper.not_owed", len(chosen) - len(extracts))
            if not extracts:
                raise BadInputError("paper.empty")
            pdf = await pdf_of(uow, extracts, settings=app.settings, t=desk.t, key=app.signing_key, policy=app.policy)
            return pdf, len(extracts)

    pdf, pages = desk.act(work)
    write_file(out, pdf)
    desk.say("paper.printed_to", pages, file=out)


@commands.command()
@acting
def printed(context: typer.Context, numbers: Numbers) -> None:
    """These extracts lie printed and ready: that is R6's term for paper."""
    _advance(Desk.of(context), numbers, Status.PRINTED)


@commands.command()
@acting
def handed(context: typer.Context, numbers: Numbers) -> None:
    """These extracts were handed over."""
    _advance(Desk.of(context), numbers, Status.HANDED)


@commands.command()
@acting
def signed(context: typer.Context, numbers: Numbers) -> None:
    """The slips of these extracts came back signed."""
    _advance(Desk.of(context), numbers, Status.SIGNED)


def _advance(desk: Desk, numbers: Sequence[str], status: Status) -> None:
    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        for number in numbers:
            await paper.record_paper_status(uow, actor, number, status, closes=app.settings.closing(), now=app.clock())

    desk.write(work)
    desk.say("paper.recorded", len(numbers))


async def _chosen(uow: UnitOfWork, numbers: Sequence[str] | None) -> Sequence[Extract]:
    if not numbers:
        return await uow.paper.extracts({Status.ACCEPTED})
    return [await uow.paper.extract(number) for number in numbers]


def _concerns_desk(extract: Extract) -> bool:
    """What was withdrawn before it was printed needs no hand; what lies printed must not be handed over (Q127)."""
    return extract.status is not Status.WITHDRAWN or extract.printed_at is not None


def _row(desk: Desk, extract: Extract, person: str, student: str) -> tuple[object, ...]:
    return (
        extract.number,
        student,
        person,
        desk.t(f"extract.basis.{extract.basis}"),
        f"{extract.queued_at.astimezone(desk.settings.zone):%d.%m.%Y %H:%M}",
        desk.t(f"extract.status.{extract.status}"),
    )

"""`vestnik paper`: the print queue, its pages, and their states (R2b, Q34)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Desk, acts_as_staff, print_line, write_file
from bot.cli.errors import BadInputError
from bot.cli.lookup import names_of
from bot.clocks import utc_now
from bot.documents.slips import EXTRACT, FORM, own_slips
from bot.paper.printer import PrinterError, print_batch
from core.actions import paper
from core.actions.register import forms
from core.model.delivery.states import Status
from core.model.paper import Extract
from core.model.people import Actor
from core.model.register.forms import FormState, IssuedForm
from core.ports import UnitOfWork

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Numbers = Annotated[list[str], typer.Argument(metavar="NUMBER…")]
NOT_HANDED_OVER = (Status.ACCEPTED, Status.PRINTED, Status.WITHDRAWN)


@commands.command("list")
def list_extracts(context: typer.Context, *, everything: Annotated[bool, typer.Option("--all")] = False) -> None:
    """List extracts that were not handed over yet, or all; those with results (R6) first, with their term."""
    desk = Desk.of(context)

    async def work(_app: "App", uow: UnitOfWork) -> list[tuple[object, ...]]:
        terms = await uow.paper.result_terms(NOT_HANDED_OVER[:2])
        statuses = (*NOT_HANDED_OVER, Status.HANDED, Status.SIGNED) if everything else NOT_HANDED_OVER
        extracts = [each for each in await uow.paper.extracts(statuses) if everything or _needs_action(each)]
        names = await names_of(uow, (id_ for each in extracts for id_ in (each.person_id, each.student_id) if id_))
        extracts.sort(key=lambda each: (each.id not in terms, terms.get(each.id, each.queued_at), each.id))
        return [
            (*_row(desk, each, names[each.person_id], names.get(each.student_id or 0, "–")), _term(desk, terms, each))
            for each in extracts
        ]

    heads = ("number", "student", "to", "basis", "queued", "state", "hand_out")
    desk.print_table("paper.title", heads, desk.run_read(work))


@commands.command("print")
def print_extracts(
    context: typer.Context,
    numbers: Annotated[list[str] | None, typer.Argument(metavar="[NUMBER…]")] = None,
    out: Annotated[Path | None, typer.Option(dir_okay=False)] = None,
) -> None:
    """Print the queue, or the named extracts, one page each: on the school's printer, or with --out as a PDF."""
    from bot.paper.print_queue import print_queue_pdf  # noqa: PLC0415  # typst: 0.02 s

    desk = Desk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> tuple[bytes, int]:
        chosen = await _chosen(uow, numbers)
        extracts = await paper.printable_extracts(uow, chosen, now=app.clock(), policy=app.policy)
        if len(extracts) < len(chosen):
            desk.print_message("paper.not_owed", len(chosen) - len(extracts))
        if not extracts:
            raise BadInputError("paper.empty")
        pdf = await print_queue_pdf(
            uow,
            extracts,
            school=app.settings.school,
            signatory=app.settings.signatory,
            t=desk.t,
            key=app.signing_key,
            policy=app.policy,
        )
        return pdf, len(extracts)

    pdf, pages = desk.run_read(work)
    if out is None and desk.settings.printer is not None:
        desk.print_message("paper.sent_to", pages, printer=_print_batch(desk, desk.settings.printer, pdf))
        return
    file = out or Path("extracts.pdf")
    write_file(file, pdf)
    desk.print_message("paper.printed_to", pages, file=file)


def _print_batch(desk: Desk, printer: str, pdf: bytes) -> str:
    """Where the batch lies. BadInputError where the printer does not take it."""
    try:
        return print_batch(printer, pdf, at=utc_now().astimezone(desk.settings.zone))
    except PrinterError as refused:
        raise BadInputError(f"printer.{refused.fault}", printer=refused.printer) from None


@commands.command("printed")
@acts_as_staff
def record_printed_extracts(context: typer.Context, numbers: Numbers) -> None:
    """Record that extracts are printed and ready, which keeps the deadline of R6 for paper."""
    _record_status(Desk.of(context), numbers, Status.PRINTED)


@commands.command("handed")
@acts_as_staff
def record_handed_extracts(context: typer.Context, numbers: Numbers) -> None:
    """Record that extracts were handed over."""
    _record_status(Desk.of(context), numbers, Status.HANDED)


@commands.command("signed")
@acts_as_staff
def record_signed_extracts(context: typer.Context, numbers: Numbers) -> None:
    """Record that the slips of extracts came back signed."""
    _record_status(Desk.of(context), numbers, Status.SIGNED)


@commands.command("scan")
@acts_as_staff
def scan_slips(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False)],
) -> None:
    """Read the QR codes of scanned papers: slips of extracts are recorded as signed, forms are listed to be accepted.

    The numbers of waiting forms are data on stdout, for `vestnik form accept`.
    """
    desk = Desk.of(context)
    found = _scanned_codes(desk, files)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> tuple[Sequence[Extract], Sequence[IssuedForm]]:
        slips = own_slips(found, key=app.signing_key)
        if len(slips) < len(found):
            desk.print_message("scan.foreign", len(found) - len(slips))
        came_in = [await forms.form_by_id(uow, actor, paper_id) for kind, paper_id in slips if kind == FORM]
        signed = await paper.record_signed_slips(
            uow,
            actor,
            [paper_id for kind, paper_id in slips if kind == EXTRACT],
            closes=app.settings.closing_statuses(),
            now=app.clock(),
        )
        return signed, came_in

    signed, came_in = desk.run_write(work)
    if signed:
        desk.print_message("paper.recorded", len(signed))
    waiting = [form for form in came_in if form.state is FormState.WAITING]
    for form in waiting:
        print_line(form.number)
    desk.print_message("scan.forms", len(waiting))
    for form in came_in:
        if form.state is not FormState.WAITING:
            desk.print_message("scan.settled", number=form.number, state=desk.t(f"form.state.{form.state}"))


def _scanned_codes(desk: Desk, files: Sequence[Path]) -> Sequence[str]:
    """The texts of all codes on these files. BadInputError for a file that is no scan; then nothing is recorded."""
    from bot.documents.scans.codes import UnreadableScanError, read_codes  # noqa: PLC0415  # Pillow: 0.05 s

    found: dict[str, None] = {}
    for file in files:
        try:
            codes = read_codes(file.read_bytes())
        except (OSError, UnreadableScanError):
            raise BadInputError("scan.unreadable", file=file.name) from None
        if not codes:
            desk.print_message("scan.no_code", file=file.name)
        found |= dict.fromkeys(codes)
    return list(found)


def _record_status(desk: Desk, numbers: Sequence[str], status: Status) -> None:
    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        for number in numbers:
            await paper.record_paper_status(
                uow, actor, number, status, closes=app.settings.closing_statuses(), now=app.clock()
            )

    desk.run_write(work)
    desk.print_message("paper.recorded", len(numbers))


async def _chosen(uow: UnitOfWork, numbers: Sequence[str] | None) -> Sequence[Extract]:
    if not numbers:
        return await uow.paper.extracts({Status.ACCEPTED})
    return [await uow.paper.extract(number) for number in numbers]


def _needs_action(extract: Extract) -> bool:
    """False for an extract withdrawn before printing. A printed one is listed: it must not be handed over (Q127)."""
    return extract.status is not Status.WITHDRAWN or extract.printed_at is not None


def _term(desk: Desk, terms: Mapping[int, datetime], extract: Extract) -> str:
    """Until when a page with results must be ready."""
    return f"{terms[extract.id].astimezone(desk.settings.zone):%d.%m.%Y %H:%M}" if extract.id in terms else ""


def _row(desk: Desk, extract: Extract, person: str, student: str) -> tuple[object, ...]:
    return (
        extract.number,
        student,
        person,
        desk.t(f"extract.basis.{extract.basis}"),
        f"{extract.queued_at.astimezone(desk.settings.zone):%d.%m.%Y %H:%M}",
        desk.t(f"extract.status.{extract.status}"),
    )

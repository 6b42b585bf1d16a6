"""`vestnik paper`: the print queue, its pages, and their states (R2b, Q34)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, console_acts_as_staff, print_console_line, write_console_file
from bot.cli.errors import BadInputError
from bot.cli.lookup import look_up_names_on_console
from bot.clocks import utc_clock
from bot.documents.slips import EXTRACT, FORM, read_school_slips
from bot.paper.printer import PrinterError, send_to_printer
from core.actions.paper import queue
from core.actions.register import forms
from core.errors import NotFoundError
from core.model.delivery.states import Status
from core.model.paper import Extract
from core.model.people import Actor
from core.model.register.forms import FormState, IssuedForm
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.people.names import normal_class_name

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Numbers = Annotated[list[str], typer.Argument(metavar="NUMBER…")]
PDF = ".pdf"
NOT_HANDED_OVER = (Status.ACCEPTED, Status.PRINTED, Status.WITHDRAWN)


@commands.command("list")
def list_paper_extracts_command(
    context: typer.Context, *, everything: Annotated[bool, typer.Option("--all")] = False
) -> None:
    """List extracts that were not handed over yet, or all; those with results (R6) first, with their term."""
    desk = ConsoleDesk.of(context)

    async def work(_app: "App", uow: UnitOfWork) -> list[tuple[object, ...]]:
        terms = await uow.paper.result_terms(NOT_HANDED_OVER[:2])
        statuses = (*NOT_HANDED_OVER, Status.HANDED, Status.SIGNED) if everything else NOT_HANDED_OVER
        extracts = [each for each in await uow.paper.extracts(statuses) if everything or _needs_action(each)]
        names = await look_up_names_on_console(
            uow, (id_ for each in extracts for id_ in (each.person_id, each.student_id) if id_)
        )
        extracts.sort(key=lambda each: _place_in_list(each, terms))
        staff = desk.t("paper.of_staff")
        return [
            (*_row(desk, each, names[each.person_id], names.get(each.student_id or 0, staff)), _term(desk, terms, each))
            for each in extracts
        ]

    heads = ("number", "student", "to", "basis", "queued", "state", "hand_out")
    desk.print_table("paper.title", heads, desk.run_read(work))


def _place_in_list(extract: Extract, terms: Mapping[int, datetime]) -> tuple[bool, bool, datetime, int]:
    """Families before staff, results before other extracts, the earlier term before the later."""
    is_staff = extract.student_id is None
    return is_staff, extract.id not in terms, terms.get(extract.id, extract.queued_at), extract.id


@commands.command("print")
def print_paper_extracts_command(
    context: typer.Context,
    numbers: Annotated[list[str] | None, typer.Argument(metavar="[NUMBER…]")] = None,
    *,
    school_class: Annotated[str | None, typer.Option("--class")] = None,
    again: Annotated[bool, typer.Option("--again")] = False,
    handover: Annotated[bool, typer.Option("--handover")] = False,
    window: Annotated[bool, typer.Option("--window")] = False,
    out: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """Print the queue, or the named extracts: a batch a class, in the order of the class list.

    On the school's printer or into a folder a document a class, with --out FILE.pdf one PDF. --again also takes what
    was printed and not handed over, by the clock too.
    """
    desk = ConsoleDesk.of(context)
    printer = desk.settings.printer if out is None else None if out.suffix.lower() == PDF else str(out.resolve())

    async def work(app: "App", uow: UnitOfWork) -> list[PrintJob]:
        batches = await _batches(desk, app, uow, numbers=numbers, school_class=school_class, again=again)
        jobs = [batches] if printer is None else [[batch] for batch in batches]
        return [await _print_job(app, uow, desk, job, handover=handover, window=window) for job in jobs]

    jobs = desk.run_read(work)
    if printer is not None:
        for job in jobs:
            desk.print_message("paper.sent_to", job.count, printer=_print_batch(desk, printer, job))
        return
    file = out or Path("extracts.pdf")
    write_console_file(file, jobs[0].pdf)
    desk.print_message("paper.printed_to", jobs[0].count, file=file)


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A document that goes to the printer or into a file: of one class, or of all ("")."""

    school_class: str
    count: int
    pdf: bytes


async def _print_job(
    app: "App", uow: UnitOfWork, desk: ConsoleDesk, batches: Sequence[queue.ClassBatch], *, handover: bool, window: bool
) -> PrintJob:
    from bot.paper.print_queue import print_queue_batches_pdf, print_queue_shop  # noqa: PLC0415  # typst: 0.02 s

    pdf = await print_queue_batches_pdf(
        uow, batches, print_queue_shop(app, desk.t, window=window), handover=handover, now=app.clock()
    )
    name = batches[0].school_class if len(batches) == 1 else ""
    return PrintJob(name, sum(len(batch.extracts) for batch in batches), pdf)


async def _batches(
    desk: ConsoleDesk,
    app: "App",
    uow: UnitOfWork,
    *,
    numbers: Sequence[str] | None,
    school_class: str | None,
    again: bool,
) -> Sequence[queue.ClassBatch]:
    """What is to be printed, by class. BadInputError where there is nothing."""
    chosen = await _chosen(uow, numbers, again=again)
    extracts = await queue.load_printable_queue_extracts(uow, chosen, now=app.clock(), policy=app.policy)
    if len(extracts) < len(chosen):
        desk.print_message("paper.not_owed", len(chosen) - len(extracts))
    batches = await queue.queued_paper_by_class(uow, extracts, now=app.clock(), policy=app.policy)
    if school_class is not None:
        batches = [each for each in batches if normal_class_name(each.school_class) == normal_class_name(school_class)]
    if not batches:
        policy = app.policy
        on = timing.next_paper_delivery_time(app.clock(), policy)
        raise BadInputError("paper.empty", on=f"{on:%d.%m}", at=f"{policy.paper_at:%H:%M}")
    return batches


def _print_batch(desk: ConsoleDesk, printer: str, job: PrintJob) -> str:
    """Where the batch lies. BadInputError where the printer does not take it."""
    at = utc_clock().astimezone(desk.settings.zone)
    try:
        return send_to_printer(printer, job.pdf, at=at, school_class=job.school_class)
    except PrinterError as refused:
        raise BadInputError(f"printer.{refused.fault}", printer=refused.printer) from None


@commands.command("printed")
@console_acts_as_staff
def record_printed_paper_command(context: typer.Context, numbers: Numbers) -> None:
    """Record that extracts are printed and ready, which keeps the deadline of R6 for paper."""
    _record_status(ConsoleDesk.of(context), numbers, Status.PRINTED)


@commands.command("handed")
@console_acts_as_staff
def record_handed_paper_command(context: typer.Context, numbers: Numbers) -> None:
    """Record that extracts were handed over."""
    _record_status(ConsoleDesk.of(context), numbers, Status.HANDED)


@commands.command("signed")
@console_acts_as_staff
def record_signed_paper_command(context: typer.Context, numbers: Numbers) -> None:
    """Record that the slips of extracts came back signed."""
    _record_status(ConsoleDesk.of(context), numbers, Status.SIGNED)


@commands.command("scan")
@console_acts_as_staff
def scan_paper_slips_command(
    context: typer.Context, files: Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False)]
) -> None:
    """Read the QR codes of scanned papers: slips of extracts are recorded as signed, forms are listed to be accepted.

    The numbers of waiting forms are data on stdout, for `vestnik form accept`.
    """
    desk = ConsoleDesk.of(context)
    found = _scanned_codes(desk, files)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> tuple[Sequence[Extract], Sequence[IssuedForm]]:
        slips = read_school_slips(found, key=app.signing_key)
        if len(slips) < len(found):
            desk.print_message("scan.foreign", len(found) - len(slips))
        came_in = [await forms.load_form_by_id(uow, actor, paper_id) for kind, paper_id in slips if kind == FORM]
        signed = await queue.record_signed_queue_slips(
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
        print_console_line(form.number)
    desk.print_message("scan.forms", len(waiting))
    for form in came_in:
        if form.state is not FormState.WAITING:
            desk.print_message("scan.settled", number=form.number, state=desk.t(f"form.state.{form.state}"))


def _scanned_codes(desk: ConsoleDesk, files: Sequence[Path]) -> Sequence[str]:
    """The texts of all codes on these files. BadInputError for a file that is no scan; then nothing is recorded."""
    from bot.documents.scans.codes import UnreadableScanError, read_scanned_codes  # noqa: PLC0415  # Pillow: 0.05 s

    found: dict[str, None] = {}
    for file in files:
        try:
            codes = read_scanned_codes(file.read_bytes())
        except (OSError, UnreadableScanError):
            raise BadInputError("scan.unreadable", file=file.name) from None
        if not codes:
            desk.print_message("scan.no_code", file=file.name)
        found |= dict.fromkeys(codes)
    return list(found)


def _record_status(desk: ConsoleDesk, numbers: Sequence[str], status: Status) -> None:
    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        for number in numbers:
            with _named_by_number():
                await queue.record_queued_paper_status(
                    uow, actor, number, status, closes=app.settings.closing_statuses(), now=app.clock()
                )

    desk.run_write(work)
    desk.print_message("paper.recorded", len(numbers))


@contextmanager
def _named_by_number() -> Iterator[None]:
    """BadInputError with the form of a number where no extract has the one that was typed."""
    try:
        yield
    except NotFoundError:
        raise BadInputError("paper.no_such_number") from None


async def _chosen(uow: UnitOfWork, numbers: Sequence[str] | None, *, again: bool) -> Sequence[Extract]:
    """The named extracts, else those not printed yet; `again`: and those that nobody was handed yet.

    What the clock has sent to the printer counts as printed here, so that the week does not come out twice.
    """
    if not numbers and again:
        return await uow.paper.extracts({Status.ACCEPTED, Status.PRINTED})
    if not numbers:
        return [each for each in await uow.paper.extracts({Status.ACCEPTED}) if each.batched_at is None]
    with _named_by_number():
        return [await uow.paper.extract(number) for number in numbers]


def _needs_action(extract: Extract) -> bool:
    """False for an extract withdrawn before printing. A printed one is listed: it must not be handed over (Q127)."""
    return extract.status is not Status.WITHDRAWN or extract.printed_at is not None


def _term(desk: ConsoleDesk, terms: Mapping[int, datetime], extract: Extract) -> str:
    """Until when a page with results must be ready."""
    return f"{terms[extract.id].astimezone(desk.settings.zone):%d.%m.%Y %H:%M}" if extract.id in terms else ""


def _row(desk: ConsoleDesk, extract: Extract, person: str, student: str) -> tuple[object, ...]:
    return (
        extract.number,
        student,
        person,
        desk.t(f"extract.basis.{extract.basis}"),
        f"{extract.queued_at.astimezone(desk.settings.zone):%d.%m.%Y %H:%M}",
        desk.t(f"extract.status.{extract.status}"),
    )

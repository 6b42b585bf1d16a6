"""`vestnik acquaintance` and `vestnik overview`: sheets of acquaintance with results (Q72), the head's page (Q108)."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import (
    ConsoleDesk,
    console_acts_as_staff,
    print_console_json,
    print_console_line,
    write_console_file,
)
from bot.cli.errors import BadInputError
from bot.cli.lookup import LARGEST_NUMBER
from bot.cli.results.lookup import look_up_named_results
from bot.clocks import utc_clock
from bot.screens.results.exams import exam_screen_title
from core.actions.delivery import acquaintance
from core.actions.delivery.acquaintance import LoadedAcquaintanceRow, SheetContent
from core.actions.results import school_page
from core.actions.results.exams import exam_lookup
from core.model.delivery.acquaintance import SignedSheet
from core.model.people import SYSTEM, Actor
from core.ports import Translator, UnitOfWork
from core.rules.delivery import timing
from notifiers.directory import InstalledChannelDirectory

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

OfTerm = Annotated[str | None, typer.Argument(metavar="[TERM]")]
OfExam = Annotated[int | None, typer.Option("--exam", metavar="ID", min=1, max=LARGEST_NUMBER)]
OfClass = Annotated[str | None, typer.Option("--class")]
SheetNumber = Annotated[str, typer.Argument(metavar="NUMBER")]
Lines = Annotated[list[int] | None, typer.Argument(metavar="[LINE…]")]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A term or an exam, of one class or of all."""

    term: str | None
    exam: int | None
    school_class: str | None

    async def content(self, app: "App", uow: UnitOfWork, actor: Actor, t: Translator) -> SheetContent:
        """The sheet. BadInputError unless a term or an exam is named; NotFoundError."""
        if (self.term is None) == (self.exam is None):
            raise BadInputError("acquaint.of_what")
        on = timing.local_date_of_time(app.clock(), app.policy)
        found = await look_up_named_results(uow, on=on, term=self.term, school_class=self.school_class)
        if self.exam is None:
            return await acquaintance.load_term_acquaintance_sheet(
                uow, actor, self.term or "", on=on, class_id=found.class_id
            )
        exam = await exam_lookup.look_up_exam_list(uow, SYSTEM, exam_id=self.exam, on=on)
        about = exam_screen_title(exam.exam, t)
        return await acquaintance.load_exam_acquaintance_sheet(
            uow, actor, self.exam, about=about, on=on, class_id=found.class_id
        )


@commands.command("list")
def list_acquaintance_command(
    context: typer.Context,
    term: OfTerm = None,
    *,
    exam: OfExam = None,
    school_class: OfClass = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List who was told of the results of a term or an exam, when, on which channel, and who has to sign still."""
    from bot.documents.results import acquaintance as documents  # noqa: PLC0415  # typst: 0.02 s

    desk, wanted = ConsoleDesk.of(context), _Wanted(term, exam, school_class)
    content = desk.run_read(lambda app, uow: wanted.content(app, uow, SYSTEM, desk.t))
    words = documents.AcquaintanceDocumentWords(
        desk.t, desk.settings.policy(), InstalledChannelDirectory().notice_words
    )
    if as_json:
        print_console_json(documents.acquaintance_sheet_json(content, words))
        return
    desk.print_table("acquaint.title", documents.HEADS, (words.cells(row) for row in content.rows))


@commands.command("print")
@console_acts_as_staff
def print_acquaintance_sheet_command(
    context: typer.Context,
    term: OfTerm = None,
    *,
    exam: OfExam = None,
    school_class: OfClass = None,
    out: Annotated[Path, typer.Option(dir_okay=False)] = Path("acquaintance.pdf"),
) -> None:
    """Print a numbered sheet to sign; its lines are ticked off by its number."""
    from bot.documents.results import acquaintance as documents  # noqa: PLC0415  # typst: 0.02 s

    desk, wanted = ConsoleDesk.of(context), _Wanted(term, exam, school_class)

    async def work(
        app: "App", uow: UnitOfWork, actor: Actor
    ) -> tuple[SheetContent, SignedSheet, list[LoadedAcquaintanceRow]]:
        content = await wanted.content(app, uow, actor, desk.t)
        sheet, rows = await acquaintance.number_acquaintance_sheet(uow, actor, content, now=app.clock())
        return content, sheet, list(rows)

    content, sheet, rows = desk.run_write(work)
    words = documents.AcquaintanceDocumentWords(
        desk.t, desk.settings.policy(), InstalledChannelDirectory().notice_words
    )
    whose = school_class or desk.t("statistics.all_classes")
    write_console_file(
        out, documents.acquaintance_sheet_pdf(content, sheet, rows, words, school=desk.settings.school, whose=whose)
    )
    desk.print_message("acquaint.printed_to", len(rows), number=sheet.number, file=out)


@commands.command("signed")
@console_acts_as_staff
def record_signed_acquaintance_command(context: typer.Context, number: SheetNumber, lines: Lines = None) -> None:
    """Record that the lines of a sheet were signed; without lines, all of them."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        return await acquaintance.record_signed_acquaintance(
            uow, actor, number, lines or (), closes=app.settings.closing_statuses(), now=app.clock(),
            on=timing.local_date_of_time(app.clock(), app.policy),
        )  # fmt: skip

    desk.print_message("acquaint.signed", desk.run_write(work))


def show_acquaintance_overview_command(
    context: typer.Context, *, pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE")] = None
) -> None:
    """Show the page for the head: electronic and paper, deadlines, plan, results, deferrals, imports (Q108)."""
    from bot.documents.results import school_page as documents  # noqa: PLC0415  # typst: 0.02 s

    desk = ConsoleDesk.of(context)
    page = desk.run_read(
        lambda app, uow: school_page.load_school_page(
            uow, SYSTEM, closes=app.settings.closing_statuses(), now=utc_clock(), policy=app.policy,
            unmarked=app.settings.unmarked,
        )
    )  # fmt: skip
    policy = desk.settings.policy()
    if pdf is not None:
        write_console_file(pdf, documents.school_page_pdf(page, desk.t, policy=policy, school=desk.settings.school))
        desk.print_message("statistics.written", file=pdf)
        return
    for section in documents.school_page_sections(page, desk.t, policy=policy):
        print_console_line(section.heading)
        for line in section.lines:
            print_console_line(f"  {line}")

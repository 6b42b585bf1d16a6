"""`vestnik sheet`: the summary sheet of a class is printed, decided on and verified (Q65–Q68)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, console_acts_as_staff, console_day_option, write_console_file
from bot.cli.errors import CHECK_FAILED, BadInputError
from bot.cli.results.lookup import look_up_named_result_class, look_up_result_year
from bot.documents.results.sheet.decisions import sheet_decision_texts
from bot.documents.results.sheet.grid import Layout
from bot.documents.results.sheet.page import PageForm, sheet_page_pdf
from bot.documents.results.sheet.words import SheetIssue, other_sheet_heads
from bot.documents.results.sheet.workbook import sheet_workbook
from bot.imports.formats.opening import OpenedImportFile
from bot.imports.formats.sniffing import LARGEST_FILE
from bot.imports.reading import UnreadableFileError
from bot.imports.results.printed_sheet import PrintedSheet, read_printed_sheet, read_printed_sheet_workbook
from core.actions.results.sheet import council, reading
from core.actions.results.sheet.council import NewCouncilDecision
from core.actions.results.sheet.reading import SheetRequest
from core.model.people import SYSTEM, Actor
from core.model.results.summary_sheet import SheetDifference, SummarySheet
from core.ports import Translator, UnitOfWork
from core.rules.delivery import timing
from core.rules.people.names import normal_class_name, normal_name

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

OfClass = Annotated[str, typer.Argument(metavar="CLASS")]
OfYear = Annotated[str | None, typer.Option("--year", metavar="YEAR")]

PAPERS = ("a3", "a4")
DIFFERENCE_HEADS = ("class", "student", "subject", "period", "cell", "printed", "in_force")


@commands.command("print")
def print_sheet_command(
    context: typer.Context,
    of_class: OfClass,
    *,
    year: OfYear = None,
    layout: Annotated[str, typer.Option("--layout", metavar="LAYOUT")] = Layout.TERMS_IN_COLUMNS.value,
    paper: Annotated[str | None, typer.Option("--paper", metavar="PAPER")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE")] = None,
) -> None:
    """Print the summary sheet of a class as a PDF, a workbook, or both."""
    desk = ConsoleDesk.of(context)
    if pdf is None and xlsx is None:
        raise BadInputError("sheet.no_file")
    form = _page_form(layout, paper)

    async def work(app: "App", uow: UnitOfWork) -> tuple[SummarySheet, SheetIssue]:
        request = await _request(app, uow, of_class, year)
        sheet = await reading.load_summary_sheet(uow, SYSTEM, request)
        return sheet, _issue(app)

    sheet, issue = desk.run_read(work)
    if pdf is not None:
        write_console_file(pdf, sheet_page_pdf(sheet, form, issue, desk.t))
        desk.print_message("sheet.printed", file=pdf)
    if xlsx is not None:
        write_console_file(xlsx, sheet_workbook(sheet, form, issue, desk.t))
        desk.print_message("sheet.printed", file=xlsx)


@commands.command("decide")
@console_acts_as_staff
def enter_sheet_decision_command(
    context: typer.Context,
    of_class: OfClass,
    *,
    protocol: Annotated[str, typer.Option("--protocol", metavar="NUMBER")],
    protocol_on: Annotated[date, console_day_option("--date")],
    decision_text: Annotated[str | None, typer.Option("--decision", metavar="TEXT")] = None,
    student: Annotated[list[str] | None, typer.Option("--student", metavar="STUDENT")] = None,
    year: OfYear = None,
) -> None:
    """Enter the council's decision; without words the promotion that the marks of the year give."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        request = await _request(app, uow, of_class, year)
        sheet = await reading.load_summary_sheet(uow, SYSTEM, request)
        texts = sheet_decision_texts(sheet, _students(sheet, student), decision_text, desk.t)
        if undecided := [student_id for student_id, text in texts.items() if text is None]:
            raise BadInputError("sheet.decision_needed", students=len(undecided))
        new = NewCouncilDecision({each: text or "" for each, text in texts.items()}, protocol, protocol_on)
        return await council.enter_council_decision(uow, actor, request, new, now=app.clock())

    desk.print_message("sheet.decided", desk.run_write(work))


@commands.command("verify")
def verify_sheets_command(
    context: typer.Context,
    what: Annotated[list[str] | None, typer.Argument(metavar="[CLASS] [FILE]")] = None,
    *,
    year: OfYear = None,
) -> None:
    """Compare each cell of what would be printed now, or of a printed workbook, with the marks in force; exit 4."""
    desk = ConsoleDesk.of(context)
    named = _Named.of(what or [])

    async def work(app: "App", uow: UnitOfWork) -> tuple[int, Sequence[SheetDifference]]:
        if named.file is not None:
            return 1, await _verify_file(app, uow, named.file, named.school_class, year)
        return await _verify_generated(app, uow, named.school_class, year, desk.t)

    sheets, differences = desk.run_read(work)
    if differences:
        desk.print_table("sheet.differences", DIFFERENCE_HEADS, (_cells(each, desk.t) for each in differences))
        desk.print_message("sheet.differ", len(differences))
        raise typer.Exit(CHECK_FAILED)
    desk.print_message("sheet.is_right", sheets=sheets)


@dataclass(frozen=True, slots=True)
class _Named:
    """A class, a file, or both, in any order."""

    school_class: str | None = None
    file: Path | None = None

    @classmethod
    def of(cls, words: Sequence[str]) -> "_Named":
        files = [word for word in words if word.lower().endswith((".xlsx", ".xls", ".ods")) or Path(word).is_file()]
        classes = [word for word in words if word not in files]
        if len(files) > 1 or len(classes) > 1:
            raise BadInputError("sheet.too_many")
        return cls(next(iter(classes), None), next(map(Path, files), None))


def _page_form(layout: str, paper: str | None) -> PageForm:
    if layout not in list(Layout):
        raise BadInputError("sheet.no_such_layout")
    if paper is not None and paper.lower() not in PAPERS:
        raise BadInputError("sheet.no_such_paper")
    return PageForm(Layout(layout), None if paper is None else paper.lower())


def _issue(app: "App") -> SheetIssue:
    return SheetIssue(app.settings.school, timing.local_date_of_time(app.clock(), app.policy), app.policy.zone)


async def _request(app: "App", uow: UnitOfWork, school_class: str, year: str | None) -> SheetRequest:
    on = timing.local_date_of_time(app.clock(), app.policy)
    return _request_of(app, await look_up_named_result_class(uow, school_class), look_up_result_year(year, on), on)


def _request_of(app: "App", class_id: int, day: date, on: date) -> SheetRequest:
    return SheetRequest(class_id, on, day, app.settings.results_policy().unmarked)


def _students(sheet: SummarySheet, named: Sequence[str] | None) -> Sequence[int]:
    """The named students, else all who are still in the class. BadInputError for a name that is not there once."""
    if not named:
        return [row.student_id for row in sheet.rows if row.departure is None]
    found: list[int] = []
    for word in named:
        fitting = [
            row.student_id
            for row in sheet.rows
            if word == str(row.student_id) or normal_name(row.name) == normal_name(word)
        ]
        if len(fitting) != 1:
            raise BadInputError("sheet.student_unknown")
        found += fitting
    return found


async def _verify_generated(
    app: "App", uow: UnitOfWork, school_class: str | None, year: str | None, t: Translator
) -> tuple[int, Sequence[SheetDifference]]:
    """Prints each class in both arrangements, reads the files again, and compares them (Q66)."""
    on = timing.local_date_of_time(app.clock(), app.policy)
    classes = await reading.load_sheet_classes(uow, SYSTEM, on=on)
    ids = (
        [each.id for each in classes] if school_class is None else [await look_up_named_result_class(uow, school_class)]
    )
    found: list[SheetDifference] = []
    for class_id in ids:
        request = _request_of(app, class_id, look_up_result_year(year, on), on)
        sheet = await reading.load_summary_sheet(uow, SYSTEM, request)
        books = [sheet_workbook(sheet, PageForm(layout), _issue(app), t) for layout in Layout]
        printed = [
            cell for book in books for cell in read_printed_sheet_workbook(book, other_heads=other_sheet_heads()).cells
        ]
        found += await reading.verify_summary_sheet(uow, SYSTEM, request, printed)
    return len(ids), list(dict.fromkeys(found))


async def _verify_file(
    app: "App", uow: UnitOfWork, file: Path, school_class: str | None, year: str | None
) -> Sequence[SheetDifference]:
    printed = _read(file)
    named = school_class or printed.school_class
    if named is None:
        raise BadInputError("sheet.class_needed")
    if printed.school_class is not None and normal_class_name(named) != normal_class_name(printed.school_class):
        raise BadInputError("sheet.other_class")
    of_year = year or (None if printed.year is None else str(printed.year.year))
    request = await _request(app, uow, named, of_year)
    return await reading.verify_summary_sheet(uow, SYSTEM, request, printed.cells)


def _read(file: Path) -> PrintedSheet:
    try:
        with OpenedImportFile(file, most=LARGEST_FILE) as opened:
            printed = read_printed_sheet(opened, other_heads=other_sheet_heads())
    except (UnreadableFileError, OSError):
        raise BadInputError("sheet.no_sheet") from None
    if not printed.has_table:
        raise BadInputError("sheet.no_sheet")
    return printed


def _cells(each: SheetDifference, t: Translator) -> Sequence[object]:
    where = t("sheet.no_cell")
    if each.place is not None:
        sheet, row, column = each.place
        where = t("sheet.cell", sheet=sheet or "", row=row, column=column)
    cell = each.school_class, each.student, each.subject, each.term
    return *cell, where, each.printed or "–", each.in_force or "–"

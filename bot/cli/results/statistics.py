"""`vestnik statistics`: lessons held against the plan, results, and lists of students (Q59–Q64)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, print_console_json, print_console_line, write_console_file
from bot.cli.results.lookup import load_console_result_names, look_up_named_result_term, look_up_named_results
from bot.clocks import utc_clock
from bot.documents.results.lesson_statistics import (
    LessonStatisticsDocument,
    lesson_statistics_json,
    lesson_statistics_table,
)
from bot.documents.results.result_statistics import (
    StatisticsDocumentNames,
    result_comparison_table,
    result_statistics_json,
    result_statistics_table,
    result_student_lists_json,
    result_student_lists_table,
)
from bot.documents.results.table import FigureTable, table_cell_words
from core.actions import year as year_actions
from core.actions.results import lesson_statistics, result_statistics
from core.model.people import SYSTEM
from core.model.results.statistics import ResultStatistics, StatisticsScope, StudentLists
from core.ports import UnitOfWork
from core.rules.delivery import timing

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Term = Annotated[str | None, typer.Option()]
OfTerm = Annotated[str, typer.Argument(metavar="TERM")]
OfScope = Annotated[StatisticsScope | None, typer.Option("--scope")]
OfClass = Annotated[str | None, typer.Option("--class")]
OfSubject = Annotated[str | None, typer.Option()]
OfTeacher = Annotated[str | None, typer.Option()]
AsJson = Annotated[bool, typer.Option("--json")]
Workbook = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE")]
Pages = Annotated[Path | None, typer.Option("--pdf", metavar="FILE")]


@commands.command("lessons")
def show_lesson_statistics_command(
    context: typer.Context,
    *,
    term: Term = None,
    school_class: OfClass = None,
    subject: OfSubject = None,
    teacher: OfTeacher = None,
    as_json: AsJson = False,
    xlsx: Workbook = None,
    pdf: Pages = None,
) -> None:
    """Show lessons held against the plan until today, by class, subject, group, term and lesson type."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> LessonStatisticsDocument:
        on = timing.local_date_of_time(app.clock(), app.policy)
        words = {"term": term, "school_class": school_class, "subject": subject, "teacher": teacher}
        wanted = await look_up_named_results(uow, on=on, **words)
        rows = await lesson_statistics.load_lesson_statistics(uow, SYSTEM, on=on, wanted=wanted)
        return LessonStatisticsDocument.of(rows, await year_actions.load_year_subjects(uow))

    report = desk.run_read(work)
    if as_json:
        print_console_json(lesson_statistics_json(report))
    _give_tables(desk, [lesson_statistics_table(report, desk.t)], xlsx=xlsx, pdf=pdf, is_shown=not as_json)


@commands.command("results")
def show_result_statistics_command(
    context: typer.Context,
    *,
    term: Term = None,
    scope: OfScope = None,
    as_json: AsJson = False,
    xlsx: Workbook = None,
    pdf: Pages = None,
) -> None:
    """Show passed, quality, СОУ and average by class, parallel, school, teacher and subject."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> tuple[Sequence[ResultStatistics], StatisticsDocumentNames]:
        on = timing.local_date_of_time(app.clock(), app.policy)
        wanted = None if term is None else await look_up_named_result_term(uow, term, on=on)
        rows = await result_statistics.load_result_statistics(
            uow, SYSTEM, on=on, term=wanted, unmarked=app.settings.unmarked
        )
        return [row for row in rows if scope in {None, row.scope}], await load_console_result_names(
            uow, desk.settings.school
        )

    rows, names = desk.run_read(work)
    if as_json:
        print_console_json(result_statistics_json(rows, names))
    tables = [result_statistics_table(rows, names, desk.t)]
    if len({row.term for row in rows}) > 1:
        tables.append(result_comparison_table(rows, names, desk.t))
    _give_tables(desk, tables, xlsx=xlsx, pdf=pdf, is_shown=not as_json)


@commands.command("lists")
def show_statistics_lists_command(
    context: typer.Context,
    term: OfTerm,
    *,
    school_class: OfClass = None,
    as_json: AsJson = False,
    xlsx: Workbook = None,
    pdf: Pages = None,
) -> None:
    """List excellent, good and failing students of a term, those with one "4" or one "3", н/а and deferrals."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> tuple[StudentLists, StatisticsDocumentNames]:
        on = timing.local_date_of_time(app.clock(), app.policy)
        wanted = await look_up_named_results(uow, on=on, term=term, school_class=school_class)
        lists = await result_statistics.load_result_student_lists(
            uow, SYSTEM, on=on, wanted=wanted, unmarked=app.settings.unmarked
        )
        return lists, await load_console_result_names(uow, desk.settings.school)

    lists, names = desk.run_read(work)
    if as_json:
        print_console_json(result_student_lists_json(lists, names.subjects))
    table = result_student_lists_table(lists, names.subjects, desk.t)
    _give_tables(desk, [table], xlsx=xlsx, pdf=pdf, is_shown=not as_json)


def _give_tables(
    desk: ConsoleDesk, tables: Sequence[FigureTable], *, xlsx: Path | None, pdf: Path | None, is_shown: bool
) -> None:
    """Write the files that were asked for; without one print the tables."""
    if xlsx is not None:
        from bot.documents.results.workbook import tables_workbook  # noqa: PLC0415  # xlsxwriter: 0.1 s

        write_console_file(xlsx, tables_workbook(tables))
    if pdf is not None:
        from bot.documents.results.pages import table_pages_pdf  # noqa: PLC0415  # typst: 0.1 s

        day = f"{timing.local_date_of_time(utc_clock(), desk.settings.policy()):%d.%m.%Y}"
        write_console_file(pdf, table_pages_pdf(tables, desk.t, school=desk.settings.school, day=day))
    for path in filter(None, (xlsx, pdf)):
        desk.print_message("statistics.written", file=path)
    if is_shown and xlsx is None and pdf is None:
        for table in tables:
            _print_figures(desk, table)


def _print_figures(desk: ConsoleDesk, table: FigureTable) -> None:
    rows = ([table_cell_words(cell, desk.t) for cell in row] for row in table.rows)
    desk.print_figures(table.title, table.heads, rows)
    for note in table.notes:
        print_console_line(note)

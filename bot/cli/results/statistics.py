"""`vestnik statistics`: lessons held against the plan, results, and lists of students (Q59–Q64)."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Desk, print_json, print_line
from bot.cli.results.lookup import find_wanted
from bot.documents.results.lesson_statistics import LessonReport, lesson_statistics_json, lesson_statistics_table
from bot.documents.results.table import FigureTable, cell_words
from core.actions import year as year_actions
from core.actions.results import lesson_statistics
from core.model.people import SYSTEM
from core.ports import UnitOfWork
from core.rules.delivery import timing

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Term = Annotated[str | None, typer.Option()]
OfClass = Annotated[str | None, typer.Option("--class")]
OfSubject = Annotated[str | None, typer.Option()]
OfTeacher = Annotated[str | None, typer.Option()]
AsJson = Annotated[bool, typer.Option("--json")]


@commands.command("lessons")
def show_lessons(
    context: typer.Context,
    *,
    term: Term = None,
    school_class: OfClass = None,
    subject: OfSubject = None,
    teacher: OfTeacher = None,
    as_json: AsJson = False,
) -> None:
    """Show lessons held against the plan until today, by class, subject, group, term and lesson type."""
    desk = Desk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> LessonReport:
        on = timing.local_date(app.clock(), app.policy)
        words = {"term": term, "school_class": school_class, "subject": subject, "teacher": teacher}
        wanted = await find_wanted(uow, on=on, **words)
        rows = await lesson_statistics.lesson_statistics(uow, SYSTEM, on=on, wanted=wanted)
        return LessonReport.of(rows, await year_actions.subjects(uow))

    report = desk.run_read(work)
    if as_json:
        print_json(lesson_statistics_json(report))
    else:
        print_figures(desk, lesson_statistics_table(report, desk.t))


def print_figures(desk: Desk, table: FigureTable) -> None:
    """Print a table with its notes to stdout."""
    rows = ([cell_words(cell, desk.t) for cell in row] for row in table.rows)
    desk.print_figures(table.title, table.heads, rows)
    for note in table.notes:
        print_line(note)

"""`vestnik forecast`: shows and sends forecasts, and scores them on past series of marks."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, print_console_json, print_console_json_items
from bot.cli.errors import BadInputError
from bot.cli.lookup import look_up_named_class
from bot.imports.summary import import_summary_problems
from bot.settings.bounds import WrongValueError, thresholds_bounds
from core.model.forecast import MARKS, Forecast
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.forecast.advice import chance_for_advice, likeliest_mark_for_advice, percent_for_advice
from core.rules.marks.averages import format_average
from core.rules.marks.tokens import NOT_ASSESSED

if TYPE_CHECKING:
    from bot.app import App
    from core.rules.forecast.evaluation import SeriesRow
    from core.rules.forecast.scores import Scores

commands = typer.Typer(no_args_is_help=True)

MOST_SHOWN = 20
"""Problems that are printed of one file."""

DIGITS = 5


SHOWN_HEADS = ("class", "student", "subject", "period", "average", "marks", "lessons", "forecast", "chances")


@commands.command("show")
def show_forecasts_command(
    context: typer.Context,
    *,
    school_class: Annotated[str | None, typer.Option("--class", metavar="CLASS")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show where the marks of the present term are heading, of the school or of one class."""
    from core.actions.forecast import outlook  # noqa: PLC0415  # numpy: 0.3 s

    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> Sequence[Forecast]:
        on = timing.local_date_of_time(app.clock(), app.policy)
        group_id = None if school_class is None else (await look_up_named_class(uow, school_class)).id
        return await outlook.load_forecast_outlook(
            uow, Everything(), on=on, policy=app.settings.results_policy(), group_id=group_id
        )

    found = desk.run_read(work)
    if as_json:
        print_console_json_items(map(_forecast_json, found))
    else:
        desk.print_table("forecast.table", SHOWN_HEADS, (_forecast_cells(each, desk) for each in found))


def _forecast_json(each: Forecast) -> dict[str, object]:
    chances = None if each.chances is None else {
        str(mark): round(chance, DIGITS) for mark, chance in zip(MARKS, each.chances, strict=True)
    }  # fmt: skip
    return {
        "student": each.student, "class": each.school_class, "subject": each.subject, "term": each.period,
        "average": None if each.average is None else format_average(each.average, point="."),
        "marks": len(each.term.marked), "lessons_left": each.lessons_left, "works_left": len(each.term.left),
        "chances": chances, "most_likely": likeliest_mark_for_advice(each),
        "set": each.set_mark, "not_assessed": each.not_assessed,
    }  # fmt: skip


def _forecast_cells(each: Forecast, desk: ConsoleDesk) -> Sequence[object]:
    average = None if each.average is None else format_average(each.average, point=desk.t("marks.point"))
    percents = [
        f"{mark}: {percent_for_advice(chance_for_advice(each, mark), is_before_half=each.is_before_half)} %"
        for mark in reversed(MARKS)
        if each.chances is not None
    ]
    value = each.set_mark or (NOT_ASSESSED if each.not_assessed else likeliest_mark_for_advice(each) or "–")
    return (
        each.school_class, each.student, each.subject, each.period, average, len(each.term.marked), each.lessons_left,
        value, ", ".join(percents),
    )  # fmt: skip


@commands.command("send")
def send_forecasts_command(context: typer.Context) -> None:
    """Tell families today what there is to be told, whatever the weekday; a second time on a date nothing is sent."""
    from core.actions.forecast import sending  # noqa: PLC0415  # numpy: 0.3 s

    desk = ConsoleDesk.of(context)

    async def work(app: "App") -> int:
        now, results = app.clock(), app.settings.results_policy()
        async with app.open_uow(reading=True) as uow:
            call = await sending.forecast_sending_of_today(uow, now=now, policy=app.policy)
        return await sending.send_due_forecasts(app.open_uow, call, now=now, results=results)

    told = desk.run_work(work)
    desk.print_message("forecast.sent", told)


@commands.command("evaluate")
def evaluate_forecast_command(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    history: Annotated[Path | None, typer.Option("--history", metavar="FILE")] = None,
    no_history: Annotated[bool, typer.Option("--no-history")] = False,
    limits: Annotated[str | None, typer.Option("--thresholds", metavar="3,4,5")] = None,
) -> None:
    """Score the forecast on past series: what it would have said after a quarter, half, three quarters of the works."""
    from core.rules.forecast.evaluation import evaluate_forecasts  # noqa: PLC0415  # numpy: 0.3 s

    desk = ConsoleDesk.of(context)
    least = _thresholds(desk, limits)
    rows = _rows(desk, file)
    if history is not None:
        rows = [*rows, *_rows(desk, history, all_earlier=True)]
    print_console_json(
        [_scores(share, each) for share, each in evaluate_forecasts(rows, least, uses_history=not no_history)]
    )


def _thresholds(desk: ConsoleDesk, limits: str | None) -> Sequence[Fraction]:
    """The least averages of 3, 4 and 5; by default those of the school. BadInputError for anything else."""
    try:
        return [Fraction(each) for each in (thresholds_bounds().read(limits) if limits else desk.settings.thresholds)]
    except WrongValueError:
        raise BadInputError("forecast.thresholds") from None


def _rows(desk: ConsoleDesk, file: Path, *, all_earlier: bool = False) -> "Sequence[SeriesRow]":
    """The rows of a file that is whole; with its problems on stderr BadInputError."""
    from bot.imports.mark_series import read_mark_series  # noqa: PLC0415  # numpy: 0.3 s

    rows, read = read_mark_series(file, all_earlier=all_earlier)
    for line in [*import_summary_problems(read, desk.t)][:MOST_SHOWN]:
        typer.echo(line, err=True)
    if read.problems:
        raise BadInputError("forecast.refused", problems=len(read.problems))
    return rows


def _scores(share: Fraction, scores: "Scores") -> dict[str, object]:
    figures = {
        "rps": scores.rps, "rps_naive": scores.rps_naive, "ece": scores.ece,
        "log_loss": scores.log_loss, "accuracy": scores.accuracy,
    }  # fmt: skip
    rounded = {name: None if value is None else round(value, DIGITS) for name, value in figures.items()}
    return {"checkpoint": float(share), "n": scores.n, **rounded}

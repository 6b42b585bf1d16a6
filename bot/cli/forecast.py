"""`vestnik forecast`: scores the forecast on past series of marks."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import Desk, print_json
from bot.cli.errors import BadInputError
from bot.imports.mark_series import read_series
from bot.imports.summary import problem_lines
from bot.settings.bounds import WrongValueError, thresholds
from core.rules.forecast.evaluation import SeriesRow, evaluate
from core.rules.forecast.scores import Scores

commands = typer.Typer(no_args_is_help=True)

MOST_SHOWN = 20
"""Problems that are printed of one file."""

DIGITS = 5


@commands.command("evaluate")
def evaluate_forecast(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    history: Annotated[Path | None, typer.Option("--history", metavar="FILE")] = None,
    no_history: Annotated[bool, typer.Option("--no-history")] = False,
    limits: Annotated[str | None, typer.Option("--thresholds", metavar="3,4,5")] = None,
) -> None:
    """Score the forecast on past series: what it would have said after a quarter, half, three quarters of the works."""
    desk = Desk.of(context)
    least = _thresholds(desk, limits)
    rows = _rows(desk, file)
    if history is not None:
        rows = [*rows, *_rows(desk, history, all_earlier=True)]
    print_json([_scores(share, each) for share, each in evaluate(rows, least, uses_history=not no_history)])


def _thresholds(desk: Desk, limits: str | None) -> Sequence[Fraction]:
    """The least averages of 3, 4 and 5; by default those of the school. BadInputError for anything else."""
    try:
        return [Fraction(each) for each in (thresholds().read(limits) if limits else desk.settings.thresholds)]
    except WrongValueError:
        raise BadInputError("forecast.thresholds") from None


def _rows(desk: Desk, file: Path, *, all_earlier: bool = False) -> Sequence[SeriesRow]:
    """The rows of a file that is whole; with its problems on stderr BadInputError."""
    rows, read = read_series(file, all_earlier=all_earlier)
    for line in [*problem_lines(read, desk.t)][:MOST_SHOWN]:
        typer.echo(line, err=True)
    if read.problems:
        raise BadInputError("forecast.refused", problems=len(read.problems))
    return rows


def _scores(share: Fraction, scores: Scores) -> dict[str, object]:
    figures = {
        "rps": scores.rps, "rps_naive": scores.rps_naive, "ece": scores.ece,
        "log_loss": scores.log_loss, "accuracy": scores.accuracy,
    }  # fmt: skip
    rounded = {name: None if value is None else round(value, DIGITS) for name, value in figures.items()}
    return {"checkpoint": float(share), "n": scores.n, **rounded}

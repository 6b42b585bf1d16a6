"""`vestnik bench`: run one benchmark by its name."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import Desk


def bench(
    context: typer.Context,
    name: str,
    file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Run a benchmark: ratios against a baseline of the same run, or the share of right answers for a FILE."""
    from bot.bench import run

    raise typer.Exit(run(name, file=file, as_json=as_json, t=Desk.of(context).t))

"""`vestnik bench`: run one benchmark by its name and print its figures."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.bench import FURTHER_MESSENGERS, MODULES, OF_A_FILE, OPTIONS, Figures, WrongFileError, load_benchmark
from bot.cli.console import ConsoleDesk, print_console_json, print_console_line
from bot.cli.errors import CHECK_FAILED, BadInputError


def run_bench_command(
    context: typer.Context,
    name: str,
    file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None,
    *,
    channel: Annotated[str | None, typer.Option()] = None,
    seed: Annotated[int | None, typer.Option(min=0)] = None,
    minutes: Annotated[float | None, typer.Option(min=0.1)] = None,
    short: Annotated[bool, typer.Option("--short")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Run a benchmark: ratios against a baseline of the same run, or the share of right answers for a FILE."""
    given = {"seed": seed, "minutes": minutes, "short": short or None}
    chosen = {option: value for option, value in given.items() if value is not None}
    figures = _measured(ConsoleDesk.of(context), name, file, channel, chosen)
    if as_json:
        print_console_json(figures)
    else:
        print_console_line(_plain(figures))
    raise typer.Exit(0 if figures.get("ok", True) else CHECK_FAILED)


def _measured(
    desk: ConsoleDesk, name: str, file: Path | None, channel: str | None, chosen: Mapping[str, object]
) -> Figures:
    if name not in MODULES:
        raise BadInputError("bench.unknown", names=", ".join(MODULES))
    if channel is not None and channel not in FURTHER_MESSENGERS.get(name, ()):
        raise BadInputError("bench.no_channel")
    if unknown := chosen.keys() - OPTIONS.get(name, frozenset()):
        raise BadInputError("bench.option", name=name, options=", ".join(f"--{each}" for each in sorted(unknown)))
    measure = load_benchmark(name)
    if channel is not None:
        measure = partial(measure, channel)
    if name not in OF_A_FILE:
        desk.print_message("bench.started")
        return asyncio.run(measure(**chosen))
    try:
        return asyncio.run(measure(file))
    except WrongFileError as wrong:
        raise BadInputError(wrong.key, **wrong.facts) from None


def _plain(figures: Figures) -> str:
    """One line a figure, a table where there are several rows; the keys are the same as in JSON."""
    lines: list[str] = []
    for key, value in figures.items():
        lines += _table(value) if isinstance(value, list) and value else [f"{key:32} {value}"]
    return "\n".join(lines)


def _table(rows: Sequence[Figures]) -> list[str]:
    lines = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.rjust, line, widths)) for line in lines]

"""`vestnik bench`: benchmarks of speed, of losses under faults, and of understood questions."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from core.ports import Translator

Figures = Mapping[str, object]

MODULES = {
    "bot": "bot_bench",
    "botkill": "bot_kill",
    "faults": "fault_storm",
    "import": "import_bench",
    "kill": "worker_kill",
    "push": "push_bench",
    "questions": "questions_bench",
}
"""The module of each benchmark; its `measure` returns the figures."""

OF_A_FILE = frozenset({"questions"})
"""Benchmarks that need a FILE."""


def run(name: str, *, file: Path | None, as_json: bool, t: Translator) -> int:
    """Run a benchmark, print its figures, return 0, or CHECK_FAILED where `ok` is false. Raises BadInputError."""
    from bot.cli.console import (  # not above: the measured processes must not carry the command line
        print_json,
        print_line,
    )
    from bot.cli.errors import CHECK_FAILED, BadInputError

    if name not in MODULES:
        raise BadInputError("bench.unknown", names=", ".join(MODULES))
    measure: Callable[..., Coroutine[Any, Any, Figures]] = import_module(f"bot.bench.{MODULES[name]}").measure
    if name in OF_A_FILE:
        figures = asyncio.run(measure(file))
    else:
        sys.stderr.write(t("bench.started") + "\n")
        figures = asyncio.run(measure())
    if as_json:
        print_json(figures)
    else:
        print_line(_plain(figures))
    return 0 if figures.get("ok", True) else CHECK_FAILED


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

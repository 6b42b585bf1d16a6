"""`vestnik bench`: what the product costs beside the bare libraries, and what it loses when it is killed."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Mapping
from importlib import import_module
from typing import Any

from core.ports import Translator

Figures = Mapping[str, object]

NAMES = ("import", "kill", "push")


def run(name: str, *, as_json: bool, t: Translator) -> int:
    """Measure, print the figures, and return 0, or FOUND where `ok` is false. Raises BadInputError."""
    from bot.cli.desk import show, show_json  # not above: the measured processes must not carry the command line
    from bot.cli.errors import FOUND, BadInputError

    if name not in NAMES:
        raise BadInputError("bench.unknown", names=", ".join(NAMES))
    measure: Callable[[], Coroutine[Any, Any, Figures]] = import_module(f"bot.bench.{name}_bench").measure
    sys.stderr.write(t("bench.started") + "\n")
    figures = asyncio.run(measure())
    if as_json:
        show_json(figures)
    else:
        show(_plain(figures))
    return 0 if figures.get("ok", True) else FOUND


def _plain(figures: Figures) -> str:
    """One line a figure; the keys are the same as in JSON, so that both can be searched for."""
    return "\n".join(f"{key:32} {value}" for key, value in figures.items())

"""Benchmarks of speed, of losses under faults, and of understood questions; `bot/cli/bench` runs them."""

from collections.abc import Callable, Coroutine, Mapping
from importlib import import_module
from typing import Any

from core.errors import SchoolError

Figures = Mapping[str, object]

MODULES = {
    "bot": "bot_bench",
    "botkill": "bot_kill",
    "edits": "results.edit_scripts",
    "examedits": "results.exam_scripts",
    "faults": "faults.table",
    "forecast": "forecast",
    "guesses": "register.guesses",
    "histories": "register.histories",
    "import": "import_bench",
    "kill": "worker_kill",
    "maxpace": "max_pace",
    "paper": "paper.printing",
    "proposals": "results.proposals_bench",
    "push": "push_bench",
    "questions": "questions_bench",
    "soak": "soak.bench",
    "statistics": "results.statistics_bench",
    "tampering": "audit_tampering",
    "withdrawals": "register.withdrawals",
    "year": "simulated_year",
}
"""The module of each benchmark; its `measure_…`, named after it, returns the figures."""

OF_A_FILE = frozenset({"questions"})
"""Benchmarks that need a FILE."""

FURTHER_MESSENGERS: Mapping[str, frozenset[str]] = {"bot": frozenset({"max"}), "faults": frozenset({"max"})}
"""Benchmarks that can be run in a further messenger, and in which ones."""

OPTIONS = {"faults": frozenset({"seed", "minutes", "short"}), "soak": frozenset({"seed", "minutes"})}
"""The options of the command that a benchmark takes, as arguments of its `measure`."""


class WrongFileError(SchoolError):
    """The FILE of a benchmark cannot be used; `key` names the sentence, and its facts hold no personal data (Q103)."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


def load_benchmark(name: str) -> Callable[..., Coroutine[Any, Any, Figures]]:
    """Its `measure_…`, which takes the FILE or the channel, if any. A benchmark's libraries take seconds to import."""
    measure: Callable[..., Coroutine[Any, Any, Figures]] = getattr(
        import_module(f"bot.bench.{MODULES[name]}"), f"measure_{MODULES[name].rpartition('.')[2]}"
    )
    return measure

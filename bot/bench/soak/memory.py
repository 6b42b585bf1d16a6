"""The memory of processes while they work: early and late minutes are compared."""

import os
import statistics
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

EARLY, LATE = (1 / 6, 1 / 3), (2 / 3, 1.0)
"""Of a soak of 30 minutes the minutes 5–10 and 20–30."""

MEBI = 1 << 20
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Memory:
    """Samples of resident memory by process: how far the soak was, and bytes."""

    samples: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    killed: set[str] = field(default_factory=set)
    """Processes that a fault killed; they are not compared."""

    def look(self, processes: Mapping[str, int], *, at: float) -> None:
        """Samples each process, by its id; `at`: the share of the soak that has passed."""
        for name, pid in processes.items():
            with suppress(FileNotFoundError, ProcessLookupError):
                pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
                self.samples.setdefault(name, []).append((at, pages * _PAGE))

    def medians(self) -> Mapping[str, tuple[float, float]]:
        """Early and late median of each process that no fault killed, in MiB."""
        compared = {name: taken for name, taken in self.samples.items() if name not in self.killed}
        return {name: (_median(taken, EARLY), _median(taken, LATE)) for name, taken in compared.items()}


def _median(samples: Iterable[tuple[float, int]], span: tuple[float, float]) -> float:
    found = [size for at, size in samples if span[0] <= at <= span[1]]
    return round(statistics.median(found) / MEBI, 1) if found else 0.0

"""What a line of the fault table is: a fault, what must come of it, and what was seen."""

import random
from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.bench.peers.postgres import Server
from bot.bench.peers.sandbox_client import SandboxClient

T = TypeVar("T")

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = frozenset({SQLITE, POSTGRESQL})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line runs.

    `database`: the kind; `server`: its new databases have tables; `folder`: for this line alone; `numbers`: of
    families, so that no address occurs twice in one sandbox; `short`: the form for tests.
    """

    database: str
    server: Server
    world: SandboxClient
    folder: Path
    dice: random.Random
    numbers: Iterator[int]
    short: bool = False
    storm_seconds: float = 300.0

    def choose(self, short: T, whole: T) -> T:
        """A size of the short form or of the whole."""
        return short if self.short else whole

    def new_database(self) -> str:
        """The URL of a new database with tables, once a line."""
        return self.server.create(self.folder.name)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen. `lost`: people whom nothing reached and nothing will; `repeated`: messages that came again."""

    seen: str
    holds: bool
    lost: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault with its number, and what must come of it; `databases`: the kinds of database that it concerns."""

    number: str
    name: str
    expected: str
    run: Callable[[Place], Awaitable[Finding]]
    databases: Collection[str] = BOTH

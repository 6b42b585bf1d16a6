"""What a line of the fault table is: a fault, what must come of it, and what was seen."""

import random
from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.bench.faults.messenger import MESSENGERS, TELEGRAM, FaultyMessenger
from bot.bench.peers.postgres import Server
from bot.bench.peers.sandbox_client import SandboxClient

T = TypeVar("T")

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = frozenset({SQLITE, POSTGRESQL})


@dataclass(frozen=True, slots=True)
class FaultLinePlace:
    """Where a line runs.

    `database`: the kind; `server`: its new databases have tables; `folder`: for this line alone; `numbers`: of
    families, so that no address occurs twice in one sandbox; `short`: the form for tests; `messenger`: in which
    families are told.
    """

    database: str
    server: Server
    world: SandboxClient
    folder: Path
    dice: random.Random
    numbers: Iterator[int]
    short: bool = False
    storm_seconds: float = 300.0
    messenger: FaultyMessenger = TELEGRAM

    async def fail_messenger(self, kind: str, *, share: float = 1.0, **details: Any) -> None:
        """From now on this share of the messenger's calls meets a fault."""
        await self.world.add_fault(kind, share, peer=self.messenger.peer, **details)

    async def fail_sends(self, kind: str, **details: Any) -> None:
        """From now on the messenger's calls that send a message meet a fault."""
        await self.fail_messenger(kind, method=self.messenger.send_method, **details)

    def choose(self, short: T, whole: T) -> T:
        """A size of the short form or of the whole."""
        return short if self.short else whole

    def new_database(self) -> str:
        """The URL of a new database with tables, once a line."""
        return self.server.create(self.folder.name)


@dataclass(frozen=True, slots=True)
class FaultLineFinding:
    """What was seen. `lost`: people whom nothing reached and nothing will; `repeated`: messages that came again."""

    seen: str
    holds: bool
    lost: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault with its number, and what must come of it.

    `databases`: the kinds of database that it concerns; `messengers`: those that have such a fault.
    """

    number: str
    name: str
    expected: str
    run: Callable[[FaultLinePlace], Awaitable[FaultLineFinding]]
    databases: Collection[str] = BOTH
    messengers: Collection[str] = frozenset(MESSENGERS)

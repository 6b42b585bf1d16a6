"""A channel that does what a test tells it, and a clock that a test moves."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.ports import Limits
from notifiers.discovery import discovered_closing_statuses

CLOSES = discovered_closing_statuses()


@dataclass(slots=True)
class Clock:
    """The school's time, moved by hand, and beside it the seconds that only grow."""

    now: datetime
    passed: float = 0.0

    def __call__(self) -> datetime:
        return self.now

    def ticks(self) -> float:
        """Seconds of the monotonic clock."""
        return self.passed

    def advance(self, **ahead: float) -> datetime:
        """Let `timedelta(**ahead)` pass."""
        self.passed += timedelta(**ahead).total_seconds()
        return self.jump(**ahead)

    def jump(self, **ahead: float) -> datetime:
        """Somebody sets the wall clock."""
        self.now += timedelta(**ahead)
        return self.now


@dataclass(slots=True)
class ScriptedNotifier:
    """Keeps what it was given; answers from `script` first (an exception is raised), then accepts everything.

    `refuses`: what is raised for an address; `refused` counts it.
    """

    channel: str
    limits: Limits = field(default_factory=lambda: Limits(4096, 8, None, attachments=True))
    script: deque[Receipt | Exception] = field(default_factory=deque)
    sent: list[tuple[str, Text, str]] = field(default_factory=list)
    refuses: dict[str, Exception] = field(default_factory=dict)
    refused: int = 0

    def normalise(self, address: str) -> str:
        return address

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        if address in self.refuses:
            self.refused += 1
            raise self.refuses[address]
        answer = self.script.popleft() if self.script else Receipt(Status.ACCEPTED, str(len(self.sent) + 1))
        if isinstance(answer, Exception):
            raise answer
        self.sent.append((address, text, key))
        return answer

    async def close(self) -> None:
        self.script.clear()

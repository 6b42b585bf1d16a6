"""The clock and the channels of a simulated year: outages of hours, blocked addresses, lost receipts."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Text
from core.ports import Limits, RefusedError, UnavailableError

LOST_RECEIPTS = 0.02
"""This share of SMS is accepted, and whether they arrived is never said."""

RETRY = timedelta(minutes=30)

Span = tuple[datetime, datetime]


@dataclass(slots=True)
class SimulatedChannelClock:
    """The time of day of the simulation, in UTC; its monotonic clock goes with it."""

    now: datetime
    passed: float = 0.0

    def __call__(self) -> datetime:
        return self.now

    def ticks(self) -> float:
        """Seconds of the monotonic clock."""
        return self.passed

    def move(self, to: datetime) -> None:
        """Lets the time pass up to a moment."""
        self.passed += (to - self.now).total_seconds()
        self.now = to


class SimulatedOpenChannel:
    """A stand-in for a channel of a bench: any text is an address, and nothing has to be closed."""

    __slots__ = ()

    def normalise(self, address: str) -> str:
        """Any text is an address."""
        return address

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class SimulatedChannel(SimulatedOpenChannel):
    """Accepts messages, but not during an outage nor for a blocked address; `closes`: the status that it gives."""

    channel: str
    clock: SimulatedChannelClock
    closes: Status
    outages: Sequence[Span] = ()
    blocked: set[str] = field(default_factory=set)
    dice: random.Random = field(default_factory=lambda: random.Random(30))  # noqa: S311  # dice, not secrets
    limits: Limits = field(default_factory=lambda: Limits(4096, 8, None, attachments=False))
    sent: int = 0

    @property
    def is_down(self) -> bool:
        """Whether an outage lasts now."""
        return any(begin <= self.clock.now < end for begin, end in self.outages)

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:  # noqa: ARG002  # a port
        """Accepts the message. Raises UnavailableError during an outage, RefusedError for a blocked address."""
        if self.is_down:
            raise UnavailableError(Reason.CHANNEL_DOWN, retry_after=RETRY, channel_wide=True)
        if address in self.blocked:
            raise RefusedError(Reason.BLOCKED)
        self.sent += 1
        is_lost = self.closes is Status.DELIVERED and self.dice.random() < LOST_RECEIPTS
        return Receipt(Status.ACCEPTED if is_lost else self.closes, str(self.sent))

"""How notices go at the moment, for the health page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class HealthPort(Protocol):
    """Figures without a person; each is quick to read, since a monitor asks several times a minute."""

    async def last_send(self) -> datetime | None:
        """When a channel last answered."""
        ...

    async def oldest_open(self) -> datetime | None:
        """When the oldest fact came in that is still owed to somebody."""
        ...

    async def queue(self, *, now: datetime) -> Mapping[str, int]:
        """Messages that are due and wait, by channel."""
        ...

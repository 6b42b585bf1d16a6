"""How a school's notices go at the moment, in figures without a person (contracts, Operation)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.model.delivery.deliveries import Lease


@dataclass(frozen=True, slots=True)
class HealthFigures:
    """`lease`: the worker's, None where nobody holds it. `last_send`: when a channel last took a message.

    `oldest_open`: when the oldest fact came in that somebody is still owed. `queue`: messages that are due and wait, by
    channel.
    """

    lease: Lease | None
    last_send: datetime | None
    last_import: datetime | None
    oldest_open: datetime | None
    queue: Mapping[str, int]

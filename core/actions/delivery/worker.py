"""Who sends: the holder of the lease, with what it goes by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.model.delivery.states import Status
from core.rules.delivery.timing import Policy


@dataclass(frozen=True, slots=True)
class Worker:
    """Who sends: the holder of the lease, its term, and what evidence closes an obligation by channel."""

    holder: str
    ttl: timedelta
    policy: Policy
    closes: Mapping[str, Status]

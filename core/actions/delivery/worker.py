"""The worker that sends, as the delivery actions see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.model.delivery.states import Status
from core.rules.delivery.timing import Policy


@dataclass(frozen=True, slots=True)
class Worker:
    """The holder of the lease, its term, and which status closes an obligation on each channel."""

    holder: str
    ttl: timedelta
    policy: Policy
    closes: Mapping[str, Status]

"""The clocks of the product: the time of day, and the seconds that nobody can set."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
Ticks = Callable[[], float]
"""A monotonic clock, in seconds."""


def utc_clock() -> datetime:
    """The only place that reads the time of day; everything else gets the time as an argument (Q105)."""
    return datetime.now(UTC)


def monotonic_clock() -> float:
    """The clock for pauses."""
    return time.monotonic()

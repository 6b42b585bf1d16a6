"""Whether a school's notices go, for the health page and the administrator (contracts, Operation)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.delivery.lease import LEASE
from core.model.delivery.deliveries import Lease
from core.model.health import HealthFigures
from core.ports import UnitOfWork


async def load_health_figures(uow: UnitOfWork, *, now: datetime) -> HealthFigures:
    """The figures of this moment."""
    return HealthFigures(
        lease=await uow.leases.held(LEASE),
        last_send=await uow.health.last_send(),
        last_import=max((await uow.imports.last_imports()).values(), default=None),
        oldest_open=await uow.health.oldest_open(),
        queue=await uow.health.queue(now=now),
    )


@dataclass(slots=True)
class HealthPulse:
    """Whether the worker that holds the lease lives: its counter moves. Seconds are of a monotonic clock.

    Whoever looks more rarely than once a term compares with the last look.
    """

    term: timedelta
    _seen: Lease | None = None
    _since: float = 0.0

    def beats(self, lease: Lease | None, *, ticks: float) -> bool:
        """True while the counter has moved within a term; at the first look whoever holds the lease is believed."""
        if lease != self._seen:
            self._seen, self._since = lease, ticks
        return lease is not None and ticks - self._since < self.term.total_seconds()

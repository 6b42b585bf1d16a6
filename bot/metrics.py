"""Figures of this process in the text format of Prometheus (contracts, Operation). No label names a person."""

from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from core.model.health import HealthFigures

CONTENT_TYPE = CONTENT_TYPE_LATEST

_REGISTRY = CollectorRegistry()
_MESSAGES = Counter("vestnik_messages", "Messages by what became of them.", ("channel", "outcome"), registry=_REGISTRY)
_QUEUE = Gauge("vestnik_queue", "Messages that are due and wait.", ("channel",), registry=_REGISTRY)
_OLDEST_OPEN = Gauge(
    "vestnik_oldest_open_seconds", "Age of the oldest fact that is still owed to somebody; 0: none.", registry=_REGISTRY
)
_UPDATES = Histogram("vestnik_update_seconds", "Seconds from an update to its answer.", registry=_REGISTRY)


def count_message_metric(channel: str, outcome: str) -> None:
    """A message was settled with this status."""
    _MESSAGES.labels(channel, outcome).inc()


def observe_update_metric(seconds: float) -> None:
    """An update was answered after so many seconds."""
    _UPDATES.observe(seconds)


def set_metric_figures(figures: HealthFigures, *, now: datetime) -> None:
    """Sets what is read from the database."""
    _QUEUE.clear()
    for channel, count in figures.queue.items():
        _QUEUE.labels(channel).set(count)
    _OLDEST_OPEN.set((now - figures.oldest_open).total_seconds() if figures.oldest_open else 0)


def metrics_text() -> bytes:
    """All figures."""
    return generate_latest(_REGISTRY)

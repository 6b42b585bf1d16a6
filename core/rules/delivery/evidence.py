"""How strong a status is as evidence, and which status may follow which (Q72, Q93)."""

from collections.abc import Mapping

from core.model.delivery.states import Reason, Status

_ORDER = (
    Status.HELD,
    Status.PENDING,
    Status.SENDING,
    Status.UNCERTAIN,
    Status.ACCEPTED,
    Status.DELIVERED,
    Status.PRINTED,
    Status.HANDED,
    Status.REACHED,
    Status.ACKNOWLEDGED,
    Status.SIGNED,
)
RANK: dict[Status, int] = {status: rank for rank, status in enumerate(_ORDER)}
"""From no evidence to a signature. REFUSED, FAILED and WITHDRAWN have no rank: they are ends, not evidence."""

NOT_TAKEN = frozenset({Status.REFUSED, Status.FAILED})
"""The channel refused the contact or this message, at once or after it had accepted it."""

ENDS = NOT_TAKEN | {Status.WITHDRAWN}
GRADES = frozenset(status for status, rank in RANK.items() if rank >= RANK[Status.ACCEPTED])
ON_ITS_WAY = frozenset({Status.HELD, Status.PENDING, Status.SENDING})

PERHAPS_ACCEPTED = frozenset({Reason.WORKER_KILLED, Reason.RESTORED})
"""Reasons of a pending delivery that may have been accepted before; its next send says that it is a repeat (Q88)."""


def is_closing_evidence(status: Status, channel: str, closes: Mapping[str, Status]) -> bool:
    """True if this status closes an obligation on this channel; an unknown channel needs DELIVERED."""
    return status in GRADES and RANK[status] >= RANK[closes.get(channel, Status.DELIVERED)]

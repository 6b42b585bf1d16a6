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
    Status.ACKNOWLEDGED,
    Status.SIGNED,
)
RANK: dict[Status, int] = {status: rank for rank, status in enumerate(_ORDER)}
"""From nothing to a signature; REFUSED, FAILED and WITHDRAWN have no rank: they are ends, not evidence."""

NOT_TAKEN = frozenset({Status.REFUSED, Status.FAILED})
"""The outside world's no, at once or after it had accepted: of the contact, or of this message."""

ENDS = NOT_TAKEN | {Status.WITHDRAWN}
GRADES = frozenset(status for status, rank in RANK.items() if rank >= RANK[Status.ACCEPTED])
ON_ITS_WAY = frozenset({Status.HELD, Status.PENDING, Status.SENDING})

PERHAPS_ACCEPTED = frozenset({Reason.WORKER_KILLED, Reason.RESTORED})
"""Why a delivery that waits may have been accepted before: its next send says so, however often it is put off (Q88)."""

CLOSES: dict[str, Status] = {
    "telegram": Status.ACCEPTED,
    "email": Status.ACCEPTED,
    "sms": Status.DELIVERED,
    "paper": Status.PRINTED,
}
"""The grade that closes an obligation, channel by channel.

The school's setting, these by default (contracts, Delivery).
"""

GIVES: dict[str, frozenset[Status]] = {
    "telegram": frozenset({Status.ACCEPTED, Status.ACKNOWLEDGED}),
    "email": frozenset({Status.ACCEPTED, Status.ACKNOWLEDGED}),
    "sms": frozenset({Status.ACCEPTED, Status.DELIVERED}),
    "paper": frozenset({Status.PRINTED, Status.HANDED, Status.SIGNED}),
}
"""The evidence that each channel of ours can ever give: an obligation that waited for another would stay open.

An extract that only lies in the print queue is evidence of nothing.
"""

GIVES_AT_MOST = frozenset({Status.ACCEPTED, Status.DELIVERED, Status.ACKNOWLEDGED})
"""What a channel of a third party may give."""


def is_closing(status: Status, channel: str, closes: Mapping[str, Status]) -> bool:
    """Is this status evidence enough on this channel? An unknown channel must show delivery."""
    return status in GRADES and RANK[status] >= RANK[closes.get(channel, Status.DELIVERED)]

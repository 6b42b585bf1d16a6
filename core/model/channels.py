"""What a channel declares about itself, so that nothing else needs to know it by name (Q86)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.model.delivery.states import Status

PAPER = "paper"


@dataclass(frozen=True, slots=True)
class ChannelTraits:
    """A channel's declaration about itself.

    `label`: what people call it, by language. `gives`: the evidence that it can give; DELIVERED is among it where the
    peer sends receipts. `closes`: the evidence that closes an obligation, unless the school sets another one. `pace`:
    messages a second; None: no limit. `needs_policy`: the school must choose which content it may carry. `converses`:
    people can ask there, and a code binds a chat; then `start_link` opens the chat with `{bot}` and gives it `{code}`.
    `takes_phone`: its addresses are phone numbers, so a messenger that knows one's own may share it.
    `needs_naming`: a consent opens it only where the document is known to name who processes the data there.
    """

    label: Mapping[str, str] = field(default_factory=dict)
    gives: frozenset[Status] = frozenset({Status.ACCEPTED, Status.DELIVERED, Status.ACKNOWLEDGED})
    closes: Status = Status.DELIVERED
    pace: float | None = None
    needs_policy: bool = False
    converses: bool = False
    start_link: str | None = None
    takes_phone: bool = False
    needs_naming: bool = False


UNDECLARED = ChannelTraits()
"""A channel that declares nothing: an acceptance alone closes nothing on it."""


def channel_name(channel: str, t: Callable[..., str]) -> str:
    """The label of a channel; the name itself where it is not installed any more or has no label."""
    try:
        return t(f"channel.{channel}")
    except KeyError:
        return channel


def channel_status_word(channel: str, status: Status, t: Callable[..., str]) -> str:
    """How far a delivery came; what the print queue accepted waits to be printed and reached nobody yet."""
    is_queued = channel == PAPER and status is Status.ACCEPTED
    return t(f"extract.status.{status}" if is_queued else f"status.{status}")

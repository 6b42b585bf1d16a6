"""The e-mail channel, and mail that comes back."""

from core.model.channels import ChannelTraits
from core.model.delivery.states import Status

TRAITS = ChannelTraits(
    label={"ru": "почта", "en": "e-mail"},
    gives=frozenset({Status.ACCEPTED, Status.ACKNOWLEDGED}),
    closes=Status.ACCEPTED,
)

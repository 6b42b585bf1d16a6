"""The SMS channel over a Kannel gateway."""

from core.model.channels import ChannelTraits
from core.model.delivery.states import Status

TRAITS = ChannelTraits(
    label={"ru": "SMS", "en": "SMS"},
    gives=frozenset({Status.ACCEPTED, Status.DELIVERED}),
    closes=Status.DELIVERED,
    takes_phone=True,
)

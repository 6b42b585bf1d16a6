"""The Telegram channel."""

from core.model.channels import ChannelTraits
from core.model.delivery.states import Status

TRAITS = ChannelTraits(
    label={"ru": "Telegram", "en": "Telegram"},
    gives=frozenset({Status.ACCEPTED, Status.ACKNOWLEDGED}),
    closes=Status.ACCEPTED,
    pace=25.0,
    needs_policy=True,
    converses=True,
    start_link="https://t.me/{bot}?start={code}",
)

"""The MAX channel."""

from core.model.channels import ChannelTraits
from core.model.delivery.states import Status

TRAITS = ChannelTraits(
    label={"ru": "MAX", "en": "MAX"},
    gives=frozenset({Status.ACCEPTED, Status.ACKNOWLEDGED}),
    closes=Status.ACCEPTED,
    pace=4.0,
    needs_policy=True,
    converses=True,
    start_link="https://max.ru/{bot}?start={code}",
    needs_naming=True,
)

"""Paper: the print queue is a channel like any other, so that everybody can be reached (R2b, Q30)."""

import re
from typing import ClassVar

from core.errors import InvalidAddressError
from core.model.channels import ChannelTraits
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.ports import Limits, NotifierPrintTrayPort
from notifiers.discovery import ChannelConfig, require_discovered_address

TRAITS = ChannelTraits(
    label={"ru": "бумага", "en": "paper"},
    gives=frozenset({Status.PRINTED, Status.HANDED, Status.SIGNED}),  # being queued for printing is no evidence
    closes=Status.PRINTED,
)

_PERSON_AND_STUDENT = re.compile(r"[1-9][0-9]{0,17}:([1-9][0-9]{0,17}|-)")


async def open_channel(config: ChannelConfig) -> "PaperChannel | None":
    """Needs `tray`."""
    return None if config.tray is None else PaperChannel(config.tray)


def normalise(address: str) -> str:
    """`PERSON:STUDENT`, both by id; `PERSON:-` is a staff member's own paper. Else InvalidAddressError."""
    pair = address.strip()
    if not _PERSON_AND_STUDENT.fullmatch(pair):
        raise InvalidAddressError
    return pair


class PaperChannel:
    """Puts extracts into the print tray. The tray keeps one extract a key, so a repeated send adds none."""

    channel: ClassVar[str] = "paper"

    def __init__(self, tray: NotifierPrintTrayPort) -> None:
        self.limits = Limits(text=1_000_000, concurrency=8, pace=None, attachments=False)
        self._tray = tray

    def normalise(self, address: str) -> str:
        """As the module's `normalise`."""
        return normalise(address)

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        """Accepted, with the extract's number as reference. Staff record when it is printed, handed over, signed."""
        person, _, student = require_discovered_address(normalise, address).partition(":")
        number = await self._tray.put(
            person_id=int(person), student_id=None if student == "-" else int(student), text=text, key=key
        )
        return Receipt(Status.ACCEPTED, reference=number)

    async def close(self) -> None:
        """Nothing to close: the tray is a part of the school's database."""

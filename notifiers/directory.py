"""What a conversation may ask of the installed channels."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.channels import PAPER
from core.model.delivery.deliveries import Parcel
from core.model.delivery.text import NoticeInWords
from core.model.notices.facts import Notice
from core.ports import Translator
from notifiers.discovery import discovered_channels, normalise_discovered_address
from notifiers.sms.parts import sms_part_count
from notifiers.words.texts import compose_text, notice_text_words


@dataclass(frozen=True, slots=True)
class InstalledChannelDirectory:
    """The port `NotifierDirectoryPort` over the entry points and the words of this package.

    `configured`: the channels that have what they need to send; None: all that are installed.
    """

    configured: frozenset[str] | None = None

    def typed_channels(self) -> Sequence[str]:
        """As declared by each channel about itself, those of third parties too (Q86)."""
        typed = [name for name, traits in discovered_channels().items() if not traits.converses and name != PAPER]
        return sorted(name for name in typed if self.configured is None or name in self.configured)

    def takes_phone(self, channel: str) -> bool:
        """As the channel declares."""
        return discovered_channels()[channel].takes_phone

    def normalise(self, channel: str, address: str) -> str:
        """As `discovery.normalise_discovered_address`."""
        return normalise_discovered_address(channel, address)

    def notice_words(self, notice: Notice, t: Translator) -> NoticeInWords:
        """As `words.texts.notice_words`."""
        return notice_text_words(notice, t)

    def billed_parts(self, parcel: Parcel, t: Translator) -> int:
        """The parts of the text that the SMS channel would send."""
        return sms_part_count(compose_text(parcel, t, key=b"").short)

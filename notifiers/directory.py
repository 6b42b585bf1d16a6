"""What a conversation may ask of the installed channels."""

from core.model.delivery.deliveries import Parcel
from core.model.delivery.text import NoticeInWords
from core.model.notices.facts import Notice
from core.ports import Translator
from notifiers.discovery import normalise_address
from notifiers.sms.parts import part_count
from notifiers.words.texts import compose_text, notice_words


class InstalledChannels:
    """The port `ChannelDirectory` over the entry points and the words of this package."""

    def normalise(self, channel: str, address: str) -> str:
        """As `discovery.normalise_address`."""
        return normalise_address(channel, address)

    def notice_words(self, notice: Notice, t: Translator) -> NoticeInWords:
        """As `words.texts.notice_words`."""
        return notice_words(notice, t)

    def billed_parts(self, parcel: Parcel, t: Translator) -> int:
        """The parts of the text that the SMS channel would send."""
        return part_count(compose_text(parcel, t, key=b"").short)

"""What speaks to families: channels and how they fail, what is known of the installed ones, the print tray."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from core.model.delivery.deliveries import Parcel, Receipt
from core.model.delivery.states import Reason
from core.model.delivery.text import NoticeInWords, Text
from core.model.notices.facts import Notice


class Translator(Protocol):
    """A catalogue in one language; `n` chooses the plural form. KeyError for a key that no catalogue has."""

    @property
    def language(self) -> str: ...

    def __call__(self, key: str, /, n: int | None = None, **values: object) -> str: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a channel: `text` in characters, `concurrency` sends at a time, `pace` messages a second or None.

    `file`: the largest file in bytes that it attaches.
    """

    text: int
    concurrency: int
    pace: float | None
    attachments: bool
    file: int = 20 << 20


class RefusedError(Exception):
    """The channel cannot reach this contact: it is set aside, and the next agreed channel starts."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class RejectedError(Exception):
    """The channel rejects this message: the next channel starts, and the contact stays in use."""

    def __init__(self, reason: Reason = Reason.REJECTED) -> None:
        super().__init__(reason)
        self.reason = reason


class UnavailableError(Exception):
    """Nothing was accepted now, so the message may be sent again after `retry_after`.

    `retry_after` counts for all messages to this address; with `channel_wide` for the whole channel (a flood limit, a
    bad token). `answered`: the channel itself answered with a failure of this message; `Policy.tries` of them end it.
    An unreachable channel counts as no failure.
    """

    def __init__(
        self,
        reason: Reason,
        *,
        retry_after: timedelta | None = None,
        channel_wide: bool = False,
        answered: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.channel_wide = channel_wide
        self.answered = answered


class UnencryptedError(UnavailableError):
    """The server offers no encryption, which the settings demand: nothing is sent, and no login is shown to it."""

    def __init__(self) -> None:
        super().__init__(Reason.CHANNEL_DOWN, channel_wide=True)


class UncertainError(Exception):
    """The message may have been accepted: the answer was lost after it was sent.

    `channel_wide`: somebody else answered in the peer's place, so the peer is away and the channel pauses.
    """

    def __init__(self, reason: Reason = Reason.ANSWER_LOST, *, channel_wide: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.channel_wide = channel_wide


class Notifier(Protocol):
    """A channel. `ChannelKitContract` in `notifiers/channel_kit.py` tests what each channel must do (Q86)."""

    @property
    def channel(self) -> str:
        """The channel's name in contacts and settings."""
        ...

    @property
    def limits(self) -> Limits:
        """The channel's limits."""
        ...

    def normalise(self, address: str) -> str:
        """The address in its stored form; InvalidAddressError if the channel cannot reach it."""
        ...

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        """Sends one message; raises RefusedError, RejectedError, UnavailableError or UncertainError, no other error.

        An address that `normalise` refuses raises RefusedError.
        """
        ...

    async def close(self) -> None:
        """Closes connections."""
        ...


@runtime_checkable
class NotifierFileStorePort(Protocol):
    """A channel that stores files which staff sent to it, such as a messenger."""

    async def fetch_file(self, reference: str, *, most: int) -> bytes | None:
        """The file of up to `most` bytes; None where it is gone, longer, or not to be had now. Raises nothing."""
        ...


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """What a channel's peer says of itself: its clock (UTC) and our account's name there, where it tells them."""

    clock: datetime | None = None
    account: str | None = None


@runtime_checkable
class ProbingNotifier(Protocol):
    """A channel that can ask its peer whether it would take messages (Q132)."""

    async def probe(self) -> PeerAnswer:
        """Logs in and sends nothing. UnavailableError, `channel_wide` where the peer refuses us; no other error."""
        ...


class NotifierDirectoryPort(Protocol):
    """What a conversation may ask of the installed channels."""

    def normalise(self, channel: str, address: str) -> str:
        """The address in the one form that the channel stores; InvalidAddressError if it cannot reach it."""
        ...

    def typed_channels(self) -> Sequence[str]:
        """The channels in use whose addresses a person types: no messengers, no paper; by name."""
        ...

    def takes_phone(self, channel: str) -> bool:
        """Whether the addresses of a channel are phone numbers."""
        ...

    def notice_words(self, notice: Notice, t: Translator) -> NoticeInWords:
        """The words in which families read a notice."""
        ...

    def billed_parts(self, parcel: Parcel, t: Translator) -> int:
        """The parts of an SMS that the phone company bills for this message (Q91)."""
        ...


class NotifierPrintTrayPort(Protocol):
    """The print queue as the paper channel sees it."""

    async def put(self, *, person_id: int, student_id: int | None, text: Text, key: str) -> str:
        """Queues an extract once for each key; returns its number."""
        ...

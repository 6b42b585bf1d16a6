"""MAX: pushes over its Bot API within its limits; receives nothing."""

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from http import HTTPStatus
from typing import ClassVar

from core.errors import InvalidAddressError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Attachment, Text
from core.ports import Limits, PeerAnswer, RefusedError, RejectedError, UnavailableError, UncertainError
from notifiers.discovery import ChannelConfig, require_discovered_address
from notifiers.html_messages import split_html_into_messages
from notifiers.max.api import MaxApi, MaxError, NoAnswerError, NotLeftError, RefusedCallError, UploadRefusedError
from notifiers.max.files import FILE, IMAGE, MaxFileUploads, MaxStoredFile, max_file_when_ready
from notifiers.max.limits import LARGEST_USER, LONGEST_MESSAGE, MORE, PICTURES, Json, limit_max_keyboards
from notifiers.pacing import PacingRefusals, PacingWindow
from notifiers.unfinished import UnfinishedTexts

IN_FLIGHT = 4
_USER = re.compile(r"[1-9][0-9]{0,18}")

Failure = RefusedError | RejectedError | UnavailableError | UncertainError


async def open_channel(config: ChannelConfig) -> "MaxChannel | None":
    """Needs `token`; `url` is another server of the Bot API. Connects with the first message. ValueError."""
    if not config.token:
        return None
    return MaxChannel(MaxApi(config.token, api=config.url, ca=config.certificates, pace=config.pace), pace=config.pace)


def normalise(address: str) -> str:
    """The id of a person in digits 0-9; InvalidAddressError for anything else, as the negative id of a group."""
    number = address.strip()
    if not _USER.fullmatch(number) or int(number) > LARGEST_USER:
        raise InvalidAddressError
    return number


class MaxChannel:
    """Sends to persons by their id. MAX has no idempotency key and no receipts: "accepted" is all that it reports.

    One message a second to a dialog: the conversation may send another one, and MAX takes two.
    """

    channel: ClassVar[str] = "max"

    def __init__(self, api: MaxApi, *, pace: float | None = 4.0) -> None:
        self.limits = Limits(text=LONGEST_MESSAGE, concurrency=IN_FLIGHT, pace=pace, attachments=True)
        self._api = api
        self._uploads = MaxFileUploads(api)
        self._dialogs = PacingWindow.of_pace(1.0 if pace else None)
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._rate_refusals = PacingRefusals(within=1.0)
        self._unfinished = UnfinishedTexts()

    def normalise(self, address: str) -> str:
        """As the module's `normalise`."""
        return normalise(address)

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        """The receipt's reference is the ids of the messages, separated by commas."""
        address = require_discovered_address(normalise, address)
        parts: list[Json | Attachment] = [*_messages(text), *text.attachments]
        sends = [partial(self._send_part, address, part, silent=text.silent) for part in parts]
        return Receipt(Status.ACCEPTED, reference=await self._unfinished.send(key, sends))

    async def fetch_file(self, reference: str, *, most: int) -> bytes | None:
        """A file that a staff member sent to the bot, for channels that cannot send it by its reference."""
        return await self._api.download(MaxStoredFile.of(reference).url, most=most)

    async def probe(self) -> PeerAnswer:
        """Asks for the bot's own name."""
        return await self._api.probe()

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def _send_part(self, address: str, part: Json | Attachment, *, silent: bool) -> str:
        failure: Failure
        try:
            body = part if isinstance(part, dict) else await self._file_message(part)
            return await self._post(address, body | {"notify": False} if silent else body)
        except RefusedCallError as error:
            if isinstance(part, Attachment) and part.reference is not None and _is_content(error):
                return await self._send_part(address, _words(part.instead or part.name), silent=silent)
            failure = self._failure_of(address, error)
        except MaxError as error:
            failure = _failure_without_answer(error)
        raise failure  # outside the except block: the chained error might quote the address

    async def _file_message(self, file: Attachment) -> Json:
        """A file is the only attachment of its message, and has no words."""
        if file.reference is not None:
            return {"attachments": [MaxStoredFile.of(file.reference).attachment()]}
        kind = IMAGE if file.media_type in PICTURES else FILE
        return {"attachments": [await self._uploads.attachment(kind, file.name, file.content)]}

    async def _post(self, address: str, body: Json) -> str:
        query: Mapping[str, str | int] = {"user_id": int(address), "disable_link_preview": "true"}

        async def send() -> Json:
            async with self._dialogs.place(address), self._in_flight:
                return await self._api.call("POST", "/messages", query=query, body=body)

        said = await max_file_when_ready(send)
        self._rate_refusals.record_success()
        return str(said["message"]["body"]["mid"])  # an answer without it is none: see MaxApi.call

    def _failure_of(self, address: str, refused: RefusedCallError) -> Failure:
        """What MAX's own refusal means, by its status; its texts are for people and change."""
        if refused.status == HTTPStatus.TOO_MANY_REQUESTS:
            is_channels = self._rate_refusals.is_channel_wide(address)
            return UnavailableError(Reason.THROTTLED, channel_wide=is_channels)
        if refused.is_not_ready:
            return UnavailableError(Reason.CHANNEL_DOWN, answered=True)
        kind = _FAILURES.get(refused.status)
        failure = kind() if kind else UnavailableError(Reason.CHANNEL_DOWN, answered=True)
        is_of_file = isinstance(refused, UploadRefusedError) and isinstance(failure, RefusedError)
        return RejectedError() if is_of_file else failure


def _failure_without_answer(error: MaxError) -> Failure:
    """Nothing left, or the message was perhaps taken; a proxy's page says that MAX is away, so the others wait."""
    if isinstance(error, NotLeftError):
        return UnavailableError(Reason.CHANNEL_DOWN)
    return UncertainError(channel_wide=isinstance(error, NoAnswerError) and error.is_page)


_FAILURES: Mapping[int, Callable[[], Failure]] = {
    HTTPStatus.OK: RejectedError,
    HTTPStatus.BAD_REQUEST: RejectedError,
    HTTPStatus.UNAUTHORIZED: partial(UnavailableError, Reason.CHANNEL_DOWN, channel_wide=True),
    HTTPStatus.FORBIDDEN: partial(RefusedError, Reason.BLOCKED),
    HTTPStatus.NOT_FOUND: partial(RefusedError, Reason.NO_SUCH_ADDRESS),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: RejectedError,
    HTTPStatus.SERVICE_UNAVAILABLE: partial(UnavailableError, Reason.CHANNEL_DOWN),
}
"""200 is an answer with `success: false`. The content alone was refused with it, and with 400: the contact stays.

So it does where a file is refused before anything is sent, whatever the status.
"""


def _messages(text: Text) -> list[Json]:
    """The pages of the text; the last has the buttons, and more messages follow where one keyboard is too small."""
    pages = [_html(page) for page in split_html_into_messages(text, longest=LONGEST_MESSAGE)]
    for number, keyboard in enumerate(limit_max_keyboards(text.buttons)):
        below = pages.pop() if number == 0 else _html(MORE)
        pages.append(below | {"attachments": [keyboard]})
    return pages


def _html(page: str) -> Json:
    return {"text": page, "format": "html"}


def _words(words: str) -> Json:
    return _html(escape(words, quote=False))


def _is_content(refused: RefusedCallError) -> bool:
    """A file that MAX does not have any more is not the contact's fault."""
    return refused.status in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST} and not refused.is_not_ready

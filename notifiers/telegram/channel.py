"""Telegram: sends over python-telegram-bot within the rate limits of the Bot API; receives nothing."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from html import escape
from http import HTTPStatus
from typing import Any, ClassVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot

from core.errors import InvalidAddressError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Attachment, Button, Text
from core.ports import Limits, PeerAnswer, RefusedError, RejectedError, UnavailableError, UncertainError
from core.rules.delivery import timing
from notifiers.discovery import ChannelConfig, require_discovered_address
from notifiers.html_messages import split_html_into_messages
from notifiers.pacing import Pace, PacingRefusals
from notifiers.telegram.html import LONGEST_MESSAGE, telegram_html_fits_caption
from notifiers.telegram.request import AnswerError, NeverSentError, TelegramRequest
from notifiers.unfinished import UnfinishedTexts
from notifiers.vendor_logs import silence_vendor_logs

BOT_API = "https://api.telegram.org"
IN_FLIGHT = 8
"""Concurrent sends; twice as many were no faster."""

_BURST = 3
"""Sends that may start together, to make up for late wake-ups. A second sees at most the pace plus these."""

_PRIVATE_CHAT = re.compile(r"[1-9][0-9]{0,15}")
_LARGEST_CHAT = 2**52 - 1
"""Telegram's limit: a chat id has at most 52 significant bits."""

_NO_SUCH_CHAT = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_id is empty",
    "user_is_blocked",
    "input_user_deactivated",
)
_GATEWAY_CODES = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
"""Answers of Telegram's load balancers while the servers behind them are down."""


Failure = RefusedError | RejectedError | UnavailableError | UncertainError
Rows = tuple[tuple[Button, ...], ...]
Part = Callable[[], Awaitable[Message]]
_How = Mapping[str, Any]
"""How all messages of a text come: without a sound, protected from being forwarded."""


async def open_channel(config: ChannelConfig) -> "TelegramChannel | None":
    """Needs `token`; `url` is another Bot API server. Connects with the first message."""
    if not config.token:
        return None
    return TelegramChannel(
        config.token,
        api=config.url or BOT_API,
        pace=config.pace,
        protect_content=config.protect_content,
        proxy=config.proxy,
    )


def normalise(address: str) -> str:
    """The id of a private chat in digits 0-9. A group has a negative id and is no family member, so it is refused.

    InvalidAddressError also for a @name, to which Telegram lets no bot write, and for a number that no chat can have.
    """
    number = address.strip()
    if not _PRIVATE_CHAT.fullmatch(number) or int(number) > _LARGEST_CHAT:
        raise InvalidAddressError
    return number


class TelegramChannel:
    """Sends to private chats. Telegram has no idempotency key and no receipts: "accepted" is all that it reports.

    A long text is sent in parts and accepted with the last. Where a later part must wait, the sent parts are
    remembered, and the same key continues there. Where an answer is lost, or after a restart, the whole text
    is sent again.
    """

    channel: ClassVar[str] = "telegram"

    def __init__(
        self,
        token: str,
        *,
        api: str = BOT_API,
        pace: float | None = 25.0,
        protect_content: bool = False,
        timeout: float = 10.0,
        proxy: str | None = None,
    ) -> None:
        silence_vendor_logs(
            "aiohttp.client", "telegram", "telegram.ext.ExtBot"
        )  # ExtBot logs its token when it is created
        self.limits = Limits(text=LONGEST_MESSAGE, concurrency=IN_FLIGHT, pace=pace, attachments=True)
        self._request = TelegramRequest(api, connections=IN_FLIGHT, timeout=timeout, proxy=proxy)
        self._file_urls = (f"{api}/bot{token}", f"{api}/file/bot{token}")
        self._bot = ExtBot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._request,
            get_updates_request=self._request,  # never used; a default one would hold more connections
            rate_limiter=AIORateLimiter(_BURST, _BURST / pace if pace else 0, max_retries=0),
        )
        self._protect_content = protect_content
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._chat_pace = Pace(1.0 if pace else 0.0)
        self._rate_refusals = PacingRefusals(within=1.0)
        self._unfinished = UnfinishedTexts()

    def normalise(self, address: str) -> str:
        """As the module's `normalise`."""
        return normalise(address)

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        """The receipt's reference is the ids of the messages, separated by commas."""
        address = require_discovered_address(normalise, address)
        sends = [partial(self._send_part, address, part) for part in self._parts(address, text)]
        return Receipt(Status.ACCEPTED, reference=await self._unfinished.send(key, sends))

    async def fetch_file(self, reference: str, *, most: int) -> bytes | None:
        """A file that a staff member sent to the bot, for channels that cannot send it by its reference."""
        return await self._request.download(*self._file_urls, reference, most=most)

    async def probe(self) -> PeerAnswer:
        """Asks for the bot's own name."""
        return await self._request.probe(self._file_urls[0])

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()

    def _parts(self, address: str, text: Text) -> list[Part]:
        """One file that Telegram stores, with the text as its caption where it fits; else the text, then the files."""
        *first, last = split_html_into_messages(text, longest=LONGEST_MESSAGE)
        how = {"disable_notification": text.silent, "protect_content": self._protect_content}
        match text.attachments:
            case (Attachment(reference=str()) as file,) if not first and telegram_html_fits_caption(last):
                return [self._file_part(address, file, how, caption=last, buttons=text.buttons)]
        parts: list[Part] = [self._message_part(address, page, how) for page in first]
        parts.append(self._message_part(address, last, how, buttons=text.buttons))
        return parts + [self._file_part(address, file, how) for file in text.attachments]

    def _message_part(self, address: str, html: str, how: _How, *, buttons: Rows = ()) -> Part:
        return lambda: self._bot.send_message(
            int(address),
            html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=_keyboard(buttons),
            **how,
        )

    def _file_part(self, address: str, file: Attachment, how: _How, *, caption: str = "", buttons: Rows = ()) -> Part:
        if file.reference is not None:
            return partial(self._send_stored_file, address, file, how, caption, buttons)
        return lambda: self._bot.send_document(int(address), file.content, filename=file.name, **how)

    async def _send_stored_file(
        self, address: str, file: Attachment, how: _How, caption: str, buttons: Rows
    ) -> Message:
        """A file that Telegram stores: as a photo, else as a document: a picture may be stored as either.

        A file that is gone is not the contact's fault, so its name is sent as text instead.
        """
        look: dict[str, Any] = {"caption": caption, "parse_mode": ParseMode.HTML, "reply_markup": _keyboard(buttons)}
        ways: list[Callable[..., Awaitable[Message]]] = [self._bot.send_document]
        if file.media_type.startswith("image/"):
            ways.insert(0, self._bot.send_photo)
        for send in ways:
            try:
                return await send(int(address), file.reference, **look, **how)
            except AnswerError as refusal:
                if refusal.code != HTTPStatus.BAD_REQUEST:
                    raise
        words = filter(None, (caption, escape(file.instead or file.name, quote=False)))
        return await self._message_part(address, "\n\n".join(words), how, buttons=buttons)()

    async def _send_part(self, address: str, part: Part) -> str:
        await self._chat_pace.wait_turn(address)
        failure: Failure
        try:
            async with self._in_flight:
                message = await part()
            self._rate_refusals.record_success()
            return str(message.message_id)
        except TelegramError as error:
            failure = self._failure_of(address, error)
        raise failure  # outside the except block: the chained error would quote URL and token

    def _failure_of(self, address: str, error: TelegramError) -> Failure:
        """A request that never left this machine may be repeated; one whose answer was lost may not."""
        if isinstance(error, NeverSentError):
            return UnavailableError(Reason.CHANNEL_DOWN)
        if not isinstance(error, AnswerError):
            return UncertainError()
        if error.code != HTTPStatus.TOO_MANY_REQUESTS:
            return _failure_of_answer(error)
        wait = timing.requested_waiting_time(error.parameters.get("retry_after"))
        is_channels = self._rate_refusals.is_channel_wide(address) or not error.is_from_telegram
        return UnavailableError(Reason.THROTTLED, retry_after=wait, channel_wide=is_channels)


def _failure_of_answer(answer: AnswerError) -> Failure:
    """What a refusal means: code and parameters first, text second. A proxy's page is about no chat and no message."""
    match answer.code:
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return RejectedError()
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:  # the token is wrong, no contact is
            return UnavailableError(Reason.CHANNEL_DOWN, channel_wide=True)
        case HTTPStatus.GATEWAY_TIMEOUT if not answer.is_from_telegram:
            return UncertainError()  # the proxy had forwarded the request and lost the answer
        case HTTPStatus.FORBIDDEN if answer.is_from_telegram:
            return RefusedError(Reason.BLOCKED)
        case HTTPStatus.BAD_REQUEST if answer.is_from_telegram:
            moved = type(answer.parameters.get("migrate_to_chat_id")) is int
            unknown = any(words in answer.description for words in _NO_SUCH_CHAT)
            return RefusedError(Reason.NO_SUCH_ADDRESS) if moved or unknown else RejectedError()
        case _:
            return UnavailableError(
                Reason.CHANNEL_DOWN, answered=answer.is_from_telegram and answer.code not in _GATEWAY_CODES
            )


def _keyboard(buttons: Rows) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each.label, callback_data=each.data, url=each.url) for each in row] for row in buttons]
    )

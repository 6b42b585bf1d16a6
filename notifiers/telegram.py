"""Telegram: python-telegram-bot pushes, paced under the Bot API's limits; receiving is not its business."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar

import httpx
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import NetworkError, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from core.errors import InvalidAddressError
from core.model.delivery import Attachment, Button, Reason, Receipt, Status, Text
from core.ports import Limits, RefusedError, UnavailableError, UncertainError
from notifiers.discovery import ChannelConfig
from notifiers.pacing import Pace
from notifiers.telegram_html import LONGEST, pages
from notifiers.vendor_logs import silence

BOT_API = "https://api.telegram.org"
IN_FLIGHT = 8
"""httpx is fastest so: its pool is searched for every request."""

_BURST = 3
"""So many may go at once, which makes up for waking late; a second never sees more than the pace and these."""

_PRIVATE_CHAT = re.compile(r"[1-9][0-9]{0,15}")
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_NO_SUCH_CHAT = ("chat not found", "user not found", "peer_id_invalid", "chat_id is empty")
_REMEMBERED = 1000

Failure = RefusedError | UnavailableError | UncertainError
Step = Callable[[], Awaitable[Message | None]]


async def open_channel(config: ChannelConfig) -> "TelegramChannel | None":
    """Needs `token`; `url` is another Bot API server. Nothing is asked of Telegram yet."""
    if not config.token:
        return None
    return TelegramChannel(
        config.token, api=config.url or BOT_API, pace=config.pace, protect_content=config.protect_content
    )


class TelegramChannel:
    """A private chat by its number. Telegram has no key against repeating and no receipts: accepted is all it says.

    A long text goes in parts and is accepted with the last. Where a later part is put off, the parts before it are
    remembered, and the same key goes on from there. Where its answer is lost, or after a restart, all is said again.
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
    ) -> None:
        silence("httpx", "httpcore", "telegram", "telegram.ext.ExtBot")  # the last logs its token when it is made
        self.limits = Limits(text=LONGEST, concurrency=IN_FLIGHT, pace=pace, attachments=True, receipts=False)
        self._request = _Request(connection_pool_size=IN_FLIGHT, read_timeout=timeout, connect_timeout=timeout)
        self._bot = ExtBot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._request,
            get_updates_request=self._request,  # never used; one of its own would hold more connections
            rate_limiter=AIORateLimiter(_BURST, _BURST / pace if pace else 0, max_retries=0),
        )
        self._protect_content = protect_content
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._chat_pace = Pace(1.0 if pace else 0.0)
        self._unfinished: dict[str, list[str]] = {}

    def normalise(self, address: str) -> str:
        """A private chat's number; a group is no family member, so its negative number is refused."""
        number = address.strip()
        if not _PRIVATE_CHAT.fullmatch(number):
            raise InvalidAddressError
        return number

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        """Accepted with the ids of the messages as its reference."""
        steps = self._steps(address, text)
        accepted = self._unfinished.pop(key, [])
        try:
            for step in steps[len(accepted) :]:
                accepted.append(await self._accepted(address, step))
        except UnavailableError:
            self._remember(key, accepted)
            raise
        return Receipt(Status.ACCEPTED, reference=",".join(filter(None, accepted)))

    async def close(self) -> None:
        """Give the connections back."""
        await self._request.shutdown()

    def _steps(self, address: str, text: Text) -> list[Step]:
        *first, last = pages(text)
        steps: list[Step] = [self._message(address, page) for page in first]
        steps.append(self._message(address, last, buttons=text.buttons))
        return steps + [self._document(address, attachment) for attachment in text.attachments]

    def _message(
        self, address: str, html: str, *, buttons: tuple[tuple[Button, ...], ...] = ()
    ) -> Callable[[], Awaitable[Message]]:
        return lambda: self._bot.send_message(
            int(address),
            html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            protect_content=self._protect_content,
            reply_markup=_keyboard(buttons),
        )

    def _document(self, address: str, attachment: Attachment) -> Step:
        if attachment.reference is not None:
            return partial(self._kept, int(address), attachment.media_type, attachment.reference)
        return lambda: self._bot.send_document(
            int(address), attachment.content, filename=attachment.name, protect_content=self._protect_content
        )

    async def _kept(self, chat: int, media_type: str, reference: str) -> Message | None:
        """A file that Telegram keeps, as it came: a photo, or a document that may be a picture too.

        One that it keeps no more is passed over: the words have been accepted and name it, and no contact is at fault.
        """
        protect = self._protect_content
        ways: list[Step] = [partial(self._bot.send_document, chat, reference, protect_content=protect)]
        if media_type.startswith("image/"):
            ways.insert(0, partial(self._bot.send_photo, chat, reference, protect_content=protect))
        for send in ways:
            try:
                return await send()
            except _AnswerError as refusal:
                if refusal.code != HTTPStatus.BAD_REQUEST:
                    raise
        return None

    async def _accepted(self, address: str, step: Step) -> str:
        """The message's id; "" for a file that was passed over."""
        await self._chat_pace.turn(address)
        failure: Failure
        try:
            async with self._in_flight:
                message = await step()
                return str(message.message_id) if message is not None else ""
        except TelegramError as error:
            failure = _judged(error)
        raise failure  # not in the handler: the vendor's error quotes URL and token

    def _remember(self, key: str, accepted: list[str]) -> None:
        if accepted:
            self._unfinished[key] = accepted
        if len(self._unfinished) > _REMEMBERED:
            del self._unfinished[next(iter(self._unfinished))]


class _AnswerError(TelegramError):
    """The Bot API's refusal with its code and parameters, which the library's own errors only keep as text."""

    def __init__(self, code: int, payload: bytes) -> None:
        super().__init__(HTTPStatus(code).phrase if code in set(HTTPStatus) else str(code))
        self.code = code
        try:
            said = json.loads(payload)
        except ValueError:
            said = {}
        answer: dict[str, Any] = said if isinstance(said, dict) else {}
        self.description = str(answer.get("description", "")).casefold()
        self.parameters: dict[str, Any] = answer.get("parameters") or {}


class _Request(HTTPXRequest):
    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        if code >= HTTPStatus.MULTIPLE_CHOICES:
            raise _AnswerError(code, payload)
        return code, payload


def _judged(error: TelegramError) -> Failure:
    """By code and parameters, text second. What never left this machine may be repeated; a lost answer may not."""
    if isinstance(error, _AnswerError):
        return _judged_answer(error)
    if isinstance(error, NetworkError) and isinstance(error.__cause__, _NEVER_SENT):
        return UnavailableError(Reason.CHANNEL_DOWN)
    return UncertainError()


def _judged_answer(answer: _AnswerError) -> Failure:
    match answer.code:
        case HTTPStatus.TOO_MANY_REQUESTS:
            wait = timedelta(seconds=float(answer.parameters.get("retry_after", 1)))
            return UnavailableError(Reason.THROTTLED, retry_after=wait, channel_wide=True)
        case HTTPStatus.FORBIDDEN:
            return RefusedError(Reason.BLOCKED)
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:  # a wrong token: nobody's contact is at fault
            return UnavailableError(Reason.CHANNEL_DOWN, channel_wide=True)
        case HTTPStatus.BAD_REQUEST | HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            moved = "migrate_to_chat_id" in answer.parameters
            unknown = any(words in answer.description for words in _NO_SUCH_CHAT)
            return RefusedError(Reason.NO_SUCH_ADDRESS if moved or unknown else Reason.REJECTED)
        case _:
            return UnavailableError(Reason.CHANNEL_DOWN)


def _keyboard(buttons: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each.label, callback_data=each.data, url=each.url) for each in row] for row in buttons]
    )

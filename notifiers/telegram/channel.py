"""Telegram: python-telegram-bot pushes, paced under the Bot API's limits; receiving is not its business."""

import asyncio
import re
from collections.abc import Awaitable, Callable
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
from core.ports import Limits, RefusedError, RejectedError, UnavailableError, UncertainError
from core.rules.delivery import timing
from notifiers.discovery import ChannelConfig, reachable
from notifiers.pacing import Pace, Refusals
from notifiers.telegram.html import LONGEST, fits_under_a_file, pages
from notifiers.telegram.request import AnswerError, NeverSentError, Request
from notifiers.vendor_logs import silence

BOT_API = "https://api.telegram.org"
IN_FLIGHT = 8
"""Sends at once; twice as many were no faster."""

_BURST = 3
"""So many may go at once, which makes up for waking late; a second never sees more than the pace and these."""

_PRIVATE_CHAT = re.compile(r"[1-9][0-9]{0,15}")
_LARGEST_CHAT = 2**52 - 1
"""Telegram: a chat's number has at most 52 significant bits."""

_NO_SUCH_CHAT = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_id is empty",
    "user_is_blocked",
    "input_user_deactivated",
)
_REMEMBERED = 1000
_OUTAGE = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
"""What Telegram's doorkeepers say when there is nobody behind them."""


Failure = RefusedError | RejectedError | UnavailableError | UncertainError
Rows = tuple[tuple[Button, ...], ...]
Step = Callable[[], Awaitable[Message]]


async def open_channel(config: ChannelConfig) -> "TelegramChannel | None":
    """Needs `token`; `url` is another Bot API server. Nothing is asked of Telegram yet."""
    if not config.token:
        return None
    return TelegramChannel(
        config.token, api=config.url or BOT_API, pace=config.pace, protect_content=config.protect_content
    )


def normalise(address: str) -> str:
    """A private chat's number in figures 0-9; a group is no family member, so its negative number is refused.

    InvalidAddressError also for a @name, which Telegram gives a bot no way to write to, and for a number that no chat
    can have.
    """
    number = address.strip()
    if not _PRIVATE_CHAT.fullmatch(number) or int(number) > _LARGEST_CHAT:
        raise InvalidAddressError
    return number


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
        silence("aiohttp.client", "telegram", "telegram.ext.ExtBot")  # the last logs its token when it is made
        self.limits = Limits(text=LONGEST, concurrency=IN_FLIGHT, pace=pace, attachments=True, receipts=False)
        self._request = Request(api, connections=IN_FLIGHT, timeout=timeout)
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
        self._halts = Refusals(within=1.0)
        self._unfinished: dict[str, list[str]] = {}

    def normalise(self, address: str) -> str:
        """As the module's `normalise`."""
        return normalise(address)

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        """Accepted with the ids of the messages as its reference."""
        address = reachable(normalise, address)
        steps = self._steps(address, text)
        accepted = self._unfinished.pop(key, [])
        try:
            for step in steps[len(accepted) :]:
                accepted.append(await self._accepted(address, step))
        except UnavailableError:
            self._remember(key, accepted)
            raise
        return Receipt(Status.ACCEPTED, reference=",".join(accepted))

    async def close(self) -> None:
        """Give the connections back."""
        await self._request.shutdown()

    def _steps(self, address: str, text: Text) -> list[Step]:
        """The words under a single file that Telegram keeps, where they fit; else the words, then the files."""
        *first, last = pages(text)
        match text.attachments:
            case (Attachment(reference=str()) as file,) if not first and fits_under_a_file(last):
                return [self._file(address, file, caption=last, buttons=text.buttons)]
        steps: list[Step] = [self._message(address, page) for page in first]
        steps.append(self._message(address, last, buttons=text.buttons))
        return steps + [self._file(address, file) for file in text.attachments]

    def _message(self, address: str, html: str, *, buttons: Rows = ()) -> Step:
        return lambda: self._bot.send_message(
            int(address),
            html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            protect_content=self._protect_content,
            reply_markup=_keyboard(buttons),
        )

    def _file(self, address: str, file: Attachment, *, caption: str = "", buttons: Rows = ()) -> Step:
        if file.reference is not None:
            return partial(self._kept, address, file, caption, buttons)
        return lambda: self._bot.send_document(
            int(address), file.content, filename=file.name, protect_content=self._protect_content
        )

    async def _kept(self, address: str, file: Attachment, caption: str, buttons: Rows) -> Message:
        """A file that Telegram keeps, as it came: a photo, or a document that may be a picture too.

        One that it keeps no more is no contact's fault, so words go instead.
        """
        look: dict[str, Any] = {"caption": caption, "parse_mode": ParseMode.HTML, "reply_markup": _keyboard(buttons)}
        ways: list[Callable[..., Awaitable[Message]]] = [self._bot.send_document]
        if file.media_type.startswith("image/"):
            ways.insert(0, self._bot.send_photo)
        for send in ways:
            try:
                return await send(int(address), file.reference, protect_content=self._protect_content, **look)
            except AnswerError as refusal:
                if refusal.code != HTTPStatus.BAD_REQUEST:
                    raise
        words = filter(None, (caption, escape(file.instead or file.name, quote=False)))
        return await self._message(address, "\n\n".join(words), buttons=buttons)()

    async def _accepted(self, address: str, step: Step) -> str:
        await self._chat_pace.turn(address)
        failure: Failure
        try:
            async with self._in_flight:
                message = await step()
            self._halts.served()
            return str(message.message_id)
        except TelegramError as error:
            failure = self._judged(address, error)
        raise failure  # not in the handler: the vendor's error quotes URL and token

    def _judged(self, address: str, error: TelegramError) -> Failure:
        """What never left this machine may be repeated; a lost answer may not."""
        if isinstance(error, NeverSentError):
            return UnavailableError(Reason.CHANNEL_DOWN)
        if not isinstance(error, AnswerError):
            return UncertainError()
        if error.code != HTTPStatus.TOO_MANY_REQUESTS:
            return _judged_answer(error)
        wait = timing.parsed_wait(error.parameters.get("retry_after"))
        is_channels = self._halts.is_everybodys(address) or not error.is_telegrams
        return UnavailableError(Reason.THROTTLED, retry_after=wait, channel_wide=is_channels)

    def _remember(self, key: str, accepted: list[str]) -> None:
        if accepted:
            self._unfinished[key] = accepted
        if len(self._unfinished) > _REMEMBERED:
            del self._unfinished[next(iter(self._unfinished))]


def _judged_answer(answer: AnswerError) -> Failure:
    """By code and parameters, text second; a page that is not Telegram's says nothing of a chat or a message."""
    match answer.code:
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return RejectedError()
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:  # a wrong token: nobody's contact is at fault
            return UnavailableError(Reason.CHANNEL_DOWN, channel_wide=True)
        case HTTPStatus.GATEWAY_TIMEOUT if not answer.is_telegrams:
            return UncertainError()  # the proxy handed it on and lost the answer
        case HTTPStatus.FORBIDDEN if answer.is_telegrams:
            return RefusedError(Reason.BLOCKED)
        case HTTPStatus.BAD_REQUEST if answer.is_telegrams:
            moved = type(answer.parameters.get("migrate_to_chat_id")) is int
            unknown = any(words in answer.description for words in _NO_SUCH_CHAT)
            return RefusedError(Reason.NO_SUCH_ADDRESS) if moved or unknown else RejectedError()
        case _:
            return UnavailableError(Reason.CHANNEL_DOWN, answered=answer.is_telegrams and answer.code not in _OUTAGE)


def _keyboard(buttons: Rows) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each.label, callback_data=each.data, url=each.url) for each in row] for row in buttons]
    )

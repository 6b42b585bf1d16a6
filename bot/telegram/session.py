"""Reads Telegram's answers for aiogram; an answer that cannot be read is a temporary error."""

import math
from collections.abc import AsyncGenerator, Mapping
from http import HTTPStatus
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    GetFile,
    Response,
    SendDocument,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType
from aiohttp import ClientError, ClientResponse, ClientTimeout

from bot.backoff import LONGEST
from bot.conversation.line.lenient_json import lenient_json
from notifiers.http_answers import NEVER_SENT
from notifiers.telegram.proxy import SocksConnector, socks_url

CONNECTING, ANSWERING = 5.0, 15.0
"""Seconds to connect, and for the answer of a call other than a long poll."""

LARGEST_ANSWER = 32 << 20
"""Bytes; a hundred of the longest possible updates take a tenth of it."""

EDIT_METHODS = (EditMessageText, EditMessageMedia, EditMessageReplyMarkup)
MESSAGE_METHODS = (SendMessage, SendPhoto, SendDocument, *EDIT_METHODS)
"""Methods whose answer is the message; nobody reads it, so it is not parsed into objects."""

REFUSALS: Mapping[int, type[TelegramAPIError]] = {
    HTTPStatus.BAD_REQUEST: TelegramBadRequest,
    HTTPStatus.UNAUTHORIZED: TelegramUnauthorizedError,
    HTTPStatus.FORBIDDEN: TelegramForbiddenError,
    HTTPStatus.NOT_FOUND: TelegramNotFound,
    HTTPStatus.CONFLICT: TelegramConflictError,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TelegramEntityTooLarge,
}


class AnswerLostError(TelegramNetworkError):
    """The call was sent, but its answer is missing or unreadable: Telegram may have executed it."""


class PageError(AnswerLostError):
    """An HTTP error that is not Telegram's own: probably a proxy's, but the call may have arrived."""


class FetchUpdates(TelegramMethod[list[Any]]):
    """getUpdates with raw updates: one unreadable update must not hide the others."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class TelegramSession(AiohttpSession):
    """Raises TelegramAPIError only, and bounds every number in it.

    A refusal is Telegram's own where the JSON repeats the code of the HTTP status; a proxy's page with 401 or 403 is
    not. AnswerLostError only where the call may have been accepted.
    """

    def __init__(self, api: TelegramAPIServer, *, proxy: str | None = None) -> None:
        socks = socks_url(proxy)
        super().__init__(api=api, timeout=ANSWERING, proxy=socks)
        self._http_proxy = None if socks else proxy
        if socks:
            self._connector_type = SocksConnector

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109  # aiogram's name
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: FBT001, FBT002  # aiogram's order
    ) -> AsyncGenerator[bytes, None]:
        """As aiogram does, but through the proxy, and no error quotes the URL: it holds the token."""
        session, limit = await self.create_session(), ClientTimeout(total=timeout)
        try:
            async with session.get(
                url, headers=headers, timeout=limit, raise_for_status=raise_for_status, proxy=self._http_proxy
            ) as response:
                async for chunk in response.content.iter_chunked(chunk_size):
                    yield chunk
        except (ClientError, TimeoutError):
            raise TelegramNetworkError(GetFile(file_id=""), "The file is out of reach") from None

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  # aiogram's name
    ) -> TelegramType:
        """`timeout`: seconds for the whole call. Errors quote no URL, since the token is part of it."""
        session = await self.create_session()
        backoff = ClientTimeout(total=timeout or self.timeout, sock_connect=CONNECTING)
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        form = self.build_form_data(bot, method)
        try:
            async with session.post(
                url, data=form, timeout=backoff, allow_redirects=False, proxy=self._http_proxy
            ) as response:
                status, body = response.status, await _body(response)
        except NEVER_SENT as error:
            raise TelegramNetworkError(method, type(error).__name__) from None
        except (ClientError, OSError, ValueError) as error:
            raise AnswerLostError(method, type(error).__name__) from None
        return _parse_answer(bot, method, status, body)


async def _body(response: ClientResponse) -> bytes:
    """The body; empty where it is larger than any answer of Telegram."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            return b""
    return bytes(body)


def _parse_answer(bot: Bot, method: TelegramMethod[TelegramType], status: int, body: bytes) -> TelegramType:
    answer = _json_object(body)
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise _refusal(method, status, answer)
    if answer.get("ok") is False:
        raise TelegramServerError(method, "refused, yet the status says done")
    if answer.get("ok") is not True:
        raise AnswerLostError(method, "no answer of Telegram")
    return _result(bot, method, answer)


def _json_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object of an answer; empty for anything else."""
    try:
        answer = lenient_json(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _result(bot: Bot, method: TelegramMethod[TelegramType], answer: Mapping[str, Any]) -> TelegramType:
    result = answer.get("result")
    if (isinstance(method, FetchUpdates) and isinstance(result, list)) or _is_expected(method, result):
        return cast("TelegramType", result)
    try:
        read = Response[method.__returning__].model_validate(answer, context={"bot": bot})  # type: ignore[name-defined]
    except ValueError as error:
        raise AnswerLostError(method, type(error).__name__) from None
    if read.result is None:
        raise AnswerLostError(method, "no result")
    return cast("TelegramType", read.result)


def _is_expected(method: TelegramMethod[Any], result: object) -> bool:
    """True where the answer has the expected form: a message, or True after AnswerCallbackQuery."""
    if isinstance(method, AnswerCallbackQuery):
        return result is True
    return isinstance(method, MESSAGE_METHODS) and isinstance(result, dict) and "message_id" in result


def _refusal(method: TelegramMethod[Any], status: int, answer: Mapping[str, Any]) -> TelegramAPIError:
    if answer.get("ok") is not False or answer.get("error_code") != status:
        return PageError(method, f"a page with status {status}")
    description = str(answer.get("description", ""))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return TelegramRetryAfter(method, description, _retry_after(answer.get("parameters")))
    return REFUSALS.get(status, TelegramServerError)(method, description)


def _retry_after(parameters: object) -> int:
    """Seconds that Telegram asks to wait, at most a minute; 0 for an invalid value."""
    asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
    is_wait = isinstance(asked, int | float) and not isinstance(asked, bool) and asked > 0
    return math.ceil(min(asked, LONGEST)) if is_wait and asked is not None else 0

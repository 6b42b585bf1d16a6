"""The one place that reads Telegram's answers: each is understood, or it is an error that says "not now"."""

import json
import math
from collections.abc import Mapping
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
    Response,
    SendDocument,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType
from aiohttp import ClientConnectorError, ClientError, ClientResponse, ClientTimeout, ConnectionTimeoutError

from bot.run.backoff import LONGEST

CONNECTING, ANSWERING = 5.0, 15.0
"""Seconds until Telegram is connected, and until it has answered a call that asks for no waiting."""

LARGEST = 32 << 20
"""Bytes; a hundred updates with everything that Telegram lets a person write are a tenth of it."""

EDITED = (EditMessageText, EditMessageMedia, EditMessageReplyMarkup)
SHOWN = (SendMessage, SendPhoto, SendDocument, *EDITED)
"""Calls whose answer is the message itself, buttons and all: nobody reads it, so no objects are made of it."""

REFUSALS: Mapping[int, type[TelegramAPIError]] = {
    HTTPStatus.BAD_REQUEST: TelegramBadRequest,
    HTTPStatus.UNAUTHORIZED: TelegramUnauthorizedError,
    HTTPStatus.FORBIDDEN: TelegramForbiddenError,
    HTTPStatus.NOT_FOUND: TelegramNotFound,
    HTTPStatus.CONFLICT: TelegramConflictError,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TelegramEntityTooLarge,
}


class AnswerLostError(TelegramNetworkError):
    """The call went out and no answer came that can be read: Telegram may have done it or not."""


class PageError(AnswerLostError):
    """A status of failure that is not Telegram's own: most likely the call never came so far, but nobody knows."""


class FetchUpdates(TelegramMethod[list[Any]]):
    """getUpdates, with the updates as Telegram wrote them: one that nobody can read must not hide the others."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class Session(AiohttpSession):
    """Every call raises nothing but TelegramAPIError, and every number in it is bounded.

    A refusal counts as Telegram's own where the body says so with the code of the HTTP status: a proxy's page of 401 or
    403 is none. AnswerLostError only where the call may have been accepted.
    """

    def __init__(self, api: TelegramAPIServer) -> None:
        super().__init__(api=api, timeout=ANSWERING)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  # under this name
    ) -> TelegramType:
        """`timeout`: seconds for the whole call. The texts of errors name no address, since the token is part of it."""
        session = await self.create_session()
        backoff = ClientTimeout(total=timeout or self.timeout, sock_connect=CONNECTING)
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        form = self.build_form_data(bot, method)
        try:
            async with session.post(url, data=form, timeout=backoff, allow_redirects=False) as response:
                status, body = response.status, await _body(response)
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise TelegramNetworkError(method, type(error).__name__) from None
        except (ClientError, OSError, ValueError) as error:
            raise AnswerLostError(method, type(error).__name__) from None
        return _understood(bot, method, status, body)


async def _body(response: ClientResponse) -> bytes:
    """Empty where it is larger than any answer of Telegram: the rest is not waited for."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LARGEST:
            return b""
    return bytes(body)


def _understood(bot: Bot, method: TelegramMethod[TelegramType], status: int, body: bytes) -> TelegramType:
    answer = _decoded(body)
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise _refusal(method, status, answer)
    if answer.get("ok") is False:
        raise TelegramServerError(method, "refused, yet the status says done")
    if answer.get("ok") is not True:
        raise AnswerLostError(method, "no answer of Telegram")
    return _result(bot, method, answer)


def _decoded(body: bytes) -> Mapping[str, Any]:
    """The object that an answer is, or an empty one: whatever else it may be says nothing."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _result(bot: Bot, method: TelegramMethod[TelegramType], answer: Mapping[str, Any]) -> TelegramType:
    result = answer.get("result")
    if (isinstance(method, FetchUpdates) and isinstance(result, list)) or _is_shown(method, result):
        return cast("TelegramType", result)
    try:
        read = Response[method.__returning__].model_validate(answer, context={"bot": bot})  # type: ignore[name-defined]
    except ValueError as error:
        raise AnswerLostError(method, type(error).__name__) from None
    if read.result is None:
        raise AnswerLostError(method, "no result")
    return cast("TelegramType", read.result)


def _is_shown(method: TelegramMethod[Any], result: object) -> bool:
    """Telegram answers with the message, or with True to a press; anything else may be anybody's."""
    if isinstance(method, AnswerCallbackQuery):
        return result is True
    return isinstance(method, SHOWN) and isinstance(result, dict) and "message_id" in result


def _refusal(method: TelegramMethod[Any], status: int, answer: Mapping[str, Any]) -> TelegramAPIError:
    if answer.get("ok") is not False or answer.get("error_code") != status:
        return PageError(method, f"a page with status {status}")
    description = str(answer.get("description", ""))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return TelegramRetryAfter(method, description, _wait(answer.get("parameters")))
    return REFUSALS.get(status, TelegramServerError)(method, description)


def _wait(parameters: object) -> int:
    """Seconds that Telegram asks to wait, a minute at most; 0 where it says nothing that can be a wait."""
    asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
    is_wait = isinstance(asked, int | float) and not isinstance(asked, bool) and asked > 0
    return math.ceil(min(asked, LONGEST)) if is_wait and asked is not None else 0

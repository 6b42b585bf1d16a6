"""HTTP for python-telegram-bot over aiohttp: its own httpx spent 40 % of a message's time on its connection pool."""

import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from core.model.delivery.states import Reason
from core.ports import PeerAnswer, UnavailableError
from notifiers.http_answers import NEVER_SENT, TOTAL_TIMEOUT, http_answer_clock, read_http_answer
from notifiers.telegram.proxy import connector_through, socks_url

_ERROR_CODES = range(400, 600)

Json = dict[str, Any]


class AnswerError(TelegramError):
    """A refusal with its code and parameters, which the library's own errors keep as text only.

    `is_from_telegram`: the Bot API answered `ok: false`, with whatever HTTP status; else the answer is a proxy's page.
    """

    def __init__(self, status: int, answer: Json, *, retry_after: str | None = None) -> None:
        self.is_from_telegram = answer.get("ok") is False
        said = answer.get("error_code") if self.is_from_telegram else None
        self.code = said if type(said) is int and said in _ERROR_CODES else status
        super().__init__(HTTPStatus(self.code).phrase if self.code in set(HTTPStatus) else str(self.code))
        self.description = str(answer.get("description", "")).casefold()
        parameters = answer.get("parameters")
        self.parameters: Json = parameters if isinstance(parameters, dict) else {}
        if not self.is_from_telegram:
            self.parameters = {"retry_after": retry_after}


class NeverSentError(NetworkError):
    """The request never left this machine, so it may be repeated."""


class TelegramRequest(BaseRequest):
    """One connection pool, opened with the first request, through `proxy`, or the machine's proxy for `api` if any.

    `timeout`: seconds to connect, and seconds without data.
    """

    def __init__(self, api: str, *, connections: int, timeout: float, proxy: str | None = None) -> None:
        super().__init__()
        self._proxy = proxy or _proxy_for(api)
        self._connections = connections
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds without data."""
        return self._timeout

    async def initialize(self) -> None:
        """Required by the library; the pool opens with the first request."""

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_timeouts: object, **_more: object
    ) -> tuple[int, bytes]:
        """Raises AnswerError, NeverSentError, or NetworkError where it may have arrived; none quotes the URL (Q103)."""
        failure: NetworkError
        try:
            async with self._open_session().request(
                method, url, allow_redirects=False, **_request_arguments(request_data)
            ) as answer:
                said = _json_object(await read_http_answer(answer))
        except NEVER_SENT as error:
            failure = NeverSentError(type(error).__name__)
        except Exception as error:  # noqa: BLE001  any error after sending may mean that it was accepted
            failure = NetworkError(type(error).__name__)
        else:
            if answer.status >= HTTPStatus.MULTIPLE_CHOICES or said.get("ok") is False:
                raise AnswerError(answer.status, said, retry_after=answer.headers.get("Retry-After"))
            return answer.status, _message_id_only(said)
        raise failure

    async def probe(self, bot_url: str) -> PeerAnswer:
        """`getMe`: Telegram's clock and the bot's name. UnavailableError, `channel_wide` where the token is refused."""
        failure = UnavailableError(Reason.CHANNEL_DOWN)
        with suppress(Exception):  # whatever happens, there was no answer; the error may quote the token
            async with self._open_session().post(f"{bot_url}/getMe", json={}, allow_redirects=False) as answer:
                result = _json_object(await read_http_answer(answer)).get("result")
                if answer.status == HTTPStatus.OK and isinstance(result, dict):
                    return PeerAnswer(http_answer_clock(answer), str(result.get("username") or "") or None)
                refused = answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}
                failure = UnavailableError(Reason.CHANNEL_DOWN, channel_wide=refused)
        raise failure

    async def download(self, bot_url: str, file_url: str, reference: str, *, most: int) -> bytes | None:
        """A stored file of up to `most` bytes, by `getFile`; None where it is gone, too long, or not to be had now."""
        try:
            async with self._open_session().post(f"{bot_url}/getFile", json={"file_id": reference}) as answer:
                result = _json_object(await read_http_answer(answer)).get("result")
            path = result.get("file_path") if isinstance(result, dict) else None
            if not isinstance(path, str):
                return None
            async with self._open_session().get(f"{file_url}/{path}", allow_redirects=False) as answer:
                content = await read_http_answer(answer, longest=most)
        except Exception:  # noqa: BLE001  whatever happens, the message goes without the file and names it
            return None
        return content if answer.status == HTTPStatus.OK and 0 < len(content) <= most else None

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=connector_through(self._proxy, connections=self._connections),
                timeout=aiohttp.ClientTimeout(TOTAL_TIMEOUT, sock_connect=self._timeout, sock_read=self._timeout),
                proxy=None if socks_url(self._proxy) else self._proxy,
            )
        return self._session


def _json_object(payload: bytes) -> Json:
    """The JSON object; empty for anything else: a page, half an answer, a list, a number of too many digits."""
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _message_id_only(said: Json) -> bytes:
    """The answer to a sent message with its id alone, so that no change elsewhere in the answer breaks its parsing.

    NetworkError without an id: the message may have been accepted.
    """
    result = said.get("result")
    number = result.get("message_id") if isinstance(result, dict) else None
    if said.get("ok") is not True or type(number) is not int or number <= 0:
        raise NetworkError("unreadable answer")
    # what the library needs to build a Message; date and chat are never read
    message = {"message_id": number, "date": 0, "chat": {"id": 1, "type": "private"}}
    return json.dumps({"ok": True, "result": message}).encode()


def _proxy_for(url: str) -> str | None:
    """Looked up once: aiohttp's `trust_env` reads the environment and a .netrc file for every request."""
    peer = urlsplit(url)
    return None if proxy_bypass(peer.hostname or "") else getproxies().get(peer.scheme)


def _request_arguments(data: RequestData | None) -> dict[str, Any]:
    if data is None or not data.contains_files:
        return {"json": data.parameters if data else {}}
    form = aiohttp.FormData(data.json_parameters, quote_fields=False)  # the name is shown as it is sent
    for name, (filename, content, media_type) in data.multipart_data.items():
        shown = "".join(filter(str.isprintable, filename))
        form.add_field(name, content, filename=shown, content_type=media_type)
    return {"data": form}

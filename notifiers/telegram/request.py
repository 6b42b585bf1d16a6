"""python-telegram-bot over aiohttp: httpx searches its pool for every request, which was 40 % of a message's time."""

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from notifiers.http_answers import LONGEST_WAIT, NEVER_SENT, read_answer

_ERROR_CODES = range(400, 600)

Json = dict[str, Any]


class AnswerError(TelegramError):
    """A refusal with its code and parameters, which the library's own errors only keep as text.

    `is_telegrams`: the Bot API's own `ok: false`, with an HTTP status of 200 too; else a page of something on the way.
    """

    def __init__(self, status: int, answer: Json, *, retry_after: str | None = None) -> None:
        self.is_telegrams = answer.get("ok") is False
        said = answer.get("error_code") if self.is_telegrams else None
        self.code = said if type(said) is int and said in _ERROR_CODES else status
        super().__init__(HTTPStatus(self.code).phrase if self.code in set(HTTPStatus) else str(self.code))
        self.description = str(answer.get("description", "")).casefold()
        parameters = answer.get("parameters")
        self.parameters: Json = parameters if isinstance(parameters, dict) else {}
        if not self.is_telegrams:
            self.parameters = {"retry_after": retry_after}


class NeverSentError(NetworkError):
    """Nothing of the request has left this machine, so it may be repeated."""


class Request(BaseRequest):
    """One pool of connections that opens with the first request, over the machine's proxy to `api` if it names one.

    `timeout`: seconds to connect, and of silence.
    """

    def __init__(self, api: str, *, connections: int, timeout: float) -> None:
        super().__init__()
        self._proxy = _proxy(api)
        self._connections = connections
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds of silence."""
        return self._timeout

    async def initialize(self) -> None:
        """Nothing is opened yet."""

    async def shutdown(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_timeouts: object, **_more: object
    ) -> tuple[int, bytes]:
        """Raises AnswerError, NeverSentError, or NetworkError for what may have arrived; none quotes the URL (Q103)."""
        failure: NetworkError
        try:
            async with self._opened().request(method, url, allow_redirects=False, **_body(request_data)) as answer:
                said = _json(await read_answer(answer))
        except NEVER_SENT as error:
            failure = NeverSentError(type(error).__name__)
        except Exception as error:  # noqa: BLE001  whatever breaks while it answers may come after it was taken
            failure = NetworkError(type(error).__name__)
        else:
            if answer.status >= HTTPStatus.MULTIPLE_CHOICES or said.get("ok") is False:
                raise AnswerError(answer.status, said, retry_after=answer.headers.get("Retry-After"))
            return answer.status, _number_alone(said)
        raise failure

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                timeout=aiohttp.ClientTimeout(LONGEST_WAIT, sock_connect=self._timeout, sock_read=self._timeout),
                proxy=self._proxy,
            )
        return self._session


def _json(payload: bytes) -> Json:
    """Empty for whatever is no JSON object: a page, half an answer, a bare list, a number that no machine holds."""
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _number_alone(said: Json) -> bytes:
    """The answer to a message that was sent, cut down to the message's number: all else may change as it likes.

    NetworkError where there is none: the message may have been taken.
    """
    result = said.get("result")
    number = result.get("message_id") if isinstance(result, dict) else None
    if said.get("ok") is not True or type(number) is not int or number <= 0:
        raise NetworkError("unreadable answer")
    message = {"message_id": number, "date": 0, "chat": {"id": 1, "type": "private"}}
    return json.dumps({"ok": True, "result": message}).encode()


def _proxy(url: str) -> str | None:
    """Asked once: aiohttp's `trust_env` would read the environment and a .netrc for every request."""
    peer = urlsplit(url)
    return None if proxy_bypass(peer.hostname or "") else getproxies().get(peer.scheme)


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None or not data.contains_files:
        return {"json": data.parameters if data else {}}
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, media_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return {"data": form}

"""python-telegram-bot over aiohttp: httpx searches its pool for every request, which was 40 % of a message's time."""

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

_LONGEST = 60.0
"""Seconds for all of a request, the upload of a file included."""


class AnswerError(TelegramError):
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
                payload = await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            failure = NeverSentError(type(error).__name__)
        except (aiohttp.ClientError, TimeoutError) as error:
            failure = NetworkError(type(error).__name__)
        else:
            if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                raise AnswerError(answer.status, payload)
            return answer.status, payload
        raise failure

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                timeout=aiohttp.ClientTimeout(_LONGEST, sock_connect=self._timeout, sock_read=self._timeout),
                proxy=self._proxy,
            )
        return self._session


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

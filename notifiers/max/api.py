"""Calls of the MAX Bot API over aiohttp, for pushing and for the conversation; a call is never repeated here."""

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from core.model.delivery.states import Reason
from core.ports import PeerAnswer, UnavailableError
from notifiers.certificates import trusted_certificates
from notifiers.http_answers import (
    NEVER_SENT,
    TOTAL_TIMEOUT,
    http_answer_clock,
    http_answer_without_retry,
    read_http_answer,
)
from notifiers.max.addresses import MaxAddressResolver, is_max_address_fetchable
from notifiers.max.limits import PLATFORM, Json
from notifiers.pacing import PacingWindow
from notifiers.peer_url import is_peer_url_loopback
from notifiers.vendor_logs import silence_vendor_logs

NOT_READY = "attachment.not.ready"
LARGEST_ANSWER = 32 << 20
"""Bytes; a hundred of the longest possible updates take a tenth of it."""

_CONNECTIONS = 8


def _message_id(said: Json) -> str | None:
    """The id of the message that an answer names; None for an answer that names none."""
    message = said.get("message")
    body = message.get("body") if isinstance(message, dict) else None
    number = body.get("mid") if isinstance(body, dict) else None
    return number if isinstance(number, str) and number else None


def _is_done(said: Json) -> bool:
    return said.get("success") is True


_WANTED: Mapping[str, Callable[[Json], object]] = {
    "POST /messages": _message_id,
    "POST /answers": _is_done,
    "POST /subscriptions": _is_done,
    "DELETE /subscriptions": _is_done,
    "GET /updates": lambda said: isinstance(said.get("updates"), list),
}
"""What the answer of a call must say. JSON of another kind is a stranger's: nobody knows what became of the call."""


class MaxError(Exception):
    """A call that failed; the texts quote no address and no token (Q103)."""


class NotLeftError(MaxError):
    """The call never left this machine: no connection, no trusted certificate. It may be repeated."""


class NoAnswerError(MaxError):
    """The call may have been executed: its answer is missing, a page of a proxy, or unreadable.

    `is_page`: a proxy answered in MAX's place, so MAX is away. One that waited in vain (504) had forwarded the call.
    """

    def __init__(self, kind: str, *, status: int = HTTPStatus.OK) -> None:
        super().__init__(kind)
        self.is_page = status >= HTTPStatus.MULTIPLE_CHOICES and status != HTTPStatus.GATEWAY_TIMEOUT


class RefusedCallError(MaxError):
    """MAX itself refuses the call; `status` is 200 where only `success` is false."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}"[:80])
        self.status = status
        self.code = code
        self.is_not_ready = NOT_READY in f"{code} {message}"


class UploadRefusedError(RefusedCallError):
    """MAX refuses to take a file: no message was sent, and nothing is said of any dialog."""


@dataclass(frozen=True, slots=True)
class _HttpAnswer:
    """An answer as it came; `clock`: the peer's, where it tells it."""

    status: int
    payload: bytes
    clock: datetime | None


class MaxApi:
    """One bot's calls. The token goes to `api` only; files go to other servers without it.

    `pace`: requests a second; `ca`: certificates that are trusted beside the system's own; `loads` reads the JSON of
    answers, ValueError for none. ValueError for a file of certificates that cannot be read.
    """

    def __init__(
        self,
        token: str,
        *,
        api: str | None = None,
        ca: Path | None = None,
        pace: float | None = None,
        timeout: float = 10.0,
        loads: Callable[[bytes], object] = json.loads,
    ) -> None:
        silence_vendor_logs("aiohttp.client")
        self.token = token
        self.pace = PacingWindow.of_pace(pace)
        self._api = (api or PLATFORM).rstrip("/")
        self._is_here = is_peer_url_loopback(urlsplit(self._api).hostname or "")
        self._trusted = trusted_certificates(ca)
        self._timeout = timeout
        self._loads = loads
        self._session: aiohttp.ClientSession | None = None
        self._files: aiohttp.ClientSession | None = None

    async def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
        wait: float = 0.0,
    ) -> Json:
        """The answer of a call. `wait`: seconds that the answer may take in addition. Raises MaxError only."""
        async with self.pace.place(is_held_back=wait > 0):
            answer = await self._exchange(method, path, query or {}, body, wait)
        said = self._read(answer.status, answer.payload)
        if not _WANTED.get(f"{method} {path}", bool)(said):
            raise NoAnswerError(f"not the answer of {path}")
        return said

    async def probe(self) -> PeerAnswer:
        """MAX's clock and the bot's name. UnavailableError, `channel_wide` where the token is refused."""
        failure = UnavailableError(Reason.CHANNEL_DOWN)
        try:
            async with self.pace.place():
                answer = await self._exchange("GET", "/me", {}, None, 0.0)
            name = self._read(answer.status, answer.payload).get("username")
            return PeerAnswer(answer.clock, name if isinstance(name, str) and name else None)
        except RefusedCallError as refused:
            failure.channel_wide = refused.status == HTTPStatus.UNAUTHORIZED
        except MaxError:
            pass
        raise failure

    async def upload(self, kind: str, name: str, content: bytes) -> Json:
        """The payload of an attachment with this content; `kind`: image or file. UploadRefusedError, NotLeftError.

        An upload shows nobody anything, so it may be repeated, whatever became of it.
        """
        try:
            return _uploaded(await self._upload(kind, name, content))
        except RefusedCallError as refused:
            raise UploadRefusedError(refused.status, refused.code, "") from None
        except NoAnswerError as lost:
            raise NotLeftError(str(lost)) from None

    async def download(self, url: str, *, most: int) -> bytes | None:
        """A file of up to `most` bytes; None where it is gone, longer, or not to be had now."""
        if not is_max_address_fetchable(url, is_api_here=self._is_here):
            return None
        try:
            async with self._file_session().get(url, allow_redirects=False) as response:
                content = await read_http_answer(response, longest=most)
        except Exception:  # noqa: BLE001  whatever happens, the file is not to be had
            return None
        return content if response.status == HTTPStatus.OK and 0 < len(content) <= most else None

    async def close(self) -> None:
        """Close the connections."""
        for session in (self._session, self._files):
            if session is not None:
                await session.close()

    async def _upload(self, kind: str, name: str, content: bytes) -> Json:
        place = (await self.call("POST", "/uploads", query={"type": kind})).get("url")
        if not isinstance(place, str) or not is_max_address_fetchable(place, is_api_here=self._is_here):
            raise RefusedCallError(HTTPStatus.OK, "upload.address", "")
        form = aiohttp.FormData(quote_fields=False)  # the name is shown as it is sent
        form.add_field("data", content, filename="".join(filter(str.isprintable, name)))
        try:
            async with self._file_session().post(place, data=form, allow_redirects=False) as response:
                status, payload = response.status, await read_http_answer(response)
        except Exception as error:  # noqa: BLE001  aiohttp, sockets and TLS raise anything
            raise NoAnswerError(type(error).__name__) from None
        if status == HTTPStatus.UNAUTHORIZED:
            raise NoAnswerError("401, yet this server was shown no token")
        return self._read(status, payload)

    async def _exchange(
        self, method: str, path: str, query: Mapping[str, str | int], body: Mapping[str, Any] | None, wait: float
    ) -> _HttpAnswer:
        limit = aiohttp.ClientTimeout(TOTAL_TIMEOUT + wait, sock_connect=self._timeout, sock_read=self._timeout + wait)
        try:
            async with self._open_session().request(
                method, f"{self._api}{path}", params=query, json=body, timeout=limit, allow_redirects=False
            ) as response:
                payload = await read_http_answer(response, longest=LARGEST_ANSWER)
                return _HttpAnswer(response.status, payload, http_answer_clock(response))
        except NEVER_SENT as error:
            raise NotLeftError(type(error).__name__) from None
        except Exception as error:  # noqa: BLE001  any error after sending may mean that it was accepted
            raise NoAnswerError(type(error).__name__) from None

    def _read(self, status: int, payload: bytes) -> Json:
        """The JSON of an answer that is MAX's own; a refusal has `code` and `message`, or `success: false`."""
        said = self._json_object(payload)
        if said is None:
            raise NoAnswerError(f"no JSON, status {status}", status=status)
        code, message = said.get("code"), said.get("message")
        words = str(code or ""), message if isinstance(message, str) else ""
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            if not isinstance(code, str):
                raise NoAnswerError(f"no answer of MAX, status {status}", status=status)
            raise RefusedCallError(status, *words)
        if said.get("success") is False:
            raise RefusedCallError(status, *words)
        return said

    def _json_object(self, payload: bytes) -> Json | None:
        try:
            said = self._loads(payload)
        except (ValueError, RecursionError):
            return None
        return said if isinstance(said, dict) else None

    def _open_session(self) -> aiohttp.ClientSession:
        """Without keep-alive: a connection that the peer has closed while idle looks like a lost answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=_connector(self._trusted),
                headers={"Authorization": self.token},
                middlewares=(http_answer_without_retry,),
            )
        return self._session

    def _file_session(self) -> aiohttp.ClientSession:
        if self._files is None:
            resolver = None if self._is_here else MaxAddressResolver()
            limit = aiohttp.ClientTimeout(TOTAL_TIMEOUT, sock_connect=self._timeout, sock_read=self._timeout)
            self._files = aiohttp.ClientSession(connector=_connector(self._trusted, resolver), timeout=limit)
        return self._files


def _connector(trusted: ssl.SSLContext, resolver: MaxAddressResolver | None = None) -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(limit=_CONNECTIONS, force_close=True, ssl=trusted, resolver=resolver)


def _uploaded(said: Json) -> Json:
    """What an attachment names: the token of a file, or those of an image."""
    if isinstance(said.get("token"), str):
        return {"token": said["token"]}
    photos = said.get("photos")
    if isinstance(photos, dict) and photos:
        return {"photos": photos}
    raise NoAnswerError("no token")

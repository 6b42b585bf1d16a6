"""HTTP answers, shared by channels: how much of one is read, which errors mean that nothing was sent."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

TOTAL_TIMEOUT = 60.0
"""Seconds for a whole request, an upload included: a read timeout alone never ends for a peer that trickles bytes."""


class NotConnectedError(aiohttp.ClientConnectionError):
    """No connection came about, whatever the reason; it quotes no host and no login."""


NEVER_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    NotConnectedError,
)
"""The request never left this machine, or its proxy refused the connection: it may be repeated."""

_LONGEST_BODY = 1 << 20


async def http_answer_without_retry(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """A middleware that stops aiohttp's own retry of a GET or PUT whose answer was lost: it may send a second message.

    aiohttp retries after ClientOSError and ServerDisconnectedError only, so another error is raised instead.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
        raise aiohttp.ClientError from None


def http_answer_clock(response: aiohttp.ClientResponse) -> datetime | None:
    """The peer's clock in UTC by the header `Date`; None where there is none."""
    try:
        return parsedate_to_datetime(response.headers.get("Date", "")).astimezone(UTC)
    except (TypeError, ValueError):
        return None


async def read_http_answer(response: aiohttp.ClientResponse, *, longest: int = _LONGEST_BODY) -> bytes:
    """The body, up to a little over `longest` bytes: no answer that we can read is longer than 1 MiB."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > longest:
            break
    return bytes(body)

"""HTTP answers, shared by channels: how much of one is read, which errors mean that nothing was sent."""

import aiohttp

TOTAL_TIMEOUT = 60.0
"""Seconds for a whole request, an upload included: a read timeout alone never ends for a peer that trickles bytes."""

NEVER_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)
"""The request never left this machine, or its proxy refused the connection: it may be repeated."""

_LONGEST_BODY = 1 << 20


async def read_http_answer(response: aiohttp.ClientResponse, *, longest: int = _LONGEST_BODY) -> bytes:
    """The body, up to a little over `longest` bytes: no answer that we can read is longer than 1 MiB."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > longest:
            break
    return bytes(body)

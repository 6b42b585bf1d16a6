"""What the channels over HTTP know of an answer: how much of it is read, which errors come before anything is sent."""

import aiohttp

LONGEST_WAIT = 60.0
"""Seconds for all of a request, an upload included: a peer that sends a letter now and then is as good as silent."""

NEVER_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)
"""Nothing of the request has left this machine, or its proxy would not open the way: it may be repeated."""

_LONGEST = 1 << 20


async def read_answer(response: aiohttp.ClientResponse) -> bytes:
    """The body, or its first MiB: no answer that we understand is longer."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > _LONGEST:
            break
    return bytes(body)

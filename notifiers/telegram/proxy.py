"""The way to Telegram through a SOCKS proxy of the network; an HTTP proxy is named by each request."""

import re

import aiohttp
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from aiohttp_socks import ProxyConnector

from notifiers.http_answers import NotConnectedError

_SOCKS = re.compile(r"(socks[45])[ah]?(://.*)", re.DOTALL)


class SocksConnector(ProxyConnector):
    """Connects through a SOCKS proxy, which looks the names up too: the network's own answers may be forged.

    Nothing was sent where that fails, so each error on the way is NotConnectedError: a proxy that refuses, hangs or
    speaks something else, and a certificate that nobody trusts.
    """

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  # aiohttp's name
    ) -> Connection:
        """As aiohttp's own."""
        try:
            return await super().connect(req, traces, timeout)
        except Exception as error:  # noqa: BLE001  libraries, sockets and TLS raise anything; their texts name hosts
            raise NotConnectedError(type(error).__name__) from None


def socks_url(proxy: str | None) -> str | None:
    """The URL of a SOCKS proxy as its library reads it; None for any other proxy, and for none."""
    found = _SOCKS.fullmatch(proxy or "")
    return found[1] + found[2] if found else None


def connector_through(proxy: str | None, *, connections: int) -> aiohttp.TCPConnector:
    """At most so many connections, through the proxy if it is a SOCKS proxy."""
    socks = socks_url(proxy)
    if socks is None:
        return aiohttp.TCPConnector(limit=connections)
    return SocksConnector.from_url(socks, rdns=True, limit=connections)

"""Addresses that MAX names for uploads and files: https, and never within a private network."""

import ipaddress
import socket
from urllib.parse import urlsplit

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from notifiers.peer_url import is_peer_url_loopback


def is_max_address_fetchable(url: str, *, is_api_here: bool) -> bool:
    """Whether an address that MAX names may be called; on this machine only where the API itself is there."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if is_peer_url_loopback(host):
        return is_api_here and parts.scheme in {"http", "https"}
    return bool(host) and parts.scheme == "https" and parts.username is None and _is_public(host)


def _is_public(host: str) -> bool:
    """A name is looked up later, by `MaxAddressResolver`."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True


class MaxAddressResolver(AbstractResolver):
    """Looks names up and leaves out private addresses, so that no name leads into the school's network."""

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The public addresses; OSError where there are none."""
        found = [each for each in await self._resolver.resolve(host, port, family) if _is_public(each["host"])]
        if not found:
            raise OSError("no public address")
        return found

    async def close(self) -> None:
        """Nothing to close."""
        await self._resolver.close()

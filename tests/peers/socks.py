"""A SOCKS5 proxy on this machine: checks the handshake (RFC 1928, 1929) and leads every name to one port here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from tests.peers.raw_server import raw_server

SUCCEEDED, REFUSED = 0, 5
NAME_AND_PASSWORD, NO_METHOD = 2, 0xFF

Manner = Literal["serves", "refuses", "hangs", "hangs_up", "speaks_http", "is_away"]


@dataclass(slots=True)
class SocksProxy:
    """`asked`: who wanted to go where, names as they were sent; `target`: the port to which all of them lead."""

    target: int
    login: tuple[str, str] = ("school", "s3cr:t")
    manner: Manner = "serves"
    port: int = 0
    asked: list[tuple[tuple[str, str], str, int]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        version, count = await reader.readexactly(2)
        assert (version, NAME_AND_PASSWORD in await reader.readexactly(count)) == (5, True)
        if self.manner == "hangs":
            await asyncio.sleep(60)
        if self.manner in {"hangs_up", "speaks_http"}:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" if self.manner == "speaks_http" else b"")
            return
        writer.write(bytes([5, NAME_AND_PASSWORD]))
        assert await reader.readexactly(1) == b"\x01"
        login = await _text(reader), await _text(reader)
        writer.write(bytes([1, login != self.login]))
        head = await reader.readexactly(4)
        assert head == b"\x05\x01\x00\x03", "the name is looked up by the proxy"
        host, port = await _text(reader), int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append((login, host, port))
        code = REFUSED if self.manner == "refuses" else SUCCEEDED
        writer.write(bytes([5, code, 0, 1, 127, 0, 0, 1, 0, 0]))
        if code == SUCCEEDED:
            await _join(reader, writer, *await asyncio.open_connection("127.0.0.1", self.target))


@asynccontextmanager
async def socks_proxy(target: int, *, manner: Manner = "serves") -> AsyncIterator[SocksProxy]:
    """The proxy while the block runs."""
    proxy = SocksProxy(target, manner=manner)
    async with raw_server(proxy.serve) as proxy.port:
        if manner != "is_away":
            yield proxy
    if manner == "is_away":
        yield proxy


async def _text(reader: asyncio.StreamReader) -> str:
    """A text behind its length."""
    return (await reader.readexactly((await reader.readexactly(1))[0])).decode()


async def _join(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    there: asyncio.StreamReader,
    back: asyncio.StreamWriter,
) -> None:
    await asyncio.gather(_pump(reader, back), _pump(there, writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(1 << 16):
            sink.write(piece)
            await sink.drain()
    finally:
        sink.close()

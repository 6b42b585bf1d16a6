"""A mailbox on loopback that speaks as much IMAP as the product's reader asks for."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_COMMAND = re.compile(rb"(?P<tag>\S+) (?P<name>(?:UID )?\S+) ?(?P<rest>.*)", re.IGNORECASE)
_NUMBERS = re.compile(rb"[\d,]+")


@dataclass(slots=True)
class MailboxServer:
    """The letters of the mailbox; `seen`: the numbers, from 1 on, of those that were marked."""

    letters: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """Serves while the block runs; the port in use."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while (line := await reader.readline()) and (asked := _COMMAND.match(line.strip())):
            name = asked["name"].upper()
            for said in self._answer(name, asked["rest"]):
                writer.write(said + b"\r\n")
            writer.write(asked["tag"] + b" OK done\r\n")
            await writer.drain()
            if name == b"LOGOUT":
                break
        writer.close()

    def _answer(self, name: bytes, rest: bytes) -> Sequence[bytes]:
        match name:
            case b"CAPABILITY":
                return [b"* CAPABILITY IMAP4rev1"]
            case b"SELECT" | b"EXAMINE":
                return [b"* %d EXISTS" % len(self.letters)]
            case b"UID SEARCH":
                unseen = [number for number in range(1, len(self.letters) + 1) if number not in self.seen]
                return [b" ".join([b"* SEARCH", *(b"%d" % number for number in unseen)])]
            case b"UID FETCH":
                number = int(_numbers(rest)[0])
                letter = self.letters[number - 1]
                return [b"* %d FETCH (UID %d BODY[]<0> {%d}" % (number, number, len(letter)), letter + b")"]
            case b"UID STORE":
                self.seen |= set(_numbers(rest))
        return []


def _numbers(rest: bytes) -> Sequence[int]:
    found = _NUMBERS.match(rest)
    return [int(number) for number in found[0].split(b",")] if found else []

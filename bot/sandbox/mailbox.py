"""The families' mailboxes: an SMTP server on loopback that keeps what it is given, by address."""

import asyncio
import email
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.sandbox.bot_api.spoilt import wait_for_spoilt_connection
from bot.sandbox.faults import FaultKind, Peer, SandboxFault, SandboxFaults
from bot.sandbox.feed import SandboxFeed

NO_SUCH_ADDRESS = "550 5.1.1 No such address here"


@dataclass(frozen=True, slots=True)
class SandboxMail:
    """A mail as it arrived for one address; ``text`` and ``html`` are empty where the mail has no such part.

    ``lost``: the answer to it was spoilt, so its sender does not know that it arrived.
    """

    number: int
    address: str
    sender: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    raw: bytes = field(repr=False)
    date: int
    attachments: tuple[str, ...] = ()
    lost: bool = False

    def as_json(self) -> dict[str, Any]:
        """The mail for the page and for reading out."""
        return {name: value for name, value in asdict(self).items() if name != "raw"}


class SandboxMailbox:
    """All mails, oldest first; ``mailbox[address]`` are those of one address."""

    def __init__(self, feed: SandboxFeed, faults: SandboxFaults | None = None) -> None:
        self._mails: list[SandboxMail] = []
        self.refused: set[str] = set()
        """Addresses in lower case that are refused with 550 at RCPT."""

        self._numbers = itertools.count(1)
        self._feed = feed
        self._faults = SandboxFaults() if faults is None else faults

    def __getitem__(self, address: str) -> list[SandboxMail]:
        return [mail for mail in self._mails if mail.address == address.lower()]

    def __iter__(self) -> Iterator[SandboxMail]:
        return iter(self._mails)

    def __len__(self) -> int:
        return len(self._mails)

    @asynccontextmanager
    async def serving(self, host: str, port: int) -> AsyncIterator[int]:
        """Serve SMTP while the block runs; the port in use."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(self, hostname="sandbox", enable_SMTPUTF8=True), host, port)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await server.wait_closed()

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd finds it by this name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take every sender."""
        if reply := await self._apply_fault("MAIL", server):
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 -- as above
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take every address but the refused ones."""
        if reply := await self._apply_fault("RCPT", server):
            return reply
        if address.lower() in self.refused:
            return NO_SUCH_ADDRESS
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        """One mail a recipient."""
        fault = self._faults.strike("DATA", None, peer=Peer.MAIL)
        if fault is not None and not fault.accepted and (reply := await _spoilt(fault, server)):
            return reply
        raw = envelope.original_content or b""
        message = email.message_from_bytes(raw, policy=default)
        lost = fault is not None and fault.accepted
        for address in envelope.rcpt_tos:
            number, date = next(self._numbers), self._feed.now()
            mail = _read(message, raw, number=number, address=address.lower(), date=date)
            self._keep(replace(mail, lost=lost))
        return (fault is not None and fault.accepted and await _spoilt(fault, server)) or "250 OK"

    async def _apply_fault(self, stage: str, server: SMTP) -> str | None:
        fault = self._faults.strike(stage, None, peer=Peer.MAIL)
        return None if fault is None else await _spoilt(fault, server)

    def _keep(self, mail: SandboxMail) -> None:
        self._mails.append(mail)
        self._feed.tell("mail", mail.as_json)


async def _spoilt(fault: SandboxFault, server: SMTP) -> str | None:
    """The broken answer for a fault; silence lasts until the caller closes the connection."""
    match fault.kind:
        case FaultKind.REPLY:
            return fault.reply
        case FaultKind.SLOW:
            await asyncio.sleep(fault.delay)
        case FaultKind.SILENCE:
            await wait_for_spoilt_connection(server.transport)
        case FaultKind.CLOSED | FaultKind.ANSWER_LOST if server.transport is not None:
            server.transport.close()
    return None


def _read(message: EmailMessage, raw: bytes, *, number: int, address: str, date: int) -> SandboxMail:
    return SandboxMail(
        number=number,
        address=address,
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers={name: str(value) for name, value in message.items()},
        raw=raw,
        date=date,
        attachments=tuple(part.get_filename() or "" for part in message.iter_attachments()),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")

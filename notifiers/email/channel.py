"""E-mail: one SMTP connection, kept and reused; a mail is accepted when the server has said so after its last line."""

import asyncio
import ssl
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import ClassVar, Self

import aiosmtplib
from email_validator import EmailNotValidError, validate_email

from core.errors import InvalidAddressError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Text
from core.ports import Limits, RefusedError, RejectedError, UnavailableError, UncertainError
from notifiers.discovery import ChannelConfig, reachable
from notifiers.email.answers import Speaks, spoken_of
from notifiers.email.bounces import return_address
from notifiers.email.message import message_of
from notifiers.pacing import Pace
from notifiers.peer_url import ADDRESS, PeerUrl, WrongUrlError

_SERVICE_NOT_AVAILABLE = 421
_REFUSALS = range(400, 600)
_PERMANENT = 500
_FULL_FOR = timedelta(hours=1)
"""How long a full mailbox is left alone: its owner must empty it first."""

_IDLE = 30.0
"""Seconds after which a connection is opened anew rather than trusted: servers and routers drop silent ones."""

_FORM = "smtp://USER:PASSWORD@HOST:PORT?from=ADDRESS"
_OPTIONS = frozenset({"from", "bounce", "starttls", "ca"})
_STARTTLS = {"required": True, "offered": None, "never": False}

Failure = RefusedError | RejectedError | UnavailableError | UncertainError


async def open_channel(config: ChannelConfig) -> "EmailChannel | None":
    """Needs `url` (see `MailServer.of`), `clock` and, for bounces, `secret`. Connects with the first mail."""
    if not config.url or config.clock is None:
        return None
    return EmailChannel(MailServer.of(config.url), clock=config.clock, secret=config.secret, pace=config.pace)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and as whom: `sender` is shown, bounces return to `bounce`, the key in the address."""

    host: str
    port: int
    sender: str
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    bounce: str | None = None
    tls: bool = False
    starttls: bool | None = True
    certificates: str | None = None

    @property
    def plain(self) -> bool:
        """Never encrypted: for a server on the same machine."""
        return not self.tls and self.starttls is False

    @classmethod
    def of(cls, url: str) -> Self:
        """`smtp://user:password@host:port?from=…&bounce=…&starttls=required|offered|never&ca=FILE`.

        `smtps://` is TLS at once; else STARTTLS is required unless the URL says otherwise. WrongUrlError says what is
        wrong, never the password.
        """
        peer = PeerUrl.of(url, schemes={"smtp", "smtps"}, form=_FORM, options=_OPTIONS)
        tls, starttls = peer.scheme == "smtps", peer.one_of("starttls", _STARTTLS, "required")
        peer.require_login_or_none()
        if not ADDRESS.fullmatch(parseaddr(peer.options.get("from", ""))[1]):
            raise WrongUrlError("from", _FORM)
        if not ADDRESS.fullmatch(peer.options.get("bounce", "bounce@school")):
            raise WrongUrlError("bounce", _FORM)
        return cls(
            host=peer.host,
            port=peer.port or (465 if tls else 587),
            sender=peer.options["from"],
            username=peer.username,
            password=peer.password,
            bounce=peer.options.get("bounce"),
            tls=tls,
            starttls=False if tls else _STARTTLS[starttls],
            certificates=peer.options.get("ca"),
        )


def normalise(address: str) -> str:
    """Latin letters before the @, the domain in lower-case ASCII; whether a mailbox is there is not asked.

    `vera@школа.рф` becomes its ASCII form. InvalidAddressError also where the domain mixes alphabets: a Cyrillic «е»
    among Latin letters is a slip or a trap, and both lead to a stranger.
    """
    try:
        valid = validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        valid = None
    if valid is None or valid.ascii_email is None or not _is_one_alphabet(address.strip().rpartition("@")[2]):
        raise InvalidAddressError
    return valid.ascii_email


def _is_one_alphabet(domain: str) -> bool:
    """Each label keeps to one alphabet, and under a Latin ending all of them are Latin."""
    alphabets = [{_alphabet(sign) for sign in label} - {""} for label in domain.split(".")]
    last = alphabets[-1]
    return all(len(each) <= 1 for each in alphabets) and (last != {"LATIN"} or all(each <= last for each in alphabets))


def _alphabet(sign: str) -> str:
    """LATIN, CYRILLIC … of a letter, "" of an ASCII figure or hyphen; any other sign is an alphabet by itself."""
    if sign.isascii() and not sign.isalpha():
        return ""
    return unicodedata.name(sign, sign).split()[0] if sign.isalpha() else sign


class EmailChannel:
    """The same key gives the same Message-ID, so a mail program can tell that a repeated mail is the same."""

    channel: ClassVar[str] = "email"

    def __init__(
        self,
        server: MailServer,
        *,
        clock: Callable[[], datetime],
        secret: bytes = b"",
        pace: float | None = None,
        timeout: float = 30.0,
    ) -> None:
        self.limits = Limits(
            text=1_000_000, concurrency=1, pace=pace, attachments=True, receipts=server.bounce is not None
        )
        self._server = server
        self._clock = clock
        self._secret = secret
        self._pace = Pace(1 / pace if pace else 0.0)
        self._connection = _Connection(server, timeout)

    def normalise(self, address: str) -> str:
        """As the module's `normalise`."""
        return normalise(address)

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        """Accepted by the school's server, with the Message-ID as its reference; a bounce may come later."""
        address = reachable(normalise, address)
        mail = message_of(text, sender=self._server.sender, recipient=address, key=key, date=self._clock())
        await self._pace.turn()
        failure = await self._connection.hand_in(mail.as_bytes(), sender=self._return_address(key), recipient=address)
        if failure is not None:
            raise failure  # here, where the server's words, which quote the address, are not chained to it
        return Receipt(Status.ACCEPTED, reference=mail["Message-ID"])

    async def close(self) -> None:
        """Say goodbye to the server."""
        await self._connection.close()

    def _return_address(self, key: str) -> str:
        if self._server.bounce is None:
            return parseaddr(self._server.sender)[1]
        return return_address(self._server.bounce, key=key, secret=self._secret)


class _Connection:
    """The one connection: opened when needed, left when idle, dropped when its state is unknown."""

    def __init__(self, server: MailServer, timeout: float) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._left_at = 0.0
        self._smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            local_hostname=parseaddr(server.sender)[1].rpartition("@")[2],  # asking DNS for our own name takes seconds
            use_tls=server.tls,
            start_tls=server.starttls,
            tls_context=None if server.plain else ssl.create_default_context(cafile=server.certificates),
            timeout=timeout,
        )

    async def hand_in(self, mail: bytes, *, sender: str, recipient: str) -> Failure | None:
        """None once the server has taken the mail over."""
        async with self._one_at_a_time:
            try:
                failure = await self._deliver(mail, sender, recipient)
            except asyncio.CancelledError:
                self._hang_up()
                raise
            self._left_at = asyncio.get_running_loop().time()
        return failure

    async def close(self) -> None:
        """QUIT, then hang up."""
        async with self._one_at_a_time:
            transport = self._smtp.transport
            try:
                if self._smtp.is_connected:
                    await self._smtp.quit()
            except (aiosmtplib.SMTPException, OSError):
                self._smtp.close()
            _abort(transport)
            await asyncio.sleep(0)  # the socket closes in the loop's next turn

    async def _deliver(self, mail: bytes, sender: str, recipient: str) -> Failure | None:
        """Each step has its own meaning of a failure: of the channel, of the recipient, of the mail."""
        try:
            await self._begin(sender)
        except Exception as error:  # noqa: BLE001  nothing of the mail has left yet, whatever broke
            self._hang_up()
            return _before_recipient(error)
        try:
            await self._smtp.rcpt(recipient)
        except Exception as error:  # noqa: BLE001  as above
            await self._start_over(error)
            return _refusal(error, of_recipient=True) or UnavailableError(Reason.CHANNEL_DOWN)
        try:
            await self._smtp.data(mail)
        except Exception as error:  # noqa: BLE001  the mail may have been taken, whatever broke
            await self._start_over(error)
            return _refusal(error, of_recipient=False) or UncertainError()
        return None

    async def _begin(self, sender: str) -> None:
        """MAIL over the kept connection, or over a new one where that serves no more: it says nothing of this mail."""
        if self._smtp.is_connected and asyncio.get_running_loop().time() - self._left_at < _IDLE:
            try:
                await self._smtp.mail(sender)
            except (aiosmtplib.SMTPException, OSError):
                pass
            else:
                return
        self._hang_up()
        await self._smtp.connect()
        await self._smtp.mail(sender)

    async def _start_over(self, error: Exception) -> None:
        """After a refusal the server must forget the envelope; else nobody knows where the conversation stands."""
        try:
            if _code(error) is None or not self._smtp.is_connected:
                raise ConnectionResetError
            await self._smtp.rset()
        except (aiosmtplib.SMTPException, OSError):
            self._hang_up()

    def _hang_up(self) -> None:
        transport = self._smtp.transport
        self._smtp.close()
        _abort(transport)


def _abort(transport: asyncio.BaseTransport | None) -> None:
    """At once: closing politely would wait for the other side's end of TLS."""
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


def _code(error: Exception) -> int | None:
    """The code of a server's refusal, 4xx or 5xx; None for whatever else went wrong, an answer out of order too."""
    code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
    return code if code in _REFUSALS else None


def _before_recipient(error: Exception) -> Failure:
    """Nobody was named yet: what the server refuses, or STARTTLS that it lacks, stops the channel.

    A connection that fails is an outage like any other.
    """
    is_lost = isinstance(error, OSError) and _code(error) is None
    return UnavailableError(Reason.CHANNEL_DOWN, channel_wide=not is_lost)


def _refusal(error: Exception, *, of_recipient: bool) -> Failure | None:
    """The server's word on a recipient or a mail: 4xx is later, 5xx never; None for what is no refusal."""
    code = _code(error)
    if code is None or not isinstance(error, aiosmtplib.SMTPResponseException):
        return None
    about = spoken_of(code, error.message, of_recipient=of_recipient)
    if code == _SERVICE_NOT_AVAILABLE or about in {Speaks.SCHOOL, Speaks.SERVER}:
        return UnavailableError(Reason.CHANNEL_DOWN, channel_wide=True)
    if about is Speaks.FULL_MAILBOX:
        return UnavailableError(Reason.MAILBOX_FULL, retry_after=_FULL_FOR, answered=True)
    if code < _PERMANENT:
        return UnavailableError(Reason.THROTTLED, answered=True)
    return RefusedError(Reason.NO_SUCH_ADDRESS) if about is Speaks.ADDRESS else RejectedError()

"""E-mail: one SMTP connection, kept and reused; a mail is accepted when the server confirms its data."""

import asyncio
import ssl
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar, Self

import aiosmtplib
from email_validator import EmailNotValidError, validate_email

from core.errors import InvalidAddressError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Text
from core.ports import (
    Limits,
    PeerAnswer,
    RefusedError,
    RejectedError,
    UnavailableError,
    UncertainError,
    UnencryptedError,
)
from notifiers.discovery import ChannelConfig, require_discovered_address
from notifiers.email.answers import Cause, smtp_answer_cause
from notifiers.email.bounces import bounce_address
from notifiers.email.headers import SenderHeader
from notifiers.email.message import build_email_message
from notifiers.email.replies import MailReplyLinks
from notifiers.pacing import Pace
from notifiers.peer_url import MAIL_ADDRESS_FORM, PeerUrl, WrongUrlError

_SERVICE_NOT_AVAILABLE = 421
_REFUSALS = range(400, 600)
_FIRST_PERMANENT = 500
_FULL_MAILBOX_PAUSE = timedelta(hours=1)
"""How long nothing is sent to a full mailbox: its owner must empty it first."""

LARGEST_FILE = 10 << 20
"""Many mail servers refuse a longer one: encoded it is a third longer."""

_LONGEST_IDLE = 30.0
"""Seconds after which an unused connection is replaced: servers and routers silently drop idle ones."""

_URL_FORM = "smtp://USER:PASSWORD@HOST:PORT?from=ADDRESS"
_OPTIONS = frozenset({"from", "bounce", "starttls", "ca"})
_STARTTLS = {"required": True, "offered": None, "never": False}
_NO_STARTTLS = "STARTTLS extension not supported"
"""In the vendor's error, which has no type of its own."""


Failure = RefusedError | RejectedError | UnavailableError | UncertainError


async def open_channel(config: ChannelConfig) -> "EmailChannel | None":
    """Needs `url` (see `MailServer.from_url`), `clock` and, for bounces, `secret`. Connects with the first mail."""
    if not config.url or config.clock is None:
        return None
    server = EmailChannelServer.from_url(config.url)
    return EmailChannel(
        server.named(config.school),
        clock=config.clock,
        secret=config.secret,
        pace=config.pace,
        public_url=config.public_url,
        school=config.school,
    )


@dataclass(frozen=True, slots=True)
class EmailChannelServer:
    """The SMTP server and its login. `sender` is shown as From; bounces go to `bounce` with the key in the address."""

    host: str
    port: int
    sender: SenderHeader
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    bounce: str | None = None
    tls: bool = False
    starttls: bool | None = True
    certificates: str | None = None

    @property
    def never_encrypted(self) -> bool:
        """True where the connection is never encrypted, for a server on the same machine."""
        return not self.tls and self.starttls is False

    def named(self, school: str) -> Self:
        """The school's name as that of the sender, unless the URL names another one; a name holds no angle brackets."""
        name = " ".join(school.replace("<", " ").replace(">", " ").split())
        return self if self.sender.name else replace(self, sender=replace(self.sender, name=name))

    @classmethod
    def from_url(cls, url: str) -> Self:
        """`smtp://user:password@host:port?from=…&bounce=…&starttls=required|offered|never&ca=FILE`.

        `smtps://` uses TLS from the start; `smtp://` requires STARTTLS unless the URL says otherwise. WrongUrlError
        says what is wrong, never the password.
        """
        peer = PeerUrl.parse(url, schemes={"smtp", "smtps"}, form=_URL_FORM, options=_OPTIONS)
        tls, starttls = peer.scheme == "smtps", peer.choice("starttls", _STARTTLS, "required")
        peer.require_login_or_none()
        if not MAIL_ADDRESS_FORM.fullmatch(peer.options.get("bounce", "bounce@school")):
            raise WrongUrlError("bounce", _URL_FORM)
        return cls(
            host=peer.host,
            port=peer.port or (465 if tls else 587),
            sender=_sender(peer.options.get("from", "")),
            username=peer.username,
            password=peer.password,
            bounce=peer.options.get("bounce"),
            tls=tls,
            starttls=False if tls else _STARTTLS[starttls],
            certificates=peer.options.get("ca"),
        )


def _sender(words: str) -> SenderHeader:
    try:
        return SenderHeader.parse(words)
    except ValueError:
        raise WrongUrlError("from", _URL_FORM) from None


def normalise(address: str) -> str:
    """Latin letters before the @, the domain in lower-case ASCII; the mailbox itself is not checked.

    `vera@школа.рф` becomes its ASCII form. InvalidAddressError also where the domain mixes alphabets: a Cyrillic «е»
    among Latin letters is a typing error or an attack, and the mail would go to a stranger.
    """
    try:
        valid = validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        valid = None
    if valid is None or valid.ascii_email is None or not _is_one_alphabet(address.strip().rpartition("@")[2]):
        raise InvalidAddressError
    return valid.ascii_email


def _is_one_alphabet(domain: str) -> bool:
    """True where each label uses one alphabet, and all labels are Latin under a Latin top-level domain."""
    alphabets = [{_alphabet(sign) for sign in label} - {""} for label in domain.split(".")]
    last = alphabets[-1]
    return all(len(each) <= 1 for each in alphabets) and (last != {"LATIN"} or all(each <= last for each in alphabets))


def _alphabet(sign: str) -> str:
    """LATIN, CYRILLIC … of a letter, "" of an ASCII digit or hyphen; any other character counts as its own alphabet."""
    if sign.isascii() and not sign.isalpha():
        return ""
    return unicodedata.name(sign, sign).split()[0] if sign.isalpha() else sign


class EmailChannel:
    """Sends mail. The same key gives the same Message-ID, so a mail program can recognise a repeated mail."""

    channel: ClassVar[str] = "email"

    def __init__(
        self,
        server: EmailChannelServer,
        *,
        clock: Callable[[], datetime],
        secret: bytes = b"",
        pace: float | None = None,
        public_url: str | None = None,
        school: str = "",
        timeout: float = 30.0,
    ) -> None:
        self.limits = Limits(text=1_000_000, concurrency=1, pace=pace, attachments=True, file=LARGEST_FILE)
        self._server = server
        self._clock = clock
        self._secret = secret
        self._school = school
        page = public_url.rstrip("/") if public_url else None
        self._links = MailReplyLinks(server.bounce or server.sender.address, page, secret)
        self._pace = Pace(1 / pace if pace else 0.0)
        self._connection = _Connection(server, timeout)

    def normalise(self, address: str) -> str:
        """As the module's `normalise`."""
        return normalise(address)

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        """Accepted by the school's server, with the Message-ID as the receipt's reference; a bounce may follow."""
        address = require_discovered_address(normalise, address)
        server, date = self._server, self._clock()
        mail = build_email_message(
            text, sender=server.sender, recipient=address, key=key, date=date, links=self._links, school=self._school
        )
        await self._pace.wait_turn()
        failure = await self._connection.submit(mail.as_bytes(), sender=self._return_address(key), recipient=address)
        if failure is not None:
            raise failure  # outside the except block: the chained error would quote the address
        return Receipt(Status.ACCEPTED, reference=mail["Message-ID"])

    async def probe(self) -> PeerAnswer:
        """Connects and logs in."""
        failure = await self._connection.probe()
        if failure is not None:
            raise failure  # outside the except block: the chained error may quote the login
        return PeerAnswer()

    async def close(self) -> None:
        """Send QUIT and close the connection."""
        await self._connection.close()

    def _return_address(self, key: str) -> str:
        if self._server.bounce is None:
            return self._server.sender.address
        return bounce_address(self._server.bounce, key=key, secret=self._secret)


class _Connection:
    """The only connection: opened when needed, kept while idle, dropped when its state is unknown."""

    def __init__(self, server: EmailChannelServer, timeout: float) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._idle_since = 0.0
        self._smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            local_hostname=server.sender.domain,  # asking DNS for our own name takes seconds
            use_tls=server.tls,
            start_tls=server.starttls,
            tls_context=None if server.never_encrypted else ssl.create_default_context(cafile=server.certificates),
            timeout=timeout,
        )

    async def submit(self, mail: bytes, *, sender: str, recipient: str) -> Failure | None:
        """None once the server has accepted the mail; else the failure."""
        async with self._one_at_a_time:
            try:
                failure = await self._run_transaction(mail, sender, recipient)
            except asyncio.CancelledError:
                self._drop()
                raise
            self._idle_since = asyncio.get_running_loop().time()
        return failure

    async def probe(self) -> Failure | None:
        """A new connection with its login; None where both work."""
        async with self._one_at_a_time:
            self._drop()
            try:
                await self._smtp.connect()
            except Exception as error:  # noqa: BLE001  whatever the error, no mail can be sent
                return _failure_before_recipient(error)
        return None

    async def close(self) -> None:
        """QUIT, then drop the connection."""
        async with self._one_at_a_time:
            transport = self._smtp.transport
            try:
                if self._smtp.is_connected:
                    await self._smtp.quit()
            except (aiosmtplib.SMTPException, OSError):
                self._smtp.close()
            _abort(transport)
            await asyncio.sleep(0)  # the socket closes in the loop's next turn

    async def _run_transaction(self, mail: bytes, sender: str, recipient: str) -> Failure | None:
        """MAIL, RCPT, DATA. A failure means something else at each step: the channel, the recipient, the mail."""
        try:
            await self._send_mail_from(sender)
        except Exception as error:  # noqa: BLE001  nothing of the mail was sent yet, whatever the error
            self._drop()
            return _failure_before_recipient(error)
        try:
            await self._smtp.rcpt(recipient)
        except Exception as error:  # noqa: BLE001  as above
            await self._reset(error)
            return _failure_of_refusal(error, of_recipient=True) or UnavailableError(Reason.CHANNEL_DOWN)
        try:
            await self._smtp.data(mail)
        except Exception as error:  # noqa: BLE001  the mail may have been accepted, whatever the error
            await self._reset(error)
            return _failure_of_refusal(error, of_recipient=False) or UncertainError()
        return None

    async def _send_mail_from(self, sender: str) -> None:
        """MAIL over the kept connection, or over a new one where that fails, which says nothing about this mail."""
        if self._smtp.is_connected and asyncio.get_running_loop().time() - self._idle_since < _LONGEST_IDLE:
            try:
                await self._smtp.mail(sender)
            except (aiosmtplib.SMTPException, OSError):
                pass
            else:
                return
        self._drop()
        await self._smtp.connect()
        await self._smtp.mail(sender)

    async def _reset(self, error: Exception) -> None:
        """RSET after a refusal, so that the server drops the envelope; after any other error drops the connection."""
        try:
            if _refusal_code(error) is None or not self._smtp.is_connected:
                raise ConnectionResetError
            await self._smtp.rset()
        except (aiosmtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        transport = self._smtp.transport
        self._smtp.close()
        _abort(transport)


def _abort(transport: asyncio.BaseTransport | None) -> None:
    """Closes at once: a normal close waits for the peer's TLS close message."""
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


def _refusal_code(error: Exception) -> int | None:
    """The code of a server's refusal, 4xx or 5xx; None for any other error, an answer out of order included."""
    code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
    return code if code in _REFUSALS else None


def _failure_before_recipient(error: Exception) -> Failure:
    """The failure of a step before RCPT: a refusal, or missing STARTTLS, stops the whole channel.

    A connection that fails is an ordinary outage.
    """
    if isinstance(error, aiosmtplib.SMTPException) and _NO_STARTTLS in str(error):
        return UnencryptedError()
    is_lost = isinstance(error, OSError) and _refusal_code(error) is None
    return UnavailableError(Reason.CHANNEL_DOWN, channel_wide=not is_lost)


def _failure_of_refusal(error: Exception, *, of_recipient: bool) -> Failure | None:
    """What a refusal of a recipient or a mail means: 4xx is temporary, 5xx permanent; None for any other error."""
    code = _refusal_code(error)
    if code is None or not isinstance(error, aiosmtplib.SMTPResponseException):
        return None
    about = smtp_answer_cause(code, error.message, of_recipient=of_recipient)
    if code == _SERVICE_NOT_AVAILABLE or about in {Cause.SCHOOL, Cause.SERVER}:
        return UnavailableError(Reason.CHANNEL_DOWN, channel_wide=True)
    if about is Cause.FULL_MAILBOX:
        return UnavailableError(Reason.MAILBOX_FULL, retry_after=_FULL_MAILBOX_PAUSE, answered=True)
    if code < _FIRST_PERMANENT:
        return UnavailableError(Reason.THROTTLED, answered=True)
    return RefusedError(Reason.NO_SUCH_ADDRESS) if about is Cause.ADDRESS else RejectedError()

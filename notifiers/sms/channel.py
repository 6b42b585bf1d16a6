"""SMS over a Kannel gateway: one GET a message, any alphabet, delivery reports to a sealed URL."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar, Self

import aiohttp
import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from core.errors import InvalidAddressError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Text
from core.ports import Limits, PeerAnswer, RefusedError, RejectedError, UnavailableError, UncertainError
from core.rules.delivery import timing
from notifiers.discovery import ChannelConfig, require_discovered_address
from notifiers.http_answers import (
    NEVER_SENT,
    TOTAL_TIMEOUT,
    http_answer_clock,
    http_answer_without_retry,
    read_http_answer,
)
from notifiers.pacing import Pace
from notifiers.peer_url import PeerUrl
from notifiers.sms.parts import sms_part_fits_gsm
from notifiers.sms.reports import sms_report_url
from notifiers.vendor_logs import silence_vendor_logs

DEFAULT_REGION = "RU"
"""Numbers written without a country are Russian."""

LONGEST_TEXT = 670
"""Characters in ten Cyrillic parts of 67, the `max-messages` that the README requires of Kannel."""

_URL_FORM = "kannel://USER:PASSWORD@HOST:PORT/cgi-bin/sendsms?from=SENDER"
_OPTIONS = frozenset({"from", "dlr"})
_SCHEMES = {"kannel": "http", "kannels": "https", "http": "http", "https": "https"}
_ALL_REPORTS = "31"
"""Kannel's `dlr-mask`: 1 + 2 + 4 + 8 + 16, a report of every kind."""

_IN_FLIGHT = 8
_ACCEPTED_PREFIXES = ("0:", "3:", "sent")
"""How an answer of Kannel begins that means accepted: 0 delivered to the operator, 3 queued, and an older form."""

_PHONE_AS_WRITTEN = re.compile(r"\+?[0-9 ()./\xa0\u2010-\u2015-]{5,40}")
"""Digits and the separators people write between them. With letters or two numbers `phonenumbers` would guess."""

_TAKES_SMS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})

Failure = RefusedError | RejectedError | UnavailableError | UncertainError


async def open_channel(config: ChannelConfig) -> "SmsChannel | None":
    """Needs `url` (see `Gateway.from_url`); for reports also `receipts_url` or `dlr=` in the URL, and `secret`."""
    if not config.url:
        return None
    return SmsChannel(
        SmsChannelGateway.from_url(config.url, receipts_url=config.receipts_url), secret=config.secret, pace=config.pace
    )


@dataclass(frozen=True, slots=True)
class SmsChannelGateway:
    """Kannel's `sendsms` with its login, the sender's name that phones show, and where reports go."""

    url: str
    username: str = field(repr=False)
    password: str = field(repr=False)
    sender: str
    reports: str | None

    @classmethod
    def from_url(cls, url: str, *, receipts_url: str | None = None) -> Self:
        """`kannel://user:password@host:port/cgi-bin/sendsms?from=…&dlr=…`; `kannels://` over TLS. Else ValueError."""
        peer = PeerUrl.parse(url, schemes=_SCHEMES, form=_URL_FORM, options=_OPTIONS)
        if "dlr" in peer.options:
            PeerUrl.parse(peer.options["dlr"], schemes={"http", "https"}, form=_URL_FORM)
        port = f":{peer.port}" if peer.port else ""
        path = peer.path.rstrip("/") or "/cgi-bin/sendsms"
        return cls(
            url=f"{_SCHEMES[peer.scheme]}://{peer.host}{port}{path}",
            username=peer.username or "",
            password=peer.password or "",
            sender=peer.options.get("from", ""),
            reports=peer.options.get("dlr", receipts_url),
        )


def normalise(address: str) -> str:
    """E.164 of a number that takes SMS, Russian where no country is written; InvalidAddressError for a landline."""
    number = _mobile_number(address.strip())
    if number is None:
        raise InvalidAddressError
    return number


class SmsChannel:
    """Sends SMS. The gateway accepts anything, so number and text are checked here; delivery is reported later."""

    channel: ClassVar[str] = "sms"

    def __init__(
        self, gateway: SmsChannelGateway, *, secret: bytes = b"", pace: float | None = None, timeout: float = 10.0
    ) -> None:
        silence_vendor_logs("aiohttp.client")
        self.limits = Limits(text=LONGEST_TEXT, concurrency=_IN_FLIGHT, pace=pace, attachments=False)
        self._gateway = gateway
        self._secret = secret
        self._pace = Pace(1 / pace if pace else 0.0)
        self._timeout = timeout
        self._in_flight = asyncio.Semaphore(_IN_FLIGHT)
        self._session: aiohttp.ClientSession | None = None

    def normalise(self, address: str) -> str:
        """As the module's `normalise`."""
        return normalise(address)

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        """Accepted by the gateway, to send now or later. An empty text, which it would drop silently, is rejected."""
        number = require_discovered_address(normalise, address)
        if not text.short.strip():
            raise RejectedError
        await self._pace.wait_turn()
        failure = await self._submit(self._query(number, text.short, key))
        if failure is not None:
            raise failure  # outside the except block: the chained error would quote number, text and password
        return Receipt(Status.ACCEPTED)

    async def probe(self) -> PeerAnswer:
        """Asks for an SMS to nobody, which the gateway refuses after it has checked our login."""
        login = {"username": self._gateway.username, "password": self._gateway.password}
        failure: Failure | None = UnavailableError(Reason.CHANNEL_DOWN)
        with suppress(Exception):  # whatever happens, the gateway was not reached; the error may quote the password
            async with self._open_session().get(self._gateway.url, params=login) as answer:
                words = (await read_http_answer(answer)).decode(errors="replace")
                failure, clock = _failure_of_answer(answer.status, words), http_answer_clock(answer)
        if isinstance(failure, UnavailableError) and not failure.answered:
            raise failure
        return PeerAnswer(clock)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _query(self, number: str, text: str, key: str) -> dict[str, str]:
        alphabet = {"coding": "0"} if sms_part_fits_gsm(text) else {"coding": "2"}
        reports = {}
        if self._gateway.reports:
            url = sms_report_url(self._gateway.reports, key=key, secret=self._secret)
            reports = {"dlr-mask": _ALL_REPORTS, "dlr-url": url}
        return {
            "username": self._gateway.username,
            "password": self._gateway.password,
            "from": self._gateway.sender,
            "to": number,
            "text": text,
            "charset": "UTF-8",
            **alphabet,
            **reports,
        }

    async def _submit(self, query: dict[str, str]) -> Failure | None:
        try:
            async with self._in_flight, self._open_session().get(self._gateway.url, params=query) as answer:
                words = (await read_http_answer(answer)).decode(errors="replace")
                return _failure_of_answer(answer.status, words, retry_after=answer.headers.get("Retry-After"))
        except NEVER_SENT:
            return UnavailableError(Reason.CHANNEL_DOWN)
        except Exception:  # noqa: BLE001  any error after sending may mean that the message was accepted
            return UncertainError()

    def _open_session(self) -> aiohttp.ClientSession:
        """Without keep-alive: a connection that the peer has closed while idle looks like a lost answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_IN_FLIGHT, force_close=True),
                timeout=aiohttp.ClientTimeout(TOTAL_TIMEOUT, sock_connect=self._timeout, sock_read=self._timeout),
                middlewares=(http_answer_without_retry,),
            )
        return self._session


def _mobile_number(address: str) -> str | None:
    """The number in E.164; None for one that cannot receive SMS."""
    if not _PHONE_AS_WRITTEN.fullmatch(address):
        return None
    try:
        number = phonenumbers.parse(address, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _TAKES_SMS:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _failure_of_answer(status: int, words: str, *, retry_after: str | None = None) -> Failure | None:
    """What an HTTP answer means. Kannel answers with a line of text; an HTML page comes from a proxy."""
    said = words.strip().casefold()
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None if status == HTTPStatus.ACCEPTED and said.startswith(_ACCEPTED_PREFIXES) else UncertainError()
    match status:
        case HTTPStatus.GATEWAY_TIMEOUT:
            return UncertainError()  # the proxy had forwarded the request and lost the answer
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:
            return UnavailableError(Reason.CHANNEL_DOWN, channel_wide=True)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return UnavailableError(
                Reason.THROTTLED, retry_after=timing.requested_waiting_time(retry_after), channel_wide=True
            )
    is_kannels = bool(said) and not said.startswith("<")
    return _failure_of_kannel(status, said) if is_kannels else UnavailableError(Reason.CHANNEL_DOWN)


def _failure_of_kannel(status: int, said: str) -> Failure:
    """What an answer of Kannel itself means.

    A wrong login stops the channel. "Not routable" may be a wrong setting or a wrong number, so the contact stays.
    """
    if status == HTTPStatus.FORBIDDEN and "authorization" in said:
        return UnavailableError(Reason.CHANNEL_DOWN, channel_wide=True)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return RefusedError(Reason.NO_SUCH_ADDRESS) if "receiver" in said else RejectedError()
    return UnavailableError(Reason.CHANNEL_DOWN, answered=True)

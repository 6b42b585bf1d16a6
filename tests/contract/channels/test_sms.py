"""The SMS channel keeps the contract, against a real Kannel and against gateways that misbehave."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from enum import Enum, auto

import aiohttp
import pytest
from aiohttp import web

from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Text
from core.ports import RefusedError, RejectedError, UnavailableError, UncertainError
from notifiers.channel_kit import (
    ChannelKitContract,
    ChannelKitRefusal,
    ChannelKitRemote,
    ChannelKitRemotePeer,
    RefusingPeer,
    channel_kit_text,
)
from notifiers.discovery import ChannelConfig
from notifiers.sms.channel import SmsChannel, SmsChannelGateway, open_channel
from notifiers.sms.parts import sms_part_count
from notifiers.sms.reports import ReportRefusedError, sign_sms_report, sms_report_url, verify_sms_report
from tests.peers.kannel import REFUSED, UNDELIVERED, Kannel
from tests.peers.processes import free_ports

LANDLINE = "+74951234567"
SECRET = b"signs delivery reports"
NUMBERS = itertools.count(1)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Answer], Awaitable[str]]
Reports = asyncio.Queue[tuple[str, Receipt]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves GET on a free port as told; gives host and port."""
    async with AsyncExitStack() as stack:

        async def served(answer: Answer) -> str:
            app = web.Application()
            app.router.add_get("/{path:.*}", answer)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            return f"127.0.0.1:{runner.addresses[0][1]}"

        yield served


class Line(Enum):
    """How the line to the gateway is."""

    UP = auto()
    DOWN = auto()
    LOSING_ANSWERS = auto()


class KannelPeer(RefusingPeer, ChannelKitRemotePeer):
    """Kannel behind a line that can be cut before or after a request gets through."""

    refused = LANDLINE
    rubbish = ("112", "abc", "+7", LANDLINE, "+79990000001234", "parent@example.org")

    def __init__(self, kannel: Kannel) -> None:
        self.kannel, self.line = kannel, Line.UP
        self.address = f"+7999100{next(NUMBERS):04d}"
        self.secrets = (f"password={kannel.password}",)

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        if self.line is Line.DOWN:
            return web.Response(status=503, text="Temporal failure, try again later.")
        async with aiohttp.ClientSession() as session, session.get(self.kannel.url, params=request.query) as answer:
            status, text = answer.status, await answer.text()
        if self.line is Line.LOSING_ANSWERS and request.transport is not None:
            request.transport.abort()
        return web.Response(status=status, text=text)

    def shown(self, text: Text) -> list[str]:
        return [text.short]

    async def read(self) -> str:
        return "\n".join(sms.text for sms in self.kannel.messages(self.address))

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        self.line = Line.DOWN
        yield
        self.line = Line.UP

    @asynccontextmanager
    async def losing_answers(self) -> AsyncIterator[None]:
        self.line = Line.LOSING_ANSWERS
        yield
        self.line = Line.UP


class TestSms(ChannelKitContract, ChannelKitRefusal, ChannelKitRemote):
    """The contract kit on SMS."""

    @pytest.fixture
    async def peer(self, kannel: Kannel, serve: Serve) -> AsyncIterator[KannelPeer]:
        peer = KannelPeer(kannel)
        place = await serve(peer.pass_on)
        peer.channel = channel_to(f"kannel://{kannel.username}:{kannel.password}@{place}/?from=School")
        yield peer
        await peer.channel.close()


def channel_to(url: str, *, reports: str | None = None, timeout: float = 5.0) -> SmsChannel:
    return SmsChannel(SmsChannelGateway.from_url(url, receipts_url=reports), secret=SECRET, timeout=timeout)


@pytest.fixture
async def reports(serve: Serve) -> tuple[str, Reports]:
    """The address that delivery reports go to, and what they said."""
    taken: Reports = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await taken.put(verify_sms_report(request.query, secret=SECRET))
        return web.Response()

    return f"http://{await serve(take)}/dlr", taken


@pytest.fixture
async def channel(kannel: Kannel, reports: tuple[str, Reports]) -> AsyncIterator[SmsChannel]:
    """The channel to Kannel, with reports."""
    address = kannel.url.removeprefix("http://")
    channel = channel_to(f"kannel://{kannel.username}:{kannel.password}@{address}?from=School", reports=reports[0])
    yield channel
    await channel.close()


async def reported(taken: Reports, *, count: int) -> list[tuple[str, Receipt]]:
    async with asyncio.timeout(5):
        return [await taken.get() for _ in range(count)]


async def test_a_cyrillic_sms_arrives_letter_for_letter_and_is_reported_delivered(
    kannel: Kannel, channel: SmsChannel, reports: tuple[str, Reports]
) -> None:
    """One part of up to 70 letters, in whatever order its two reports come (Q91, Q93)."""
    text = channel_kit_text("2 четверть, Алгебра: 4 → 5, ёжик №7")
    receipt = await channel.send("+79992000001", text, key="attempt-1")
    (sms,) = await kannel.arrival("+79992000001")
    assert (sms.text, sms.sender, sms.parts) == (text.short, "School", 1)
    assert receipt == Receipt(Status.ACCEPTED)
    assert sorted(await reported(reports[1], count=2), key=str) == [
        ("attempt-1", Receipt(Status.ACCEPTED)),
        ("attempt-1", Receipt(Status.DELIVERED)),
    ]


@pytest.mark.parametrize("words", ["Итоговые: Алгебра 4. ", "Все 5 🎉 "])
async def test_a_long_sms_is_one_message_in_the_parts_we_counted(
    kannel: Kannel, channel: SmsChannel, words: str
) -> None:
    """Cyrillic and emoji travel in as many parts as are counted beforehand (Q91)."""
    number, short = f"+7999300{next(NUMBERS):04d}", (words * 20).strip()
    await channel.send(number, Text("Оценки", (), short=short), key=f"long{number}")
    (sms,) = await kannel.arrival(number)
    assert (sms.text, sms.parts) == (short, sms_part_count(short))


async def test_a_latin_sms_goes_in_the_cheaper_alphabet(kannel: Kannel, channel: SmsChannel) -> None:
    """160 Latin letters are one part."""
    short = ("Final marks: Algebra 4. " * 7)[:160]
    await channel.send("+79992000007", Text("Marks", (), short=short), key="latin")
    (sms,) = await kannel.arrival("+79992000007")
    assert (sms.text, sms.parts) == (short, 1)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("🎉" * 35, 1),
        ("🎉" * 36, 2),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
    ],
)
def test_parts_are_counted_as_phone_companies_do(text: str, parts: int) -> None:
    """70 and 67 in UCS-2, 160 and 153 in GSM; an emoji and a euro sign count twice (Q91)."""
    assert sms_part_count(text) == parts


@pytest.mark.parametrize(
    ("prefix", "told", "reason"), [(REFUSED, 1, Reason.REJECTED), (UNDELIVERED, 2, Reason.UNDELIVERED)]
)
async def test_an_unreachable_phone_is_reported_failed(
    channel: SmsChannel, reports: tuple[str, Reports], prefix: str, told: int, reason: Reason
) -> None:
    """Kannel accepts everything; the operator's word comes as a report, and the number stays in use (Q84)."""
    await channel.send(f"{prefix}0001", channel_kit_text("Алгебра: 4"), key=f"attempt{prefix}")
    last = (await reported(reports[1], count=told))[-1]
    assert last == (f"attempt{prefix}", Receipt(Status.FAILED, reason=reason))


async def test_a_wrong_password_stops_the_channel(kannel: Kannel) -> None:
    """Nobody's contact is at fault when Kannel refuses our own login."""
    channel = channel_to(f"kannel://school:wrong@{kannel.url.removeprefix('http://')}?from=School")
    with pytest.raises(UnavailableError) as unavailable:
        await channel.send("+79992000002", channel_kit_text("Алгебра: 4"), key="k")
    assert unavailable.value.channel_wide
    await channel.close()


@pytest.mark.parametrize(
    ("number", "short", "refusal"),
    [
        (LANDLINE, "Алгебра: 4", RefusedError(Reason.NO_SUCH_ADDRESS)),
        ("abc", "Алгебра: 4", RefusedError(Reason.NO_SUCH_ADDRESS)),
        ("+79992000003", " \n", RejectedError()),
    ],
)
async def test_what_kannel_would_swallow_is_refused_by_us(
    channel: SmsChannel, number: str, short: str, refusal: RefusedError | RejectedError
) -> None:
    """Kannel answers 202 to no number and to an empty text alike, so they never reach it."""
    with pytest.raises(type(refusal), match=f"^{refusal}$"):
        await channel.send(number, Text("Оценки", (), short=short), key="k")


def answering(status: int, text: str) -> Answer:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    return answer


async def sent(serve: Serve, answer: Answer) -> Receipt:
    channel = channel_to(f"kannel://school:secret@{await serve(answer)}/?from=School", timeout=0.3)
    try:
        return await channel.send("+79992000004", channel_kit_text("Алгебра: 4"), key="k")
    finally:
        await channel.close()


async def test_a_message_queued_by_the_gateway_is_accepted(serve: Serve) -> None:
    """Kannel keeps it on disk until the operator is back, so sending it again would double it."""
    assert await sent(serve, answering(202, "3: Queued for later delivery")) == Receipt(Status.ACCEPTED)


@pytest.mark.parametrize(
    ("status", "text", "error"),
    [
        (403, "Not routable. Do not try again.", RejectedError),
        (400, "Invalid receiver", RefusedError),
        (400, "Sender missing and no global set, rejected", RejectedError),
        (403, "<html>Forbidden</html>", UnavailableError),
        (502, "<html>Bad Gateway</html>", UnavailableError),
        (503, "4: Temporal failure, try again later.", UnavailableError),
        (504, "<html>Gateway Timeout</html>", UncertainError),
        (200, "<html>Welcome</html>", UncertainError),
        (202, "", UncertainError),
        (202, "<html>", UncertainError),
        (204, "", UncertainError),
    ],
)
async def test_an_answer_of_the_gateway_is_told_from_one_on_the_way(
    serve: Serve, status: int, text: str, error: type[Exception]
) -> None:
    """Only Kannel's own words speak of a number or a message; a 2xx that it does not say may hold a taken one."""
    with pytest.raises(error):
        await sent(serve, answering(status, text))


@pytest.mark.parametrize(
    ("status", "text", "answered"),
    [(503, "4: Temporal failure, try again later.", True), (503, "<html>Down</html>", False), (502, "", False)],
)
async def test_only_what_the_gateway_says_itself_counts_as_its_failure(
    serve: Serve, status: int, text: str, *, answered: bool
) -> None:
    """A proxy without a gateway behind it is an outage, which uses up no try."""
    with pytest.raises(UnavailableError) as unavailable:
        await sent(serve, answering(status, text))
    assert unavailable.value.answered is answered


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7),
        ("7200", 3600),
        ("1000000000000", None),
        ("-5", None),
        ("nan", None),
        ("Fri, 01 Jan 2100 00:00:00 GMT", None),
    ],
)
async def test_a_wait_in_a_header_is_bounded(serve: Serve, asked: str, seconds: int | None) -> None:
    """Whatever Retry-After says, the gateway is asked again within the hour."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": asked})

    with pytest.raises(UnavailableError) as unavailable:
        await sent(serve, answer)
    assert unavailable.value.channel_wide
    assert unavailable.value.retry_after == (None if seconds is None else timedelta(seconds=seconds))


async def test_an_answer_in_no_alphabet_is_still_an_answer(serve: Serve) -> None:
    """Bytes that are no text come after the message was taken, so they are no fault that may be repeated for ever."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=202, body=b"\xff\xfe", headers={"Content-Type": "text/plain; charset=klingon"})

    with pytest.raises(UncertainError):
        await sent(serve, answer)


async def test_a_silent_gateway_may_have_taken_it(serve: Serve) -> None:
    """A read timeout is uncertain."""

    async def silence(_request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    with pytest.raises(UncertainError):
        await sent(serve, silence)


async def test_a_lost_request_is_not_repeated_behind_our_back(serve: Serve) -> None:
    """The HTTP client repeats a lost GET on a reused connection; a family would get two SMS."""
    requests = itertools.count()

    async def answer(request: web.Request) -> web.Response:
        if next(requests) and request.transport is not None:
            request.transport.abort()
        return web.Response(status=202, text="0: Accepted for delivery")

    channel = channel_to(f"kannel://school:secret@{await serve(answer)}/?from=School")
    await channel.send("+79992000005", channel_kit_text("Алгебра: 4"), key="first")
    with pytest.raises(UncertainError):
        await channel.send("+79992000005", channel_kit_text("Алгебра: 5"), key="second")
    await channel.close()
    assert next(requests) == 2


async def test_a_gateway_that_cannot_be_connected_to_has_taken_nothing() -> None:
    """A refused connection is safe to repeat."""
    channel = channel_to(f"kannel://school:secret@127.0.0.1:{free_ports(1)[0]}/?from=School")
    with pytest.raises(UnavailableError) as unavailable:
        await channel.send("+79992000006", channel_kit_text("Алгебра: 4"), key="k")
    assert not unavailable.value.channel_wide
    await channel.close()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("8 (999) 123-45-67", "+79991234567"),
        ("+7 999 123 45 67", "+79991234567"),
        ("+375 29 123-45-67", "+375291234567"),
    ],
)
def test_a_number_is_kept_in_one_form(written: str, kept: str) -> None:
    """However it is written on the form, the same phone is the same contact; a number without a country is Russian."""
    assert channel_to("kannel://gateway/").normalise(written) == kept


REPORT = {"key": "attempt-1", "seal": sign_sms_report("attempt-1", SECRET), "type": "1"}


@pytest.mark.parametrize(
    ("code", "receipt"),
    [
        ("1", Receipt(Status.DELIVERED)),
        ("2", Receipt(Status.FAILED, reason=Reason.UNDELIVERED)),
        ("4", Receipt(Status.ACCEPTED)),
        ("8", Receipt(Status.ACCEPTED)),
        ("16", Receipt(Status.FAILED, reason=Reason.REJECTED)),
    ],
)
def test_a_report_is_read_by_its_code(code: str, receipt: Receipt) -> None:
    """Delivered, failed, kept, accepted and rejected have their meaning for the family."""
    assert verify_sms_report(REPORT | {"type": code}, secret=SECRET) == ("attempt-1", receipt)


@pytest.mark.parametrize("answer", ["NACK/0x0000000b/Invalid Destination Address", "NACK/11/Invalid Dest"])
def test_only_a_number_that_does_not_exist_is_set_aside(answer: str) -> None:
    """The operator's "invalid destination" speaks of the contact, any other rejection of this message."""
    report = REPORT | {"type": "16", "answer": answer}
    refused = Receipt(Status.REFUSED, reason=Reason.NO_SUCH_ADDRESS)
    assert verify_sms_report(report, secret=SECRET) == ("attempt-1", refused)
    other = report | {"answer": "NACK/0x00000058/Throttled"}
    assert verify_sms_report(other, secret=SECRET)[1].status is Status.FAILED


@pytest.mark.parametrize(
    "forged", [{"key": "attempt-2"}, {"seal": "0" * 32}, {"seal": "ё"}, {"seal": ""}, {"type": "3"}, {"type": ""}]
)
def test_a_report_that_we_did_not_ask_for_is_refused(forged: dict[str, str]) -> None:
    """Nobody can close an obligation by guessing an address."""
    with pytest.raises(ReportRefusedError):
        verify_sms_report(REPORT | forged, secret=SECRET)


def test_a_report_address_holds_the_key_its_seal_and_a_place_for_the_code() -> None:
    """Kannel puts the code where `%d` stands, and the operator's own answer where `%A` does."""
    url = sms_report_url("http://127.0.0.1:8100/dlr", key="a b", secret=SECRET)
    assert url == f"http://127.0.0.1:8100/dlr?key=a+b&seal={sign_sms_report('a b', SECRET)}&type=%d&answer=%A"


async def test_without_a_gateway_there_is_no_sms_channel() -> None:
    """What is not configured is not opened."""
    assert await open_channel(ChannelConfig()) is None


@pytest.mark.parametrize("url", ["ftp://u:hunter2@host/", "kannel://", "kannel://u:hunter2@host:port/", "gateway"])
async def test_a_wrong_gateway_url_is_told_without_its_password(url: str) -> None:
    """The sentence shows the form wanted, not what was typed."""
    with pytest.raises(ValueError, match="must read kannel://") as wrong:
        await open_channel(ChannelConfig(url=url))
    assert "hunter2" not in str(wrong.value)

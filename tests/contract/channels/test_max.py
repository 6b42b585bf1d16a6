"""The MAX channel keeps the contract, against the sandbox's Bot API and against servers that misbehave."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.sandbox import FaultKind, Peer, SandboxServer
from bot.sandbox.bot_api.call import Upload
from core.errors import InvalidAddressError
from core.model.delivery.states import Reason
from core.model.delivery.text import Attachment, Button, Section, Text
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
from notifiers.max import files
from notifiers.max.api import MaxApi
from notifiers.max.channel import MaxChannel, open_channel
from tests.peers.processes import free_ports

TOKEN = "canaryTokenOfTheSchoolInMax0123456789"
PERSON = "7001"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Server = Callable[[Answer], Awaitable[MaxChannel]]


class MaxPeer(RefusingPeer, ChannelKitRemotePeer):
    address = PERSON
    refused = "404404404"
    rubbish = ("-100123", "12a", "+79990000001", "01", "1" * 20, str(2**63))

    def __init__(self, channel: MaxChannel, world: SandboxServer) -> None:
        self.channel, self.world, self.secrets = channel, world, (world.max_token,)

    async def read(self) -> str:
        return "\n".join(message.text for message in self.world.max[int(PERSON)].messages)

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        self.world.faults.add(FaultKind.SERVER_ERROR, peer=Peer.MAX_API, times=None)
        yield
        self.world.faults.clear()

    @asynccontextmanager
    async def losing_answers(self) -> AsyncIterator[None]:
        self.world.faults.add(FaultKind.ANSWER_LOST, peer=Peer.MAX_API, times=None)
        yield
        self.world.faults.clear()


@pytest.fixture
async def channel(world: SandboxServer) -> AsyncIterator[MaxChannel]:
    """The channel of the sandbox's bot, not paced; the mother has started it."""
    world.max.add(int(PERSON), "Мария Лескова").is_started = True
    channel = MaxChannel(MaxApi(world.max_token, api=world.max_api), pace=None)
    yield channel
    await channel.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """Opens a channel to a Bot API that answers as told."""
    closing: list[Callable[[], Awaitable[None]]] = []

    async def serve(answer: Answer) -> MaxChannel:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        api = MaxApi(TOKEN, api=f"http://127.0.0.1:{runner.addresses[0][1]}", timeout=1.0)
        channel = MaxChannel(api, pace=None)
        closing.extend((channel.close, runner.cleanup))
        return channel

    yield serve
    for close in closing:
        await close()


class TestMax(ChannelKitContract, ChannelKitRefusal, ChannelKitRemote):
    """The contract kit on MAX."""

    @pytest.fixture
    async def peer(self, channel: MaxChannel, world: SandboxServer) -> MaxPeer:
        return MaxPeer(channel, world)


def saying(status: int, body: str) -> Answer:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    return answer


def refusal(status: int, code: str, **more: object) -> Answer:
    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"code": code, "message": "?", **more}, status=status)

    return answer


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [(403, "chat.denied", Reason.BLOCKED), (404, "chat.not.found", Reason.NO_SUCH_ADDRESS)],
)
async def test_a_person_out_of_reach_is_set_aside(server: Server, status: int, code: str, reason: Reason) -> None:
    """Who has stopped the bot, or never started it, is told by MAX's own status (Q84)."""
    channel = await server(refusal(status, code))
    with pytest.raises(RefusedError) as refused:
        await channel.send(PERSON, channel_kit_text("Алгебра: 5"), key="k")
    assert refused.value.reason is reason


@pytest.mark.parametrize(("status", "more"), [(400, {}), (200, {"success": False})])
async def test_a_refusal_of_the_content_is_no_fault_of_the_contact(
    server: Server, status: int, more: dict[str, bool]
) -> None:
    """Also where MAX says in a 200 that it was no success: this message failed, the contact stays (Q84)."""
    channel = await server(refusal(status, "proto.payload", **more))
    with pytest.raises(RejectedError):
        await channel.send(PERSON, channel_kit_text("Алгебра: 5"), key="k")


@pytest.mark.parametrize(
    ("status", "is_channels", "is_answered"),
    [(429, False, False), (503, False, False), (401, True, False), (500, False, True)],
)
async def test_what_passes_is_tried_again_later(
    server: Server, status: int, *, is_channels: bool, is_answered: bool
) -> None:
    """Too many requests, a service that is down; at a refused token the whole channel waits (Q92)."""
    channel = await server(refusal(status, "wait"))
    with pytest.raises(UnavailableError) as later:
        await channel.send(PERSON, channel_kit_text("Алгебра: 5"), key="k")
    assert (later.value.channel_wide, later.value.answered) == (is_channels, is_answered)
    assert later.value.retry_after is None


def with_file(file: Attachment) -> Text:
    return Text("5А", (), short="", attachments=(file,))


PAGE = "<html><body>Bad Gateway</body></html>"


@pytest.mark.parametrize("status", [200, 301, 401, 403, 404, 429, 502, 503, 504])
@pytest.mark.parametrize("body", [PAGE, "", '{"message": {"body": {"mid"', "[]", '{"message": {}}', "5"])
async def test_an_answer_that_is_not_maxs_may_hide_a_message(server: Server, status: int, body: str) -> None:
    """A proxy's page, half a JSON, nothing: MAX may have taken it, so it is not simply sent again (Q120)."""
    channel = await server(saying(status, body))
    with pytest.raises(UncertainError) as lost:
        await channel.send(PERSON, channel_kit_text("Алгебра: 5"), key="k")
    assert lost.value.channel_wide is (status not in {200, 504})  # then MAX is away, and the others wait


async def test_a_silent_server_may_have_taken_the_message(server: Server) -> None:
    """A timeout after sending is a lost answer."""

    async def wait(_request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    channel = await server(wait)
    with pytest.raises(UncertainError):
        await channel.send(PERSON, channel_kit_text("Алгебра: 5"), key="k")


async def test_without_a_connection_nothing_has_left() -> None:
    """Nobody listens, or speaks TLS: the message may be sent again (Q92)."""
    (port,) = free_ports(1)
    for api in (f"http://127.0.0.1:{port}", f"https://127.0.0.1:{port}"):
        channel = MaxChannel(MaxApi(TOKEN, api=api, timeout=0.3), pace=None)
        with pytest.raises(UnavailableError):
            await channel.send(PERSON, channel_kit_text("Алгебра: 5"), key="k")
        await channel.close()


async def test_the_token_goes_in_a_header_and_nowhere_else(server: Server) -> None:
    """Not in the address, not as a Bearer, and not to the server that takes files (Q103)."""
    seen: list[tuple[str, str | None]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((str(request.rel_url), request.headers.get("Authorization")))
        if request.path == "/uploads":
            return web.json_response({"url": f"http://{request.host}/elsewhere"})
        if request.path == "/elsewhere":
            return web.json_response({"token": "t"})
        return web.json_response({"message": {"body": {"mid": "mid.1"}}})

    channel = await server(answer)
    text = Text(
        "Аня", (Section(None, ("см. файл",)),), short="", attachments=(Attachment("а.ics", "text/calendar", b"x"),)
    )
    await channel.send(PERSON, text, key="k")
    assert [token for place, token in seen if place != "/elsewhere"] == [TOKEN] * 3
    assert ("/elsewhere", None) in seen
    assert not any(TOKEN in place for place, _ in seen)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/u", "https://192.168.1.1/u", "ftp://files.example.org/u", "nowhere", "https:///u"]
)
async def test_a_file_goes_to_no_private_address(server: Server, url: str) -> None:
    """An address that leads into the school's network, or is not https, is refused as content (Q103)."""

    async def answer(request: web.Request) -> web.Response:
        place = {"url": url} if request.path == "/uploads" else {"message": {"body": {"mid": "mid.1"}}}
        return web.json_response(place)

    channel = await server(answer)
    with pytest.raises((RejectedError, UnavailableError)):
        await channel.send(PERSON, with_file(FILE), key="k")


FILE = Attachment("план.pdf", "application/pdf", b"%PDF")


def at_upload(place: str, answer: Answer) -> Answer:
    """A server that answers so at one place of an upload, and as MAX at all others."""

    async def reply(request: web.Request) -> web.StreamResponse:
        if request.path == place:
            return await answer(request)
        said = {"/uploads": {"url": f"http://{request.host}/there"}, "/there": {"token": "t"}}
        return web.json_response(said.get(request.path, {"message": {"body": {"mid": "mid.1"}}}))

    return reply


@pytest.mark.parametrize("place", ["/uploads", "/there"])
@pytest.mark.parametrize("body", [PAGE, "", '{"tok', "[]", "5"])
async def test_an_upload_without_an_answer_has_sent_nothing(server: Server, place: str, body: str) -> None:
    """A page of a proxy, half a JSON, nothing: no family was told yet, so the message is sent again, unmarked (Q88)."""
    channel = await server(at_upload(place, saying(502, body)))
    with pytest.raises(UnavailableError) as later:
        await channel.send(PERSON, with_file(FILE), key="k")
    assert not later.value.answered


@pytest.mark.parametrize("place", ["/uploads", "/there"])
@pytest.mark.parametrize("status", [400, 403, 404, 413])
async def test_a_file_that_is_refused_is_no_fault_of_the_contact(server: Server, place: str, status: int) -> None:
    """An upload says nothing of any dialog: the next way starts, and the contact stays in use (Q84)."""
    channel = await server(at_upload(place, refusal(status, "upload")))
    with pytest.raises(RejectedError):
        await channel.send(PERSON, with_file(FILE), key="k")


@pytest.mark.parametrize(("place", "is_channels"), [("/uploads", True), ("/there", False)])
async def test_a_token_that_is_refused_at_an_upload_stops_the_channel(
    server: Server, place: str, *, is_channels: bool
) -> None:
    """The server of files is shown no token, so its 401 says nothing of ours."""
    channel = await server(at_upload(place, refusal(401, "verify.token")))
    with pytest.raises(UnavailableError) as later:
        await channel.send(PERSON, with_file(FILE), key="k")
    assert later.value.channel_wide is is_channels


async def test_a_poll_that_is_held_back_keeps_no_place_of_the_pace(world: SandboxServer) -> None:
    """It counts when it begins; while MAX holds it, as many calls a second go out as without it (Q142)."""
    api = MaxApi(world.max_token, api=world.max_api, pace=1)
    poll = asyncio.create_task(api.call("GET", "/updates", query={"timeout": 30}, wait=30))
    async with asyncio.timeout(10):
        while not world.max.network.calls:
            await asyncio.sleep(0.01)
        for _ in range(2):
            await api.call("GET", "/me")
    polled, first, second = (at for _, _, at in world.max.network.calls)
    assert min(first - polled, second - first) >= 0.9
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await api.close()


async def test_a_file_is_uploaded_once_and_travels_alone(channel: MaxChannel, world: SandboxServer) -> None:
    """Words and buttons go in one message, each file in another; the token serves every family (Q97)."""
    world.max.add(7002, "Ольга Громова").is_started = True
    buttons = ((Button("Прочитано", "read.1"),),)
    pdf, png = Attachment("план.pdf", "application/pdf", b"%PDF"), Attachment("план.png", "image/png", b"\x89PNG")
    text = Text("5А", (Section(None, ("Собрание в пятницу",)),), short="", buttons=buttons, attachments=(pdf, png))
    for person in (PERSON, "7002"):
        await channel.send(person, text, key=f"k{person}")
    words, file, picture = world.max[7002].messages
    assert words.labels == ["Прочитано"]
    assert [each["type"] for each in (*file.attachments, *picture.attachments)] == ["file", "image"]
    assert file.attachments[0]["filename"] == "план.pdf"
    assert len(world.max.network.files) == 2


async def test_an_attachment_that_is_not_ready_is_tried_again(
    channel: MaxChannel, world: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MAX processes files for a while and refuses the message until then."""
    monkeypatch.setattr(files, "PAUSES", (0.0, 0.0, 0.0))
    world.faults.add(FaultKind.NOT_READY, peer=Peer.MAX_API, method="POST /messages", times=2)
    file = Attachment("план.pdf", "application/pdf", b"%PDF")
    await channel.send(PERSON, with_file(file), key="k")
    assert [each["type"] for message in world.max[7001].messages for each in message.attachments] == ["file"]


async def test_a_file_that_the_school_was_sent_goes_by_its_token(channel: MaxChannel, world: SandboxServer) -> None:
    """It is not uploaded again; one that is gone is named in words instead (Q97)."""
    sent = world.max[7001].send_file(Upload("план.pdf", "application/pdf", b"%PDF"))
    stored = files.MaxStoredFile("file", sent.attachments[0]["payload"]["token"], sent.attachments[0]["payload"]["url"])
    gone = files.MaxStoredFile("file", "long-gone")
    for each in (stored, gone):
        file = Attachment("план.pdf", "application/pdf", b"", each.reference, "Файл «план.pdf» недоступен")
        await channel.send(PERSON, with_file(file), key="k")
    by_token, instead = world.max[7001].messages[2::2]
    assert by_token.attachments == sent.attachments
    assert instead.text == "Файл «план.pdf» недоступен"
    assert await channel.fetch_file(stored.reference, most=100) == b"%PDF"
    assert await channel.fetch_file(stored.reference, most=3) is None
    assert await channel.fetch_file(gone.reference, most=100) is None


async def test_a_message_in_quiet_hours_makes_no_sound(channel: MaxChannel, world: SandboxServer) -> None:
    """A result that may not wait for the morning comes silently (Q73)."""
    quiet = Text("Аня", (Section(None, ("Алгебра: 5",)),), short="", silent=True)
    for text in (quiet, channel_kit_text("Алгебра: 4")):
        await channel.send(PERSON, text, key="k")
    assert [message.silent for message in world.max[7001].messages] == [True, False]


async def test_more_rows_than_a_keyboard_has_follow_in_another_message(
    channel: MaxChannel, world: SandboxServer
) -> None:
    """No button is dropped (Q91, Q141)."""
    rows = tuple((Button(f"Кнопка {number} {'х' * 150}", f"menu.{number}"),) for number in range(33))
    wide = (tuple(Button(str(number), "menu") for number in range(9)),)
    await channel.send(PERSON, Text("5А", (), short="", buttons=rows + wide), key="k")
    first, second = world.max[7001].messages
    assert (len(first.buttons), [len(row) for row in second.buttons]) == (30, [1, 1, 1, 7, 2])
    assert max(map(len, first.labels)) == 128


async def test_sending_keeps_the_pace_of_a_second_and_of_a_dialog(world: SandboxServer) -> None:
    """Four requests in any second, and one message a second to a person, whom the bot may answer too (Q142)."""
    for number in range(5):
        world.max.add(7100 + number, "Мама").is_started = True
    channel = MaxChannel(MaxApi(world.max_token, api=world.max_api, pace=4), pace=4)
    sends = [channel.send(str(7100 + number), channel_kit_text("5"), key=f"k{number}") for number in (0, 0, 1, 2, 3, 4)]
    await asyncio.gather(*sends)
    await channel.close()
    assert world.max.network.log.peak() <= 4
    first, second = (message.at for message in world.max[7100].messages)
    assert second - first >= 1


@pytest.mark.parametrize(
    ("status", "body", "is_channels"),
    [
        (401, '{"code": "verify.token", "message": "?"}', True),
        (503, '{"code": "wait", "message": "?"}', False),
        (200, PAGE, False),
        (401, PAGE, False),
        (502, "", False),
    ],
)
async def test_whoever_does_not_take_us_is_told_by_a_probe(
    server: Server, status: int, body: str, *, is_channels: bool
) -> None:
    """At a refused token a person must act; a page, silence and a server that is down pass (Q132)."""
    channel = await server(saying(status, body))
    with pytest.raises(UnavailableError) as refused:
        await channel.probe()
    assert refused.value.channel_wide is is_channels


async def test_a_probe_brings_the_name_of_the_bot_and_the_clock(channel: MaxChannel, world: SandboxServer) -> None:
    """Nothing is sent to anybody (Q132)."""
    answer = await channel.probe()
    assert answer.account == "vestnik_sandbox_bot"
    assert answer.clock is not None
    assert [name for name, *_ in world.max.network.calls] == ["GET /me"]


async def test_the_channel_opens_with_a_token_alone() -> None:
    """Without one the school does not offer MAX; certificates that cannot be read are a wrong setting."""
    assert await open_channel(ChannelConfig()) is None
    opened = await open_channel(ChannelConfig(token=TOKEN, pace=4))
    assert opened is not None
    assert opened.limits.pace == 4
    assert opened.channel == "max"
    await opened.close()
    with pytest.raises(InvalidAddressError):
        opened.normalise("@somebody")

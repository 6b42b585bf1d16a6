"""The Telegram channel keeps the contract, against the sandbox's Bot API and against servers that misbehave."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web

from bot.sandbox import FaultKind, SandboxServer
from bot.sandbox.bot_api.call import Upload
from core.errors import InvalidAddressError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
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
from notifiers.telegram.channel import TelegramChannel, open_channel
from tests.peers.processes import free_ports
from tests.peers.raw_server import raw_server
from tests.peers.socks import Manner, socks_proxy

GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
"""One pixel."""

TOKEN = "123456789:AAHcanaryTokenOfTheSchool_0123456789"
CHAT = "101"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Server = Callable[[Answer], Awaitable[TelegramChannel]]


class TelegramPeer(RefusingPeer, ChannelKitRemotePeer):
    address = CHAT
    refused = "404404404"
    rubbish = ("-100123", "12a", "+79990000001", "01", "1" * 17)

    def __init__(self, channel: TelegramChannel, world: SandboxServer) -> None:
        self.channel, self.world, self.secrets = channel, world, (world.token,)

    async def read(self) -> str:
        return "\n".join(message.text for message in self.world.chats[int(CHAT)].messages)

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        self.world.faults.add(FaultKind.SERVER_ERROR, times=None)
        yield
        self.world.faults.clear()

    @asynccontextmanager
    async def losing_answers(self) -> AsyncIterator[None]:
        self.world.faults.add(FaultKind.ANSWER_LOST, times=None)
        yield
        self.world.faults.clear()


@pytest.fixture
async def channel(world: SandboxServer) -> AsyncIterator[TelegramChannel]:
    """The channel of the sandbox's bot, not paced."""
    channel = TelegramChannel(world.token, api=world.bot_api, pace=None)
    yield channel
    await channel.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """Opens a channel to a Bot API that answers as told."""
    closing: list[Callable[[], Awaitable[None]]] = []

    async def serve(answer: Answer) -> TelegramChannel:
        app = web.Application()
        app.router.add_post("/{path:.*}", answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        channel = TelegramChannel(TOKEN, api=f"http://127.0.0.1:{runner.addresses[0][1]}", pace=None, timeout=0.3)
        closing.extend((channel.close, runner.cleanup))
        return channel

    yield serve
    for close in closing:
        await close()


class TestTelegram(ChannelKitContract, ChannelKitRefusal, ChannelKitRemote):
    """The contract kit on Telegram."""

    @pytest.fixture
    async def peer(self, channel: TelegramChannel, world: SandboxServer) -> TelegramPeer:
        return TelegramPeer(channel, world)


def saying(status: int, body: str) -> Answer:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    return answer


def refusal(code: int, description: str, **parameters: object) -> Answer:
    async def answer(_request: web.Request) -> web.Response:
        body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
        return web.json_response(body, status=code)

    return answer


@pytest.mark.parametrize(
    ("code", "description", "parameters", "reason"),
    [
        (403, "Forbidden: bot was blocked by the user", {}, Reason.BLOCKED),
        (403, "Forbidden: user is deactivated", {}, Reason.BLOCKED),
        (403, "Forbidden: bot was kicked from the group chat", {}, Reason.BLOCKED),
        (400, "Bad Request: chat not found", {}, Reason.NO_SUCH_ADDRESS),
        (400, "Bad Request: PEER_ID_INVALID", {}, Reason.NO_SUCH_ADDRESS),
        (400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -100500}, Reason.NO_SUCH_ADDRESS),
        (400, "Bad Request: USER_IS_BLOCKED", {}, Reason.NO_SUCH_ADDRESS),
    ],
)
async def test_a_refusal_names_its_reason(
    server: Server, code: int, description: str, parameters: dict[str, int], reason: Reason
) -> None:
    """A chat that is blocked or unknown is told by code and parameters, then by text (Q84, Q92)."""
    channel = await server(refusal(code, description, **parameters))
    with pytest.raises(RefusedError) as refused:
        await channel.send(CHAT, channel_kit_text("Алгебра: 5"), key="k")
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("code", "description"),
    [
        (400, "Bad Request: can't parse entities: unexpected end tag"),
        (400, "Bad Request: message is too long"),
        (400, "Bad Request: BUTTON_DATA_INVALID"),
        (400, "Bad Request: something of next year"),
        (413, "Request Entity Too Large"),
    ],
)
async def test_a_refusal_of_the_content_is_no_fault_of_the_contact(server: Server, code: int, description: str) -> None:
    """What Telegram will not take from us it takes from nobody's chat: this message failed, the chat stays (Q84)."""
    channel = await server(refusal(code, description, migrate_to_chat_id="-100500"))
    with pytest.raises(RejectedError):
        await channel.send(CHAT, channel_kit_text("Алгебра: 5"), key="k")


TAKEN = '{"ok": true, "result": {"message_id": 41, "date": 0, "chat": {"id": 101, "type": "private"}}}'


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, ""),
        (200, "<html>Welcome</html>"),
        (200, TAKEN[:40]),
        (200, "[]"),
        (200, '{"ok": true, "result": true}'),
        (200, '{"ok": true, "result": []}'),
        (200, '{"ok": true, "result": {}}'),
        (200, '{"ok": true, "result": {"message_id": "41"}}'),
        (200, '{"ok": true, "result": {"message_id": true}}'),
        (200, '{"ok": true, "result": {"message_id": NaN}}'),
        (200, '{"ok": 1, "result": {"message_id": 41}}'),
        (200, "[" * 100_000),
        (204, ""),
        (504, "<html>Gateway Timeout</html>"),
    ],
)
async def test_an_answer_that_nobody_can_read_is_a_lost_one(server: Server, status: int, body: str) -> None:
    """It may well be of a sent message: a page, half an answer, no number in it; no fault that repeats for ever."""
    channel = await server(saying(status, body))
    with pytest.raises(UncertainError):
        await channel.send(CHAT, channel_kit_text("Алгебра: 5"), key="k")


@pytest.mark.parametrize(
    "result",
    [
        '{"message_id": 41}',
        '{"message_id": 41, "date": "tomorrow", "chat": 5}',
        '{"message_id": 41, "date": 0, "chat": {"id": 101, "type": "of the future"}, "gift": [{}]}',
    ],
)
async def test_only_the_number_of_an_accepted_message_is_read(server: Server, result: str) -> None:
    """Whatever else Telegram tells of it next year, the message was accepted."""
    receipt = await (await server(saying(200, f'{{"ok": true, "result": {result}}}'))).send(
        CHAT, channel_kit_text("Алгебра: 5"), key="k"
    )
    assert receipt == Receipt(Status.ACCEPTED, reference="41")


@pytest.mark.parametrize(
    ("status", "body", "error", "pauses"),
    [
        (403, "<html>Forbidden</html>", UnavailableError, False),
        (400, "<html>Bad Request</html>", UnavailableError, False),
        (403, '{"error": "this site is blocked"}', UnavailableError, False),
        (403, "[]", UnavailableError, False),
        (302, "<html>Log in to the network</html>", UnavailableError, False),
        (404, "<html>Not Found</html>", UnavailableError, True),
        (502, "<html>Bad Gateway</html>", UnavailableError, False),
        (503, "", UnavailableError, False),
    ],
)
async def test_a_page_of_a_proxy_says_nothing_of_a_chat(
    server: Server, status: int, body: str, error: type[UnavailableError], *, pauses: bool
) -> None:
    """A 403 of a filter on the way is no parent who blocked the bot, and an outage uses up no try."""
    with pytest.raises(error) as unavailable:
        await (await server(saying(status, body))).send(CHAT, channel_kit_text("Алгебра: 5"), key="k")
    assert (unavailable.value.channel_wide, unavailable.value.answered) == (pauses, False)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ('{"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked"}', RefusedError),
        ('{"ok": false, "error_code": 400, "description": "Bad Request: chat not found"}', RefusedError),
        ('{"ok": false, "error_code": 400, "description": ["?"], "parameters": ["?"]}', RejectedError),
        ('{"ok": false, "error_code": 400, "description": null, "parameters": "7"}', RejectedError),
        ('{"ok": false, "error_code": 429, "parameters": {"retry_after": 5}}', UnavailableError),
        ('{"ok": false, "error_code": 500}', UnavailableError),
        ('{"ok": false}', UnavailableError),
        ('{"ok": false, "error_code": "403"}', UnavailableError),
        ('{"ok": false, "error_code": 1e99}', UnavailableError),
    ],
)
async def test_a_refusal_in_a_200_is_a_refusal(server: Server, body: str, error: type[Exception]) -> None:
    """`ok: false` counts, by its own code; one without a code that we know is tried again."""
    with pytest.raises(error):
        await (await server(saying(200, body))).send(CHAT, channel_kit_text("Алгебра: 5"), key="k")


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("37", 37),
        ("86400", 3600),
        ("86401", None),
        ("10e11", None),
        ("1" + "0" * 400, None),
        ("Infinity", None),
        ("-5", None),
        ("-Infinity", None),
        ("0", 1),
        ("NaN", None),
        ('"12"', 12),
        ('"soon"', None),
        ("[7]", None),
        ("null", None),
        ("true", None),
    ],
)
async def test_a_wait_is_bounded_whatever_is_asked_for(server: Server, asked: str, seconds: int | None) -> None:
    """Telegram's wait is kept from a second to an hour; what nobody can mean leaves us our own growing pause."""
    body = f'{{"ok": false, "error_code": 429, "parameters": {{"retry_after": {asked}}}}}'
    with pytest.raises(UnavailableError) as unavailable:
        await (await server(saying(429, body))).send(CHAT, channel_kit_text("Алгебра: 5"), key="k")
    assert unavailable.value.reason is Reason.THROTTLED
    assert unavailable.value.retry_after == (None if seconds is None else timedelta(seconds=seconds))


async def test_a_proxy_that_will_not_open_the_way_has_passed_nothing_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its refusal to connect comes before the message, so an ordinary mark is not taken for perhaps sent."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")

    async with raw_server(refuse) as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "localhost")
        channel = TelegramChannel(TOKEN, api="https://telegram.test", pace=None)
        with pytest.raises(UnavailableError):
            await channel.send(CHAT, channel_kit_text("Алгебра: 5"), key="k")
        await channel.close()


@pytest.mark.parametrize(
    ("code", "pauses"), [(401, "channel"), (404, "channel"), (409, "message"), (500, "message"), (504, "message")]
)
async def test_trouble_of_the_channel_is_no_fault_of_a_contact(server: Server, code: int, pauses: str) -> None:
    """A wrong token stops the channel, a server's error puts off one message; no contact is set aside for either."""
    channel = await server(refusal(code, "Trouble"))
    with pytest.raises(UnavailableError) as unavailable:
        await channel.send(CHAT, channel_kit_text("Алгебра: 5"), key="k")
    assert unavailable.value.reason is Reason.CHANNEL_DOWN
    assert unavailable.value.channel_wide is (pauses == "channel")


async def test_the_limit_of_one_chat_is_not_the_channels(server: Server) -> None:
    """A 429 for one chat is its own; different chats refused within a second halt the channel (Q92)."""
    channel = await server(refusal(429, "Too Many Requests: retry after 37", retry_after=37))
    halts: list[bool] = []
    for chat in (CHAT, CHAT, "102"):
        with pytest.raises(UnavailableError) as unavailable:
            await channel.send(chat, channel_kit_text("Алгебра: 5"), key="k")
        assert unavailable.value.retry_after == timedelta(seconds=37)
        halts.append(unavailable.value.channel_wide)
    assert halts == [False, False, True]
    await asyncio.sleep(1.1)
    with pytest.raises(UnavailableError) as unavailable:
        await channel.send("103", channel_kit_text("Алгебра: 5"), key="k")
    assert not unavailable.value.channel_wide


async def test_limits_of_two_chats_are_their_own_while_a_third_is_served(
    world: SandboxServer, channel: TelegramChannel
) -> None:
    """The channel's limit would have met the third chat too, so nobody else waits for these two (Q92)."""
    world.chats.start((102, 103))
    for chat in (102, 103):
        world.faults.add(FaultKind.TOO_MANY_REQUESTS, chat_id=chat, retry_after=37)
    with pytest.raises(UnavailableError) as first:
        await channel.send("102", channel_kit_text("Алгебра: 5"), key="a")
    await channel.send(CHAT, channel_kit_text("Алгебра: 5"), key="b")
    with pytest.raises(UnavailableError) as second:
        await channel.send("103", channel_kit_text("Алгебра: 5"), key="c")
    assert (first.value.channel_wide, second.value.channel_wide) == (False, False)


async def test_a_proxy_that_answers_in_html_is_no_answer_of_telegram(server: Server) -> None:
    """An error page with a code of its own is judged by the code."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(status=503, text="<html>Service Unavailable</html>")

    with pytest.raises(UnavailableError):
        await (await server(page)).send(CHAT, channel_kit_text("Алгебра: 5"), key="k")


async def test_a_server_that_keeps_silent_may_have_sent_it(server: Server) -> None:
    """A read timeout is uncertain, though the library calls it a timeout like any other."""

    async def silence(_request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    with pytest.raises(UncertainError):
        await (await server(silence)).send(CHAT, channel_kit_text("Алгебра: 5"), key="k")


async def test_a_server_that_cannot_be_connected_to_has_sent_nothing() -> None:
    """A refused connection is safe to repeat."""
    channel = TelegramChannel(TOKEN, api=f"http://127.0.0.1:{free_ports(1)[0]}", pace=None)
    with pytest.raises(UnavailableError) as unavailable:
        await channel.send(CHAT, channel_kit_text("Алгебра: 5"), key="k")
    assert unavailable.value.reason is Reason.CHANNEL_DOWN
    await channel.close()


def long_text() -> Text:
    lines = tuple(f"Предмет {number}: 5 (контрольная, «Тема номер {number}»)" for number in range(200))
    return Text("Оценки: Лескова Аня", (Section("Оценки", lines),), short="x", buttons=((Button("Прочитано", "r"),),))


async def test_a_long_text_names_the_child_in_every_part(channel: TelegramChannel, world: SandboxServer) -> None:
    """Parts are whole lines of at most 4096 characters under the same title; buttons hang on the last (Q15, Q91)."""
    receipt = await channel.send(CHAT, long_text(), key="k")
    messages = world.chats[101].messages
    assert len(messages) > 2
    assert all(message.text.startswith("Оценки: Лескова Аня\n\nОценки\nПредмет") for message in messages)
    assert [message.labels for message in messages] == [[]] * (len(messages) - 1) + [["Прочитано"]]
    assert receipt.reference == ",".join(str(message.message_id) for message in messages)


@pytest.mark.parametrize(("second", "error", "seen"), [(502, UnavailableError, 1), (None, UncertainError, 2)])
async def test_a_part_that_is_put_off_does_not_repeat_the_parts_before_it(
    server: Server, second: int | None, error: type[Exception], seen: int
) -> None:
    """The same key goes on where it was put off; after a lost answer the whole is said again, marked by the worker."""
    taken: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        text = str((await request.json())["text"])
        taken.append(text)
        if len(taken) == 2 and second is None and request.transport is not None:
            request.transport.abort()
        if len(taken) == 2 and second is not None:
            taken[1] = ""
            return web.json_response({"ok": False}, status=second)
        chat = {"id": int(CHAT), "type": "private"}
        return web.json_response({"ok": True, "result": {"message_id": len(taken), "date": 0, "chat": chat}})

    channel = await server(answer)
    with pytest.raises(error):
        await channel.send(CHAT, long_text(), key="k")
    await channel.send(CHAT, long_text(), key="k")
    assert sum("Предмет 0:" in text for text in taken) == seen
    assert all(any(line in text for text in taken) for line in long_text().sections[0].lines)


async def test_a_group_gets_nothing(channel: TelegramChannel, world: SandboxServer) -> None:
    """Only private chats are addresses, since a group is no family member."""
    with pytest.raises(InvalidAddressError):
        channel.normalise("-1001234567890")
    with pytest.raises(RefusedError):
        await channel.send("-1001234567890", channel_kit_text("Алгебра: 5"), key="k")
    assert len(world.log) == 0


async def test_a_document_follows_the_text(channel: TelegramChannel, world: SandboxServer) -> None:
    """An attachment arrives as a document after the words."""
    text = Text("Расписание", (), short="x", attachments=(Attachment("plan.pdf", "application/pdf", b"%PDF-1.7"),))
    await channel.send(CHAT, text, key="k")
    assert [entry.method for entry in world.log] == ["sendMessage", "sendDocument"]


async def test_files_that_telegram_keeps_go_by_their_numbers(channel: TelegramChannel, world: SandboxServer) -> None:
    """A photo and a document come after the words; one that is kept no more is no contact's fault (Q84, Q97)."""
    teacher = world.chats.add(909, "Учитель")
    photo = teacher.send_file(Upload("доска.gif", "image/gif", GIF), photo=True).attachment
    plan = teacher.send_file(Upload("план.pdf", "application/pdf", b"%PDF")).attachment
    assert photo is not None
    assert plan is not None
    kept = [(photo.file.mime, photo.file.file_id), (plan.file.mime, "nobody's"), (plan.file.mime, plan.file.file_id)]
    attachments = tuple(Attachment("файл", media_type, b"", reference) for media_type, reference in kept)
    receipt = await channel.send(CHAT, Text("План", (), short="x", attachments=attachments), key="k")
    assert receipt.status is Status.ACCEPTED
    assert [entry.method for entry in world.log] == ["sendMessage", "sendPhoto", "sendMessage", "sendDocument"]


async def test_a_kept_file_is_fetched_for_other_channels(channel: TelegramChannel, world: SandboxServer) -> None:
    """A mail gets the bytes; a file that is gone or too long is none, and no error (Q97)."""
    plan = world.chats.add(909, "Учитель").send_file(Upload("план.pdf", "application/pdf", b"%PDF")).attachment
    assert plan is not None
    assert await channel.fetch_file(plan.file.file_id, most=4) == b"%PDF"
    assert await channel.fetch_file(plan.file.file_id, most=3) is None
    assert await channel.fetch_file("nobody's", most=99) is None


def with_a_board(world: SandboxServer, *, line: str = "Завтра <сбор> в 9:00", mime: str = "image/gif") -> Text:
    """An announcement with the photo that a teacher sent to the bot."""
    board = world.chats.add(909, "Учитель").send_file(Upload("доска.gif", mime, GIF), photo=True).attachment
    assert board is not None
    return Text(
        "Объявления: Лескова Аня",
        (Section(None, (line,)),),
        short="x",
        buttons=((Button("Прочитано", "r"),),),
        attachments=(Attachment("доска.gif", mime, b"", board.file.file_id, "Файл не открылся & всё"),),
    )


async def test_a_photo_comes_over_its_words(channel: TelegramChannel, world: SandboxServer) -> None:
    """One message: the teacher's photo, the words under it, the button that proves reading (Q97)."""
    text = with_a_board(world)
    receipt = await channel.send(CHAT, text, key="k")
    (message,) = world.chats[101].messages
    assert message.attachment is not None
    assert (message.attachment.kind, message.attachment.file.file_id) == ("photo", text.attachments[0].reference)
    assert message.text == "Объявления: Лескова Аня\nЗавтра <сбор> в 9:00"
    assert message.labels == ["Прочитано"]
    assert receipt.reference == str(message.message_id)


async def test_words_too_long_for_a_caption_come_first(channel: TelegramChannel, world: SandboxServer) -> None:
    """Under a file 1024 characters have room; longer words with their button precede it (Q91)."""
    await channel.send(CHAT, with_a_board(world, line="слово " * 180), key="k")
    words, photo = world.chats[101].messages
    assert (words.attachment, words.labels) == (None, ["Прочитано"])
    assert photo.attachment is not None
    assert (photo.text, photo.labels) == ("", [])


async def test_a_file_of_unknown_kind_is_sent_as_telegram_keeps_it(
    channel: TelegramChannel, world: SandboxServer
) -> None:
    """A picture that somebody sent as a document stays one: the photo is tried first, then the document."""
    plan = world.chats.add(909, "Учитель").send_file(Upload("доска.gif", "image/gif", GIF)).attachment
    assert plan is not None
    kept = Attachment("доска.gif", "image/gif", b"", plan.file.file_id)
    await channel.send(CHAT, Text("Доска", (), short="x", attachments=(kept,)), key="k")
    (message,) = world.chats[101].messages
    assert message.attachment is not None
    assert message.attachment.kind == "document"


async def test_a_file_that_is_lost_does_not_take_its_words_along(
    channel: TelegramChannel, world: SandboxServer
) -> None:
    """The family reads the words, and that the file could not be opened; no contact is set aside (Q84, Q97)."""
    text = with_a_board(world)
    lost = replace(text, attachments=(replace(text.attachments[0], reference="nobody's"),))
    receipt = await channel.send(CHAT, lost, key="k")
    (message,) = world.chats[101].messages
    assert receipt.status is Status.ACCEPTED
    assert message.text.endswith("Завтра <сбор> в 9:00\n\nФайл не открылся & всё")
    assert message.labels == ["Прочитано"]


@pytest.mark.parametrize(
    ("code", "error", "reason"),
    [
        (400, RefusedError, Reason.NO_SUCH_ADDRESS),
        (403, RefusedError, Reason.BLOCKED),
        (429, UnavailableError, Reason.THROTTLED),
        (502, UnavailableError, Reason.CHANNEL_DOWN),
    ],
)
async def test_a_file_fails_as_words_do(server: Server, code: int, error: type[Exception], reason: Reason) -> None:
    """A chat that is unknown or blocked and a channel that is down are told apart under a file too (Q92)."""
    channel = await server(refusal(code, "Bad Request: chat not found"))
    kept = Attachment("доска.gif", "image/gif", b"", "photo-1")
    with pytest.raises(error, match=f"^{reason}$"):
        await channel.send(CHAT, Text("Доска", (), short="x", attachments=(kept,)), key="k")


async def test_content_is_protected_where_the_school_wants_it(world: SandboxServer) -> None:
    """Protected messages cannot be forwarded."""
    channel = TelegramChannel(world.token, api=world.bot_api, pace=None, protect_content=True)
    await channel.send(CHAT, channel_kit_text("Алгебра: 5"), key="k")
    assert [message.protected for message in world.chats[101].messages] == [True]
    await channel.close()


async def test_a_message_in_quiet_hours_makes_no_sound(channel: TelegramChannel, world: SandboxServer) -> None:
    """A result that may not wait for the morning comes silently, with its file, as in any messenger that can (Q73)."""
    file = Attachment("план.ics", "text/calendar", b"BEGIN")
    for text in (Text("Аня", (), short="", attachments=(file,), silent=True), channel_kit_text("Алгебра: 4")):
        await channel.send(CHAT, text, key="k")
    assert [message.silent for message in world.chats[101].messages] == [True, True, False]


async def test_the_pace_holds_from_the_first_second(world: SandboxServer) -> None:
    """25 a second never become more than 30 in any second, and one chat gets one a second."""
    for chat in range(1000, 1060):
        world.chats.add(chat, "Родитель")
    world.chats.start(range(1000, 1060))
    channel = TelegramChannel(world.token, api=world.bot_api)
    async with asyncio.timeout(10):
        await asyncio.gather(
            *(channel.send(str(chat), channel_kit_text("5"), key=str(chat)) for chat in range(1000, 1060))
        )
    spent = world.log[59].at - world.log[0].at
    assert world.log.peak() <= 30
    assert 1.9 < spent < 3.0
    world.log.clear()
    await asyncio.gather(*(channel.send(CHAT, channel_kit_text(f"{number}"), key=f"{number}") for number in range(3)))
    assert world.log[2].at - world.log[0].at >= 1.9
    await channel.close()


async def test_without_a_token_there_is_no_telegram_channel() -> None:
    """What is not configured is not opened."""
    assert await open_channel(ChannelConfig()) is None


async def test_a_school_behind_a_proxy_reaches_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy that the machine names carries the message."""
    asked: list[str] = []

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode())
        body = b'{"ok": true, "result": {"message_id": 7, "date": 0, "chat": {"id": 101, "type": "private"}}}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    async with raw_server(forward) as port:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "localhost")
        channel = TelegramChannel(TOKEN, api="http://telegram.test", pace=None)
        receipt = await channel.send(CHAT, channel_kit_text("Дежурство в четверг"), key="k")
        await channel.close()
    assert receipt.reference == "7"
    assert asked[0].startswith("POST http://telegram.test/bot")


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_a_school_behind_a_socks_proxy_reaches_telegram(world: SandboxServer, scheme: str) -> None:
    """The proxy is told name and port, never an address of our own look-up, and who asks (Q92)."""
    port = int(world.bot_api.rpartition(":")[2])
    async with socks_proxy(port) as proxy:
        through = f"{scheme}://school:s3cr%3At@127.0.0.1:{proxy.port}"
        channel = TelegramChannel(world.token, api=f"http://telegram.test:{port}", pace=None, proxy=through)
        await channel.send(CHAT, channel_kit_text("Дежурство в четверг"), key="k")
        await channel.close()
    assert "Дежурство" in world.chats[101].messages[-1].text
    assert set(proxy.asked) == {(("school", "s3cr:t"), "telegram.test", port)}


@pytest.mark.parametrize("manner", ["refuses", "hangs", "hangs_up", "speaks_http", "is_away"])
async def test_a_socks_proxy_that_leads_nowhere_has_sent_nothing(world: SandboxServer, manner: Manner) -> None:
    """Whatever the proxy does before Telegram is reached, the message may be sent again, unmarked (Q88)."""
    async with socks_proxy(1, manner=manner) as proxy:
        through = f"socks5://school:s3cr%3At@127.0.0.1:{proxy.port}"
        channel = TelegramChannel(world.token, api="http://telegram.test", pace=None, timeout=0.3, proxy=through)
        with pytest.raises(UnavailableError) as later:
            await channel.send(CHAT, channel_kit_text("Алгебра: 5"), key="k")
        await channel.close()
    assert not later.value.answered
    assert later.value.__context__ is None

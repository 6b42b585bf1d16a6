"""The sandbox refuses what the Bot API refuses, in Telegram's own words."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.sandbox import SandboxServer
from bot.sandbox.bot_api.call import Upload

Call = Callable[..., Awaitable[dict[str, Any]]]
WHOLE = {"chat_id": 101, "text": "ок"}


@pytest.fixture
async def call(world: SandboxServer) -> AsyncIterator[Call]:
    """A bare client that sends whatever it is told."""
    async with aiohttp.ClientSession(world.bot_api) as session:

        async def call(method: str, token: str = world.token, **fields: object) -> dict[str, Any]:
            async with session.post(f"/bot{token}/{method}", json=fields) as response:
                answer: dict[str, Any] = await response.json()
                assert answer["ok"] or answer["error_code"] == response.status
                return answer

        yield call


def inline(**button: object) -> str:
    return json.dumps({"inline_keyboard": [[{"text": "Оценки", **button}]]})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"txt": "ок"}, "sandbox: sendMessage has no field txt"),
        ({"reply_markup": inline(callbackdata="x")}, "sandbox: sendMessage has no field reply_markup"),
        ({"reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "я" * 4097}, "message is too long"),
        ({"text": "🎉" * 2049}, "message is too long"),
        ({"reply_markup": inline(callback_data="ы" * 32 + "x")}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": inline(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": inline()}, "can't parse inline keyboard button: Text buttons are unallowed"),
        ({"reply_markup": inline(url="не адрес")}, "inline keyboard button URL 'не адрес' is invalid"),
        ({"parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"chat_id": 999}, "chat not found"),
        ({"chat_id": "@nobody"}, "chat not found"),
        ({"reply_parameters": {"message_id": 77}}, "message to be replied not found"),
    ],
)
async def test_a_message_the_bot_api_does_not_allow_is_refused(
    call: Call, world: SandboxServer, fields: dict[str, object], words: str
) -> None:
    """A wrong field, length, markup or chat is a 400 that says what is wrong, and nothing arrives."""
    answer = await call("sendMessage", **WHOLE | fields)
    assert answer["error_code"] == 400
    assert answer["description"].startswith(f"Bad Request: {words}")
    assert len(world.log) == 0


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<h1>5</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("<b>5", 'Can\'t find end tag corresponding to start tag "b"'),
        ("я</b>", "Unexpected end tag at byte offset 2"),
        ("3 < 5", "Unclosed start tag at byte offset 2"),
        ("<b>5</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<span>5</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_html_that_telegram_cannot_read_is_refused(call: Call, html: str, words: str) -> None:
    """An unknown, unclosed or crossed tag is a 400 that names the tag and its place in bytes."""
    answer = await call("sendMessage", **WHOLE | {"parse_mode": "HTML", "text": html})
    assert answer["description"] == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "я" * 4096},
        {"parse_mode": "HTML", "text": f"<b>{'я' * 4096}</b>"},
        {"reply_markup": inline(callback_data="ы" * 32)},
        {"reply_markup": {"keyboard": [[{"text": "Оценки"}]], "resize_keyboard": True}},
        {"reply_markup": {"remove_keyboard": True}},
        {"reply_markup": {"force_reply": True}},
    ],
)
async def test_the_limit_itself_is_allowed(call: Call, fields: dict[str, object]) -> None:
    """4096 characters after parsing and 64 bytes of button data pass, and so does each kind of keyboard."""
    assert (await call("sendMessage", **WHOLE | fields))["ok"]


async def test_an_edit_must_change_something_that_is_there(call: Call, world: SandboxServer) -> None:
    """Editing to the same, editing what is not there and editing the person's own words are refused."""
    sent = (await call("sendMessage", **WHOLE))["result"]["message_id"]
    same = await call("editMessageText", message_id=sent, **WHOLE)
    assert same["description"].startswith("Bad Request: message is not modified: specified new message content")
    missing = await call("editMessageText", message_id=99, **WHOLE)
    assert missing["description"] == "Bad Request: message to edit not found"
    own = await call("editMessageText", message_id=world.chats[101].send("моё").message_id, **WHOLE)
    assert own["description"] == "Bad Request: message can't be edited"
    gone = await call("deleteMessage", chat_id=101, message_id=99)
    assert gone["description"] == "Bad Request: message to delete not found"


async def test_a_caption_ends_at_1024_characters(call: Call) -> None:
    """A caption of 1025 characters is refused before the file is looked at."""
    answer = await call("sendDocument", chat_id=101, document="any", caption="я" * 1025)
    assert answer["description"] == "Bad Request: message caption is too long"


async def test_a_photo_must_be_one(world: SandboxServer) -> None:
    """Bytes that are no picture cannot be sent as a photo."""
    form = aiohttp.FormData({"chat_id": "101"})
    form.add_field("photo", b"not a picture", filename="p.png")
    address = f"{world.bot_api}/bot{world.token}/sendPhoto"
    async with aiohttp.ClientSession() as session, session.post(address, data=form) as response:
        assert (await response.json())["description"] == "Bad Request: IMAGE_PROCESS_FAILED"


async def test_nobody_is_written_to_before_they_start_the_bot(call: Call, world: SandboxServer) -> None:
    """A person who never wrote to the bot is "chat not found" until they do."""
    world.chats.add(103, "Ольга Снегирёва")
    refused = await call("sendMessage", chat_id=103, text="ок")
    assert refused["description"] == "Bad Request: chat not found"
    world.chats[103].send("/start")
    assert (await call("sendMessage", chat_id=103, text="ок"))["ok"]


async def test_a_blocked_bot_is_told_so_until_it_is_unblocked(call: Call, world: SandboxServer) -> None:
    """Who blocks the bot is out of its reach with 403, and in reach again after unblocking."""
    world.chats[101].block()
    refused = await call("sendMessage", **WHOLE)
    assert (refused["error_code"], refused["description"]) == (403, "Forbidden: bot was blocked by the user")
    world.chats[101].unblock()
    assert (await call("sendMessage", **WHOLE))["ok"]


async def test_a_wrong_token_and_a_wrong_method_are_refused(call: Call) -> None:
    """A foreign token is 401, a method the Bot API does not have is 404, one not played here is 501."""
    assert (await call("getMe", token="30:wrong"))["error_code"] == 401
    assert (await call("sendGradebook"))["error_code"] == 404
    assert (await call("sendDice", chat_id=101))["error_code"] == 501


async def test_a_press_is_answered_once(call: Call, world: SandboxServer) -> None:
    """An answer to an unknown or already answered press is refused; a long one too."""
    sent = (await call("sendMessage", reply_markup=inline(callback_data="m"), **WHOLE))["result"]["message_id"]
    query = world.chats[101].press(sent, "m")
    long = await call("answerCallbackQuery", callback_query_id=query, text="я" * 201)
    assert long["description"] == "Bad Request: MESSAGE_TOO_LONG"
    assert (await call("answerCallbackQuery", callback_query_id=query, text="Отмечено"))["ok"]
    assert world.chats[101].answer(query).text == "Отмечено"
    again = await call("answerCallbackQuery", callback_query_id=query)
    assert again["description"].startswith("Bad Request: query is too old")


@pytest.mark.parametrize(("method", "kind"), [("sendPhoto", "photo"), ("sendDocument", "document")])
async def test_a_file_keeps_the_type_that_it_was_sent_as(
    world: SandboxServer, call: Call, method: str, kind: str
) -> None:
    """By its id a photo is sent again as a photo and a document as a document, never one as the other."""
    pixel = Upload("доска.gif", "image/gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;")
    for as_photo in (True, False):
        sent = world.chats[101].send_file(pixel, photo=as_photo).attachment
        assert sent is not None
        answer = await call(method, chat_id=101, **{kind: sent.file.file_id})
        assert answer["ok"] is (sent.kind == kind)
        assert answer["ok"] or f"can't use file of type {sent.kind.title()} as" in answer["description"]

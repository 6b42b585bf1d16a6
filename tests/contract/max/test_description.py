"""The sandbox's description of MAX: as the official one with known departures, and strict."""

import json
from importlib.resources import files
from typing import Any

import pytest

from bot.sandbox.max_api.refusal import MaxApiRefusal
from bot.sandbox.max_api.schema import max_api_schema
from tests.support.max_description import OFFICIAL, vestnik_description

DESCRIPTION = json.loads(files("bot.sandbox.max_api").joinpath("description.json").read_text(encoding="utf-8"))
PLACES = [OFFICIAL] if OFFICIAL.exists() else []


@pytest.mark.parametrize("official", PLACES, ids=str)
def test_the_description_is_the_official_one_with_what_is_known_beyond(official: Any) -> None:
    """Whatever changes there is seen here; each departure is written out."""
    assert vestnik_description(official) == DESCRIPTION


KEYBOARD = {"type": "inline_keyboard", "payload": {"buttons": [[{"type": "callback", "text": "Да", "payload": "yes"}]]}}


@pytest.mark.parametrize(
    ("call", "query", "body"),
    [
        ("POST /messages", {"user_id": "1"}, {"text": "5", "format": "html", "attachments": [KEYBOARD]}),
        ("POST /messages", {"user_id": "1"}, {"text": None, "attachments": None, "link": None, "notify": False}),
        ("POST /answers", {"callback_id": "c"}, {"message": {"text": "5", "attachments": []}}),
        ("GET /updates", {"limit": "100", "timeout": "30", "types": "message_created,bot_started"}, {}),
        ("POST /subscriptions", {}, {"url": "https://s.example.org/max", "secret": "wolf-and-hare"}),
    ],
)
def test_what_max_takes_is_taken(call: str, query: dict[str, str], body: dict[str, Any]) -> None:
    """Nullable fields may be null, and kinds of attachments have their own."""
    max_api_schema().check_call(call, query, body)


@pytest.mark.parametrize(
    ("call", "query", "body", "fault"),
    [
        ("POST /messages", {"user_id": "1"}, {"text": "5", "parse_mode": "HTML"}, "no field parse_mode"),
        ("POST /messages", {"user_id": "x"}, {"text": "5"}, "user_id is no integer"),
        ("POST /messages", {"user_id": "1", "access_token": "t"}, {"text": "5"}, "no parameter access_token"),
        ("POST /messages", {"user_id": "1"}, {"text": "5" * 4001}, "body.text breaks maxLength"),
        ("POST /messages", {"user_id": "1"}, {"text": "5", "format": "plain"}, "body.format breaks enum"),
        ("POST /messages", {"user_id": "1"}, {"attachments": [{"type": "hologram"}]}, "type is none that MAX knows"),
        ("POST /messages", {"user_id": "1"}, {"attachments": [{"type": "file"}]}, "payload is missing"),
        ("POST /answers", {"callback_id": "c"}, {}, "body.message is missing"),
        ("POST /answers", {"callback_id": "c"}, {"notification": "!"}, "no field notification"),
        ("POST /answers", {"callback_id": " "}, {"message": {"text": "5"}}, "callback_id breaks pattern"),
        ("POST /subscriptions", {}, {"url": "u", "secret": "four"}, "secret breaks minLength"),
        ("DELETE /subscriptions", {}, {}, "url is missing"),
        ("GET /chats", {}, {}, "no call GET /chats"),
        ("GET /updates", {"limit": "1000"}, {}, "limit breaks maximum"),
    ],
)
def test_what_max_does_not_know_is_refused(call: str, query: dict[str, str], body: Any, fault: str) -> None:
    """An unknown field or parameter is a mistake of ours, which a kind server would hide."""
    with pytest.raises(MaxApiRefusal) as refused:
        max_api_schema().check_call(call, query, body)
    assert fault in refused.value.message or fault.replace("minLength", "pattern") in refused.value.message

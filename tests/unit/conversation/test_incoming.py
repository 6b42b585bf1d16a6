"""What must be known of an update before anybody reads it; whatever it is, it is either that or set aside."""

from contextlib import suppress
from typing import Any

import pytest
from aiogram import Bot
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.line.lenient_json import LARGEST_NESTED, lenient_json
from bot.conversation.messenger import HeardKind, Incoming, UnreadableUpdateError
from bot.telegram.incoming import (
    incoming_telegram_update_number,
    parse_incoming_telegram_update,
    read_incoming_telegram_update,
    stored_incoming_telegram_update,
)
from tests.support.conversation.telegram import TOKEN, Recording

BOT = Bot(TOKEN, session=Recording())
CHAT = {"id": 501, "type": "private"}
MESSAGE = {
    "message_id": 1,
    "date": 1,
    "chat": CHAT,
    "from": {"id": 501, "is_bot": False, "first_name": "?"},
    "text": "?",
}
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


NO_PLACE_TO_LOOK_AT = {
    "no UTF-8": b'"\xff\xfe"',
    "a bare control": b'"a\x00\x01\nb"',
    "figures without end": b"9" * 5000,
    "lists without end": b"[" * 100_000 + b"]" * 100_000,
    "objects without end": b'{"]": ' * 50_000 + b'"\\"[["' + b"}" * 50_000,
}


@pytest.mark.parametrize("place", NO_PLACE_TO_LOOK_AT.values(), ids=NO_PLACE_TO_LOOK_AT)
def test_one_place_that_is_no_json_hides_nothing_else(place: bytes) -> None:
    """One update like this would be brought again for ever, and with it all that come after (Q120)."""
    answer: Any = lenient_json(
        b'\xef\xbb\xbf{"result": [{"update_id": 7, "text": ' + place + b'}, {"update_id": 8}], "ok": true}'
    )
    assert answer["ok"] is True
    assert [incoming_telegram_update_number(update) for update in answer["result"]] == [7, 8]


@pytest.mark.parametrize(
    "body", [b"", b"?", b"[", b"\xff", b'{"ok": tr', b"[" * 5000, b"[" * LARGEST_NESTED + b"]" * 9]
)
def test_what_is_cut_or_no_json_at_all_is_nothing(body: bytes) -> None:
    """Half an answer could hide an update that was never seen."""
    with pytest.raises(ValueError, match=r"Expecting|nested"):
        lenient_json(body)


def test_an_update_of_a_private_chat_is_known_by_number_kind_and_chat() -> None:
    """It is not read yet: that is done once, when its turn has come."""
    found = parse_incoming_telegram_update({"update_id": 7, "message": MESSAGE})
    assert found is not None
    assert (found.update_id, found.kind, found.chat) == (7, HeardKind.MESSAGE, "501")
    assert read_incoming_telegram_update(found, BOT).text == MESSAGE["text"]


@pytest.mark.parametrize("number", ["7", None, True, -1, 0, 1.5, [7], 1 << 31, 1 << 63, 10**30])
def test_a_number_that_can_be_none_sets_the_update_aside(number: object) -> None:
    """Telegram counts in 32 bits; as an offset a larger number would confirm everything that ever comes."""
    raw = {"update_id": number, "message": MESSAGE}
    assert incoming_telegram_update_number(raw) is None
    with pytest.raises(UnreadableUpdateError) as unreadable:
        parse_incoming_telegram_update(raw)
    assert unreadable.value.kind == "message"


@pytest.mark.parametrize("chat_id", ["501", None, True, -1, 0, 1.5, 1 << 52, 1 << 63, 10**30])
def test_a_chat_without_a_number_that_can_be_one_is_set_aside(chat_id: object) -> None:
    """No database keeps more than 64 bits, and Telegram promises no more than 52."""
    with pytest.raises(UnreadableUpdateError):
        parse_incoming_telegram_update({"update_id": 7, "message": MESSAGE | {"chat": CHAT | {"id": chat_id}}})


@pytest.mark.parametrize(
    "raw", [None, [], "?", 5, {}, {"update_id": 7}, {"update_id": 7, "message": None}, {"message": 1}]
)
def test_what_is_no_update_is_set_aside(raw: object) -> None:
    """Whoever wrote it: nothing of it can be answered."""
    with pytest.raises(UnreadableUpdateError):
        parse_incoming_telegram_update(raw)


@pytest.mark.parametrize(
    ("key", "kind"), [("telepathy", "telepathy"), ("Соколова Анна: 2", "unnamed"), ("", "unnamed")]
)
def test_a_kind_is_named_and_nothing_else(key: str, kind: str) -> None:
    """A new kind of update is named by its own key; what looks like no name is not repeated (Q103)."""
    with pytest.raises(UnreadableUpdateError) as unreadable:
        parse_incoming_telegram_update({"update_id": 7, key: {"text": "Соколова Анна"}})
    assert unreadable.value.kind == kind
    assert "Анна" not in str(unreadable.value)


@pytest.mark.parametrize(
    "event",
    [
        {"message": MESSAGE | {"chat": {"id": -100, "type": "group"}}},
        {"edited_message": MESSAGE | {"chat": {"id": -100, "type": "group"}}},
        {"message_reaction": MESSAGE},
        {"callback_query": {"id": "1", "from": {}, "data": "?"}},
    ],
)
def test_what_is_nobodys_private_chat_is_no_fault(event: dict[str, Any]) -> None:
    """Groups, kinds that nobody listens to, buttons under messages that are out of reach: nothing to be answered."""
    assert parse_incoming_telegram_update({"update_id": 7, **event}) is None


@given(ANY_JSON, st.sampled_from(["message", "callback_query", "my_chat_member"]))
def test_whatever_stands_in_an_update_it_is_known_or_set_aside(inside: Any, kind: str) -> None:
    """There is no third way, so no update ends the reading of the others."""
    for raw in (inside, {"update_id": 7, kind: inside}, {"update_id": inside, kind: {"chat": inside}}):
        try:
            found = parse_incoming_telegram_update(raw)
        except UnreadableUpdateError:
            continue
        assert found is None or isinstance(found, Incoming)


@given(ANY_JSON)
def test_reading_an_update_fails_in_one_way_only(inside: Any) -> None:
    """Whatever the library thinks of its parts."""
    for raw in (MESSAGE | {"forward_origin": inside}, MESSAGE | {"date": inside}):
        found = parse_incoming_telegram_update({"update_id": 7, "message": raw})
        assert found is not None
        with suppress(UnreadableUpdateError):
            read_incoming_telegram_update(found, BOT)


@pytest.mark.parametrize("body", ["", "{", "null", "[]", '{"update_id": 7, "message": {"text": "of another version"}}'])
def test_a_kept_update_of_another_version_is_unreadable_and_no_more(body: str) -> None:
    """A database may hold what an earlier or a later version of the bot kept."""
    with pytest.raises(UnreadableUpdateError):
        read_incoming_telegram_update(stored_incoming_telegram_update(7, "501", body), BOT)

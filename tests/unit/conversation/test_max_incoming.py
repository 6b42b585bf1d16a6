"""Updates of MAX: the id that is made for each, whose they are, and what they say; nothing raw breaks the bot."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.messenger import HeardKind, MessengerUpdate, UnreadableUpdateError
from bot.max.incoming import (
    incoming_max_contact_hash,
    incoming_max_update_number,
    parse_incoming_max_update,
    read_incoming_max_update,
    stored_incoming_max_update,
)
from bot.max.rendering import rendered_max_html
from core.model.conversation import MessageContent

TOKEN = "token-of-the-school"
USER = {"user_id": 7001, "first_name": "Мария", "is_bot": False}
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KINDS = ["message_created", "message_edited", "message_callback", "bot_started", "bot_stopped", "dialog_muted"]


def message(text: str | None = "?", *, chat_type: str = "dialog", **more: Any) -> dict[str, Any]:
    body = {"mid": "mid.1", "seq": 11, "text": text, "attachments": None} | more.pop("body", {})
    recipient = {"chat_id": 5, "chat_type": chat_type, "user_id": 3000}
    return {"sender": USER, "recipient": recipient, "timestamp": 1_700_000_000_123, "body": body, **more}


def created(**more: Any) -> dict[str, Any]:
    return {"update_type": "message_created", "timestamp": 9, "message": message(**more)}


def heard(raw: dict[str, Any]) -> MessengerUpdate:
    update = parse_incoming_max_update(raw)
    assert update is not None
    assert stored_incoming_max_update(update.update_id, update.chat, update.body).raw == raw
    return read_incoming_max_update(update, token=TOKEN)


def test_an_update_belongs_to_its_person() -> None:
    """The sender, who pressed, who started: never the recipient, which is the bot, nor the id of the chat (Q82)."""
    pressed = {"update_type": "message_callback", "timestamp": 9, "message": None,
               "callback": {"timestamp": 9, "callback_id": "c", "payload": "menu", "user": USER}}  # fmt: skip
    started = {"update_type": "bot_started", "timestamp": 9, "chat_id": 5, "user": USER, "payload": "CODE"}
    for raw in (created(), pressed, started):
        assert heard(raw).chat == "7001"
    assert (heard(started).text, heard(started).kind) == ("/start CODE", HeardKind.MESSAGE)
    assert heard(started | {"payload": None}).text == "/start"
    assert heard(pressed).data == "menu"


@pytest.mark.parametrize("chat_type", ["chat", "channel", "something new"])
def test_a_group_is_not_heard(chat_type: str) -> None:
    """Any type of chat but a dialog is a group."""
    assert parse_incoming_max_update(created(chat_type=chat_type)) is None


def test_the_same_delivery_has_the_same_id_and_no_other_has_it() -> None:
    """63 bits over what names the event, whatever the order of its fields."""
    first = created()
    again = dict(reversed(first.items()))
    others = [
        first | {"timestamp": 10},
        created(body={"mid": "mid.2"}),
        first | {"update_type": "message_edited"},
        {"update_type": "bot_started", "timestamp": 9, "chat_id": 5, "user": USER, "payload": "A"},
        {"update_type": "bot_started", "timestamp": 9, "chat_id": 5, "user": USER, "payload": "B"},
        {"update_type": "telepathy", "timestamp": 9, "thought": 1},
        {"update_type": "telepathy", "timestamp": 9, "thought": 2},
    ]
    numbers = [incoming_max_update_number(each, 7001) for each in (first, *others)]
    assert incoming_max_update_number(again, 7001) == numbers[0]
    assert incoming_max_update_number(first, 7002) not in numbers
    assert len(set(numbers)) == len(numbers)
    assert all(0 <= number < 1 << 63 for number in numbers)


def test_what_was_forwarded_is_read_where_it_lies() -> None:
    """A forwarded text lies in the link; the text that is answered to is not the person's own."""
    forwarded = {"type": "forward", "message": {"mid": "m", "seq": 1, "text": "что задали?", "attachments": None}}
    assert heard(created(text=None, link=forwarded)).text == "что задали?"
    assert heard(created(text="да", link=forwarded | {"type": "reply"})).text == "да"
    assert heard(created(text=None, link=forwarded | {"type": "reply"})).content is MessageContent.OTHER


def test_an_edited_message_keeps_its_number() -> None:
    """So it corrects what it had said (Q115)."""
    edited = created(text="другое") | {"update_type": "message_edited"}
    assert heard(created()).messages == heard(edited).messages == (11,)
    assert heard(edited).kind is HeardKind.EDIT
    assert heard(created()).sent_at == 1_700_000_000


CARD = "BEGIN:VCARD\nVERSION:3.0\nTEL;TYPE=cell:79000000001\nFN:Мария\nEND:VCARD"


@pytest.mark.parametrize(
    ("payload", "phone"),
    [
        ({"vcf_info": CARD, "hash": incoming_max_contact_hash(CARD, token=TOKEN), "max_info": USER}, "+79000000001"),
        (
            {"vcf_info": CARD, "hash": incoming_max_contact_hash(CARD, token=TOKEN).upper(), "max_info": USER},
            "+79000000001",
        ),
        ({"vcf_info": CARD, "max_info": USER}, ""),
        ({"vcf_info": CARD, "hash": incoming_max_contact_hash(CARD, token="other"), "max_info": USER}, ""),
        ({"vcf_info": CARD + " ", "hash": incoming_max_contact_hash(CARD, token=TOKEN), "max_info": USER}, ""),
        ({"vcf_info": CARD, "hash": incoming_max_contact_hash(CARD, token=TOKEN), "max_info": {"user_id": 7002}}, ""),
        ({"vcf_info": CARD, "hash": incoming_max_contact_hash(CARD, token=TOKEN)}, ""),
        ({"vcf_info": None, "hash": None}, ""),
    ],
)
def test_a_number_counts_with_maxs_hash_and_of_its_owner_alone(payload: dict[str, Any], phone: str) -> None:
    """A card without the hash, or of somebody else, is no proof that the phone is one's own (Q81)."""
    said = heard(created(text=None, body={"attachments": [{"type": "contact", "payload": payload}]}))
    assert (said.text, said.content) == (phone, MessageContent.CONTACT)


def test_files_are_kept_by_token_and_address() -> None:
    """The token sends it again, the address brings the content."""
    photo = {"type": "image", "payload": {"photo_id": 1, "token": "t1", "url": "https://i.example.org/1"}}
    file = {
        "type": "file",
        "payload": {"token": "t2", "url": "https://i.example.org/2"},
        "filename": "план.pdf",
        "size": 1,
    }
    said = heard(created(text="см.", body={"attachments": [photo, file, {"type": "share", "payload": {}}]}))
    assert [(each.name, each.media_type, each.reference) for each in said.files] == [
        ("фото.jpg", "image/jpeg", "image t1 https://i.example.org/1"),
        ("план.pdf", "application/pdf", "file t2 https://i.example.org/2"),
    ]
    assert (said.text, said.content) == ("см.", MessageContent.FILES)
    assert heard(created(text=None, body={"attachments": [{"type": "audio"}]})).content is MessageContent.VOICE


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(["message", "callback", "user", "timestamp"]), ANY_JSON))
def test_whatever_comes_is_read_or_set_aside(kind: str, rest: dict[str, Any]) -> None:
    """No update ends the bot: it is heard, passed over, or unreadable (Q120)."""
    with suppress(UnreadableUpdateError):
        update = parse_incoming_max_update({"update_type": kind, **rest})
        if update is not None:
            assert read_incoming_max_update(update, token=TOKEN) is not None


@given(ANY_JSON)
def test_what_is_no_update_is_set_aside(raw: Any) -> None:
    """A list, a number, nothing."""
    with suppress(UnreadableUpdateError):
        assert parse_incoming_max_update(raw) is None


def test_a_shown_message_is_written_again_with_its_marks() -> None:
    """Places are counted in UTF-16 units; what MAX does not render and what is wrong is left out."""
    marks = [
        {"type": "strong", "from": 0, "length": 4}, {"type": "emphasized", "from": 5, "length": 3},
        {"type": "quote", "from": 0, "length": 4}, {"type": "strong", "from": "0", "length": 1},
    ]  # fmt: skip
    assert rendered_max_html("😀 <5 ж & к", marks) == "<b>😀 &lt;</b>5<i> ж </i>&amp; к"
    assert rendered_max_html("", []) == ""

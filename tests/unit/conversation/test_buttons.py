"""Buttons open what the school put into them, in the chat they were made for, and nothing else."""

import hmac
import re
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.conversation.buttons import LONGEST, MARKS, Handle, HandleRefusedError, pack_button, unpack_button

KEY = b"the school's signing key"
CHAT = "712000001"

sealed = partial(pack_button, channel="telegram", chat=CHAT, key=KEY)
opened = partial(unpack_button, channel="telegram", chat=CHAT, key=KEY)

handles = st.builds(
    Handle, st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.lists(st.integers(0, 10**9), max_size=3).map(tuple)
)


@given(handles, st.text(max_size=20))
def test_a_button_opens_what_was_packed_into_it(handle: Handle, chat: str) -> None:
    """Whatever was packed for a chat is unpacked in that chat unchanged."""
    assert opened(sealed(handle, chat=chat), chat=chat) == handle


@given(handles, st.integers(1, 10**9), st.lists(st.integers(1, 10**9), max_size=4))
def test_a_button_for_one_person_acts_for_no_other(handle: Handle, owner: int, others: list[int]) -> None:
    """Where several share a chat, the button opens while its owner is among them, and says whose it is (Q3, Q83)."""
    packed = sealed(replace(handle, person_id=owner))
    assert opened(packed, person_ids=[*others, owner]).person_id == owner
    assert opened(sealed(handle), person_ids=[owner]).person_id is None
    if owner not in others:
        with pytest.raises(HandleRefusedError):
            opened(packed, person_ids=others)


@given(handles)
def test_a_button_fits_into_callback_data_and_start_payload(handle: Handle) -> None:
    """Packed data is at most 64 characters of the alphabet that a start link allows."""
    packed = sealed(handle)
    assert len(packed) <= LONGEST
    assert re.fullmatch(r"[A-Za-z0-9_-]+", packed)


@given(handles, st.data())
def test_a_button_with_any_byte_changed_is_refused(handle: Handle, data: st.DataObject) -> None:
    """Changing one byte, whichever and however, closes the button."""
    packed = bytearray(sealed(handle), "ascii")
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(HandleRefusedError):
        opened(packed.decode("latin-1"))


@given(handles, st.data())
def test_a_button_with_a_byte_lost_or_added_is_refused(handle: Handle, data: st.DataObject) -> None:
    """A shorter or a longer button is another button."""
    packed = sealed(handle)
    place = data.draw(st.integers(0, len(packed) - 1))
    for forged in (packed[:place] + packed[place + 1 :], packed[:place] + "0" + packed[place:]):
        with pytest.raises(HandleRefusedError):
            opened(forged)


@given(handles, st.text(max_size=20).filter(lambda chat: chat != CHAT))
def test_a_button_of_another_chat_is_refused(handle: Handle, foreign: str) -> None:
    """A button forwarded to another chat opens nothing there."""
    with pytest.raises(HandleRefusedError):
        opened(sealed(handle), chat=foreign)


@given(handles)
def test_a_button_of_another_messenger_is_refused(handle: Handle) -> None:
    """Two messengers may give the same number to two chats, and even the older one's seals open nothing here."""
    for former in (False, True):
        with pytest.raises(HandleRefusedError):
            opened(sealed(handle), channel="max", former=former)


def test_a_button_of_release_0_1_opens_where_such_buttons_may_stand() -> None:
    """Its seal knew the chat's number alone, since there was one messenger."""
    seal = hmac.digest(KEY, b"button\n712000001\nmarks-7", "sha256")[:8].hex()
    button = f"marks-7-{seal}"
    assert opened(button, former=True) == Handle(MARKS, (7,))
    with pytest.raises(HandleRefusedError):
        opened(button)


def test_a_button_sealed_with_another_key_is_refused() -> None:
    """A school does not open the buttons of another one."""
    with pytest.raises(HandleRefusedError):
        opened(sealed(Handle(MARKS, (7,)), key=b"another"))


@given(st.text(max_size=80))
def test_rubbish_is_refused_and_never_breaks(rubbish: str) -> None:
    """Whatever a client sends as button data is refused in the same way."""
    with pytest.raises(HandleRefusedError):
        opened(rubbish)


@pytest.mark.parametrize("handle", [Handle("Marks"), Handle(MARKS, (-1,)), Handle(""), Handle(MARKS, (10**17,) * 3)])
def test_what_no_button_can_hold_is_told_at_once(handle: Handle) -> None:
    """An action that is no short lower-case word, a negative number or too many digits never become a button."""
    with pytest.raises(ValueError, match="A button takes"):
        sealed(handle)

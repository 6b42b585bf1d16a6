"""Codes that prove a contact: derived from the key, so that what is stored tells nothing (Q81)."""

from hypothesis import given
from hypothesis import strategies as st

from core.rules.register.ownership import (
    DIGITS,
    LARGEST_SERIAL,
    ownership_code,
    ownership_code_hash,
    typed_ownership_digits,
)

SERIALS = st.integers(min_value=0, max_value=LARGEST_SERIAL)


@given(st.integers(min_value=1), SERIALS, st.binary(min_size=1))
def test_a_code_is_six_digits_and_always_the_same(contact_id: int, serial: int, key: bytes) -> None:
    """It is composed when the message is sent, maybe twice."""
    code = ownership_code(contact_id, serial, key=key)
    assert len(code) == DIGITS
    assert code.isdecimal()
    assert code == ownership_code(contact_id, serial, key=key)


def test_another_contact_serial_or_key_gives_another_code() -> None:
    """So a code of one contact proves no other, and without the key nobody computes it."""
    codes = {
        ownership_code(contact_id, serial, key=key)
        for contact_id in range(1, 4)
        for serial in range(3)
        for key in (b"one", b"two")
    }
    assert len(codes) == 18


def test_the_stored_hash_needs_the_key_and_the_contact() -> None:
    """A million digits are tried in a second, so the hash is keyed."""
    hashes = {ownership_code_hash(contact_id, "123456", key=key) for contact_id in (1, 2) for key in (b"one", b"two")}
    assert len(hashes) == 4


@given(st.integers(min_value=0, max_value=10**DIGITS - 1))
def test_a_code_may_be_typed_with_anything_around_it(number: int) -> None:
    """«Код: 123 456.» is what people copy."""
    code = f"{number:0{DIGITS}}"
    assert typed_ownership_digits(f"Код: {code[:3]} {code[3:]}.") == code

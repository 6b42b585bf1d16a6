"""One-time codes that prove whose a contact is; derived from the school's key, so that nothing stored tells them."""

import hmac
from datetime import timedelta

CODE_TERM = timedelta(hours=1)
"""How long a code is good, and how long a mail or an SMS with it is sent: a mail server may hold mail back."""

DIGITS = 6
"""Short enough to be typed from an SMS. Guesses are limited, and only its owner's own chat may try."""

MOST_SENT = 5
"""Codes of one person and channel within `SENDS_WINDOW`: a wrong address must not be written to again and again."""

SENDS_WINDOW = timedelta(days=1)
LARGEST_SERIAL = 2**53
"""Below it a number survives JSON; a serial is drawn at random, so none comes twice, not even after a restore."""


def ownership_code(contact_id: int, serial: int, *, key: bytes) -> str:
    """The digits of one code."""
    drawn = hmac.digest(key, f"ownership:{contact_id}:{serial}".encode(), "sha256")
    return f"{int.from_bytes(drawn) % 10**DIGITS:0{DIGITS}}"


def ownership_code_hash(contact_id: int, code: str, *, key: bytes) -> str:
    """How a code is stored: without the key, nobody finds the digits by trying all of them."""
    return hmac.digest(key, f"ownership-hash:{contact_id}:{code}".encode(), "sha256").hex()


def typed_ownership_digits(said: str) -> str:
    """What was typed, as digits: people copy «123 456» or «код 123456»."""
    return "".join(sign for sign in said if sign.isdecimal() and sign.isascii())

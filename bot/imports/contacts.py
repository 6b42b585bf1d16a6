"""Contacts and yes-or-no cells of the people tables, as people write them."""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from core.model.registers import BY_CODE

REGION = "RU"
_PHONE = re.compile(r"[+0-9][0-9\s().-]*")
_CHAT = re.compile(r"-?[0-9]{3,16}")
_USERNAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
_YES = frozenset({"да", "+", "yes", "y", "true", "1", "x", "х", "v", "есть"})
_NO = frozenset({"", "нет", "-", "–", "—", "no", "n", "false", "0"})


def read_phone(text: str) -> str | None:
    """E.164, Russian where no country is said; None if it cannot be a number.

    Length decides, not the list of ranges in use: it ages, and a refused parent would find no channel.
    """
    if not _PHONE.fullmatch(text):
        return None
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else None


def read_email(text: str) -> str | None:
    """The address in its normal form, or None. Nothing is looked up, and domains kept for trials are addresses too."""
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None


def read_telegram(text: str) -> str | None:
    """A chat's number, or `BY_CODE` for a wish without one: «+», «да», a @name or a phone cannot be written to."""
    if _CHAT.fullmatch(text):
        return text
    wished = text.lower() in _YES or _USERNAME.fullmatch(text) or (text.startswith("+") and _PHONE.fullmatch(text))
    return BY_CODE if wished else None


def read_yes_no(text: str) -> bool | None:
    """«да», «+» … or «нет», «-», an empty cell; None for anything else."""
    word = text.lower()
    return True if word in _YES else False if word in _NO else None

"""Numbers of forms: a letter for the purpose, the year, a serial number and a check digit, as in «С-2026-000016»."""

import re

from core.errors import FormNumberError
from core.model.register.forms import FormPurpose

LETTERS = {FormPurpose.CONSENT: "С", FormPurpose.REFUSAL: "Н", FormPurpose.WITHDRAWAL: "О", FormPurpose.CONTACTS: "К"}
"""Of согласие, несогласие, отзыв, контакты: Latin letters of the same look are taken for them."""

_LATIN = str.maketrans("CHOK0", "СНОКО")
_TYPED = re.compile(r"([СНОК])[\W_]*(\d{4})[\W_]*(\d{6,9})")
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""The quasigroup of H. M. Damm (2004): it finds every wrong digit and every two neighbours that changed places."""


def form_number(purpose: FormPurpose, year: int, serial: int) -> str:
    """The number of a form: five digits of the serial number, more above 99,999, and the check digit."""
    digits = f"{year:04}{serial:05}"
    return f"{LETTERS[purpose]}-{digits[:4]}-{digits[4:]}{_check_digit(LETTERS[purpose], digits)}"


def read_form_number(typed: str) -> str:
    """The number that was typed, in its one spelling: blanks, dashes and capitals do not matter.

    Raises FormNumberError for a mistyped one.
    """
    text = typed.strip().upper()
    found = _TYPED.fullmatch(text[:1].translate(_LATIN) + text[1:])
    if found is None or not found[0].isprintable():
        raise FormNumberError
    letter, year, rest = found.groups()
    if not (year + rest).isascii() or _check_digit(letter, year + rest[:-1]) != rest[-1]:
        raise FormNumberError
    return f"{letter}-{year}-{rest}"


def looks_like_form_number(typed: str) -> bool:
    """True for a form's number, a mistyped one too: a letter of ours, then a year and at least six digits."""
    text = typed.strip().upper()
    return text.isprintable() and _TYPED.fullmatch(text[:1].translate(_LATIN) + text[1:]) is not None


def _check_digit(letter: str, digits: str) -> str:
    """The letter counts as a digit too, so that a wrong letter is found."""
    interim = 0
    for digit in (list(LETTERS.values()).index(letter) + 1, *map(int, digits)):
        interim = _DAMM[interim][digit]
    return str(interim)

"""The forms of one-time codes: ten letters that are typed, and a token of 128 bits that a link carries (Q82)."""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L and O, which look like figures, and no U. Ten of them are 50 bits."""

CODE_LENGTH = 10
TOKEN_BYTES = 16

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_BETWEEN = re.compile(r"[\s\u2010-\u2015-]+")
_LOOK_ALIKES = str.maketrans("OILАВЕКМНОРСТУХ", "011ABEKMH0PCTYX")
"""What is typed instead of a character of a code; the later letters are Cyrillic ones of the same look."""


def typed_code(said: str) -> str:
    """The code that somebody meant: case, blanks, hyphens and letters of the same look make no difference."""
    return _BETWEEN.sub("", said).upper().translate(_LOOK_ALIKES)


def is_code_link_token(said: str) -> bool:
    """Whether this has the form of a link's token, which nobody types and no typed code has."""
    return _TOKEN.fullmatch(said) is not None

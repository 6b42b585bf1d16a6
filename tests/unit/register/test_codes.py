"""The forms of one-time codes, as people type them and as links carry them."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.register.codes import ALPHABET, CODE_LENGTH, TOKEN_BYTES, is_code_link_token, typed_code

CODES = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


@given(CODES)
def test_a_code_is_what_it_says(code: str) -> None:
    """No character of a code is another one's look-alike, so no two codes become one (Q82)."""
    assert typed_code(code) == code
    assert not is_code_link_token(code)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("abcde-fgh0j", "ABCDEFGH0J"), (" A B C ", "ABC"), ("oil", "011"), ("АВЕКМНОРСТУХ", "ABEKMH0PCTYX"), ("", "")],
)
def test_what_looks_like_a_character_is_it(said: str, meant: str) -> None:
    """A letter O for zero and Cyrillic letters of the same look are what the sheet shows (Q82)."""
    assert typed_code(said) == meant


def test_a_token_fits_a_link() -> None:
    """128 bits in letters that a start link may carry (Q82)."""
    assert is_code_link_token(secrets.token_urlsafe(TOKEN_BYTES))
    assert not is_code_link_token("A" * 21)
    assert not is_code_link_token("Ж" * 22)

"""Invisible characters in texts: which are forbidden, and which may be left out without a loss."""

import unicodedata

_BLANKS = "\t\n\v\f\r\u2028\u2029"
"""White space that ends lines or pages; the text goes on after it."""

_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Overrides of the writing direction: a reader sees other words than the text contains."""

_NAMES = {0x00: "NULL", 0x07: "BELL", 0x08: "BACKSPACE", 0x1A: "SUBSTITUTE", 0x1B: "ESCAPE", 0x7F: "DELETE"}
_KINDS = {"Cc": "CONTROL", "Cs": "SURROGATE", "Cn": "NONCHARACTER"}
_LAST_TWO, _ARABIC_GAP = 0xFFFE, range(0xFDD0, 0xFDF0)


def first_forbidden_character(text: str) -> str | None:
    """The first forbidden character of a text, as its code point and its Unicode name; None for a clean text.

    Forbidden are controls (PostgreSQL refuses NUL), surrogates, noncharacters and overrides of the writing direction.
    """
    if text.isprintable():
        return None
    return next((_unicode_name(character) for character in text if _is_forbidden(character)), None)


def without_invisible_characters(text: str) -> str:
    """The text without invisible characters; an end of line becomes a space. Forbidden characters stay."""
    return text if text.isprintable() else "".join(map(_visible, text))


def without_forbidden_characters(text: str) -> str:
    """The text without forbidden characters; ends of lines and joiners stay."""
    return text if text.isprintable() else "".join(character for character in text if not _is_forbidden(character))


def with_escaped_characters(text: str) -> str:
    """The text with each invisible character as `<U+200B>`, for names of files in messages."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def _is_forbidden(character: str) -> bool:
    if character.isprintable() or character in _BLANKS:
        return False
    category = unicodedata.category(character)
    return category in {"Cc", "Cs"} or character in _OVERRIDES or _is_noncharacter(ord(character))


def _is_noncharacter(code: int) -> bool:
    return code & _LAST_TWO == _LAST_TWO or code in _ARABIC_GAP


def _visible(character: str) -> str:
    if character in _BLANKS:
        return " "
    is_invisible = unicodedata.category(character) == "Cf" and character not in _OVERRIDES
    return "" if is_invisible else character


def _escaped(character: str) -> str:
    return character if character.isprintable() else f"<U+{ord(character):04X}>"


def _unicode_name(character: str) -> str:
    code = ord(character)
    other = _NAMES.get(code) or _KINDS.get(unicodedata.category(character), "")
    return f"U+{code:04X} {unicodedata.name(character, other)}".rstrip()

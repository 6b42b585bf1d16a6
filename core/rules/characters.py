"""Characters that no eye sees: which of them words may never hold, and which may be left out without a loss."""

import unicodedata

_BLANKS = "\t\n\v\f\r\u2028\u2029"
"""Ends of lines and of pages, of whatever program: words go on after them."""

_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""They turn the order of letters round, so that a reader sees other words than are kept."""

_NAMES = {0x00: "NULL", 0x07: "BELL", 0x08: "BACKSPACE", 0x1A: "SUBSTITUTE", 0x1B: "ESCAPE", 0x7F: "DELETE"}
_KINDS = {"Cc": "CONTROL", "Cs": "SURROGATE", "Cn": "NONCHARACTER"}
_LAST_TWO, _ARABIC_GAP = 0xFFFE, range(0xFDD0, 0xFDF0)


def first_forbidden_character(text: str) -> str | None:
    """The first character of a text that nobody may keep or send: its code point and its name in Unicode.

    Controls (NUL is refused by PostgreSQL and ends a text elsewhere), halves of characters, noncharacters, overrides of
    the direction of writing. None for a clean text, which is most often told by one look.
    """
    if text.isprintable():
        return None
    return next((_named(character) for character in text if _is_forbidden(character)), None)


def without_invisible_characters(text: str) -> str:
    """The text without what cannot be seen; the end of a line becomes a blank. Forbidden characters stay."""
    return text if text.isprintable() else "".join(map(_seen, text))


def without_forbidden_characters(text: str) -> str:
    """Words as they were typed, without what is forbidden; ends of lines and joiners stay."""
    return text if text.isprintable() else "".join(each for each in text if not _is_forbidden(each))


def with_escaped_characters(text: str) -> str:
    """The text with everything invisible written out as its number: how a file's own name is shown."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _is_forbidden(character: str) -> bool:
    if character.isprintable() or character in _BLANKS:
        return False
    category = unicodedata.category(character)
    return category in {"Cc", "Cs"} or character in _OVERRIDES or _is_noncharacter(ord(character))


def _is_noncharacter(code: int) -> bool:
    return code & _LAST_TWO == _LAST_TWO or code in _ARABIC_GAP


def _seen(character: str) -> str:
    if character in _BLANKS:
        return " "
    is_unseen = unicodedata.category(character) == "Cf" and character not in _OVERRIDES
    return "" if is_unseen else character


def _shown(character: str) -> str:
    return character if character.isprintable() else f"<U+{ord(character):04X}>"


def _named(character: str) -> str:
    code = ord(character)
    other = _NAMES.get(code) or _KINDS.get(unicodedata.category(character), "")
    return f"U+{code:04X} {unicodedata.name(character, other)}".rstrip()

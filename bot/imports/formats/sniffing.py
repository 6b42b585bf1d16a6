"""What a file is, decided by its content and never by its name, in one pass that also takes its hash."""

import codecs
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from bot.imports.formats.opening import MEBI, RegularFile

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_UTF8_LETTER, _NOT_ASCII = re.compile(rb"\xd0[\x90-\xbf]|\xd1[\x80-\x8f]"), re.compile(rb"[\x80-\xff]")
_FALLBACK = "cp1251"
_OTHER_ENCODINGS = frozenset({"koi8-r", "cp866", "iso8859-5", "mac-cyrillic"})


class Form(StrEnum):
    """The four forms a file may have, and nothing at all."""

    HTML = "html"
    JSON = "json"
    WORKBOOK = "workbook"
    TEXT = "text"
    EMPTY = "empty"


MOST = {
    Form.HTML: 20 * MEBI,
    Form.JSON: 20 * MEBI,
    Form.WORKBOOK: 40 * MEBI,
    Form.TEXT: 128 * MEBI,
    Form.EMPTY: 128 * MEBI,
}
"""Bytes that a file may have: pages and JSON are taken apart whole, a table row by row."""

LARGEST = max(MOST.values())


@dataclass(frozen=True, slots=True)
class Sniffed:
    """`encoding` is for the forms of text; `cut_off` says that it ends within a letter."""

    form: Form
    encoding: str
    sha256: str
    cut_off: bool


def sniff(file: RegularFile) -> Sniffed:
    """The file's form and encoding. Raises OSError, and UnreadableError for more than its form may hold."""
    digest = hashlib.sha256()
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    start = b""
    for chunk in file.parts():
        digest.update(chunk)
        decoder = _still_utf8(decoder, chunk)
        if not start:
            start = chunk
            file.narrow(MOST[_form(start, _encoding(start, is_utf8=decoder is not None))])
    cut_off = decoder is not None and bool(decoder.getstate()[0])
    encoding = _encoding(start, is_utf8=decoder is not None)
    return Sniffed(_form(start, encoding), encoding, digest.hexdigest(), cut_off)


def _still_utf8(decoder: codecs.IncrementalDecoder | None, chunk: bytes) -> codecs.IncrementalDecoder | None:
    if decoder is None:
        return None
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return None
    return decoder


def _encoding(start: bytes, *, is_utf8: bool) -> str:
    """Russian text in another encoding is never valid utf-8, so that is asked before the file's own word for it."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if is_utf8 or _is_damaged_utf8(start):
        return "utf-8"
    declared = _CHARSET.search(start[:4096])
    try:
        name = codecs.lookup(declared[1].decode("ascii") if declared else _FALLBACK).name
    except (LookupError, UnicodeDecodeError):
        return _FALLBACK
    return name if name in _OTHER_ENCODINGS else _FALLBACK


def _is_damaged_utf8(start: bytes) -> bool:
    """Whether most letters are Russian ones in utf-8: read in another encoding the names would be rubbish."""
    return 4 * len(_UTF8_LETTER.findall(start)) > len(_NOT_ASCII.findall(start))


def _form(start: bytes, encoding: str) -> Form:
    if start.startswith((_ZIP, _OLE)):
        return Form.WORKBOOK
    text = start[:65536].decode(encoding, errors="replace").lstrip("\ufeff \t\r\n\0")
    if not text:
        return Form.EMPTY
    if text.startswith(("{", "[")):
        return Form.JSON
    return Form.HTML if text.startswith("<") or "<table" in text.lower() else Form.TEXT

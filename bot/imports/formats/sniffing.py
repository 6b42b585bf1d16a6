"""Detects form and encoding of a file by its content, never by its name, in one pass that also hashes it."""

import codecs
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from bot.imports.formats.opening import MEBI, OpenedImportFile

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_UTF8_LETTER, _NOT_ASCII = re.compile(rb"\xd0[\x90-\xbf]|\xd1[\x80-\x8f]"), re.compile(rb"[\x80-\xff]")
_FALLBACK = "cp1251"
_LEAST_PRINTED, _MOST_LETTERS = 0x20, 50
"""Bytes below the first are controls; one in so many bytes makes a file no text."""

_OTHER_ENCODINGS = frozenset({"koi8-r", "cp866", "iso8859-5", "mac-cyrillic"})


class FileForm(StrEnum):
    """The forms a file may have."""

    HTML = "html"
    JSON = "json"
    WORKBOOK = "workbook"
    TEXT = "text"
    BINARY = "binary"
    EMPTY = "empty"


SIZE_LIMITS = {
    FileForm.HTML: 20 * MEBI,
    FileForm.JSON: 20 * MEBI,
    FileForm.WORKBOOK: 40 * MEBI,
    FileForm.TEXT: 128 * MEBI,
    FileForm.BINARY: 128 * MEBI,
    FileForm.EMPTY: 128 * MEBI,
}
"""Largest size in bytes: HTML and JSON are parsed as a whole, tables row by row."""

LARGEST_FILE = max(SIZE_LIMITS.values())


@dataclass(frozen=True, slots=True)
class SniffedFile:
    """`encoding` matters for text forms only; `cut_off`: the file ends inside a UTF-8 character."""

    form: FileForm
    encoding: str
    sha256: str
    cut_off: bool


def sniff_format(file: OpenedImportFile) -> SniffedFile:
    """The file's form and encoding. Raises OSError, and UnreadableError for more than its form may hold."""
    digest = hashlib.sha256()
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    start = b""
    for chunk in file.chunks():
        digest.update(chunk)
        decoder = _still_utf8(decoder, chunk)
        if not start:
            start = chunk
            file.lower_limit(SIZE_LIMITS[_form_of(start, _encoding_of(start, is_utf8=decoder is not None))])
    cut_off = decoder is not None and bool(decoder.getstate()[0])
    encoding = _encoding_of(start, is_utf8=decoder is not None)
    return SniffedFile(_form_of(start, encoding), encoding, digest.hexdigest(), cut_off)


def _still_utf8(decoder: codecs.IncrementalDecoder | None, chunk: bytes) -> codecs.IncrementalDecoder | None:
    if decoder is None:
        return None
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return None
    return decoder


def _encoding_of(start: bytes, *, is_utf8: bool) -> str:
    """UTF-8 is tried before the declared charset: Russian text in another encoding is never valid UTF-8."""
    for mark, encoding in _BYTE_ORDER_MARKS:
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
    """True where most non-ASCII bytes form Russian letters in UTF-8; any other encoding would garble the names."""
    return 4 * len(_UTF8_LETTER.findall(start)) > len(_NOT_ASCII.findall(start))


def _is_picture_or_program(start: bytes, encoding: str) -> bool:
    """True for many control bytes among the first, which no text in one byte a letter holds."""
    head = start[:4096]
    controls = sum(byte < _LEAST_PRINTED and byte not in b"\t\n\f\r" for byte in head)
    return encoding != "utf-16" and bool(head.strip(b"\0")) and _MOST_LETTERS * controls > len(head)


def _form_of(start: bytes, encoding: str) -> FileForm:
    if start.startswith((_ZIP, _OLE)):
        return FileForm.WORKBOOK
    if _is_picture_or_program(start, encoding):
        return FileForm.BINARY
    text = start[:65536].decode(encoding, errors="replace").lstrip("\ufeff \t\r\n\0")
    if not text:
        return FileForm.EMPTY
    if text.startswith(("{", "[")):
        return FileForm.JSON
    return FileForm.HTML if text.startswith("<") or "<table" in text.lower() else FileForm.TEXT

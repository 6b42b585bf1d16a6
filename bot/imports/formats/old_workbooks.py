"""Finds the error cells of an old workbook (xls): an OLE file with a stream of records (MS-CFB, MS-XLS)."""

from collections.abc import Iterator, Sequence
from struct import Struct, error, unpack_from
from typing import BinaryIO

_HEADER, _NO_SECTOR, _ENTRY = 512, 0xFFFFFFF0, 128
_RECORD, _PLACE, _LONG = Struct("<HH"), Struct("<HH"), Struct("<I")
_BEGIN, _END, _SHEET, _BOOL_OR_ERROR, _FORMULAS = 0x0809, 0x000A, 0x0085, 0x0205, frozenset({0x0006, 0x0206, 0x0406})
_ERROR_RESULT = 2

Place = tuple[int, int]


def old_workbook_error_cells(file: BinaryIO) -> Iterator[tuple[int, list[Place]]]:
    """The number of each sheet, from 0, with its error cells as row and column from 1. Raises OSError."""
    file.seek(0)
    try:
        book = _stream(file.read())
        starts = [_LONG.unpack_from(body)[0] for kind, body in _records(book, 0) if kind == _SHEET]
        yield from ((number, list(_errors(book, start))) for number, start in enumerate(starts))
    except (error, LookupError, StopIteration) as broken:
        raise OSError from broken


def _records(book: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Kind and body of the records of one part of the stream, up to its end."""
    while start + _RECORD.size <= len(book):
        kind, size = _RECORD.unpack_from(book, start)
        start += _RECORD.size
        yield kind, book[start : start + size]
        start += size
        if kind == _END:
            return


def _errors(book: bytes, start: int) -> Iterator[Place]:
    for kind, body in _records(book, start):
        is_error = kind == _BOOL_OR_ERROR and body[7:8] == b"\1"
        is_error |= kind in _FORMULAS and body[12:14] == b"\xff\xff" and body[6] == _ERROR_RESULT
        if is_error:
            row, column = _PLACE.unpack_from(body)
            yield row + 1, column + 1


def _stream(ole: bytes) -> bytes:
    """The stream of the workbook; a short one lies in small sectors inside the root's stream."""
    shift, small_shift = unpack_from("<HH", ole, 30)
    first, cutoff, small_first = unpack_from("<IxxxxII", ole, 48)
    size, body = 1 << shift, ole[_HEADER:]
    table = _sector_table(ole, size)
    folder = _chain(body, first, table, size)
    entries = [folder[at : at + _ENTRY] for at in range(0, len(folder), _ENTRY)]
    entry = next(each for name in ("Workbook", "Book") for each in entries if _is_named(each, name))
    start, length = unpack_from("<II", entry, 116)
    if length >= cutoff:
        return _chain(body, start, table, size)[:length]
    inner = _chain(body, unpack_from("<I", entries[0], 116)[0], table, size)
    return _chain(inner, start, _numbers(_chain(body, small_first, table, size)), 1 << small_shift)[:length]


def _is_named(entry: bytes, name: str) -> bool:
    return entry.startswith(f"{name}\0".encode("utf-16-le"))


def _sector_table(ole: bytes, size: int) -> Sequence[int]:
    """The next sector of each sector; the places of the table itself begin in the header."""
    listed, more = list(unpack_from("<109I", ole, 76)), unpack_from("<I", ole, 68)[0]
    for _ in range(len(ole) // size):
        if more >= _NO_SECTOR:
            break
        *places, more = unpack_from(f"<{size // 4}I", ole, _HEADER + more * size)
        listed += places
    sectors = [ole[_HEADER + at * size : _HEADER + (at + 1) * size] for at in listed if at < _NO_SECTOR]
    return _numbers(b"".join(sectors))


def _chain(data: bytes, at: int, table: Sequence[int], width: int) -> bytes:
    """The sectors of a stream, joined; a chain that runs in a circle ends."""
    parts: list[bytes] = []
    while at < _NO_SECTOR and len(parts) < len(table):
        parts.append(data[at * width : (at + 1) * width])
        at = table[at]
    return b"".join(parts)


def _numbers(data: bytes) -> Sequence[int]:
    return unpack_from(f"<{len(data) // 4}I", data)

"""The pictures in a scanner's PDF: each page of a scan is one picture, as JPEG, as fax or packed."""

import io
import re
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

_STREAM = re.compile(rb"stream\r?\n")
_HEADER = 4096
"""A picture's dictionary is shorter than this."""

_NUMBER = r"\s+(-?\d+)(?!\s+\d+\s+R)"
MOST_BYTES = 400_000_000
"""Of an unpacked picture: an A3 page in colour at 600 dpi has 200 MB."""

_MODES = {(b"DeviceGray", 1): "1", (b"DeviceGray", 8): "L", (b"DeviceRGB", 8): "RGB"}


def scanned_pdf_images(content: bytes) -> Iterator[Image.Image]:
    """The pictures of a PDF, in the order of the file; what is packed in an unknown way is passed over."""
    for found in _STREAM.finditer(content):
        header = content[max(0, found.start() - _HEADER) : found.start()].rpartition(b" obj")[2]
        if re.search(rb"/Subtype\s*/Image", header):
            picture = _picture(header, _stream(content, header, found.end()))
            if picture is not None:
                yield picture


def _stream(content: bytes, header: bytes, start: int) -> bytes:
    length = _number(header, "Length")
    if length is not None and content[start + length :].lstrip()[:9] == b"endstream":
        return content[start : start + length]
    return content[start : content.find(b"endstream", start)]


def _number(header: bytes, name: str) -> int | None:
    found = re.search(rf"/{name}{_NUMBER}".encode(), header)
    return None if found is None else int(found[1])


def _picture(header: bytes, packed: bytes) -> Image.Image | None:
    """OSError and ValueError of a damaged picture are its reader's."""
    filters = re.findall(rb"/(\w+Decode)\b", header)
    match filters:
        case [b"DCTDecode" | b"JPXDecode"]:
            return Image.open(io.BytesIO(packed))
        case [b"CCITTFaxDecode"]:
            return _fax(header, packed)
        case [b"FlateDecode"] | []:
            return _pixels(header, _unpacked(packed) if filters else packed)
        case _:
            return None


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MOST_BYTES)
    except zlib.error:
        return b""


def _pixels(header: bytes, pixels: bytes) -> Image.Image | None:
    width, height, bits = (_number(header, name) for name in ("Width", "Height", "BitsPerComponent"))
    space = re.search(rb"/ColorSpace\s*/(\w+)", header)
    mode = _MODES.get((space[1], bits or 8)) if space else None
    if mode is None or not width or not height:
        return None
    row = {"1": (width + 7) // 8, "L": width, "RGB": width * 3}[mode]
    if (_number(header, "Predictor") or 1) >= 10:  # noqa: PLR2004  # from 10 on each row begins with a PNG filter
        return _png(mode, (width, height), pixels)
    return Image.frombytes(mode, (width, height), pixels) if len(pixels) >= row * height else None


def _png(mode: str, size: tuple[int, int], rows: bytes) -> Image.Image:
    """Rows with PNG filters are what a PNG holds."""
    colour, bits = {"1": (0, 1), "L": (0, 8), "RGB": (2, 8)}[mode]
    head = struct.pack(">IIBBBBB", *size, bits, colour, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return Image.open(io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)))


def _fax(header: bytes, packed: bytes) -> Image.Image | None:
    """A fax page of group 4, which a TIFF of one strip holds too."""
    width, height = _number(header, "Columns") or _number(header, "Width"), _number(header, "Height")
    if not width or not height or (_number(header, "K") or 0) >= 0:
        return None
    is_black_one = re.search(rb"/BlackIs1\s+true", header) is not None
    tags = (
        (256, 4, width), (257, 4, height), (258, 3, 1), (259, 3, 4), (262, 3, int(is_black_one)),
        (273, 4, 8 + 2 + 9 * 12 + 4), (277, 3, 1), (278, 4, height), (279, 4, len(packed)),
    )  # fmt: skip
    directory = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags)) + directory + struct.pack("<I", 0)
    return Image.open(io.BytesIO(head + packed))

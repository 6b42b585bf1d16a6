"""Reads the QR codes of scanned papers: many on a picture, at any angle, with noise."""

import io
from collections.abc import Iterator, Sequence

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from bot.documents.scans.pdf_images import scanned_pdf_images

MOST_PIXELS = 150_000_000
"""Of one picture: an A3 page at 600 dpi has 70 million."""

SMALL = 6_000_000
"""Pixels of a picture that is enlarged once more: a page at 200 dpi has 4 million."""

MOST_PAGES = 500


class UnreadableScanError(ValueError):
    """The file is no picture and no PDF with pictures, is damaged, or larger than any scan."""


def read_scanned_codes(content: bytes) -> Sequence[str]:
    """The texts of all QR codes in a picture, a TIFF of many pages or a PDF of pictures, each once.

    Raises UnreadableScanError. A picture without codes gives none.
    """
    found: dict[str, None] = {}
    try:
        for picture in _pictures(content):
            found |= dict.fromkeys(_codes(picture))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, MemoryError):
        raise UnreadableScanError from None
    return list(found)


def _pictures(content: bytes) -> Iterator[Image.Image]:
    if content[:1024].lstrip().startswith(b"%PDF"):
        for _, picture in zip(range(MOST_PAGES), scanned_pdf_images(content), strict=False):
            yield _grey(picture)
        return
    opened = Image.open(io.BytesIO(content))
    for page in range(min(getattr(opened, "n_frames", 1), MOST_PAGES)):
        opened.seek(page)
        yield _grey(opened)


def _grey(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise UnreadableScanError
    return picture.convert("L")


def _codes(picture: Image.Image) -> Iterator[str]:
    """The picture as it is, then without its noise, then a small one enlarged: each finds what another misses."""
    tries = [picture, ImageOps.autocontrast(picture.filter(ImageFilter.MedianFilter(3)), cutoff=1)]
    if picture.width * picture.height < SMALL:
        tries.append(picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS))
    qr = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    for each in tries:
        for code in zxingcpp.read_barcodes(each, formats=qr):
            if code.valid:
                yield code.text

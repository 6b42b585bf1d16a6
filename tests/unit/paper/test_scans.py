"""Scanned papers: QR codes are found at any angle, many on a picture, with noise, and in PDFs of pictures."""

import io
from typing import Any

import pytest
import segno
from PIL import Image

from bot.documents.scans import codes
from bot.documents.scans.codes import UnreadableScanError, read_scanned_codes

TEXTS = [f"form-{number}-0123456789abcdef" for number in range(1, 7)]


def picture(*texts: str, columns: int = 2) -> Image.Image:
    """A sheet with these codes, each as wide as the strip of a form at 150 dpi."""
    rows = -(-len(texts) // columns)
    page = Image.new("L", (columns * 500, max(rows, 1) * 350), "white")
    for place, text in enumerate(texts):
        image = io.BytesIO()
        segno.make(text, error="m", micro=False).save(image, kind="png", scale=5, border=0)
        page.paste(Image.open(image), ((place % columns) * 500 + 120, (place // columns) * 350 + 80))
    return page


def as_file(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("angle", [0, 4, 90, 137, 180, 271])
def test_a_code_is_read_at_any_angle(angle: int) -> None:
    """A sheet that was put in askew or upside down is read all the same."""
    turned = picture(TEXTS[0]).rotate(angle, expand=True, fillcolor="white")
    assert read_scanned_codes(as_file(turned)) == [TEXTS[0]]


def test_many_codes_are_read_from_one_picture() -> None:
    """Six forms beside each other under one photo, each code once."""
    assert sorted(read_scanned_codes(as_file(picture(*TEXTS, TEXTS[0])))) == TEXTS


@pytest.mark.parametrize("angle", [-7.5, 1.3, 5.2])
def test_noise_and_shadow_hide_no_code(angle: float) -> None:
    """A poor photo: grain, a shadow across the sheet, strong compression."""
    sheet = picture(*TEXTS[:4]).rotate(angle, expand=True, fillcolor="white")
    shadow = Image.linear_gradient("L").resize(sheet.size)
    noise = Image.effect_noise(sheet.size, 90)
    poor = Image.blend(Image.blend(sheet, shadow, 0.35), noise, 0.3)
    assert sorted(read_scanned_codes(as_file(poor, quality=35))) == TEXTS[:4]


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_a_scanners_pdf_is_read(mode: str) -> None:
    """Fax pages, grey and coloured pictures, several pages in a file."""
    pages = [picture(text).convert(mode) for text in TEXTS[:3]]
    assert read_scanned_codes(as_file(pages[0], "PDF", save_all=True, append_images=pages[1:])) == TEXTS[:3]


def test_a_tiff_of_many_pages_is_read() -> None:
    """What a fax machine or a feeder leaves."""
    pages = [picture(text).convert("1") for text in TEXTS[:3]]
    tiff = as_file(pages[0], "TIFF", compression="group4", save_all=True, append_images=pages[1:])
    assert read_scanned_codes(tiff) == TEXTS[:3]


def test_a_packed_picture_in_a_pdf_is_read() -> None:
    """Other writers pack pixels, with or without the filters of PNG."""
    png = as_file(picture(TEXTS[0]), "PNG")
    rows = png[png.index(b"IDAT") + 4 : png.index(b"IEND") - 8]
    width, height = picture(TEXTS[0]).size
    head = f"1 0 obj <</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray"
    filters = f"/BitsPerComponent 8/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns {width}>>/Length 9 0 R>>"
    pdf = b"%PDF-1.5\n" + f"{head}{filters}\nstream\n".encode() + rows + b"\nendstream endobj"
    assert read_scanned_codes(pdf) == [TEXTS[0]]


def test_a_sheet_without_a_code_gives_none() -> None:
    """A blank page and a PDF that holds no picture are no error."""
    assert read_scanned_codes(as_file(picture())) == []
    assert read_scanned_codes(b"%PDF-1.7\n1 0 obj <</Type/Page>> endobj") == []


@pytest.mark.parametrize(
    "content",
    [b"", b"name;class\n", b"\xff\xd8\xff\xe0 cut", as_file(picture(TEXTS[0]))[:900], b"GIF89a", b"\x89PNG\r\n\x1a\n"],
)  # fmt: skip
def test_what_is_no_scan_is_said(content: bytes) -> None:
    """A table, a cut picture and nothing at all are refused, never half read."""
    with pytest.raises(UnreadableScanError):
        read_scanned_codes(content)


def test_a_picture_larger_than_any_scan_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file may unpack to a picture that fills the memory."""
    monkeypatch.setattr(codes, "MOST_PIXELS", 1000)
    with pytest.raises(UnreadableScanError):
        read_scanned_codes(as_file(picture(TEXTS[0])))

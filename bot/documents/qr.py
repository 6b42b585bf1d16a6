"""QR codes of documents, as SVG."""

import io

import segno


def qr_code_svg(text: str) -> str:
    """The QR code; error correction M keeps a smudged one readable."""
    image = io.BytesIO()
    segno.make(text, error="m", micro=False).save(image, kind="svg", border=0, xmldecl=False)
    return image.getvalue().decode()

"""The paper extract as a PDF: one page a student, with a tear-off slip that a scanner can read back (Q32, Q35)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.documents.qr import qr_code
from bot.documents.typesetting import typeset
from core.model.delivery.text import Text
from core.ports import Translator

_TEMPLATE = Path(__file__).with_name("extract.typ")
_WORDS = (
    *("title", "student", "class", "recipient", "period", "basis", "signature"),
    *("slip", "slip_date", "slip_signature"),
)


@dataclass(frozen=True, slots=True)
class ExtractPage:
    """One family's extract about one student; `period` is inclusive, `code`: the content of the slip's QR code.

    `hand_out` says until when it must be ready, where it holds results (R6).
    """

    number: str
    issued_on: date
    period: tuple[date, date]
    student: str
    school_class: str
    recipient: str
    basis: str
    facts: Text
    code: str
    hand_out: str | None = None


def extracts_pdf(pages: Sequence[ExtractPage], t: Translator, *, school: str, signatory: str) -> bytes:
    """The PDF of these extracts; equal data give an equal document (Q32)."""
    data = {
        "language": t.language,
        "words": {word: t(f"extract.{word}") for word in _WORDS},
        "extracts": [_page_data(page, t, school=school, signatory=signatory) for page in pages],
    }
    return typeset(_TEMPLATE, data, format="pdf", timestamp=0)


def _page_data(page: ExtractPage, t: Translator, *, school: str, signatory: str) -> dict[str, object]:
    since, until = page.period
    return {
        "school": school,
        "number": page.number,
        "numbered": t("extract.numbered", number=page.number, date=_day(page.issued_on)),
        "period": t("extract.since_until", since=_day(since), until=_day(until)),
        "student": page.student,
        "class": page.school_class,
        "recipient": page.recipient,
        "basis": page.basis,
        "hand_out": page.hand_out,
        "facts_title": page.facts.title,
        "sections": [{"heading": part.heading, "lines": list(part.lines)} for part in page.facts.sections],
        "note": page.facts.footer,
        "signatory": signatory or t("extract.signatory"),
        "qr": qr_code(page.code),
    }


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"

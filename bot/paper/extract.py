"""The paper extract as a PDF: as few pages as fit, with a tear-off slip that a scanner can read back (Q32, Q35)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.documents.qr import qr_code_svg
from bot.documents.typesetting import typeset_document
from core.model.delivery.text import Text
from core.model.paper import Block
from core.ports import Translator

TEMPLATE = Path(__file__).with_name("extract.typ")
_WORDS = (
    *("title", "student", "class", "recipient", "period", "basis", "signature", "news"),
    *("slip", "slip_date", "slip_signature"),
    *("staff_title", "staff_slip", "staff_slip_signature"),
    *("handover", "handover_number", "handover_student", "handover_recipient", "handover_signed"),
)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What all pages of a school say; `window`: name and class stand where an envelope has its window."""

    school: str
    signatory: str = ""
    window: bool = False


@dataclass(frozen=True, slots=True)
class ExtractPage:
    """One family's extract about one student; `period` is inclusive, `code`: the content of the slip's QR code.

    `facts` is what was new, `contents` what the bot would show besides (Q31). `hand_out` says until when it must be
    ready, where it holds results (R6). `is_staff`: a notice to a staff member about their work, of no student.
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
    contents: Sequence[Block] = ()
    is_staff: bool = False


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """A line of the hand-over list: which extract goes to whom about whom."""

    number: str
    student: str
    recipient: str


@dataclass(frozen=True, slots=True)
class BatchPages:
    """The pages of one class; with `handover` lines a list to sign comes first, which the school keeps."""

    school_class: str
    on: date
    pages: Sequence[ExtractPage]
    handover: Sequence[HandoverLine] = ()


def paper_extracts_pdf(batches: Sequence[BatchPages], t: Translator, imprint: Imprint) -> bytes:
    """The PDF of these batches; equal data give an equal document (Q32)."""
    return typeset_document(TEMPLATE, paper_extracts_data(batches, t, imprint), format="pdf", timestamp=0)


def paper_extracts_data(batches: Sequence[BatchPages], t: Translator, imprint: Imprint) -> dict[str, object]:
    """What the template reads."""
    return {
        "language": t.language,
        "window": imprint.window,
        "words": {word: t(f"extract.{word}") for word in _WORDS},
        "batches": [
            {
                "title": t("extract.handover_of", school_class=batch.school_class, date=_day(batch.on)),
                "school": imprint.school,
                "handover": [[line.number, line.student, line.recipient] for line in batch.handover],
                "extracts": [_page_data(page, t, imprint) for page in batch.pages],
            }
            for batch in batches
        ],
    }


def _page_data(page: ExtractPage, t: Translator, imprint: Imprint) -> dict[str, object]:
    since, until = page.period
    return {
        "is_staff": page.is_staff,
        "school": imprint.school,
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
        "blocks": [_block_data(block) for block in page.contents],
        "note": page.facts.footer,
        "signatory": imprint.signatory or t("extract.signatory"),
        "qr": qr_code_svg(page.code),
    }


def _block_data(block: Block) -> dict[str, object]:
    return {
        "heading": block.heading,
        "layout": block.layout,
        "columns": list(block.columns),
        "rows": [list(row) for row in block.rows],
        "note": block.note,
    }


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"

"""What the QR codes of paper slips say: the kind of paper and its number, sealed by the school, no names (Q11, Q32)."""

from collections.abc import Sequence

from bot.documents.qr import qr_code_svg
from core.errors import SchoolError
from core.model.channels import PAPER
from core.rules.conversation.buttons import Handle, HandleRefusedError, pack_button, unpack_button

EXTRACT, FORM = "slip", "form"
"""Kinds of slips: of an extract and of a form; the number is the id of the extract or form."""

KINDS = (EXTRACT, FORM)


class SlipRefusedError(SchoolError):
    """The QR code is no slip of this school."""


def slip_code(kind: str, paper_id: int, *, key: bytes) -> str:
    """The content of a slip's QR code; `read_sealed_slip` reads it with the same key."""
    return pack_button(Handle(kind, (paper_id,)), channel=PAPER, chat=kind, key=key)


def slip_code_svg(kind: str, paper_id: int, *, key: bytes) -> str:
    """The QR code of a slip, as SVG."""
    return qr_code_svg(slip_code(kind, paper_id, key=key))


def read_sealed_slip(said: str, *, key: bytes) -> tuple[str, int]:
    """The kind of a slip and its number. SlipRefusedError for what is no slip, or has another school's seal."""
    kind = said.partition("-")[0]
    if kind not in KINDS:
        raise SlipRefusedError
    try:
        handle = unpack_button(said, channel=PAPER, chat=kind, key=key)
    except HandleRefusedError:
        raise SlipRefusedError from None
    if len(handle.numbers) != 1:
        raise SlipRefusedError
    return kind, handle.numbers[0]


def read_school_slips(codes: Sequence[str], *, key: bytes) -> Sequence[tuple[str, int]]:
    """The slips of this school among these codes, each once; others are passed over."""
    slips: dict[tuple[str, int], None] = {}
    for code in codes:
        try:
            slips[read_sealed_slip(code, key=key)] = None
        except SlipRefusedError:
            continue
    return list(slips)

"""Invitation sheets of a class: a strip a person, with the link as QR code, the code to type and what to do (Q82)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.documents.qr import qr_code
from bot.documents.typesetting import typeset
from core.ports import Translator

_TEMPLATE = Path(__file__).with_name("invitations.typ")
_STEPS = ("open", "choose", "sign")


@dataclass(frozen=True, slots=True)
class InvitationStrip:
    """An invitation of one person; `students` with their class, `until` the last day on which the code counts."""

    person: str
    students: str
    code: str
    link: str
    until: date


def invitations_pdf(strips: Sequence[InvitationStrip], t: Translator, *, school: str, bot: str) -> bytes:
    """The PDF of these invitations, five on a page, to be cut."""
    data = {
        "language": t.language,
        "title": t("invitation.title"),
        "school": school,
        "strips": [_strip(strip, t, bot) for strip in strips],
    }
    return typeset(_TEMPLATE, data, format="pdf", timestamp=0)


def _strip(strip: InvitationStrip, t: Translator, bot: str) -> dict[str, object]:
    return {
        "person": strip.person,
        "about": t("invitation.about", students=strip.students),
        "steps": [t(f"invitation.{step}", bot=f"@{bot}", code=strip.code) for step in _STEPS],
        "until": t("invitation.until", day=strip.until),
        "code": strip.code,
        "qr": qr_code(strip.link),
    }

"""Invitation sheets of a class: a strip a person, with the link as QR code, the code to type and what to do (Q82)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.documents.qr import qr_code_svg
from bot.documents.typesetting import typeset_document
from core.model.channels import channel_name
from core.ports import Translator

_TEMPLATE = Path(__file__).with_name("invitations.typ")
_STEPS = ("open", "choose", "sign")


@dataclass(frozen=True, slots=True)
class InvitationStrip:
    """An invitation of one person; `students` with their class, `until` the last day on which the code counts.

    `links`: by messenger, what its QR code opens; the code is the same in all of them.
    """

    person: str
    students: str
    code: str
    links: Mapping[str, str]
    until: date


def invitations_pdf(strips: Sequence[InvitationStrip], t: Translator, *, school: str, bots: Mapping[str, str]) -> bytes:
    """The PDF of these invitations, five on a page, to be cut. `bots`: what the bot is called, by messenger."""
    data = {
        "language": t.language,
        "title": t("invitation.title"),
        "school": school,
        "strips": [_strip(strip, t, bots) for strip in strips],
    }
    return typeset_document(_TEMPLATE, data, format="pdf", timestamp=0)


def _strip(strip: InvitationStrip, t: Translator, bots: Mapping[str, str]) -> dict[str, object]:
    links = [
        {"messenger": channel_name(messenger, t), "bot": f"@{bots[messenger]}", "qr": qr_code_svg(link)}
        for messenger, link in strip.links.items()
    ]
    return {
        "person": strip.person,
        "about": t("invitation.about", students=strip.students),
        "steps": [t(f"invitation.{step}", code=strip.code) for step in _STEPS],
        "until": t("invitation.until", day=strip.until),
        "code": strip.code,
        "links": links,
    }

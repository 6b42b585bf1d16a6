"""Notices about persons: whose a contact is, who may represent whom, until when a consent holds."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from core.model.notices.kinds import NoticeKind


@dataclass(frozen=True, slots=True)
class OwnershipCode:
    """A one-time code for one contact, sent over that contact to prove whose it is (Q80, Q81).

    The code itself is nowhere stored: `core/rules/register/ownership.py` derives it from `serial` and the school's key.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.OWNERSHIP
    contact_id: int
    serial: int
    on: date


@dataclass(frozen=True, slots=True)
class ComesOfAge:
    """On this day the student is 18: from then on a representative needs the student's own consent (Q8)."""

    kind: ClassVar[NoticeKind] = NoticeKind.ADULTHOOD
    on: date


@dataclass(frozen=True, slots=True)
class ConsentExpiring:
    """The consent about the student ends after this day; then news come on paper until a new one is signed (Q7)."""

    kind: ClassVar[NoticeKind] = NoticeKind.CONSENTS
    on: date


PersonalNotice = OwnershipCode | ComesOfAge | ConsentExpiring

"""Notices about persons: whose a contact is, who may represent whom."""

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


PersonalNotice = OwnershipCode | ComesOfAge

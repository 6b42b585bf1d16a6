"""Notices to one person about themselves."""

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


PersonalNotice = OwnershipCode

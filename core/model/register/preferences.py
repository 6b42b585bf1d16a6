"""How often and when a person wants to hear."""

from dataclasses import dataclass
from enum import StrEnum

from core.model.notices import NoticeKind


class Frequency(StrEnum):
    """How often a kind of notice reaches a person (Q83)."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Preference:
    """The agreed form of one kind of notice for one person; R6 kinds cannot be off (Q83)."""

    id: int
    person_id: int
    kind: NoticeKind
    frequency: Frequency

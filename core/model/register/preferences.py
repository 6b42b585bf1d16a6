"""How often a person wants each kind of notice."""

from dataclasses import dataclass
from enum import StrEnum

from core.model.notices.kinds import NoticeKind


class Frequency(StrEnum):
    """How often a kind of notice reaches a person (Q83)."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Preference:
    """The frequency of one kind of notice that one person chose; results (R6) cannot be off (Q83)."""

    id: int
    person_id: int
    kind: NoticeKind
    frequency: Frequency

"""The audit trail: its lines, where it ends, and what may be wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what, when; `chain` is the SHA-256 over the line and its predecessor's `chain` (Q76)."""

    id: int
    at: datetime
    actor_id: int | None
    role: str
    action: str
    facts: dict[str, str | int | None]
    chain: str


UNBEGUN, FIRST_EPOCH = 0, 1
"""Before a school first works, and until it puts a copy back."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a trail ends: its last line and that line's chain.

    `trail` tells the trail of one database from another's and stays when it is copied. `epoch` is 0 until the school
    first works, then counts how often a copy was put back (Q124).
    """

    trail: str
    epoch: int
    line: int
    chain: str

    def may_follow(self, anchored: "Head") -> bool:
        """Whether the trail may have gone on to here from the anchored head.

        Never into another epoch by itself: only a person who puts a copy back begins one, and anchors it.
        """
        return self.trail == anchored.trail and anchored.epoch in {UNBEGUN, self.epoch} and self.line >= anchored.line


class Damage(StrEnum):
    """What is wrong with a trail.

    In the database itself: a line was changed, a line between others is missing, the last lines are missing, the head
    row is missing, the head row lies behind the lines. Only beside the anchor: the last lines and the head row were
    cut off together, the whole database is an older copy, the lines were written anew, the epoch is another one.
    """

    CHANGED = "changed"
    MISSING = "missing"
    CUT = "cut"
    HEADLESS = "headless"
    UNHEADED = "unheaded"
    SHORTENED = "shortened"
    OLDER = "older"
    REWRITTEN = "rewritten"
    OTHER_EPOCH = "other_epoch"


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first line that does not stand as it was written."""

    damage: Damage
    line: int

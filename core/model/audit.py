"""The audit trail: its lines, its head, and the kinds of damage."""

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


ACCOUNT_OPENED, ACCOUNT_CLOSED = "account.opened", "account.closed"
"""The actions of a student's own account; the trail alone knows since when there is one."""

RECEIPT_CORRECTED = "exam.received"
"""The action of a corrected moment of receipt; the trail alone knows the moment that was entered before (Q70)."""

UNBEGUN, FIRST_EPOCH = 0, 1
"""The epoch before the first start, and the one until the first restore."""


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The end of a trail: its last line and that line's chain.

    `trail` identifies the trail of one database and stays the same in its copies. `epoch` is 0 before the first start,
    then 1, and each restore adds one (Q124).
    """

    trail: str
    epoch: int
    line: int
    chain: str

    def may_follow(self, anchored: "AuditHead") -> bool:
        """True if the trail can have grown from the anchored head to this one.

        It cannot grow into another epoch: only a restore begins one, and it anchors the new head.
        """
        return self.trail == anchored.trail and anchored.epoch in {UNBEGUN, self.epoch} and self.line >= anchored.line


class Damage(StrEnum):
    """What is wrong with a trail.

    In the order of the members. Found in the database alone: a line was changed, a line between others is missing, the
    last lines are missing, the head row is missing, the head row is older than the last line. Found by comparison with
    the anchor: the last lines and the head row were removed together, the database is an older copy, the lines were
    written again, the epoch differs.
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
    """The first damaged line of a trail."""

    damage: Damage
    line: int

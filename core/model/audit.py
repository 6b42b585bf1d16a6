"""A line of the audit trail."""

from dataclasses import dataclass
from datetime import datetime


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

"""Destruction of contact data after a withdrawal, proved by an act and an extract of the log (Q10, РКН № 179)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ErasureReason(StrEnum):
    """Why contact data are destroyed."""

    WITHDRAWAL = "withdrawal"
    REFUSAL = "refusal"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Erasure:
    """Contact data of a person that were destroyed; the act and the extract of the log are printed from it.

    It holds no address. `contact_ids` and `channels` say what was destroyed; `document`: the entry of the register, or
    the person's request. `destroyed_by` is None where the clock did it, at the end of the term.
    """

    id: int
    number: str
    person_id: int
    reason: ErasureReason
    document: str
    contact_ids: tuple[int, ...]
    channels: tuple[str, ...]
    destroyed_at: datetime
    destroyed_by: int | None
    office: str


@dataclass(frozen=True, slots=True)
class DueErasure:
    """A person whose contacts are to be destroyed until `due_on`, since the last consent ended on `ended_on`."""

    person_id: int
    reason: ErasureReason
    document: str
    ended_on: date
    due_on: date
    contact_ids: tuple[int, ...]
    channels: tuple[str, ...]

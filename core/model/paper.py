"""Paper extracts in the print queue."""

from dataclasses import dataclass
from datetime import datetime

from core.model.delivery.states import Status
from core.model.delivery.text import Text


@dataclass(frozen=True, slots=True)
class Extract:
    """One page for one student's family (R2b): numbered, with its basis; a staff member's own is about no student.

    `status` goes accepted → printed → handed → signed.
    """

    id: int
    number: str
    key: str
    person_id: int
    student_id: int | None
    basis: str
    text: Text
    status: Status
    queued_at: datetime
    printed_at: datetime | None
    handed_at: datetime | None
    signed_at: datetime | None

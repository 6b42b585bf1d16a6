"""To whom facts are owed, and over which agreed channels."""

from dataclasses import dataclass
from datetime import time

from core.model.delivery.states import Reason
from core.model.notices import NoticeKind
from core.model.register.preferences import Frequency


@dataclass(frozen=True, slots=True)
class Route:
    """One agreed way to a person: a contact with what the gate needs to know of it; paper has no contact."""

    channel: str
    contact_id: int | None
    address: str | None
    rank: int
    obstacle: Reason | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person a student's facts are owed to, as of one moment: consent, agreed routes in order, frequencies.

    `consent_id` None: no consent in force for this pair, with the reason in `obstacle`. `student_id` None: a staff
    member, told about their own work without any consent.
    """

    person_id: int
    student_id: int | None
    consent_id: int | None
    obstacle: Reason | None
    language: str
    routes: tuple[Route, ...]
    frequencies: tuple[tuple[NoticeKind, Frequency], ...] = ()
    digest_at: time | None = None

"""Recipients of notices, with their agreed routes."""

from dataclasses import dataclass
from datetime import datetime, time

from core.model.delivery.states import Reason
from core.model.notices.kinds import NoticeKind
from core.model.register.preferences import Frequency


@dataclass(frozen=True, slots=True)
class Route:
    """An agreed route to a person: a contact, and the reason why it may not be used; paper has no contact.

    `muted_until`: the person hears nothing of it until then, so results start at the next one.
    """

    channel: str
    contact_id: int | None
    address: str | None
    rank: int
    obstacle: Reason | None
    muted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who is entitled to notices about a student at one moment: consent, routes in order, frequencies.

    `consent_id` None: no consent in force for this pair; `obstacle` is the reason. `student_id` None: a staff member,
    who gets notices about their own work without a consent. `unsubscribed`: channels and kinds that the person does
    not want there. `quiet`: own quiet hours in place of the school's; equal from and until: none.
    """

    person_id: int
    student_id: int | None
    consent_id: int | None
    obstacle: Reason | None
    language: str
    routes: tuple[Route, ...]
    frequencies: tuple[tuple[NoticeKind, Frequency], ...] = ()
    digest_at: time | None = None
    unsubscribed: frozenset[tuple[str, NoticeKind]] = frozenset()
    quiet: tuple[time, time] | None = None

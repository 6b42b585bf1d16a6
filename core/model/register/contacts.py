"""Contacts with their two proofs, and one-time codes."""

from dataclasses import dataclass
from datetime import date, datetime

from core.model.register.forms import FormKind


@dataclass(frozen=True, slots=True)
class Contact:
    """An address of a person on a channel, with two independent proofs (Q80).

    `proven_at`: when ownership was proven, by a one-time code or in person to the staff member who took the form. The
    other proof is a `Confirmation` in writing. `address` is None until a chat is bound and after destruction (Q10).
    `rank` orders the agreed channels, smaller first. A contact is set aside after it failed, with the reason (Q84).
    `added_at` is None for contacts of release 0.1. `muted_until`: the person hears nothing of this dialog until then.
    """

    id: int
    person_id: int
    channel: str
    address: str | None
    rank: int
    origin: str
    proven_at: datetime | None
    set_aside_at: datetime | None
    set_aside_reason: str | None
    revoked_at: datetime | None
    destroyed_at: datetime | None
    added_at: datetime | None = None
    muted_until: datetime | None = None

    def lacks(self, *, is_confirmed: bool) -> tuple[str, ...]:
        """What is missing before personal data may go there: address, ownership, form (Q80)."""
        held = {"address": self.address, "ownership": self.proven_at, "form": is_confirmed}
        return tuple(name for name, value in held.items() if not value)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A contact confirmed in writing: form number or e-document reference, who accepted it, when (R7)."""

    id: int
    contact_id: int
    form: FormKind
    document: str
    document_on: date | None
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class PendingContact:
    """A contact in use that cannot be used yet, or no longer, and its owner's name."""

    contact: Contact
    owner: str
    is_confirmed: bool

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is missing: address, ownership, form."""
        return self.contact.lacks(is_confirmed=self.is_confirmed)

    @property
    def waits_since(self) -> datetime | None:
        """When it was proven or added; None where nobody knows any more."""
        return self.contact.proven_at or self.contact.added_at


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code that binds a chat to its person; stored as a keyed hash, valid once and until `expires_at` (Q82).

    `token_hash` is of the token that the code's link carries; None for codes of release 0.1, which had no token.
    """

    id: int
    person_id: int
    contact_id: int | None
    channel: str
    code_hash: str
    expires_at: datetime
    used_at: datetime | None
    token_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A new one-time code as it is shown once: typed by hand, or as the token of a link. To use one uses up both."""

    code: str
    token: str
    expires_at: datetime

"""The register of consents, forms, contacts with their proofs, one-time codes, preferences."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol

from core.model.delivery.states import Reason
from core.model.notices.kinds import NoticeKind
from core.model.register.consents import ConsentEntry, NewConsent
from core.model.register.contacts import Confirmation, Contact, OneTimeCode, PendingContact
from core.model.register.erasures import DueErasure, Erasure
from core.model.register.families import FamilyPair
from core.model.register.forms import AgreedChoice, FormState, IssuedForm, NewForm, WrittenForm
from core.model.register.preferences import Frequency, Preference
from core.rules.access import Scope


class RegisterPort(Protocol):
    """The register of consents, contacts with their proofs, one-time codes, preferences."""

    async def add_consent(self, new: NewConsent, *, registered_by: str, at: datetime) -> ConsentEntry:
        """Adds an entry with the next registration number of the year."""
        ...

    async def consents(self, person_id: int | None = None, student_id: int | None = None) -> Sequence[ConsentEntry]: ...
    async def add_form(
        self,
        new: NewForm,
        *,
        contact_ids: Sequence[int],
        choices: Sequence[AgreedChoice],
        channels: tuple[str, ...] | None,
        issued_by: int | None,
        at: datetime,
    ) -> IssuedForm:
        """Adds a form that waits, with the next number of the year."""
        ...

    async def forms(self, state: FormState | None = None, *, person_id: int | None = None) -> Sequence[IssuedForm]:
        """Forms in one state or in any, of one person or of all, the oldest first."""
        ...

    async def form(self, form_id: int) -> IssuedForm:
        """NotFoundError if there is none."""
        ...

    async def form_numbered(self, number: str) -> IssuedForm:
        """NotFoundError if there is none."""
        ...

    async def name_document(self, form_id: int, *, reference: str, sha256: str) -> bool:
        """Notes an e-document in place of a signed sheet; False if the form waits no longer."""
        ...

    async def settle_form(
        self, form_id: int, state: FormState, *, by: int | None, reason: str | None, at: datetime
    ) -> bool:
        """Ends the waiting of a form; False if it waits no longer."""
        ...

    async def add_contact(
        self,
        *,
        person_id: int,
        channel: str,
        address: str | None,
        rank: int,
        origin: str,
        proven_at: datetime | None,
        added_at: datetime | None = None,
    ) -> int: ...
    async def contacts(self, person_id: int) -> Sequence[Contact]: ...
    async def addresses(self) -> Sequence[tuple[int, str, str]]:
        """Person, channel and address of all contacts that have an address, revoked ones too."""
        ...

    async def contact(self, contact_id: int) -> Contact:
        """NotFoundError if there is none."""
        ...

    async def contacts_at(self, channel: str, address: str) -> Sequence[Contact]:
        """Unrevoked contacts with this address; several persons of a family may share one."""
        ...

    async def pending(self) -> Sequence[PendingContact]:
        """Contacts in use, except paper, that lack one of the two proofs."""
        ...

    async def contacts_set_aside(self) -> Sequence[PendingContact]:
        """Contacts in use that were set aside, the latest first."""
        ...

    async def families(
        self, scope: Scope, *, on: date, group_id: int | None = None, person_ids: Collection[int] | None = None
    ) -> Sequence[FamilyPair]:
        """The pairs of the students that a scope opens on a date, by class and name.

        Of one class, or those of these persons as representatives or as students. A student whom nobody represents, and
        who has no own account, is a pair alone.
        """
        ...

    async def rank(self, contact_ids: Sequence[int]) -> None:
        """Sets the order of contacts."""
        ...

    async def owners_of_shared(self, contact_ids: Collection[int]) -> Mapping[int, str]:
        """The owner's name for each of these contacts whose address is another person's too, with both proofs."""
        ...

    async def confirm(self, contact_id: int, written: WrittenForm, *, at: datetime) -> None: ...
    async def confirmations(self, contact_id: int) -> Sequence[Confirmation]: ...
    async def bind(self, contact_id: int, address: str, *, at: datetime) -> None:
        """Sets the address and ownership as proven now, and clears a set-aside.

        ConflictError if the contact has another address, since its form was signed for that one.
        """
        ...

    async def set_announcement(self, contact_id: int, at: datetime | None) -> None:
        """From then on the chat is to hear that it is confirmed; None: it has heard it."""
        ...

    async def announcements(self, channel: str) -> Sequence[Contact]:
        """Contacts of a channel in use that are to hear that they are confirmed."""
        ...

    async def set_aside(self, contact_id: int, reason: Reason, *, at: datetime) -> None: ...
    async def mute(self, contact_id: int, *, until: datetime | None) -> None:
        """Until when the person hears nothing of this contact's dialog; None: it is heard."""
        ...

    async def end_mutes(self, *, before: datetime) -> None:
        """Drops the mutes that ended before that moment."""
        ...

    async def resume(self, contact_id: int) -> None: ...
    async def revoke(self, contact_id: int, *, at: datetime) -> None: ...
    async def destroy_contacts(self, contact_ids: Sequence[int], *, at: datetime) -> None:
        """Deletes the addresses of these contacts; the rows stay as numbers, revoked (Q10)."""
        ...

    async def add_erasure(self, done: DueErasure, *, by: int | None, office: str, at: datetime) -> Erasure:
        """Adds a destruction with the next number of the year."""
        ...

    async def erasure(self, number: str) -> Erasure:
        """NotFoundError if there is none."""
        ...

    async def add_code(
        self,
        *,
        person_id: int,
        contact_id: int | None,
        channel: str,
        code_hash: str,
        token_hash: str | None = None,
        expires_at: datetime,
    ) -> None: ...
    async def code(self, secret_hash: str, channel: str) -> OneTimeCode | None:
        """The newest code of a channel with this hash, of the code itself or of its token."""
        ...

    async def use_up_codes(self, person_id: int, channel: str, *, at: datetime) -> None:
        """Marks all unused codes of a person for a channel as used."""
        ...

    async def count_codes(self, person_id: int, channel: str, *, expiring_after: datetime) -> int:
        """The codes of a person and a channel whose term ends after that moment, used ones too."""
        ...

    async def use_up_twins(self, used: OneTimeCode, *, at: datetime) -> None:
        """Uses up the same code in the other messengers for which it was issued in the same moment."""
        ...

    async def use_code(self, code_id: int, *, at: datetime) -> bool:
        """Marks a code as used; True for one caller only."""
        ...

    async def count_guess(self, origin: str, *, at: datetime, window: timedelta) -> int:
        """Counts a wrong code of an origin (a keyed hash of the chat); returns its wrong codes within the window.

        Older ones are deleted.
        """
        ...

    async def guesses(self, origin: str | None = None, *, since: datetime) -> int:
        """The number of wrong codes since then, of one origin or of all chats."""
        ...

    async def prefer(self, person_id: int, kind: NoticeKind, frequency: Frequency) -> None: ...
    async def unsubscribe(self, person_id: int, channel: str, kind: NoticeKind, *, at: datetime) -> None:
        """Switches a kind off for one channel of a person; a second time changes nothing."""
        ...

    async def subscribe(self, person_id: int, *, kind: NoticeKind | None = None, channel: str | None = None) -> bool:
        """Ends what `unsubscribe` did to this kind (None: to all) on this channel (None: on all); True if anything."""
        ...

    async def unsubscribed(self, person_id: int) -> frozenset[tuple[str, NoticeKind]]:
        """The channels and kinds that the person switched off there."""
        ...

    async def preferences(self, person_id: int) -> Sequence[Preference]: ...
    async def set_digest_hour(self, person_id: int, at: time | None) -> None:
        """Sets the hour of the digest by the school's clock; None: the school's own hour."""
        ...

    async def digest_hour(self, person_id: int) -> time | None: ...
    async def digest_hours(self) -> Sequence[time]:
        """All digest hours that persons chose, each once, in order."""
        ...

    async def set_quiet_hours(self, person_id: int, hours: tuple[time, time] | None) -> None:
        """Sets from and until, by the school's clock; equal: no quiet hours; None: those of the school."""
        ...

    async def quiet_hours(self, person_id: int) -> tuple[time, time] | None: ...

"""The outbox of notices and deliveries, what is held after a restore, and leases."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.delivery.acquaintance import Acquaintance, SheetLine, SignedSheet
from core.model.delivery.deliveries import Attempt, Delivery, Item, Lease, NewAttempt, Outcome, Receipt
from core.model.delivery.job_runs import JobRun, JobStep
from core.model.delivery.obligations import (
    HeldKind,
    Moved,
    MovedDelivery,
    NewNotice,
    Obligation,
    ObligationRow,
    OwedPair,
    PhoneCall,
    PlannedObligation,
    PublishedNotice,
)
from core.model.delivery.owed_results import OwedResult, WantedResults
from core.model.delivery.proof import AttemptAnswer
from core.model.delivery.states import Reason, State, Status
from core.model.notices.kinds import NoticeKind
from core.rules.access import Scope


class DeliveryOutboxPort(Protocol):
    """Notices, obligations, deliveries, attempts. Statuses only move as `rules/delivery/evidence.py` allows (Q93)."""

    async def add(
        self,
        notices: Sequence[NewNotice],
        *,
        received_at: datetime,
        published_at: datetime,
        due: datetime | None = None,
    ) -> None:
        """Publishes notices; `due` is their deadline if R6 sets none."""
        ...

    async def claim_untold(self, *, until: datetime, now: datetime) -> Sequence[Obligation]:
        """Open R6 obligations due by `until`, each returned once before its due time and once after it (Q75)."""
        ...

    async def published_as(self, fact: str) -> Sequence[PublishedNotice]:
        """All notices about one fact, oldest first, fanned out or not."""
        ...

    async def receipts(self, facts: Collection[str]) -> Sequence[tuple[str, datetime]]:
        """The moments of receipt of all notices about these facts, each with its fact."""
        ...

    async def move_receipt(
        self, facts: Collection[str], was: Collection[datetime], *, to: datetime, due: datetime
    ) -> Sequence[int]:
        """Notices about these facts that were received at one of these moments, and what is owed of them, get another.

        What is still owed is warned of anew. Returns the ids of the obligations.
        """
        ...

    async def reschedule(self, moved: Sequence[MovedDelivery]) -> None:
        """Sets the times of deliveries, and when their obligations are escalated where that followed from them."""
        ...

    async def supersede(self, fact: str, *, at: datetime) -> None:
        """Ends open obligations and unplanned notices about a fact, since a newer notice replaces them."""
        ...

    async def unplanned(self, limit: int) -> Sequence[PublishedNotice]:
        """Notices not fanned out yet, oldest first."""
        ...

    async def plan(
        self, obligations: Sequence[PlannedObligation], *, notice_ids: Collection[int], at: datetime
    ) -> None:
        """Writes obligations and deliveries.

        Exactly one obligation for each notice and person: a unique key leaves out a second one. Marks the notices as
        fanned out, and supersedes open obligations about the same R6 fact.
        """
        ...

    async def waiting(self, channel: str, *, now: datetime, limit: int) -> Sequence[str]:
        """Bundles of a channel with a delivery that may be sent now, the most urgent first."""
        ...

    async def pending(self, bundles: Collection[str], *, until: datetime) -> Sequence[Item]:
        """Pending deliveries of these bundles with `not_before` up to `until`, with notice and student's name."""
        ...

    async def claim(self, attempts: Sequence[NewAttempt], *, now: datetime) -> Sequence[int]:
        """Writes the attempts and sets their deliveries to SENDING; returns the attempts' ids in order."""
        ...

    async def replan(self, moved: Sequence[Moved], *, now: datetime) -> None:
        """Ends these deliveries and adds the ones after them, for the same obligations."""
        ...

    async def let_go(
        self, person_id: int, student_id: int | None, *, reason: Reason, at: datetime
    ) -> Sequence[PublishedNotice]:
        """Waives what is open to this person about this student and withdraws what was not sent or printed.

        Returns the notices that were owed.
        """
        ...

    async def owed_pairs(self) -> Sequence[OwedPair]:
        """The persons to whom something is still owed."""
        ...

    async def settle(self, outcomes: Sequence[Outcome], closes: Mapping[str, Status]) -> None:
        """Writes outcomes to attempts, to their deliveries that are still SENDING, and as evidence to obligations.

        An obligation closes if the evidence reaches `closes[channel]`.
        """
        ...

    async def sent_by(self, attempt_ids: Collection[int]) -> Sequence[Delivery]:
        """The deliveries whose latest attempt is one of these."""
        ...

    async def attempt(self, key: str) -> Attempt | None: ...
    async def record_receipt(
        self, attempt_id: int, receipt: Receipt, closes: Mapping[str, Status], *, at: datetime
    ) -> bool:
        """Stores a receipt and raises the status of the deliveries; False if no status was lower."""
        ...

    async def in_flight(self) -> Sequence[Attempt]:
        """Attempts that are claimed and not settled, for example those of a worker that was killed."""
        ...

    async def to_escalate(self, *, now: datetime, limit: int) -> Sequence[Delivery]:
        """The newest delivery of each open obligation that has none on its way or is past its `escalate_at`."""
        ...

    async def expire(self, *, now: datetime, limit: int) -> int:
        """Ends expired obligations and their pending deliveries, except those with a message in flight."""
        ...

    async def planned_after(self, moment: datetime) -> Sequence[Delivery]:
        """Pending deliveries that were written after that moment, by a clock that was ahead."""
        ...

    async def postpone(self, not_before: Mapping[int, datetime], *, now: datetime) -> None:
        """Sets `not_before` of pending deliveries, by id."""
        ...

    async def revisit_ended(self, *, now: datetime) -> None:
        """Lets open obligations without a delivery on its way be escalated now instead of later."""
        ...

    async def deliveries_of_pair(
        self, person_id: int, student_id: int, statuses: Collection[Status], *, locked: bool = False
    ) -> Sequence[Delivery]:
        """`locked`: the worker cannot claim them until the transaction ends; what it is claiming now is left out."""
        ...

    async def deliveries_of_contact(
        self, contact_id: int, statuses: Collection[Status], *, locked: bool = False
    ) -> Sequence[Delivery]:
        """`locked` as in `deliveries_of_pair`."""
        ...

    async def obligations(
        self,
        *,
        states: Collection[State] | None = None,
        late_at: datetime | None = None,
        obligation_id: int | None = None,
        kinds: Collection[NoticeKind] | None = None,
        fact: str | None = None,
        person_id: int | None = None,
    ) -> Sequence[ObligationRow]:
        """For reports, by due time; `late_at`: results (R6) closed too late, or open and due before that moment."""
        ...

    async def record_call(self, fact: str, person_id: int, *, caller_id: int, at: datetime) -> int:
        """A person of a family was reached by phone: closes what they are owed of a fact, with the evidence `reached`.

        What was not sent or printed is withdrawn, also a reminder that is not planned yet. Returns how many
        obligations; 0 if nothing of the fact is owed to them, or they were reached before.
        """
        ...

    async def record_call_about(self, obligation_ids: Collection[int], *, caller_id: int, at: datetime) -> int:
        """The same for these obligations alone."""
        ...

    async def undo_call_about(
        self, obligation_ids: Collection[int], *, closes: Mapping[str, Status], at: datetime
    ) -> int:
        """Takes such a call back as `undo_call` does."""
        ...

    async def owed_results(self, scope: Scope, wanted: WantedResults) -> Sequence[OwedResult]:
        """Results (R6) about the students whom a scope opens, by due time, with all evidence."""
        ...

    async def undo_call(self, fact: str, person_id: int, *, closes: Mapping[str, Status], at: datetime) -> int:
        """Takes a call back: what it closed and withdrew is as it was, unless other evidence closes it.

        Returns how many obligations; 0 if the person was not reached by phone.
        """
        ...

    async def calls(self, fact: str) -> Sequence[PhoneCall]:
        """Who was reached by phone, by obligation."""
        ...

    async def rejections(self, *, since: datetime) -> Mapping[str, int]:
        """By channel, the number of contacts whose messages it rejected after that moment (FAILED, REJECTED)."""
        ...

    async def published(self, kinds: Collection[NoticeKind]) -> Sequence[PublishedNotice]:
        """All notices of these kinds that have been fanned out."""
        ...

    async def unplanned_facts(self, kinds: Collection[NoticeKind]) -> Sequence[str]:
        """The facts of notices of these kinds that were not fanned out yet, one for each notice."""
        ...

    async def attempts_of(self, obligation_id: int) -> Sequence[Attempt]: ...
    async def notice_of(self, obligation_id: int) -> PublishedNotice:
        """What is owed. NotFoundError."""
        ...

    async def carried_by(self, delivery_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
        """The ids of all attempts of each delivery, oldest first."""
        ...

    async def answers_to(self, attempt_ids: Collection[int]) -> Sequence[AttemptAnswer]:
        """What came later for these attempts, oldest first."""
        ...

    async def other_evidence(self, obligation_id: int) -> tuple[PhoneCall | None, Sequence[Acquaintance]]:
        """Evidence that no delivery carries: a call, a result opened in a chat, a signed sheet."""
        ...


class DeliveryAcquaintancePort(Protocol):
    """Who has opened a result in a chat or signed for it on a sheet, and the sheets."""

    async def add(self, new: Sequence[Acquaintance], closes: Mapping[str, Status]) -> int:
        """Writes acquaintances, each once, and raises the evidence of their obligations; an open one closes.

        Returns how many are new.
        """
        ...

    async def latest_obligations(self, person_id: int, facts: Collection[str]) -> Sequence[int]:
        """What a person is or was owed of the last version of each of these facts."""
        ...

    async def add_sheet(
        self, about: str, lines: Sequence[Collection[int]], *, by: int | None, at: datetime
    ) -> SignedSheet:
        """Writes a sheet with a number; a line holds the ids of the obligations that are signed for."""
        ...

    async def number_of(self, sheet_id: int) -> str | None: ...
    async def sheet(self, number: str) -> tuple[SignedSheet, Sequence[SheetLine]]:
        """A sheet with its lines in order; NotFoundError where there is none of this number."""
        ...


class HeldDeliveryPort(Protocol):
    """What a restored copy had not sent: it is held until a person decides (Q124)."""

    async def hold(self, *, at: datetime, sent_before: datetime | None) -> None:
        """Holds open obligations and their pending deliveries.

        What may have been sent by `sent_before` (None: everything) is marked as a repeat if it is released.
        """
        ...

    async def hold_broadcasts(self) -> None: ...
    async def close_updates(self, *, at: datetime) -> int:
        """Ends updates that wait for an answer, since they may have been answered before; returns how many."""
        ...

    async def kinds(self) -> Sequence[HeldKind]:
        """The numbers of held obligations by kind and due time."""
        ...

    async def broadcasts(self) -> int: ...
    async def release(
        self, kinds: Collection[NoticeKind], *, at: datetime, not_before: datetime, next_way_at: datetime
    ) -> int:
        """Opens held obligations of these kinds; their deliveries go at `not_before` at the earliest. Returns how many.

        Their next channel starts at `next_way_at` at the earliest, but at once if no delivery is left.
        """
        ...

    async def drop(self, kinds: Collection[NoticeKind], *, at: datetime) -> Sequence[int]:
        """Ends held obligations of these kinds with the reason `restored`; returns their ids."""
        ...

    async def release_broadcasts(self) -> int: ...
    async def drop_broadcasts(self) -> Sequence[int]: ...


class DeliveryLeasePort(Protocol):
    """Leases, each held by one worker at a time."""

    async def held(self, name: str) -> Lease | None:
        """The lease with its holder and counter; None if nobody holds it."""
        ...

    async def beat(self, name: str, holder: str) -> bool:
        """Raises the counter; False if the holder does not hold the lease."""
        ...

    async def take(self, name: str, holder: str, *, seen: Lease | None) -> bool:
        """Takes a lease that is still as it was seen (None: free); False if it has changed."""
        ...

    async def release(self, name: str, holder: str) -> None: ...
    async def hold(self, name: str) -> None:
        """Waits until no other transaction holds this name, then holds it until this transaction ends."""
        ...

    async def has_run(self, job: str, on: date) -> bool:
        """Whether a periodic job was claimed for a local date."""
        ...

    async def claim_run(self, job: str, on: date) -> bool:
        """True for the one caller that may do this work for a local date, in the transaction that does it."""
        ...

    async def job_runs(self, *, since: date) -> Sequence[JobRun]:
        """The runs of periodic jobs for this date and later ones, oldest first."""
        ...

    async def note_job(self, job: str, on: date, step: JobStep, *, at: datetime) -> None:
        """Notes when a job began, ended well or failed for a local date; of a step the last time counts."""
        ...

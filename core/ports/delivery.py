"""What is owed and sent, the lease, and what a restored copy holds back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.delivery.deliveries import Attempt, Delivery, Item, Lease, NewAttempt, Outcome, Receipt
from core.model.delivery.obligations import (
    HeldKind,
    Moved,
    NewNotice,
    Obligation,
    ObligationRow,
    OwedPair,
    PlannedObligation,
    PublishedNotice,
)
from core.model.delivery.states import Reason, State, Status
from core.model.notices import NoticeKind


class Outbox(Protocol):
    """Notices, obligations, deliveries, attempts. Statuses only move as `rules/delivery/evidence.py` allows (Q93)."""

    async def add(
        self,
        notices: Sequence[NewNotice],
        *,
        received_at: datetime,
        published_at: datetime,
        due: datetime | None = None,
    ) -> None:
        """Publishes notices; `due` is their deadline where R6 sets none."""
        ...

    async def claim_untold(self, *, until: datetime, now: datetime) -> Sequence[Obligation]:
        """Open R6 obligations due by then, each once before its term has passed and once after (Q75)."""
        ...

    async def published_as(self, fact: str) -> Sequence[PublishedNotice]:
        """All notices of one fact, oldest first, fanned out or not."""
        ...

    async def supersede(self, fact: str, *, at: datetime) -> None:
        """What is still open or not yet planned of a fact is owed no more: something newer says it."""
        ...

    async def unplanned(self, limit: int) -> Sequence[PublishedNotice]:
        """Notices not fanned out yet, oldest first."""
        ...

    async def plan(
        self, obligations: Sequence[PlannedObligation], *, notice_ids: Collection[int], at: datetime
    ) -> None:
        """Writes obligations and deliveries.

        Exactly one obligation per notice and person (a second one is left out by a unique key), marks the
        notices fanned out and supersedes open obligations of the same R6 fact.
        """
        ...

    async def waiting(self, channel: str, *, now: datetime, limit: int) -> Sequence[str]:
        """Bundles with a delivery that may go now, the most urgent first."""
        ...

    async def pending(self, bundles: Collection[str], *, until: datetime) -> Sequence[Item]:
        """Pending deliveries of these bundles with `not_before` up to `until`, with fact and child's name."""
        ...

    async def claim(self, attempts: Sequence["NewAttempt"], *, now: datetime) -> Sequence[int]:
        """Writes the attempts and turns their deliveries to SENDING; returns the attempts' ids in order."""
        ...

    async def replan(self, moved: Sequence[Moved], *, now: datetime) -> None:
        """Ends these deliveries and adds the ones that follow them, for the same obligations."""
        ...

    async def let_go(
        self, person_id: int, student_id: int | None, *, reason: Reason, at: datetime
    ) -> Sequence[PublishedNotice]:
        """Waives what is open to this person about this student and withdraws what was not sent or printed.

        Returns the notices that were owed.
        """
        ...

    async def owed_pairs(self) -> Sequence[OwedPair]:
        """To whom anything is still owed."""
        ...

    async def settle(self, outcomes: Sequence[Outcome], closes: Mapping[str, Status]) -> None:
        """Commits outcomes: attempts, their deliveries still SENDING, evidence of their obligations.

        An obligation closes where the evidence reaches `closes[channel]`.
        """
        ...

    async def sent_by(self, attempt_ids: Collection[int]) -> Sequence[Delivery]:
        """The deliveries whose latest attempt is one of these."""
        ...

    async def attempt(self, key: str) -> Attempt | None: ...
    async def record_receipt(
        self, attempt_id: int, receipt: Receipt, closes: Mapping[str, Status], *, at: datetime
    ) -> bool:
        """Keeps the receipt and raises the deliveries' status where it is higher; False where it changed nothing."""
        ...

    async def in_flight(self) -> Sequence[Attempt]:
        """Attempts claimed and not settled: after a takeover, what the dead worker held."""
        ...

    async def to_escalate(self, *, now: datetime, limit: int) -> Sequence[Delivery]:
        """The newest delivery of each open obligation that has none on its way or is past its `escalate_at`."""
        ...

    async def expire(self, *, now: datetime, limit: int) -> int:
        """Ends open obligations whose time is over, and what waits for them; none that has a message in flight."""
        ...

    async def planned_after(self, moment: datetime) -> Sequence[Delivery]:
        """Pending deliveries that were written later than that: by a clock that went ahead."""
        ...

    async def postpone(self, not_before: Mapping[int, datetime], *, now: datetime) -> None:
        """Gives pending deliveries another moment before which they may not go."""
        ...

    async def revisit_ended(self, *, now: datetime) -> None:
        """Open obligations with nothing on its way any more are looked at now, not at a moment ahead."""
        ...

    async def deliveries_of_pair(
        self, person_id: int, student_id: int, statuses: Collection[Status]
    ) -> Sequence[Delivery]: ...
    async def deliveries_of_contact(self, contact_id: int, statuses: Collection[Status]) -> Sequence[Delivery]: ...
    async def obligations(
        self,
        *,
        states: Collection[State] | None = None,
        late_at: datetime | None = None,
        obligation_id: int | None = None,
        kinds: Collection[NoticeKind] | None = None,
        fact: str | None = None,
    ) -> Sequence[ObligationRow]:
        """For reports, by due time; `late_at`: R6 ones closed after due, or open and due before that moment."""
        ...

    async def rejections(self, *, since: datetime) -> Mapping[str, int]:
        """By channel, how many contacts it would not take a message for after that moment (FAILED, REJECTED)."""
        ...

    async def published(self, kinds: Collection[NoticeKind]) -> Sequence[PublishedNotice]:
        """All notices of these kinds that have been fanned out."""
        ...

    async def attempts_of(self, obligation_id: int) -> Sequence[Attempt]: ...


class Held(Protocol):
    """What a copy that was put back had not sent: nothing of it moves until a person decides (Q124)."""

    async def hold(self, *, at: datetime, sent_before: datetime | None) -> None:
        """Hold open obligations and their pending deliveries.

        What might have gone by `sent_before`, or all of it where None, is marked as a repeat when it goes after all.
        """
        ...

    async def hold_broadcasts(self) -> None: ...
    async def close_updates(self, *, at: datetime) -> int:
        """Updates of the messenger that wait for an answer get none: they may have had it; returns how many."""
        ...

    async def kinds(self) -> Sequence[HeldKind]:
        """What is held, by kind and due time."""
        ...

    async def broadcasts(self) -> int: ...
    async def release(
        self, kinds: Collection[NoticeKind], *, at: datetime, not_before: datetime, next_way_at: datetime
    ) -> int:
        """Let obligations of these kinds go on, their deliveries not before a moment; returns how many.

        The next channel of those starts at `next_way_at` at the earliest, at once where no way of theirs is left.
        """
        ...

    async def drop(self, kinds: Collection[NoticeKind], *, at: datetime) -> Sequence[int]:
        """End obligations of these kinds with the reason `restored`; returns their ids."""
        ...

    async def release_broadcasts(self) -> int: ...
    async def drop_broadcasts(self) -> Sequence[int]: ...


class Leases(Protocol):
    """One worker at a time."""

    async def held(self, name: str) -> Lease | None:
        """Who holds it, and how far the count has come."""
        ...

    async def beat(self, name: str, holder: str) -> bool:
        """Counts one more; False where another holds it, or nobody."""
        ...

    async def take(self, name: str, holder: str, *, seen: Lease | None) -> bool:
        """Takes it from whoever was seen with it, or from nobody; False where it has moved since."""
        ...

    async def release(self, name: str, holder: str) -> None: ...
    async def hold(self, name: str) -> None:
        """Waits until no other transaction holds the name, then holds it until this one ends."""
        ...

    async def claim_run(self, job: str, on: date) -> bool:
        """True for the one caller that may run a periodic job for a local date."""
        ...

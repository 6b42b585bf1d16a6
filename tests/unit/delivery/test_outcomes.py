"""What becomes of a message after a send, judged by a table."""

from datetime import UTC, datetime, timedelta

import pytest

from core.model.delivery.deliveries import Attempt, Delivery, Item, Parcel, Receipt
from core.model.delivery.states import Reason, Status
from core.model.notices.facts import Notice
from core.model.notices.family import FinalMarkSet, MarkRecorded
from core.rules.delivery import outcomes
from core.rules.delivery.timing import Policy

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
FINAL = FinalMarkSet(subject="Алгебра", term="1 четверть", value="4")
MARK = MarkRecorded(subject="Алгебра", on=NOW.date(), value="5")

ATTEMPT = Attempt(
    id=9, key="k", channel="telegram", contact_id=1, person_id=7, worker="w", started_at=NOW, finished_at=None,
    outcome=None, reason=None, reference=None, text_sha256=None,
)  # fmt: skip


def parcel(notice: Notice, *, tries: int = 0, failures: int = 0, repeats: int = 0) -> Parcel:
    """A message with one fact."""
    delivery = Delivery(
        id=1, obligation_id=1, person_id=7, student_id=3, channel="telegram", contact_id=1, bundle="contact:1",
        kind=notice.kind, status=Status.SENDING, reason=None, not_before=NOW, due=None, escalate_at=None,
        tries=tries, failures=failures, repeats=repeats, attempt_id=9, consent_id=5, updated_at=NOW,
    )  # fmt: skip
    return Parcel(
        attempt_id=9, key="k", channel="telegram", contact_id=1, person_id=7, address="100", language="ru",
        discreet=False, repeated=False, items=(Item(delivery, "Соколова Анна", notice),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("notice", "repeats", "becomes"),
    [
        (FINAL, 0, Status.PENDING),
        (FINAL, 1, Status.PENDING),
        (FINAL, 2, Status.UNCERTAIN),
        (MARK, 0, Status.UNCERTAIN),
    ],
)
def test_a_lost_answer_repeats_results_only_and_within_the_limit(notice: Notice, repeats: int, becomes: Status) -> None:
    """R6 goes again at most twice, an ordinary mark is shown as uncertain (Q88)."""
    outcome = outcomes.uncertain_delivery_outcome(
        parcel(notice, repeats=repeats), Reason.ANSWER_LOST, at=NOW, policy=Policy()
    )
    assert outcome.status is becomes
    assert (outcome.retry_at is not None) == (becomes is Status.PENDING)


def test_a_flood_limit_puts_the_message_off_by_the_wait_asked_for() -> None:
    """429 is nobody's fault: the same message goes after the pause (Q92)."""
    outcome = outcomes.unavailable_delivery_outcome(
        parcel(MARK, tries=4), Reason.THROTTLED, at=NOW, retry_after=timedelta(seconds=3)
    )
    assert (outcome.status, outcome.retry_at) == (Status.PENDING, NOW + timedelta(seconds=3))


@pytest.mark.parametrize(
    ("failures", "reason", "becomes", "said"),
    [
        (0, Reason.CHANNEL_DOWN, Status.PENDING, Reason.CHANNEL_DOWN),
        (3, Reason.FAULT, Status.PENDING, Reason.FAULT),
        (4, Reason.FAULT, Status.FAILED, Reason.TECHNICAL_FAILURE),
        (4, Reason.THROTTLED, Status.FAILED, Reason.TECHNICAL_FAILURE),
        (4, Reason.MAILBOX_FULL, Status.FAILED, Reason.MAILBOX_FULL),
    ],
)
def test_what_fails_by_itself_ends(failures: int, reason: Reason, becomes: Status, said: Reason) -> None:
    """The fifth failure of a message is a technical failure; a mailbox that is still full keeps its name."""
    message = parcel(FINAL, tries=40, failures=failures)
    outcome = outcomes.failed_try_delivery_outcome(message, reason, at=NOW, retry_after=None, policy=Policy())
    assert (outcome.status, outcome.reason, outcome.failures) == (becomes, said, 1)
    assert (outcome.retry_at is None) == (becomes is Status.FAILED)


def test_an_outage_counts_nothing() -> None:
    """A channel that cannot be reached puts a message off, however often."""
    outcome = outcomes.unavailable_delivery_outcome(
        parcel(MARK, tries=400), Reason.CHANNEL_DOWN, at=NOW, retry_after=None
    )
    assert (outcome.status, outcome.failures, outcome.retry_at) == (Status.PENDING, 0, NOW + timedelta(hours=1))


def test_the_last_try_is_made_alone() -> None:
    """So one fact that cannot be told takes no other with it; a school that tries once sends together."""
    (last,) = parcel(MARK, failures=4).items
    (earlier,) = parcel(MARK, failures=3).items
    (first,) = parcel(MARK).items
    assert outcomes.is_next_outcome_final(last.delivery, Policy())
    assert not outcomes.is_next_outcome_final(earlier.delivery, Policy())
    assert not outcomes.is_next_outcome_final(first.delivery, Policy(tries=1))


def test_a_kill_puts_what_was_in_flight_back_at_once() -> None:
    """The next worker repeats it without using up the limit of repeats."""
    outcome = outcomes.killed_delivery_outcome(ATTEMPT, at=NOW)
    assert (outcome.status, outcome.reason, outcome.retry_at) == (Status.PENDING, Reason.WORKER_KILLED, NOW)


def test_a_refusal_is_an_end_with_a_reason() -> None:
    """A blocked bot is not asked again (Q84)."""
    outcome = outcomes.refused_delivery_outcome(parcel(MARK), Reason.BLOCKED, at=NOW)
    assert (outcome.status, outcome.reason, outcome.retry_at) == (Status.REFUSED, Reason.BLOCKED, None)


def test_acceptance_keeps_the_channels_number_and_the_texts_hash() -> None:
    """The proof names what was said without saying it again (Q76)."""
    outcome = outcomes.accepted_delivery_outcome(
        parcel(FINAL), Receipt(Status.ACCEPTED, "41"), at=NOW, text_sha256="ab"
    )
    assert (outcome.status, outcome.reference, outcome.text_sha256) == (Status.ACCEPTED, "41", "ab")

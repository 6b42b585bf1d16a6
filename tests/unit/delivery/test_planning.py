"""The consent gate and the order of ways: nobody without a channel, nothing personal without both proofs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.model.channels import PAPER
from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import PlannedObligation, PublishedNotice
from core.model.delivery.recipients import Recipient, Route
from core.model.delivery.states import Reason, State, Status
from core.model.notices.facts import Notice
from core.model.notices.family import FinalMarkSet, MarkRecorded
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.model.register.preferences import Frequency
from core.rules.delivery import planning, timing
from core.rules.delivery.timing import Policy

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
POLICY = Policy()
FINAL = FinalMarkSet(subject="Алгебра", term="1 четверть", value="4")
MARK = MarkRecorded(subject="Алгебра", on=NOW.date(), value="5")

obstacles = st.none() | st.sampled_from([Reason.CONTACT_UNCONFIRMED, Reason.CONTACT_REVOKED, Reason.CONTACT_SET_ASIDE])
routes = st.lists(
    st.tuples(st.sampled_from(["telegram", "email", "sms", "max"]), obstacles), max_size=5
).map(
    lambda found: tuple(
        Route(channel=channel, contact_id=place, address=f"address {place}", rank=place, obstacle=obstacle)
        for place, (channel, obstacle) in enumerate(found, 1)
    )
)  # fmt: skip
recipients = st.builds(
    Recipient,
    person_id=st.just(7),
    student_id=st.just(3),
    consent_id=st.just(1),
    obstacle=st.none() | st.sampled_from([Reason.NO_CONSENT, Reason.CONSENT_WITHDRAWN]),
    language=st.just("ru"),
    routes=routes,
    frequencies=st.sampled_from(Frequency).map(lambda frequency: ((NoticeKind.MARKS, frequency),)),
)


def published(notice: Notice) -> PublishedNotice:
    """The notice as the outbox holds it."""
    return PublishedNotice(1, 3, notice.kind, "fact", notice, received_at=NOW, published_at=NOW)


def owed(notice: Notice, recipient: Recipient) -> PlannedObligation:
    """What the notice owes to the recipient now."""
    return planning.planned_obligation(published(notice), recipient, now=NOW, policy=POLICY)


def mother(**changes: object) -> Recipient:
    """A mother with Telegram and e-mail, consent in force."""
    ways = (
        Route("telegram", 1, "100", 1, None),
        Route("email", 2, "mother@example.org", 2, None),
    )
    values: dict[str, object] = {
        "person_id": 7, "student_id": 3, "consent_id": 5, "obstacle": None, "language": "ru", "routes": ways,
    }  # fmt: skip
    return Recipient(**{**values, **changes})  # type: ignore[arg-type]  # a test's keyword arguments


def delivery(contact_id: int | None, *, due: datetime | None = None) -> Delivery:
    """A delivery of the mother's over one contact."""
    return Delivery(
        id=1, obligation_id=1, person_id=7, student_id=3, channel="telegram", contact_id=contact_id, bundle="b",
        kind=NoticeKind.FINALS, status=Status.SENDING, reason=None, not_before=NOW, due=due, escalate_at=None,
        tries=0, failures=0, repeats=0, attempt_id=None, consent_id=None, updated_at=NOW,
    )  # fmt: skip


@given(recipients, st.sampled_from([FINAL, MARK]))
def test_every_obligation_has_one_way_that_is_open_and_a_reason_for_each_closed_one(
    recipient: Recipient, notice: Notice
) -> None:
    """Exactly one delivery waits unless the kind is off; all others say why not (Q30, Q87)."""
    planned = owed(notice, recipient)
    waiting = [row for row in planned.deliveries if row.status is Status.PENDING]
    assert len(waiting) == (planned.state is State.OPEN)
    assert all(row.reason is not None for row in planned.deliveries if row.status is not Status.PENDING)


@given(recipients, st.sampled_from([FINAL, MARK]))
def test_without_consent_nothing_electronic_is_planned(recipient: Recipient, notice: Notice) -> None:
    """The gate lets personal data through only with consent and both proofs; else it is paper (Q2, Q80)."""
    proven = {route.contact_id for route in recipient.routes if route.obstacle is None}
    for row in owed(notice, recipient).deliveries:
        if row.status is Status.PENDING and row.channel != PAPER:
            assert recipient.obstacle is None
            assert row.contact_id in proven


@given(recipients)
def test_results_cannot_be_switched_off(recipient: Recipient) -> None:
    """An R6 obligation is open with a due time whatever was chosen (Q83)."""
    planned = owed(FINAL, recipient)
    assert planned.state is State.OPEN
    assert planned.due == NOW + timedelta(hours=24)


@given(recipients)
def test_following_the_ways_ends_on_paper_and_never_turns_back(recipient: Recipient) -> None:
    """However many contacts fail one after another, the fact ends on paper (Q84)."""
    seen: list[int | None] = []
    contact_id: int | None = planning.planned_open_routes(recipient, NoticeKind.MARKS)[0].contact_id
    while contact_id is not None:
        seen.append(contact_id)
        following = planning.planned_next_delivery(recipient, delivery(contact_id), now=NOW, policy=POLICY)
        contact_id = following[0].contact_id
    assert len(set(seen)) == len(seen)
    assert planning.planned_next_delivery(recipient, delivery(None), now=NOW, policy=POLICY) == ()


def test_the_next_channel_starts_while_there_is_time_for_it() -> None:
    """A final mark over Telegram moves on to e-mail before paper's own lead begins (Q73)."""
    first = owed(FINAL, mother()).deliveries[-1]
    assert first.channel == "telegram"
    assert first.escalate_at == NOW + timedelta(hours=24 - 6 - 1)
    second = planning.planned_next_delivery(
        mother(), delivery(1, due=NOW + timedelta(hours=24)), now=NOW, policy=POLICY
    )[0]
    assert second.channel == "email"
    assert second.escalate_at == NOW + timedelta(hours=24 - 6)


def test_an_ordinary_mark_goes_on_to_the_next_way_after_the_schools_patience() -> None:
    """Twelve hours after it may go without evidence, e-mail starts; after the last way nothing does (Q123)."""
    first = owed(MARK, mother()).deliveries[-1]
    assert first.escalate_at == first.not_before + timedelta(hours=12)
    on_paper = owed(MARK, mother(obstacle=Reason.NO_CONSENT)).deliveries[-1]
    assert (on_paper.channel, on_paper.escalate_at) == ("paper", None)


def test_results_and_ordinary_marks_are_different_messages() -> None:
    """R6 goes at once and may be repeated, so it shares no message with the rest."""
    final, mark = owed(FINAL, mother()).deliveries[-1], owed(MARK, mother()).deliveries[-1]
    assert final.bundle != mark.bundle


def test_an_extract_holds_one_student_and_a_chat_the_whole_family() -> None:
    """Two children share a parent's chat but never a sheet of paper (Q15, Q35)."""
    refused = [owed(MARK, mother(obstacle=Reason.NO_CONSENT, student_id=child)) for child in (3, 4)]
    agreed = [owed(MARK, mother(student_id=child)) for child in (3, 4)]
    assert len({planned.deliveries[-1].bundle for planned in refused}) == 2
    assert len({planned.deliveries[-1].bundle for planned in agreed}) == 1


def test_what_the_owner_switched_off_leaves_a_row_that_says_so() -> None:
    """A kind that is off is waived, not forgotten (Q83, Q87)."""
    planned = owed(MARK, mother(frequencies=((NoticeKind.MARKS, Frequency.OFF),)))
    assert planned.state is State.WAIVED
    assert [row.reason for row in planned.deliveries] == [Reason.SWITCHED_OFF]


def test_r6_kinds_are_finals_and_exams() -> None:
    """Final marks and exam results are under the 24 hours."""
    assert {NoticeKind.FINALS, NoticeKind.EXAMS} == R6_KINDS


@given(recipients, st.integers(-30, 30))
def test_a_moved_due_time_starts_channels_as_if_it_had_been_planned_so(recipient: Recipient, hours: int) -> None:
    """A delivery under a corrected receipt waits and escalates as a new plan for that receipt would (Q70, Q73)."""
    ways = planning.planned_open_routes(recipient, FINAL.kind)
    due, moved_due = (NOW + timedelta(hours=each) for each in (24, 24 + hours))
    first, anew = (
        planning.planned_delivery(recipient, ways, FINAL.kind, due=each, now=NOW, policy=POLICY)
        for each in (due, moved_due)
    )
    planned = replace(
        delivery(first.contact_id, due=moved_due),
        channel=first.channel, not_before=first.not_before, escalate_at=first.escalate_at,
    )  # fmt: skip
    moved = planning.moved_planned_delivery(recipient, planned, due=moved_due, now=NOW, policy=POLICY)
    assert moved.escalate_at == anew.escalate_at
    assert moved.not_before == anew.not_before == timing.time_after_quiet_hours(NOW, POLICY, latest=None)

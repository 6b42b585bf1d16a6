"""Plans obligations and deliveries: consent, proofs of the contact and agreed order decide; paper is last (R1, R7)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.model.channels import PAPER
from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import MovedDelivery, PlannedDelivery, PlannedObligation, PublishedNotice
from core.model.delivery.recipients import Recipient, Route
from core.model.delivery.states import Reason, State, Status
from core.model.notices.family import WeeklyExtract
from core.model.notices.kinds import ALWAYS_SENT, PERSONAL_KINDS, R6_KINDS, REMINDER_KINDS, STAFF_KINDS, NoticeKind
from core.model.notices.personal import OwnershipCode
from core.model.register.preferences import Frequency
from core.rules.delivery import expiry, timing
from core.rules.delivery.timing import Policy

_PAPER = Route(channel=PAPER, contact_id=None, address=None, rank=99, obstacle=None)


def _bundle_key(recipient: Recipient, route: Route, kind: NoticeKind) -> str:
    """Deliveries with one key may share a message: those for one contact, on paper those of one student (Q15, Q35).

    Results (R6) are separate, since they go at once and may be repeated; warnings to staff too. Lesson changes and
    announcements are separate, since «Прочитано» under them must not confirm anything else (Q97); on paper they are
    not, since whoever signs the slip has the whole page.
    """
    to = f"contact:{route.contact_id}" if route.contact_id is not None else f"paper:{planned_paper_address(recipient)}"
    if kind in R6_KINDS:
        return f"{to}:r6"
    if kind in STAFF_KINDS:
        return f"{to}:staff"
    if kind in PERSONAL_KINDS:
        return f"{to}:own"
    return f"{to}:told" if kind in timing.BROADCAST_KINDS and route.contact_id is not None else to


def planned_paper_address(recipient: Recipient) -> str:
    """`PERSON:STUDENT`, by id; a staff member's own paper is about no student: `PERSON:-`."""
    return f"{recipient.person_id}:{recipient.student_id or '-'}"


def _agreed_frequency(recipient: Recipient, kind: NoticeKind) -> Frequency:
    """The agreed frequency of a kind; results and warnings about them always go at once (Q83)."""
    if kind in ALWAYS_SENT:
        return Frequency.AT_ONCE
    agreed = dict(recipient.frequencies).get(kind, Frequency.AT_ONCE)
    return Frequency.AT_ONCE if kind in REMINDER_KINDS and agreed is Frequency.DIGEST else agreed


def planning_obstacle(recipient: Recipient, route: Route, kind: NoticeKind) -> Reason | None:
    """Why a notice of this kind about this student may not go to this person over this route now; None: it may.

    The consent check, made at planning and again at sending (Q2, Q3, Q80). Paper needs neither consent nor contact; the
    weekly extract is for whom nothing electronic reaches. A code that proves a contact is all that goes to an
    unconfirmed one (Q81). A muted dialog gets all but results, which would be read too late.
    """
    if route.contact_id is None:
        return Reason.ELECTRONIC if kind is NoticeKind.EXTRACT and not is_planned_on_paper(recipient) else None
    if kind is NoticeKind.OWNERSHIP:
        return None if route.obstacle is Reason.CONTACT_UNCONFIRMED else route.obstacle
    is_off = (route.channel, kind) in recipient.unsubscribed and kind not in ALWAYS_SENT
    is_unheard = route.muted_until is not None and kind in R6_KINDS
    unheard = Reason.MUTED if is_unheard else None
    return recipient.obstacle or route.obstacle or (Reason.SWITCHED_OFF if is_off else unheard)


def recipient_planned_without_mutes(recipient: Recipient, *, now: datetime) -> Recipient:
    """The recipient without mutes that are over."""
    if not any(route.muted_until for route in recipient.routes):
        return recipient
    routes = [
        replace(route, muted_until=None) if route.muted_until is not None and route.muted_until <= now else route
        for route in recipient.routes
    ]
    return replace(recipient, routes=tuple(routes))


def is_planned_on_paper(recipient: Recipient) -> bool:
    """Whether no electronic channel may carry anything about this student to this person now (Q2, Q30)."""
    return recipient.obstacle is not None or all(route.obstacle is not None for route in recipient.routes)


def is_planned_notice_off(recipient: Recipient, kind: NoticeKind) -> bool:
    """True where the person switched the kind off, or unsubscribed from it on every channel that could carry it."""
    if _agreed_frequency(recipient, kind) is Frequency.OFF:
        return True
    obstacles = {planning_obstacle(recipient, route, kind) for route in recipient.routes}
    return Reason.SWITCHED_OFF in obstacles and None not in obstacles


def planned_open_routes(recipient: Recipient, kind: NoticeKind, *, after: int | None = None) -> tuple[Route, ...]:
    """The routes that may carry this kind, in the agreed order, paper last.

    With `after` only those later than that contact, so that every chain ends on paper. What proves one contact goes by
    no other: none after it.
    """
    if kind is NoticeKind.OWNERSHIP and after is not None:
        return ()
    routes = (*recipient.routes, _PAPER)
    left = next((place for place, route in enumerate(routes, 1) if after is not None and route.contact_id == after), 0)
    return tuple(route for route in routes[left:] if planning_obstacle(recipient, route, kind) is None)


def _not_sent(
    recipient: Recipient, route: Route, kind: NoticeKind, *, reason: Reason, now: datetime
) -> PlannedDelivery:
    """A delivery that is recorded as not sent, with the reason (Q87)."""
    return PlannedDelivery(
        channel=route.channel,
        contact_id=route.contact_id,
        bundle=_bundle_key(recipient, route, kind),
        status=Status.WITHDRAWN,
        reason=reason,
        not_before=now,
        escalate_at=None,
    )


def planned_delivery(
    recipient: Recipient, open_ways: Sequence[Route], kind: NoticeKind, *, due: datetime | None, now: datetime,
    policy: Policy,
) -> PlannedDelivery:  # fmt: skip
    """A delivery over the first of these routes; `escalate_at` is when the route after it starts (Q73, Q123)."""
    route, policy = open_ways[0], replace(policy, quiet=recipient.quiet) if recipient.quiet else policy
    starts = (
        timing.latest_channel_start_times([way.channel for way in open_ways], due, policy, kind=kind)
        if due is not None
        else ()
    )
    latest = starts[0] if starts else None
    not_before = timing.earliest_sending_time(
        kind,
        route.channel,
        _agreed_frequency(recipient, kind),
        now=now,
        latest=latest,
        policy=policy,
        digest_at=recipient.digest_at,
    )
    next_latest = starts[1] if len(starts) > 1 else None
    next_start = timing.next_channel_start_time(kind, next_latest, not_before=not_before, policy=policy)
    return PlannedDelivery(
        channel=route.channel,
        contact_id=route.contact_id,
        bundle=_bundle_key(recipient, route, kind),
        status=Status.PENDING,
        reason=None,
        not_before=not_before,
        escalate_at=next_start if len(open_ways) > 1 else None,
    )


def planned_obligation(
    notice: PublishedNotice, recipient: Recipient, *, now: datetime, policy: Policy
) -> PlannedObligation:
    """The obligation of a notice to a person: a delivery over the first open route, and a reason for each closed one.

    If the person switched the kind off, only a row that says so.
    """
    due = timing.r6_due_time(notice.kind, notice.received_at) or notice.due
    routes = _agreed_routes(notice, recipient)
    if wanted := not is_planned_notice_off(recipient, notice.kind):
        obstacles = [(route, planning_obstacle(recipient, route, notice.kind)) for route in routes]
        closed = [(route, reason) for route, reason in obstacles if reason is not None]
        deliveries = [_not_sent(recipient, route, notice.kind, reason=reason, now=now) for route, reason in closed]
        if may_go := [route for route, reason in obstacles if reason is None]:
            deliveries.append(planned_delivery(recipient, may_go, notice.kind, due=due, now=now, policy=policy))
    else:
        deliveries = [_not_sent(recipient, routes[0], notice.kind, reason=Reason.SWITCHED_OFF, now=now)]
    return PlannedObligation(
        notice_id=notice.id,
        person_id=recipient.person_id,
        student_id=recipient.student_id,
        kind=notice.kind,
        received_at=notice.received_at,
        due=due,
        state=State.OPEN if wanted else State.WAIVED,
        deliveries=tuple(deliveries),
        expires_at=expiry.expiry_of_notice(notice.notice, published_at=notice.published_at, policy=policy),
    )


def moved_planned_delivery(
    recipient: Recipient, delivery: Delivery, *, due: datetime, now: datetime, policy: Policy
) -> MovedDelivery:
    """The times of a delivery under another due time (Q70): it waits no longer than its channel's latest start.

    A delivery without a next channel keeps having none.
    """
    left = (
        planned_open_routes(recipient, delivery.kind, after=delivery.contact_id)
        if delivery.contact_id is not None
        else ()
    )
    channels = [delivery.channel, *(route.channel for route in left)]
    starts = timing.latest_channel_start_times(channels, due, policy, kind=delivery.kind)
    not_before = min(delivery.not_before, max(now, starts[0]))
    latest = starts[1] if len(starts) > 1 else None
    escalate_at = timing.next_channel_start_time(delivery.kind, latest, not_before=not_before, policy=policy)
    return MovedDelivery(
        delivery_id=delivery.id,
        obligation_id=delivery.obligation_id,
        not_before=not_before,
        before=delivery.escalate_at,
        escalate_at=None if delivery.escalate_at is None else escalate_at,
    )


def _agreed_routes(notice: PublishedNotice, recipient: Recipient) -> tuple[Route, ...]:
    """The routes of a notice in the agreed order, paper last; what proves one contact has that route alone (Q81).

    A revoked contact is agreed no more, so nothing tells why it was not used.
    """
    if isinstance(notice.notice, WeeklyExtract):
        return (_PAPER,)
    if isinstance(notice.notice, OwnershipCode):
        return tuple(route for route in recipient.routes if route.contact_id == notice.notice.contact_id)
    return (*(route for route in recipient.routes if route.obstacle is not Reason.CONTACT_REVOKED), _PAPER)


def planned_next_delivery(
    recipient: Recipient, delivery: Delivery, *, now: datetime, policy: Policy
) -> tuple[PlannedDelivery, ...]:
    """The delivery after one that cannot go or gave no evidence; empty after paper, the last route."""
    if delivery.contact_id is None:
        return ()
    if not (open_ways := planned_open_routes(recipient, delivery.kind, after=delivery.contact_id)):
        return ()
    return (planned_delivery(recipient, open_ways, delivery.kind, due=delivery.due, now=now, policy=policy),)


def planned_paper_delivery(
    recipient: Recipient, delivery: Delivery, *, now: datetime, policy: Policy
) -> tuple[PlannedDelivery, ...]:
    """Paper in place of the channels that are left; empty where it is on paper already, or must not go there."""
    if delivery.contact_id is None or delivery.kind in PERSONAL_KINDS:
        return ()
    return (planned_delivery(recipient, (_PAPER,), delivery.kind, due=delivery.due, now=now, policy=policy),)

"""Obligations as JSON, as rows of a table, and the proof of one of them (R6, Q76)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.errors import NotFoundError
from core.model.channels import channel_name
from core.model.delivery.deliveries import Attempt, Delivery
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State, Status
from core.model.register.consents import ConsentEntry
from core.model.register.contacts import Confirmation
from core.ports import Translator, UnitOfWork
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy

Json = dict[str, Any]


def obligation_json(row: ObligationRow) -> Json:
    """One obligation as contracts, Commands, has it; times in UTC, ISO 8601."""
    obligation = row.obligation
    return {
        "id": obligation.id,
        "person": row.person,
        "student": row.student,
        "kind": obligation.kind,
        "received_at": obligation.received_at.isoformat(),
        "due": obligation.due.isoformat() if obligation.due else None,
        "state": obligation.state,
        "evidence": obligation.evidence,
        "deliveries": [
            {"channel": delivery.channel, "status": delivery.status, "reason": delivery.reason}
            for delivery in row.deliveries
        ],
    }


HEADS = ("id", "person", "student", "kind", "due", "state", "evidence", "deliveries")


def obligation_cells(row: ObligationRow, t: Translator, policy: Policy, *, now: datetime) -> Sequence[object]:
    """One obligation as a line of the table under HEADS; times in the school's zone."""
    obligation = row.obligation
    late = obligation.state is State.OPEN and timing.is_late(obligation.due, now)
    return (
        obligation.id,
        _initials(row.person),
        _initials(row.student) if row.student else "",
        t(f"kind.{obligation.kind}"),
        f"{obligation.due.astimezone(policy.zone):%d.%m %H:%M}" if obligation.due else "",
        t("state.late") if late else t(f"state.{obligation.state}"),
        t(f"status.{obligation.evidence}") if obligation.evidence else "",
        "; ".join(_way(delivery, t) for delivery in row.deliveries),
    )


def _initials(name: str) -> str:
    """«Ковалёва О. Н.»; namesakes differ by number, and the JSON has full names."""
    surname, *given = name.split()
    return " ".join([surname, *(f"{each[0]}." for each in given)])


def obligation_page_row(row: ObligationRow, t: Translator, *, now: datetime) -> Json:
    """One obligation for the sandbox's page: only channels that were really used."""
    obligation = row.obligation
    late = obligation.state is State.OPEN and timing.is_late(obligation.due, now)
    return {
        "person": row.person,
        "student": row.student or "",
        "kind": t(f"kind.{obligation.kind}"),
        "received": obligation.received_at.isoformat(),
        "due": obligation.due.isoformat() if obligation.due else "",
        "state": "late" if late else obligation.state,
        "evidence": obligation.evidence,
        "channels": [delivery.channel for delivery in row.deliveries if delivery.status is not Status.WITHDRAWN],
    }


def _way(delivery: Delivery, t: Translator) -> str:
    """«Telegram: принято», with the reason for what was not sent (Q87)."""
    state = f"{channel_name(delivery.channel, t)}: {t(f'status.{delivery.status}')}"
    return f"{state} ({t(f'reason.{delivery.reason}')})" if delivery.reason else state


def proof_moment(at: datetime | None, policy: Policy) -> str:
    """A moment in the school's zone."""
    return "" if at is None else f"{at.astimezone(policy.zone):%d.%m.%Y %H:%M}"


async def obligation_proof(uow: UnitOfWork, obligation_id: int, *, t: Translator, policy: Policy) -> Sequence[str]:
    """What, to whom, on what consent and contact act, when, by which channel, with what answer. NotFoundError."""
    rows = await uow.outbox.obligations(obligation_id=obligation_id)
    if not rows:
        raise NotFoundError
    row = rows[0]
    lines = [
        t("proof.title", number=obligation_id),
        t("proof.what", kind=t(f"kind.{row.obligation.kind}"), student=row.student or "–"),
        t("proof.to", person=row.person),
        t("proof.received", at=proof_moment(row.obligation.received_at, policy)),
        t("proof.due", at=proof_moment(row.obligation.due, policy) or "–"),
        t(
            "proof.state",
            state=t(f"state.{row.obligation.state}"),
            at=proof_moment(row.obligation.closed_at, policy) or "–",
        ),
    ]
    about = row.obligation.student_id
    consents = {entry.id: entry for entry in await uow.register.consents(student_id=about)} if about else {}
    attempts = {attempt.id: attempt for attempt in await uow.outbox.attempts_of(obligation_id)}
    for delivery in row.deliveries:
        lines += ["", *await _delivery(uow, delivery, consents, attempts, t=t, policy=policy)]
    return lines


async def _delivery(
    uow: UnitOfWork,
    delivery: Delivery,
    consents: Mapping[int, ConsentEntry],
    attempts: Mapping[int, Attempt],
    *,
    t: Translator,
    policy: Policy,
) -> Sequence[str]:
    lines = [_way(delivery, t)]
    if entry := consents.get(delivery.consent_id or 0):
        lines.append("  " + t("proof.consent", number=entry.number, date=f"{entry.decided_on:%d.%m.%Y}"))
    if delivery.contact_id is not None:
        confirmations = await uow.register.confirmations(delivery.contact_id)
        lines += ["  " + _confirmed(confirmation, delivery.contact_id, t, policy) for confirmation in confirmations]
    if attempt := attempts.get(delivery.attempt_id or 0):
        lines += ["  " + line for line in _attempt(attempt, t, policy)]
    return lines


def _confirmed(confirmation: Confirmation, contact_id: int, t: Translator, policy: Policy) -> str:
    return t(
        "proof.contact",
        number=contact_id,
        document=confirmation.document,
        accepted_by=confirmation.accepted_by,
        at=proof_moment(confirmation.accepted_at, policy),
    )


def _attempt(attempt: Attempt, t: Translator, policy: Policy) -> Sequence[str]:
    answer = t(f"status.{attempt.outcome}") if attempt.outcome else t("proof.no_answer")
    return (
        t(
            "proof.attempt",
            started=proof_moment(attempt.started_at, policy),
            finished=proof_moment(attempt.finished_at, policy) or "–",
        ),
        t("proof.answer", answer=answer, reference=attempt.reference or "–"),
        t("proof.text", sha256=attempt.text_sha256 or "–"),
    )

"""Obligations as JSON and as rows of a table, and the report of a period as JSON (R6)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.screens.delivery.ways import delivery_way_on_screen
from core.model.channels import PAPER, channel_status_word
from core.model.delivery.deadline_report import DeadlineReport
from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State, Status
from core.ports import Translator
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


def obligation_table_cells(row: ObligationRow, t: Translator, policy: Policy, *, now: datetime) -> Sequence[object]:
    """One obligation as a line of the table under HEADS; times in the school's zone."""
    obligation = row.obligation
    late = obligation.state is State.OPEN and timing.is_past_due_time(obligation.due, now)
    return (
        obligation.id,
        _initials(row.person),
        _initials(row.student) if row.student else "",
        t(f"kind.{obligation.kind}"),
        f"{obligation.due.astimezone(policy.zone):%d.%m %H:%M}" if obligation.due else t("obligations.no_due"),
        t("state.late") if late else t(f"state.{obligation.state}"),
        obligation_evidence_word(row, t),
        "; ".join(_way(delivery, t, policy, now) for delivery in row.deliveries),
    )


def _way(delivery: Delivery, t: Translator, policy: Policy, now: datetime) -> str:
    """«почта: ожидает (до 07:00, 02.12)»: what waits for the end of the quiet hours or for its day says how long."""
    way = delivery_way_on_screen(delivery, t)
    if delivery.status is not Status.PENDING or delivery.not_before <= now:
        return way
    return t("obligations.waits", way=way, until=f"{delivery.not_before.astimezone(policy.zone):%H:%M, %d.%m}")


def obligation_evidence_word(row: ObligationRow, t: Translator) -> str:
    """How far an obligation came at best; on paper alone it waits to be printed first."""
    if (evidence := row.obligation.evidence) is None:
        return ""
    ways = {delivery.channel for delivery in row.deliveries if delivery.status is evidence}
    return channel_status_word(PAPER if ways == {PAPER} else "", evidence, t)


def _initials(name: str) -> str:
    """«Ковалёва О. Н.»; namesakes differ by number, and the JSON has full names."""
    surname, *given = name.split()
    return " ".join([surname, *(f"{each[0]}." for each in given)])


def obligation_table_row(row: ObligationRow, t: Translator, *, now: datetime) -> Json:
    """One obligation for the sandbox's page: only channels that were really used."""
    obligation = row.obligation
    late = obligation.state is State.OPEN and timing.is_past_due_time(obligation.due, now)
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


def obligations_report_json(report: DeadlineReport) -> Json:
    """The report of a period; times in whole seconds."""
    values = asdict(report)
    dates = {"from": values.pop("since").isoformat(), "to": values.pop("until").isoformat()}
    corrected = {"corrected": values.pop("corrected")}
    del values["corrections"]
    times = {"median_seconds": values.pop("median"), "p95_seconds": values.pop("p95")}
    channels = [
        {
            "channel": each.channel,
            "closed": each.closed,
            "late": each.late,
            "median_seconds": each.median,
            "p95_seconds": each.p95,
        }
        for each in report.channels
    ]
    corrections = [
        {"exam": each.exam.id, "was": each.was.isoformat(), "to": each.to.isoformat(), "results": each.results,
         "reason": each.reason, "corrected_at": each.at.isoformat()}
        for each in report.corrections
    ]  # fmt: skip
    return dates | values | times | {"channels": channels} | corrected | {"corrections": corrections}

"""Where a result that is owed has come to: which channel it is on, and how it was proved (Q72, Q73)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.model.channels import PAPER
from core.model.delivery.deliveries import Delivery
from core.model.delivery.owed_results import OwedResult
from core.model.delivery.states import Status
from core.rules.delivery.evidence import ENDS, GRADES, RANK, is_closing_evidence

PHONE = "phone"
"""In place of a channel: somebody of the school has reached the person by phone."""


def delivery_of_current_step(deliveries: Sequence[Delivery]) -> Delivery | None:
    """The delivery that a result is on: the last one that did not end, else the last one."""
    under_way = [each for each in deliveries if each.status not in ENDS]
    return next(reversed(under_way or deliveries), None)


def is_on_paper_step(result: OwedResult) -> bool:
    """Whether the last agreed channel has begun, so that only a page or a call helps."""
    delivery = delivery_of_current_step(result.deliveries)
    return delivery is not None and delivery.channel == PAPER


def closing_step_channel(result: OwedResult, closes: Mapping[str, Status]) -> str | None:
    """The channel whose evidence closed the result: the first that was enough; None while it is open.

    A call counts as PHONE; a result that was opened in a chat or signed on a sheet as that chat or as paper.
    """
    at = result.obligation.closed_at
    if at is None:
        return None
    proofs: list[tuple[datetime, str]] = [
        (each.updated_at, each.channel)
        for each in result.deliveries
        if is_closing_evidence(each.status, each.channel, closes)
    ]
    proofs += [(each.recorded_at, each.channel) for each in result.acquaintances]
    proofs += [(result.call.called_at, PHONE)] if result.call else []
    exact = [channel for moment, channel in proofs if moment == at]
    return exact[0] if exact else min(proofs, default=(at, None))[1]


def best_step_evidence(result: OwedResult) -> Status | None:
    """The strongest evidence there is."""
    statuses = [each.status for each in result.deliveries if each.status in GRADES]
    statuses += [each.status for each in result.acquaintances]
    statuses += [Status.REACHED] if result.call else []
    return max(statuses, key=RANK.__getitem__, default=None)

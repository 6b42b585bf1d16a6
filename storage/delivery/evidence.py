"""The order of statuses in SQL, so that no statement lowers what is proved (Q72, Q93).

The same order as in `core/rules/delivery/evidence.py`.
"""

from sqlalchemy import ColumnElement, case, literal_column

from core.model.delivery.states import State, Status
from core.rules.delivery.evidence import ENDS, NOT_TAKEN, RANK
from storage.database.types import WordType

RANK_OF = {status: RANK.get(status, len(RANK)) for status in Status}
"""Final statuses have the highest rank: no evidence changes them."""

PENDING: ColumnElement[Status] = literal_column("'pending'", WordType(Status))
OPEN: ColumnElement[State] = literal_column("'open'", WordType(State))
"""Written out in the SQL: PostgreSQL uses a partial index only where it sees the value while planning."""

OWED = (State.OPEN, State.HELD)
"""States of an obligation that evidence may still close and a newer fact may still replace."""

UNSENT = (Status.HELD, Status.PENDING)


def evidence_rank_sql(status: ColumnElement[Status] | ColumnElement[Status | None]) -> ColumnElement[int]:
    """The rank of a status column; NULL is below all statuses."""
    return case({status_.value: rank_ for status_, rank_ in RANK_OF.items()}, value=status, else_=-1)


def evidence_may_follow_sql(current: ColumnElement[Status], new: Status) -> ColumnElement[bool]:
    """May a receipt take a delivery from `current` to `new`? Only to stronger evidence.

    A bounce may still end what was only accepted; nothing moves an end or a delivery that was seen to arrive.
    """
    if new in NOT_TAKEN:
        return evidence_rank_sql(current) <= RANK[Status.ACCEPTED]
    return evidence_rank_sql(current) < RANK_OF[new]


def evidence_may_end_sql(current: ColumnElement[Status], new: Status) -> ColumnElement[bool]:
    """Whether a delivery may end with this status, or be left for the next channel; it may keep its own status."""
    if new in ENDS:
        return (current == new) | (
            evidence_rank_sql(current) <= RANK[Status.ACCEPTED if new in NOT_TAKEN else Status.SENDING]
        )
    return evidence_rank_sql(current) <= RANK_OF[new]

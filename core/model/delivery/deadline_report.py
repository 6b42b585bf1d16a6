"""How results of a period met their 24 hours (R6, Q75)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.model.results.exams import Exam


@dataclass(frozen=True, slots=True)
class ChannelTimes:
    """Results that one channel closed; the times are whole seconds from receipt to evidence, by nearest rank."""

    channel: str
    closed: int
    late: int
    median: int
    p95: int


@dataclass(frozen=True, slots=True)
class ReceiptCorrection:
    """A moment of receipt of an exam that was corrected: what was entered, what counts, how many results, why (Q70)."""

    exam: Exam
    was: datetime
    to: datetime
    results: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeadlineReport:
    """The results that were received from one date to another, counted once for each person who is owed them.

    `late` are those that were closed after their due time or are open after it (`late_open`); `open` those that still
    have time. `superseded` and `waived` were not owed any more. The times are those of all channels together.
    `corrected` are those whose moment of receipt was corrected; `corrections` are the acts, whether from or to a moment
    of the period.
    """

    since: date
    until: date
    total: int
    in_time: int
    late: int
    late_open: int
    open: int
    superseded: int
    waived: int
    causes: Mapping[str, int]
    channels: Sequence[ChannelTimes]
    median: int | None
    p95: int | None
    corrected: int = 0
    corrections: Sequence[ReceiptCorrection] = ()

"""When the school's periodic jobs ran."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class JobStep(StrEnum):
    """A step of a run; the column that keeps when it last happened."""

    BEGUN = "begun_at"
    DONE = "done_at"
    FAILED = "failed_at"


@dataclass(frozen=True, slots=True)
class JobRun:
    """A job on one local date: when it last began, ended well, and failed. A nightly job that ended well is done."""

    job: str
    on: date
    begun_at: datetime | None
    done_at: datetime | None
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobRunState:
    """How a periodic job stands.

    `is_due`: a nightly job whose latest night is not done yet; it runs at the next start of the clock. `missed`:
    earlier nights in which it was not done, of the last 30 days. `has_failed`: its last try failed.
    """

    job: str
    done_at: datetime | None
    failed_at: datetime | None
    is_due: bool
    missed: Sequence[date]

    @property
    def has_failed(self) -> bool:
        return self.failed_at is not None and (self.done_at is None or self.failed_at > self.done_at)

"""Paper extracts in the print queue, and what they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.delivery.states import Status
from core.model.delivery.text import Text


class BlockLayout(StrEnum):
    """How a block is set: a table, full lines, short lines in two columns, or a cell for each day."""

    TABLE = "table"
    LINES = "lines"
    SHORT = "short"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a weekly extract in plain words: what the bot would show under one heading.

    A row of a table has a cell for each of `columns`; a row of lines has one cell; a row of days has the day and then
    its lessons. `note` stands below: a legend, or how figures came about.
    """

    heading: str
    layout: BlockLayout
    rows: Sequence[Sequence[str]]
    columns: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Extract:
    """One page for one student's family (R2b): numbered, with its basis; a staff member's own is about no student.

    `text` is what was new. `is_weekly`: the page also holds what the bot would show besides (Q31), which is read when
    it is set; a page out of turn has none of it.
    `status` goes accepted → printed → handed → signed. `batched_at`: when the clock sent it to the school's printer.
    """

    id: int
    number: str
    key: str
    person_id: int
    student_id: int | None
    basis: str
    text: Text
    status: Status
    queued_at: datetime
    printed_at: datetime | None
    handed_at: datetime | None
    signed_at: datetime | None
    is_weekly: bool = False
    batched_at: datetime | None = None

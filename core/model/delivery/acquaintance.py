"""Acquaintance with a result: a person opened it in the bot, or signed for it on a printed sheet (Q72)."""

from dataclasses import dataclass
from datetime import datetime

from core.model.delivery.states import Status


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Evidence that no message carries: `acknowledged` for a result opened in a chat, `signed` for a sheet.

    `channel` is where it was opened, paper for a sheet; `sheet` is the number of the signed sheet. `recorded_by` is the
    reader, or the staff member who ticked the sheet off.
    """

    obligation_id: int
    status: Status
    channel: str
    sheet: str | None
    recorded_by: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """A printed sheet of acquaintance; `about` is the term or the exam in words."""

    id: int
    number: str
    about: str
    made_by: int | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of a sheet: what one person signs for."""

    sheet_id: int
    line: int
    obligation_ids: tuple[int, ...]

"""What the office types of a paper: its number and its date, in either order, the date alone, or the number alone."""

import re
from dataclasses import dataclass
from datetime import date

from bot.handlers.doors import DoorVisit
from core.errors import DateFault, DocumentDateError, SchoolError
from core.rules.conversation.buttons import button_day

_DATE = re.compile(r"(?<![\d.-])(?P<day>\d{1,2})[./](?P<month>\d{1,2})(?:[./](?P<year>\d{4}|\d{2}))?(?![\d.]*\d)")
_FROM = re.compile(r"^[\s,;–-]+|[\s,;–-]+(?:от|of|from|dated)?[\s,;–-]*$", re.IGNORECASE)
_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class PaperWords:
    """The number of a paper ("" where none was typed) and its date."""

    document: str
    dated: date


def read_office_paper(text: str, *, today: date) -> PaperWords:
    """«К-17 от 20.11.2026», «20.11», «К-17» (of today). A date without a year is the nearest past one.

    Raises DocumentDateError for a date that no calendar has.
    """
    dates = list(_DATE.finditer(text))
    if not dates:
        return PaperWords(" ".join(text.split()), today)
    found = dates[-1]
    words = f"{text[: found.start()]} {text[found.end() :]}"
    return PaperWords(" ".join(_FROM.sub("", words).split()), _day(found, today))


def day_of_office_paper(number: int) -> date:
    """The date of a button. HandleRefusedError for a number that is none."""
    return button_day(number)


def office_paper_fault(error: SchoolError, visit: DoorVisit) -> str:
    """The sentence for what is wrong with a paper."""
    if isinstance(error, DocumentDateError):
        return visit.t(f"error.date.{error.fault}")
    return visit.t(f"error.{type(error).__name__}")


def _day(found: re.Match[str], today: date) -> date:
    year = int(found["year"] or today.year)
    try:
        on = date(year if year > _CENTURY else _CENTURY + year, int(found["month"]), int(found["day"]))
        return on.replace(year=on.year - 1) if found["year"] is None and on > today else on
    except ValueError:
        raise DocumentDateError(DateFault.TOO_OLD) from None

"""Reads dates, months and school years as reports and tables write them."""

import re
from datetime import date
from functools import lru_cache

_DAY, _YEAR, _CLOCK = "[0-9]{1,2}", "[0-9]{4}", "(?:[ T][0-9]{1,2}:[0-9]{2}[0-9:.]*Z?)?"
_DAY_FIRST = re.compile(rf"({_DAY})[./-]({_DAY})[./-]({_YEAR}|[0-9]{{2}})(?:\s*г\.?)?{_CLOCK}")
_YEAR_FIRST = re.compile(rf"({_YEAR})-({_DAY})-({_DAY}){_CLOCK}")
_IN_WORDS = re.compile(rf"({_DAY})\s+([а-я]{{3,8}})\.?\s+({_YEAR})(?:\s*(?:г\.?|года))?", re.IGNORECASE)
_ANY_DATE = re.compile(
    rf"{_DAY}[./-]{_DAY}[./-](?:{_YEAR}|[0-9]{{2}})(?![0-9])|{_YEAR}-{_DAY}-{_DAY}|{_DAY}\s+[а-я]{{3,8}}\.?\s+{_YEAR}",
    re.IGNORECASE,
)
_SCHOOL_YEAR = re.compile(r"(20[0-9]{2})\s*[/–—-]\s*((?:20)?[0-9]{2})(?![0-9])")
_MONTH = re.compile(rf"([а-яё]{{3,8}})\.?(?:\s+({_YEAR})(?:\s*г\.?)?)?", re.IGNORECASE)
_MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_NAMES = (
    *("январь января", "февраль февраля февр", "март марта", "апрель апреля", "май мая", "июнь июня", "июль июля"),
    *("август августа", "сентябрь сентября сент", "октябрь октября", "ноябрь ноября нояб", "декабрь декабря"),
)
_MONTH_OF = {
    name: number
    for number, (short, names) in enumerate(zip(_MONTHS, _NAMES, strict=True), start=1)
    for name in (short, *names.split())
}
CENTURY = 2000
"""Added to a year of two digits."""

YEARS = range(1900, 2200)
"""Years that dates of a school lie in; others are slips, and date arithmetic overflows at the calendar's ends."""


@lru_cache(maxsize=8192)
def read_date_cell(text: str) -> date | None:
    """«02.09.2026», «2.9.26», «2026-09-02» (a time of day may follow) or «2 сентября 2026»; None for anything else.

    Two digits are a year of this century. A day that the calendar lacks is None as well, and one beyond `YEARS`.
    """
    text = " ".join(text.split())
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    elif found := _IN_WORDS.fullmatch(text):
        day, word, year = found.groups()
        month = str(_MONTH_OF.get(word.lower(), 0))
    else:
        return None
    return read_valid_date(int(year) + (CENTURY if len(year) < len("2026") else 0), int(month), int(day))


def read_valid_date(year: int, month: int, day: int) -> date | None:
    """The date; None where the calendar has no such day or the year is a slip."""
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def read_month_cell(text: str) -> tuple[int, int | None] | None:
    """The month that a column header names («Сентябрь», «сент.», «сентября 2026»), and its year if it is said."""
    found = _MONTH.fullmatch(text.strip())
    if found is None or (month := _MONTH_OF.get(found[1].lower())) is None:
        return None
    return month, int(found[2]) if found[2] else None


def dates_in_line(text: str) -> list[str]:
    """Every part of a line that is written like a date, valid or not."""
    return _ANY_DATE.findall(text)


def read_school_year_dates(text: str) -> tuple[date, date] | None:
    """The first and last day of «2025/2026» (also «2025-26»); None if the second year does not follow the first."""
    found = _SCHOOL_YEAR.search(text)
    if found is None:
        return None
    first, second = int(found[1]), int(found[2][-2:])
    return (date(first, 9, 1), date(first + 1, 8, 31)) if (first + 1) % 100 == second else None

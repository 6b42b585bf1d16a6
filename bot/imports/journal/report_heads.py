"""Reads the lines around a report's table: student, class, subject, teacher and period."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from bot.imports.dates import dates_in_line, read_date_cell, read_school_year_dates, read_valid_date
from bot.imports.reading import ReadingProblems

Span = tuple[date, date]

_STUDENT = (
    "ученик",
    "ученица",
    "ученик(ца)",
    "ученик (ца)",
    "учащийся",
    "учащаяся",
    "обучающийся",
    "фио ученика",
    "фио",
)
_TEACHER = ("учитель", "преподаватель")
_NAMES = ("учебный год", "учебный период", "период", "класс", "предмет", *_TEACHER, *_STUDENT)
_LABEL = re.compile(
    rf"(?<![а-яё])({'|'.join(map(re.escape, sorted(_NAMES, key=len, reverse=True)))})\s*(?::|$)", re.IGNORECASE
)
_FROM_TO = re.compile(r"\bс\s.*\bпо\s", re.IGNORECASE)
_STATE = re.compile(r"состояние на", re.IGNORECASE)
_SUMMER = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class ReportHead:
    """The head of a report; `window` is the span that a date without a year must fall into."""

    student: str | None = None
    school_class: str | None = None
    subject: str | None = None
    teacher: str | None = None
    period: Span | None = None
    school_year: Span | None = None
    window: Span | None = None

    def date_of(self, day: int, month: int, year: int | None) -> date | None:
        """The date of this day and month inside the window; None if there is none, or no window."""
        if self.window is None:
            return None
        first, last = self.window
        years = [year] if year else range(first.year, last.year + 1)
        days = (read_valid_date(candidate, month, day) for candidate in years)
        return next((found for found in days if found and first <= found <= last), None)


def read_report_head(above: Sequence[str], below: Sequence[str], faults: ReadingProblems) -> ReportHead:
    """The head of one report. Without a period the window is the school year, else the year before «Состояние на …»."""
    labels = _labels(above)
    school_year = _school_year(labels.get("учебный год"), faults)
    period = _period(labels.get("период") or next(filter(_is_span, above), ""), faults)
    if period and school_year and not _fits(period, school_year):
        faults.add("period_outside_year", value=f"{period[0]:%d.%m.%Y}–{period[1]:%d.%m.%Y}")
    return ReportHead(
        student=_first_value(labels, _STUDENT),
        school_class=labels.get("класс"),
        subject=labels.get("предмет"),
        teacher=_first_value(labels, _TEACHER),
        period=period,
        school_year=school_year,
        window=period or school_year or _year_before_state(below),
    )


def has_report_head_labels(lines: Sequence[str]) -> bool:
    """True where the lines hold a head."""
    return any(_LABEL.search(line) for line in lines)


def _labels(lines: Sequence[str]) -> dict[str, str]:
    """Label → value. A label alone on its line takes the next line as value, unless that has a label too."""
    values: dict[str, str] = {}
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        found = list(_LABEL.finditer(line))
        for label, after in zip_longest(found, found[1:]):
            value = line[label.end() : after.start() if after else None].strip(" ,;")
            if not value and len(found) == 1 and label.start() == 0 and not _LABEL.search(following):
                value = following
            if value:
                values.setdefault(label[1].lower(), value)
    return values


def _first_value(labels: dict[str, str], names: Sequence[str]) -> str | None:
    return next((labels[name] for name in names if name in labels), None)


def _is_span(line: str) -> bool:
    return bool(_FROM_TO.search(line)) and len(dates_in_line(line)) == len(("from", "to"))


def _period(text: str, faults: ReadingProblems) -> Span | None:
    written = dates_in_line(text)[:2]
    if len(written) < len(("from", "to")):
        if written:
            faults.add("period", value=written[0])
        return None
    first, last = map(read_date_cell, written)
    if first is None or last is None or last < first:
        faults.add("period", value="–".join(written))
        return None
    return first, last


def _school_year(text: str | None, faults: ReadingProblems) -> Span | None:
    if text is None:
        return None
    year = read_school_year_dates(text)
    if year is None:
        faults.add("school_year")
    return year


def _fits(period: Span, school_year: Span) -> bool:
    """True where the period lies in the school year, which may begin in August."""
    return school_year[0] - _SUMMER <= period[0] and period[1] <= school_year[1]


def _year_before_state(below: Sequence[str]) -> Span | None:
    written = next((dates_in_line(line) for line in below if _STATE.search(line)), [])
    state = read_date_cell(written[0]) if written else None
    return (state - timedelta(days=364), state) if state else None

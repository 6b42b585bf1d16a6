"""What is imported from a journal although a person should look at it: unlikely days, and too many marks missing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from core.model.imports.reports import JournalReport, Problem
from core.model.year import ReportingPeriod
from core.rules.year import first_day_of_year

_SUNDAY = 6
FEBRUARY = 2
MOST_OF_OTHER_YEARS = 3
"""Entries of other school years are a slip of the pen up to a third of the file; more are meant."""

Place = tuple[date, str, str]
"""A day with the class and subject of its entry, both as printed."""


def journal_doubts(
    reports: Sequence[JournalReport], *, today: date, periods: Sequence[ReportingPeriod], kept: Mapping[int, int]
) -> Iterator[Problem]:
    """Days that are likely a slip of the pen, and marks that stay although the file lacks them (Q90, Q134).

    `kept` counts these marks by student, `periods` are those of today's school year.
    """
    yield from _doubtful_days(reports, today, periods)
    if students := sum(map(bool, kept.values())):
        yield _doubt("marks_kept", students=students, count=sum(kept.values()))


def journal_year_slips(reports: Sequence[JournalReport], *, today: date) -> Iterator[Problem]:
    """Problems: days of a table whose year is a slip of the pen, by the first row of each.

    They lie in another school year than at least two thirds of the file, and in this year they would be over. No later
    file of this year speaks of such a day, so the mark could never be taken back.
    """
    begins = first_day_of_year(today)
    days = Counter(on for on, _, _ in _places(reports))
    others = {on: count for on, count in days.items() if first_day_of_year(on) != begins}
    if MOST_OF_OTHER_YEARS * sum(others.values()) > days.total():
        return
    rows = {on: (report.sheet, row) for report in reports for on, row in report.rows_of_days.items()}
    for on in sorted(others.keys() & rows.keys()):
        if begins <= _in_year(on, begins) <= today:
            yield Problem(*rows[on], "date", f"{on:%d.%m.%Y}", "date_other_year")


def _in_year(on: date, begins: date) -> date:
    """The same day of the school year that begins on `begins`; 28 February for 29."""
    year = on.year + begins.year - first_day_of_year(on).year
    return on.replace(year=year, day=min(on.day, 28) if on.month == FEBRUARY else on.day)


def _doubtful_days(
    reports: Iterable[JournalReport], today: date, periods: Sequence[ReportingPeriod]
) -> Iterator[Problem]:
    """A doubt for days still to come, one for another school year, one for days without lessons."""
    begins = first_day_of_year(today)
    found: dict[str, list[Place]] = {"dates_ahead": [], "dates_before": [], "dates_free": []}
    for on, school_class, subject in _places(reports):
        if on > today:
            found["dates_ahead"].append((on, school_class, subject))
        elif on < begins:
            found["dates_before"].append((on, school_class, subject))
        elif on.weekday() == _SUNDAY or _is_between_periods(on, periods):
            found["dates_free"].append((on, school_class, subject))
    for reason, places in found.items():
        if places:
            yield _doubt(reason, count=len(places), days=_days(places), place=_first_place(places))


def _places(reports: Iterable[JournalReport]) -> Iterator[Place]:
    for report in reports:
        for subject in report.subjects:
            for entry in subject.entries:
                if entry.tokens:
                    yield entry.date, report.school_class or "", subject.subject or ""


def _is_between_periods(on: date, periods: Sequence[ReportingPeriod]) -> bool:
    """Holidays: later than one period and earlier than another; of days outside all of them nothing is known."""
    if any(period.starts_on <= on <= period.ends_on for period in periods):
        return False
    return any(period.ends_on < on for period in periods) and any(on < period.starts_on for period in periods)


def _days(places: Iterable[Place]) -> str:
    """«05.11.2026 – 15.11.2026», one day alone."""
    days = [on for on, _, _ in places]
    first, last = f"{min(days):%d.%m.%Y}", f"{max(days):%d.%m.%Y}"
    return first if first == last else f"{first} – {last}"


def _first_place(places: Iterable[Place]) -> str:
    """«5А, Алгебра»: where the first of them is looked for in the journal."""
    _, school_class, subject = min(places)
    return ", ".join(filter(None, (school_class, subject))) or "–"


def _doubt(reason: str, **facts: object) -> Problem:
    return Problem(None, None, None, None, reason, tuple((name, str(fact)) for name, fact in facts.items()))

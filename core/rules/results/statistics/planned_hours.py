"""How many hours of a plan are due by a day (Q59)."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.model.imports.reports import YEAR
from core.model.timetable import PlannedHours
from core.rules.results.terms import term_key

PlanKey = tuple[int, int | None]
"""A subject, and a group of the class's students or None for the class."""

Span = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True, slots=True)
class PlannedHoursDays:
    """The school days of a class in a school year, and the last day that is over."""

    dates: Sequence[date]
    today: date

    def of_span(self, span: Span) -> int:
        """How many school days a span has."""
        since, until = span
        return max(bisect_right(self.dates, until) - bisect_left(self.dates, since), 0)

    def gone(self, span: Span) -> int:
        """How many of them are over, today included."""
        since, until = span
        return self.of_span((since, min(until, self.today)))


@dataclass(frozen=True, slots=True)
class PlannedHoursTerms:
    """The terms of a class in one subject by name, with the year among them, and its school days."""

    spans: Mapping[str, Span]
    days: PlannedHoursDays

    def span(self, term: str) -> Span | None:
        """The days of a term, whose name may be written in another way."""
        key = term_key(term)
        return next((span for name, span in self.spans.items() if term_key(name) == key), None)


class PlannedHoursOfClass:
    """The plan of one class."""

    def __init__(self, hours: Iterable[PlannedHours]) -> None:
        self._rows: dict[PlanKey, list[PlannedHours]] = defaultdict(list)
        for row in hours:
            self._rows[row.subject_id, row.group_id].append(row)

    @property
    def keys(self) -> Sequence[PlanKey]:
        """What has a plan."""
        return list(self._rows)

    def has_plan(self, key: PlanKey) -> bool:
        """Whether hours are planned for a subject and group."""
        return key in self._rows

    def lesson_types(self, key: PlanKey) -> set[str]:
        """The types that have hours of their own."""
        return {row.lesson_type for row in self._rows.get(key, ()) if row.lesson_type is not None}

    def due(self, key: PlanKey, term: str, lesson_type: str | None, terms: PlannedHoursTerms) -> int:
        """The hours due by today: the term's hours × school days gone / all school days, half up.

        A term without hours of its own has its share of the year's hours, day by day. A year without hours of its own
        is the sum of its terms. Without hours of all types, those of the single types are added up.
        """
        rows = self._of_type(key, lesson_type)
        if term == YEAR:
            yearly = [row for row in rows if _is_yearly(row)]
            return _due_in(terms.spans[YEAR], yearly, terms) if yearly else _due_by_terms(rows, terms)
        own = [row for row in rows if not _is_yearly(row) and term_key(row.term or "") == term_key(term)]
        if own:
            return _due_in(terms.spans[term], own, terms)
        hours = sum(row.hours for row in rows if _is_yearly(row))
        return _half_up(hours * terms.days.gone(terms.spans[term]), terms.days.of_span(terms.spans[YEAR]))

    def _of_type(self, key: PlanKey, lesson_type: str | None) -> list[PlannedHours]:
        rows = self._rows.get(key, [])
        exact = [row for row in rows if row.lesson_type == lesson_type]
        return rows if lesson_type is None and not exact else exact


def _is_yearly(row: PlannedHours) -> bool:
    return row.term is None or term_key(row.term) == YEAR


def _due_by_terms(rows: Iterable[PlannedHours], terms: PlannedHoursTerms) -> int:
    by_term: dict[Span, list[PlannedHours]] = defaultdict(list)
    for row in rows:
        if (span := terms.span(row.term or "")) is not None:
            by_term[span].append(row)
    return sum(_due_in(span, of_term, terms) for span, of_term in by_term.items())


def _due_in(span: Span, rows: Iterable[PlannedHours], terms: PlannedHoursTerms) -> int:
    return _half_up(sum(row.hours for row in rows) * terms.days.gone(span), terms.days.of_span(span))


def _half_up(numerator: int, denominator: int) -> int:
    """The whole number next to a fraction, half up; 0 where there are no school days at all."""
    return (2 * numerator + denominator) // (2 * denominator) if denominator else 0

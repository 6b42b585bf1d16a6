"""Calendar arithmetic relative to today: weeks, months, and the nearest day ahead or behind."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
SATURDAY, SUNDAY = 5, 6
MONTHS = 12


@dataclass(frozen=True, slots=True)
class QuestionSpan:
    """From a day to a day, both included."""

    since: date
    until: date

    @classmethod
    def of(cls, day: date) -> "QuestionSpan":
        """One day."""
        return cls(day, day)


@dataclass(frozen=True, slots=True)
class QuestionDateSpans:
    """Today, and whether dates are sought in the past (`back`, for marks) or in the future."""

    today: date
    back: bool

    @property
    def monday(self) -> date:
        """Monday of the calendar week."""
        return self.today - DAY * self.today.weekday()

    def week(self, which: str | None) -> QuestionSpan:
        """This week, the next or the last; on a Sunday this week is the coming one (contracts, Questions)."""
        monday = self.monday + {"next": WEEK, "last": -WEEK, "beforelast": -WEEK * 2}.get(which or "", timedelta())
        if which not in {"next", "last", "beforelast"} and self.today.weekday() == SUNDAY:
            monday += WEEK
        return QuestionSpan(monday, monday + DAY * 6)

    def weekend(self, which: str | None) -> QuestionSpan:
        """Saturday and Sunday: those to come or under way; looking back, those that have begun."""
        saturday = self.monday + DAY * SATURDAY + {"next": WEEK, "last": -WEEK}.get(which or "", timedelta())
        if self.back and which is None and self.today < saturday:
            saturday -= WEEK
        return QuestionSpan(saturday, saturday + DAY)

    def weekday(self, weekday: int) -> QuestionSpan:
        """The nearest such weekday ahead or behind, today included."""
        ahead = (weekday - self.today.weekday()) % 7
        behind = (self.today.weekday() - weekday) % 7
        return QuestionSpan.of(self.today - DAY * behind if self.back else self.today + DAY * ahead)

    def dated(self, day: int, month: int, year: str | None = None) -> QuestionSpan | None:
        """A day and a month of the year that is said, else the nearest; ValueError where that year has no such day."""
        if year is not None:
            return QuestionSpan.of(date(int(year) if len(year) > 2 else 2000 + int(year), month, day))  # noqa: PLR2004
        years = range(9)  # from one 29 February to the next there may be eight years
        return self._nearest((self.today.year + (-n if self.back else n), month, day) for n in years)

    def day_of_month(self, day: int) -> QuestionSpan | None:
        """«15-го»: of the nearest month that has such a day."""
        step = -1 if self.back else 1
        months = (divmod(self._month_number + step * n, MONTHS) for n in range(MONTHS))
        return self._nearest((year, month + 1, day) for year, month in months)

    def named_month(self, month: int, year: str | None = None) -> QuestionSpan:
        """A whole month; without a year the nearest one, the current month included."""
        if year is not None:
            return _whole(int(year), month)
        behind = self.back and month > self.today.month
        ahead = not self.back and month < self.today.month
        return _whole(self.today.year + ahead - behind, month)

    def month_away(self, count: int) -> QuestionSpan:
        """A calendar month counted from this one."""
        year, month = divmod(self._month_number + count, MONTHS)
        return _whole(year, month + 1)

    def moved(self, unit: str, count: int) -> date:
        """Today plus `count` units; in a shorter month its last day."""
        if unit == "month":
            there = self.month_away(count)
            return there.since.replace(day=min(self.today.day, there.until.day))
        return self.today + (WEEK if unit == "week" else DAY) * count

    @property
    def _month_number(self) -> int:
        return self.today.year * MONTHS + self.today.month - 1

    def _nearest(self, days: Iterable[tuple[int, int, int]]) -> QuestionSpan | None:
        """The first valid day in the sought direction, today included."""
        for year, month, day in days:
            if 1 <= month <= MONTHS and 1 <= day <= monthrange(year, month)[1]:
                found = date(year, month, day)
                if found == self.today or (found < self.today) == self.back:
                    return QuestionSpan.of(found)
        return None


def _whole(year: int, month: int) -> QuestionSpan:
    return QuestionSpan(date(year, month, 1), date(year, month, monthrange(year, month)[1]))

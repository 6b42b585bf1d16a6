"""Which dates are days of school, with a timetable and without one."""

from datetime import date

import pytest

from core.model.timetable import Holiday
from core.model.year import ReportingPeriod
from core.rules.timetable.school_days import is_school_day

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
AUTUMN = Holiday(1, 1, "Осенние каникулы", date(2026, 11, 16), date(2026, 11, 22), None, None)
FIRST_GRADES = Holiday(2, 1, "Каникулы первых классов", date(2026, 11, 16), date(2026, 11, 22), 1, 1)


@pytest.mark.parametrize(
    ("on", "holidays", "expected"),
    [
        (FRIDAY, [], True),
        (SATURDAY, [], False),
        (FRIDAY, [AUTUMN], False),
        (FRIDAY, [FIRST_GRADES], True),
        (date(2026, 7, 3), [], False),
    ],
)
def test_without_a_timetable_the_calendar_says(on: date, holidays: list[Holiday], *, expected: bool) -> None:
    """Weekends, holidays of the whole school and the summer are no days of school (Q22, Q107)."""
    assert is_school_day([], on, holidays=holidays, periods=[]) is expected


def test_a_day_between_two_periods_is_no_day_of_school() -> None:
    """Where the periods are known they say more than the month (Q107)."""
    quarter = ReportingPeriod(1, 1, "1 четверть", date(2026, 9, 1), date(2026, 11, 1), None, None)
    assert is_school_day([], date(2026, 10, 30), holidays=[], periods=[quarter])
    assert not is_school_day([], FRIDAY, holidays=[], periods=[quarter])

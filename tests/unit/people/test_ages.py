"""Full years and the 18th birthday, to the day (Q8, Q9)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.people.ages import ADULT, age_of_person, date_of_adult_age

BORN = st.dates(min_value=date(1950, 1, 1), max_value=date(2030, 12, 31))


@pytest.mark.parametrize(
    ("born", "grown"),
    [
        (date(2008, 12, 12), date(2026, 12, 12)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2007, 1, 1), date(2025, 1, 1)),
    ],
)
def test_the_18th_birthday(born: date, grown: date) -> None:
    """Whoever was born on 29 February is of age from 1 March (Q8)."""
    assert date_of_adult_age(born) == grown


@given(BORN)
def test_a_person_is_of_age_on_that_day_and_not_on_the_eve(born: date) -> None:
    """The two rules about years agree for everybody (Q8)."""
    grown = date_of_adult_age(born)
    assert grown is not None
    assert age_of_person(born, grown) == ADULT
    assert age_of_person(born, grown - timedelta(days=1)) == ADULT - 1


def test_without_a_date_of_birth_nobody_comes_of_age() -> None:
    """Nothing ends by itself where the school does not know the date (Q8)."""
    assert date_of_adult_age(None) is None

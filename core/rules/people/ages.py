"""From which age on a student decides what (Q8, Q9)."""

from datetime import date

OWN_ACCOUNT = 14
"""From 14 a student may have an own account and sign for it."""

ADULT = 18
"""From the 18th birthday on nobody represents a student without the student's own consent."""


def age_of_person(born: date, on: date) -> int:
    """Full years; whoever was born on 29 February is older from 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def date_of_adult_age(born: date | None) -> date | None:
    """The 18th birthday, the first day without a representative; None where the date of birth is unknown."""
    if born is None:
        return None
    try:
        return born.replace(year=born.year + ADULT)
    except ValueError:
        return date(born.year + ADULT, 3, 1)

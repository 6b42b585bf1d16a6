"""What a student may decide from which age on (Q8, Q9)."""

from datetime import date

OWN_ACCOUNT = 14
"""From 14 a student may have an own account and sign for it."""

OF_AGE = 18
"""From 18 nobody signs for them."""


def age(born: date, on: date) -> int:
    """Full years; whoever was born on 29 February is older from 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

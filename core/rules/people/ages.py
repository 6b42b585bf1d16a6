"""From which age on a student decides what (Q9)."""

from datetime import date

OWN_ACCOUNT = 14
"""From 14 a student may have an own account and sign for it."""


def age(born: date, on: date) -> int:
    """Full years; whoever was born on 29 February is older from 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

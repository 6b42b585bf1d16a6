"""The school year, and the grade level that a class name begins with."""

import pytest

from core.rules.year import grade_level_of_name


@pytest.mark.parametrize(
    ("name", "level"), [("10-А", 10), ("1 «Б»", 1), ("Лицейский", None), ("2026", None), ("9" * 5000 + "А", None)]
)
def test_a_class_begins_with_its_year_of_study(name: str, level: int | None) -> None:
    """Figures without end are no year, and Python would not read them."""
    assert grade_level_of_name(name) == level

"""Each way to ask is shown by an example."""

import pytest

from bot.questions.asked.ways import Way, ways_to_ask


@pytest.mark.parametrize(
    ("way", "example"), [(way, example) for ways in ways_to_ask().values() for way in ways if (example := way.example)]
)
def test_an_example_is_found_by_its_own_way(way: Way, example: str) -> None:
    """Else nobody could tell what a pattern is for."""
    assert way.search(example)

"""Each way to ask is shown by an example."""

import pytest

from bot.questions.asked import _Way, _ways


@pytest.mark.parametrize(
    ("way", "example"), [(way, example) for ways in _ways().values() for way in ways if (example := way.example)]
)
def test_an_example_is_found_by_its_own_way(way: _Way, example: str) -> None:
    """Else nobody could tell what a pattern is for."""
    assert way.search(example)

"""Each way to ask is shown by an example."""

import re
from collections.abc import Mapping
from operator import itemgetter

import pytest

from bot.questions.asked.ways import Way, ways_to_ask
from bot.questions.tables import question_table_rows


@pytest.mark.parametrize(
    ("way", "example"), [(way, example) for ways in ways_to_ask().values() for way in ways if (example := way.example)]
)
def test_an_example_is_found_by_its_own_way(way: Way, example: str) -> None:
    """Else nobody could tell what a pattern is for."""
    assert way.search(example)


@pytest.mark.parametrize("row", question_table_rows("behind"), ids=itemgetter("example"))
def test_an_example_behind_a_question_is_found_by_its_row(row: Mapping[str, str]) -> None:
    """Each way to go on in other words."""
    assert re.search(row["said"], row["example"], re.IGNORECASE)

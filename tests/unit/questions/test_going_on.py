"""Each way in which a question goes on with the one before is shown by an example."""

import pytest

from bot.handlers.questions.followups import followup_by_asking
from bot.questions.model import Intent, Question
from bot.questions.tables import question_table_rows


@pytest.mark.parametrize(
    ("before", "example"),
    [(Intent(before), row["example"]) for row in question_table_rows("followups") for before in row["before"].split()],
)
def test_an_example_goes_on_with_the_questions_of_its_row(before: Intent, example: str) -> None:
    """Else nobody could tell what a pattern is for."""
    found = followup_by_asking(example, Question(before, subject="Физика"))
    assert found is not None
    assert found.goes_on


def test_other_words_stand_alone() -> None:
    """«кто ведёт физику» asks for itself, whatever was asked before."""
    assert followup_by_asking("кто ведёт физику", Question(Intent.MARKS)) is None

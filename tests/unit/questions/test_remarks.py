"""A reason that is told behind a question is cut off, a question behind a comma is not."""

import pytest

from bot.questions.letters.blanks import Known, put_blanks_between_letters
from bot.questions.sentence.clauses import clauses_of_words, split_words_at_reason, split_words_at_told
from bot.questions.tables import question_table_rows


@pytest.mark.parametrize("example", [row["example"] for row in question_table_rows("remarks")])
def test_each_reason_is_cut_off(example: str) -> None:
    """Each way to begin a reason has an example with a question before it."""
    asked, reason = split_words_at_reason(example)
    assert asked
    assert example.startswith(asked)
    assert reason


def test_what_is_told_behind_a_comma_is_no_question() -> None:
    """«тему пропустил» tells, «что выйдет» asks."""
    assert split_words_at_told("какой параграф по истории читать, тему пропустил")[1] == "тему пропустил"
    assert split_words_at_told("какие оценки у маши, и что ей задали") == ("", "")


def test_clauses_come_the_longest_first() -> None:
    """A run of clauses says more than one alone."""
    assert clauses_of_words("раз раз, два два два, три") == [
        "раз раз, два два два,",
        "два два два, три",
        "два два два,",
        "раз раз,",
        "три",
    ]


def test_a_hostile_line_has_few_clauses() -> None:
    """Each run of clauses is read: of a hundred commas there may not be five thousand."""
    assert len(clauses_of_words("бла, " * 100)) <= 20


def test_a_run_of_letters_without_end_is_not_cut() -> None:
    """A word of five hundred letters is nobody's question, and every place of it would be tried."""

    def knows(word: str) -> bool:
        return word == "аа"

    known = Known(is_whole=knows, is_part=knows, is_slip=lambda _: False, is_word=knows)
    assert put_blanks_between_letters("а" * 500, known) == "а" * 500

"""A reason that is told behind a question is cut off, a question behind a comma is not."""

from collections.abc import Mapping
from datetime import date
from operator import itemgetter

import pytest

from bot.questions.letters.blanks import Known, put_blanks_between_letters
from bot.questions.sentence.clauses import clauses_of_words, split_words_at_reason, split_words_at_told
from bot.questions.sentence.rewording import words_with_clear_meaning
from bot.questions.tables import question_table_rows

THURSDAY = date(2026, 10, 22)


@pytest.mark.parametrize("example", [row["example"] for row in question_table_rows("remarks")])
def test_each_reason_is_cut_off(example: str) -> None:
    """Each way to begin a reason has an example with a question before it."""
    asked, reason = split_words_at_reason(example)
    assert asked
    assert example.startswith(asked)
    assert reason


@pytest.mark.parametrize("row", question_table_rows("rewordings"), ids=itemgetter("example"))
def test_each_loose_word_is_said_clearly(row: Mapping[str, str]) -> None:
    """Each row has an example and what is read instead of it; the spaces do not count."""
    clear = words_with_clear_meaning(row["example"], THURSDAY)
    assert clear.split() == row["reads"].split()
    assert words_with_clear_meaning(clear, THURSDAY) == clear  # the door says it clearly, and then the grammar


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("за первую неделю октября", "за с 1 октября по 4 октября"),
        ("за вторую неделю ноября", "за с 9 ноября по 15 ноября"),
        ("оценки в начале октября", "оценки с 1 по 10 октября"),
        ("контрольные в конце февраля", "контрольные с 21 по 28 февраля"),
        ("что было в четвёртой неделе января", "что было в с 25 января по 31 января"),
    ],
)
def test_a_part_of_a_month_is_one_of_the_calendar(said: str, read: str) -> None:
    """A week is that of the Thursday, from Monday on, and never begins before the month; a third has ten days."""
    assert words_with_clear_meaning(said, THURSDAY) == read


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

"""What is no question for the journal is known as such, and no question is taken for it (Q114)."""

from datetime import date

import pytest

from bot.bench.questions_bench import CHILD, SUBJECTS
from bot.questions.grammar import understand_by_grammar
from bot.questions.model import Intent, Talk
from bot.questions.tables import question_table_rows

ROWS = [(row["example"], row["kind"]) for row in question_table_rows("talk")]


def talk_of(words: str) -> Talk | None:
    return understand_by_grammar(words, today=date(2026, 12, 9), subjects=SUBJECTS, children=(CHILD,)).talk


@pytest.mark.parametrize(("example", "kind"), ROWS)
def test_each_pattern_knows_its_own_example(example: str, kind: str) -> None:
    """The example that stands beside a pattern is of its kind (Q114)."""
    assert talk_of(example) == kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [("👍", Talk.SIGNS), ("...", Talk.SIGNS), ("5", Talk.NUMBER), ("2+2", Talk.NUMBER), ("happy new year!", Talk.WISH),
     ("ghbdtn", Talk.GREETING), ("Соедините с оператором", Talk.PERSON), ("где взять справку", Talk.ILLNESS)],
)  # fmt: skip
def test_signs_numbers_and_other_letters_are_no_questions(words: str, kind: Talk) -> None:
    """Emoji, a bare number, a greeting in the other keyboard layout (Q114)."""
    assert talk_of(words) is kind


@pytest.mark.parametrize(
    ("words", "intent"),
    [("привет, что задали на завтра", Intent.HOMEWORK), ("спасибо! а оценки за неделю?", Intent.MARKS),
     ("сын заболел, что задали", Intent.HOMEWORK), ("спокойной ночи и скажите дз", Intent.HOMEWORK),
     ("хорошие оценки есть?", Intent.MARKS), ("оценки Ромашкиной за неделю", Intent.UNCLEAR)],
)  # fmt: skip
def test_a_question_beside_small_talk_is_answered(words: str, intent: Intent) -> None:
    """A greeting before it, thanks, an illness: the question counts (Q113)."""
    question = understand_by_grammar(words, today=date(2026, 12, 9), subjects=SUBJECTS, children=(CHILD,))
    assert (question.intent, question.talk) == (intent, None)

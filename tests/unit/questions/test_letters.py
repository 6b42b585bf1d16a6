"""Letters are mended before words are looked up: missing blanks, another layout; names stay whole (Q113)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bench.questions_bench import SUBJECTS, read_question_samples
from bot.questions.glossing import letters_mended_for_glossing
from bot.questions.grammar import understand_by_grammar
from bot.questions.letters.keyboard import in_latin_keyboard_layout
from bot.questions.lexicon import QuestionLexicon
from bot.questions.people import PeopleInQuestion
from tests.unit.questions.test_understanding import LIST

LEXICON, FAMILY = QuestionLexicon(SUBJECTS), PeopleInQuestion(((1, "Ромашкина Дарья Ильинична"),))
SAMPLES = [sample.text for sample in read_question_samples(LIST)]


def mended(text: str) -> str:
    return letters_mended_for_glossing(text, LEXICON, FAMILY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("дз пофизике", "дз по физике"), ("насреду", "на среду"), ("чтозадали", "что задали"),
     ("lp на завтра", "дз на завтра"),
     ("что pflfkb на среду", "что задали на среду"), ("дз по химии yf pfdnhf", "дз по химии на завтра"),
     ("оценкидаши", "оценки даши"), ("ьфклы", "marks"), ("dz на завтра", "дз на завтра"),
     ("чтозадалинасреду", "что задали на среду")],
)  # fmt: skip
def test_words_are_read_as_they_were_meant(typed: str, meant: str) -> None:
    """A blank where words were typed as one, the other keyboard's letter where a word is none (Q113)."""
    assert mended(typed) == meant


@pytest.mark.parametrize("name", ["Смирнова", "Скороходов", "Насонова", "Зазавтрова", "Poftin", "Kate's", "Ильинична"])
def test_a_name_stays_as_it_is_typed(name: str) -> None:
    """A surname that holds known words is no mistake: else another child's marks would look like a question (Q14)."""
    assert mended(f"оценки {name}") == f"оценки {name}"
    question = understand_by_grammar(f"оценки {name}", today=date(2026, 12, 9), subjects=SUBJECTS, children=())
    assert question.intent == "unclear"


@pytest.mark.parametrize(
    "words", ["завтрак", "назавтра", "подскажите", "насколько", "понедельнек", "накануне", "продлёнка"]
)
def test_a_word_of_its_own_is_not_cut(words: str) -> None:
    """Known words, and words a letter off known ones, stay whole unless a short word stands before them."""
    assert mended(words) in {words, "на сколько"}


@given(st.sampled_from(SAMPLES))
def test_mending_twice_changes_nothing_more(text: str) -> None:
    """What is mended is read as it is."""
    assert mended(mended(text)) == mended(text)


@pytest.mark.parametrize(
    ("typed", "command"), [(".ьфклы", "/marks"), ("/ьутг", "/menu"), ("/marks", ""), ("оценки", "")]
)
def test_a_command_in_the_russian_layout_is_one(typed: str, command: str) -> None:
    """«.ьфклы» is `/marks` on the other layout (Q111)."""
    assert in_latin_keyboard_layout(typed) == command

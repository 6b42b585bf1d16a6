"""When two spellings are one name, and when they only look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.people.names import has_mixed_name_alphabets, look_alike_name_key, normal_class_name, normal_name


@pytest.mark.parametrize(
    "spelling",
    [
        "Семёнова-Кац  Алёна Юрьевна",
        " семенова-кац алена юрьевна",
        "СЕМЕНОВА – КАЦ АЛЁНА ЮРЬЕВНА",
        "Семе\u0308нова-Кац Алена\xa0Юрьевна",
    ],
)
def test_a_name_is_the_same_in_any_spelling(spelling: str) -> None:
    """Case, ё and е, blanks and the kind of dash do not tell people apart."""
    assert normal_name(spelling) == "семенова-кац алена юрьевна"


@pytest.mark.parametrize("spelling", ["8Б", "8 б", "8-Б", "8 «Б»", '8"Б"', " 8 - Б"])
def test_a_class_is_the_same_in_any_spelling(spelling: str) -> None:
    """Quotes, blanks and a hyphen before the letter do not make another class."""
    assert normal_class_name(spelling) == "8б"


def test_classes_of_figures_keep_their_hyphen() -> None:
    """«10-1» is not the class 101."""
    assert normal_class_name("10-1") == "10-1"


def test_latin_letters_make_a_look_alike_and_not_the_same_name() -> None:
    """A name typed with a Latin «o» is another key, and the look-alike key gives it away."""
    typed, meant = "Мoхова Анна", "Мохова Анна"
    assert normal_name(typed) != normal_name(meant)
    assert look_alike_name_key(typed) == look_alike_name_key(meant)
    assert has_mixed_name_alphabets(typed)
    assert not has_mixed_name_alphabets(meant)


@given(st.text(max_size=30))
def test_a_normal_name_is_normal(text: str) -> None:
    """Normalising twice changes nothing more."""
    assert normal_name(normal_name(text)) == normal_name(text)

"""Numbers of forms: what they look like, and that a mistyped one is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FormNumberError
from core.model.register.forms import FormPurpose
from core.rules.register.form_numbers import form_number, read_form_number

PURPOSES = st.sampled_from(list(FormPurpose))
YEARS, SERIALS = st.integers(2026, 2099), st.integers(1, 9_999_999)


def numbers() -> st.SearchStrategy[str]:
    return st.builds(form_number, PURPOSES, YEARS, SERIALS)


@given(numbers())
def test_a_number_is_read_as_it_is_printed(number: str) -> None:
    """Also in small letters, without dashes and with blanks around it."""
    assert read_form_number(number) == number
    assert read_form_number(f" {number.lower().replace('-', ' – ')} ") == number
    assert read_form_number(number.replace("-", "")) == number


@given(numbers(), st.data())
def test_a_wrong_digit_is_found(number: str, data: st.DataObject) -> None:
    """One digit that was misread makes no other form's number."""
    at = data.draw(st.sampled_from([place for place, sign in enumerate(number) if sign.isdigit()]))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[at]]))
    with pytest.raises(FormNumberError):
        read_form_number(number[:at] + wrong + number[at + 1 :])


@given(numbers(), st.data())
def test_two_digits_that_changed_places_are_found(number: str, data: st.DataObject) -> None:
    """The commonest slip of whoever types."""
    digits = number[0] + number[2:6] + number[7:]
    pairs = [at for at in range(1, len(digits) - 1) if digits[at] != digits[at + 1]]
    if pairs:
        at = data.draw(st.sampled_from(pairs))
        with pytest.raises(FormNumberError):
            read_form_number(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])


@given(numbers(), PURPOSES)
def test_another_letter_is_found(number: str, other: FormPurpose) -> None:
    """A consent's number is no refusal's."""
    letter = form_number(other, 2026, 1)[0]
    if letter != number[0]:
        with pytest.raises(FormNumberError):
            read_form_number(letter + number[1:])


@pytest.mark.parametrize(("typed", "printed"), [("C", "С"), ("h", "Н"), ("O", "О"), ("0", "О"), ("k", "К")])
def test_letters_of_the_same_look_are_one(typed: str, printed: str) -> None:
    """Whoever types with a Latin keyboard need not change it, and О may be typed as a nought."""
    (purpose,) = [each for each in FormPurpose if form_number(each, 2026, 12)[0] == printed]
    number = form_number(purpose, 2026, 12)
    assert read_form_number(typed + number[1:]) == number


@pytest.mark.parametrize(
    "typed", ["", "С", "С-2026", "С-2026-00001\n2", "В-2026-00001", "9" * 5000, "С-２０２６-000013"]
)
def test_anything_else_is_no_number(typed: str) -> None:
    """Neither an extract's number nor a number cut short is a form's."""
    with pytest.raises(FormNumberError):
        read_form_number(typed)

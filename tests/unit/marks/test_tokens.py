"""Cells of the journal: what each of them says, and that nothing else gets through."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.model.marks.entries import EntryKind
from core.rules.marks.tokens import (
    ABSENCES,
    UnknownTokenError,
    average_token,
    final_mark_token,
    lesson_mark_tokens,
    token_kind,
    weight_token,
)

NBSP = "\xa0"
TOKENS = ["2", "3", "4", "5", ".", "зач", "незач", "н/а", *sorted(ABSENCES)]
tokens = st.lists(st.sampled_from(TOKENS), max_size=6)
gaps = st.sampled_from([" ", NBSP, "/", "\n\t ", "\u2009"])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("5", ("5",)),
        (f"4{NBSP}5", ("4", "5")),
        ("5/4", ("5", "4")),
        ("5/н/а", ("5", "н/а")),
        (f"\n\t\tБ\n\t\t3{NBSP}", ("Б", "3")),
        ("уп", ("УП",)),
        ("н", ("Н",)),
        ("н/б", ("НБ",)),
        ("осв", ("ОСВ",)),
        ("осв.", ("ОСВ",)),
        (".", (".",)),
        (f".{NBSP}4", (".", "4")),
        ("Зач.", ("зач",)),
        ("незачёт", ("незач",)),
        ("Н/А", ("н/а",)),
        ("\u200b5\ufeff", ("5",)),
        ("", ()),
        (f"{NBSP} ", ()),
    ],
)
def test_a_cell_says_its_tokens_in_order(cell: str, said: tuple[str, ...]) -> None:
    """Every way a journal writes a cell is read as tokens, absences in upper case, «5/4» as two (Q101)."""
    assert lesson_mark_tokens(cell) == said


@pytest.mark.parametrize(
    "cell", ["6", "0", "1", "3,67", "5+", "5-", "4.", "..", "5/", "/", "ОТЛ", "OT", "5,4", "٥", "осв.."]
)
def test_whatever_is_no_mark_is_refused_by_name(cell: str) -> None:
    """An unknown token is named by the fault, and no other text of the fault shows it (Q37, Q103)."""
    with pytest.raises(UnknownTokenError) as fault:
        lesson_mark_tokens(cell)
    assert fault.value.token == cell
    assert cell not in f"{fault.value} {fault.value!r}"


def test_ones_are_marks_only_where_the_school_gives_them() -> None:
    """The mark 1 is a setting of the school (Q37)."""
    assert lesson_mark_tokens("1", lowest_mark=1) == ("1",)
    assert final_mark_token("1", lowest_mark=1) == "1"


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ("4", "4"),
        ("осв.", "осв"),
        ("Осв", "осв"),
        ("н/а", "н/а"),
        ("зачёт", "зач"),
        (NBSP, None),
        ("-", None),
        ("—", None),
    ],
)
def test_a_final_mark_may_be_a_verdict_or_an_exemption(cell: str, mark: str | None) -> None:
    """As a final mark «осв» is an exemption and no absence; an empty cell or a dash is no mark (Q37)."""
    assert final_mark_token(cell) == mark


@pytest.mark.parametrize("cell", ["4 5", "УП", "4,5", "1", "."])
def test_a_final_mark_is_one_mark(cell: str) -> None:
    """Neither two marks nor an absence nor an average can be a final mark."""
    with pytest.raises(UnknownTokenError):
        final_mark_token(cell)


@pytest.mark.parametrize(
    ("cell", "figure"), [("3,67", "3.67"), ("4.33", "4.33"), ("5", "5"), ("", None), ("-", None), ("4.5", "4.5")]
)
def test_an_average_is_read_exactly(cell: str, figure: str | None) -> None:
    """«3,67» is an average, kept as the decimal that was printed (Q101)."""
    assert average_token(cell) == (None if figure is None else Decimal(figure))


@pytest.mark.parametrize(
    ("cell", "figure"),
    [
        ("4.333333333333333", "4.33"),
        ("3,6666666666666665", "3.67"),
        ("4.125", "4.13"),
        ("4.597", "4.60"),
        ("2.0000000000000004", "2.00"),
        ("4.994999999999999999", "4.99"),
    ],
)
def test_an_average_that_was_not_rounded_has_two_decimals(cell: str, figure: str) -> None:
    """A workbook stores what it calculated: the hundredths count, half up (Q42, Q101)."""
    assert str(average_token(cell)) == figure


@pytest.mark.parametrize("cell", ["5.000000000000001", "433.0", "5,01", "0", "УП", "3,6,7", "NaN"])
def test_an_average_lies_from_one_to_five(cell: str) -> None:
    """What no marks can average to is refused."""
    with pytest.raises(UnknownTokenError):
        average_token(cell)


@pytest.mark.parametrize(("cell", "figure"), [("10", "10"), (" 0,5 ", "0.5"), ("0", "0"), ("", None)])
def test_a_weight_is_a_number_from_nothing_up(cell: str, figure: str | None) -> None:
    """Real exports have weights of 0, so 0 is a weight."""
    assert weight_token(cell) == (None if figure is None else Decimal(figure))


@pytest.mark.parametrize("cell", ["-1", "x", "1e9", "Infinity", "1,2,3"])
def test_a_weight_is_never_guessed(cell: str) -> None:
    """Whatever is not plainly a number is refused."""
    with pytest.raises(UnknownTokenError):
        weight_token(cell)


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("5", EntryKind.SCORE),
        ("зач", EntryKind.CREDIT),
        ("н/а", EntryKind.CREDIT),
        ("ОСВ", EntryKind.ABSENCE),
        (".", EntryKind.DEBT),
    ],
)
def test_absences_debts_and_credits_are_no_scores(token: str, kind: EntryKind) -> None:
    """Only a score counts in an average (Q27, Q28, Q43)."""
    assert token_kind(token) is kind


def test_a_token_of_no_kind_is_refused() -> None:
    """What `lesson_mark_tokens` never says has no kind."""
    with pytest.raises(UnknownTokenError):
        token_kind("осв")


@given(tokens, st.data())
def test_tokens_survive_being_written_and_read(said: list[str], data: st.DataObject) -> None:
    """Whatever blanks or slashes stand between them, the same tokens come back in the same order."""
    cell = "".join(token + data.draw(gaps) for token in said[:-1]) + "".join(said[-1:])
    assume("Н/Б" not in cell)  # one token, however it came about
    assert list(lesson_mark_tokens(cell)) == said


@given(st.text(alphabet=st.sampled_from([*"2345./ нНаАбБупУПоОсСвВтз", NBSP]), max_size=8) | st.text(max_size=12))
def test_any_cell_is_either_read_or_refused(cell: str) -> None:
    """No text breaks the reader: it gives known tokens, which read as themselves, or the fault."""
    try:
        said = lesson_mark_tokens(cell)
    except UnknownTokenError:
        return
    assert lesson_mark_tokens(" ".join(said)) == said
    assert all(token_kind(token) for token in said)


@given(st.text(max_size=12), st.sampled_from([final_mark_token, average_token, weight_token]))
def test_any_text_is_a_final_an_average_a_weight_or_refused(cell: str, read: Callable[[str], object]) -> None:
    """The other readers of cells give an answer, the same whatever blanks stand around it, or the fault."""
    try:
        said = read(cell)
    except UnknownTokenError:
        return
    assert read(f" {cell}\n") == said

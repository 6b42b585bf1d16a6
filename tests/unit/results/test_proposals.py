"""What the system proposes as a final mark: exact, with its reason, and nothing where a teacher must decide."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bench.results.proposals_bench import is_bench_proposal_wrong, random_term_for_proposals
from core.model.marks.entries import Entry
from core.model.results.proposals import ProposalReason
from core.rules.marks.tokens import token_kind
from core.rules.results.proposals import (
    JudgedProposalFacts,
    ResultsPolicy,
    YearFacts,
    propose_final_mark,
    propose_term_mark,
    propose_year_mark,
    round_proposal_half_up,
    year_terms_of_proposal,
)

POLICY = ResultsPolicy()


def entry(value: str, weight: str | None = None) -> Entry:
    return Entry(
        1, 7, 1, date(2026, 11, 20), token_kind(value), value, None, None,
        None if weight is None else Decimal(weight), 1, None, None, datetime(2026, 11, 20, tzinfo=UTC), None,
    )  # fmt: skip


def term(
    *values: str, lessons: int = 20, weeks: int = 8, grade: int = 8, deferred: bool = False
) -> tuple[str | None, str]:
    facts = JudgedProposalFacts(grade, [entry(value) for value in values], lessons, weeks, deferred)
    proposal = propose_term_mark(facts, POLICY)
    return proposal.value, proposal.reason


def test_the_average_proposes_by_the_schools_thresholds() -> None:
    """4.6 is a five, a hundredth less a four, and both are exact (Q42, Q55)."""
    assert term("5", "5", "5", "4", "4") == ("5", "average")
    assert term("5", "5", "4", "4", "4") == ("4", "average")
    weighted = JudgedProposalFacts(8, [entry("4", "0.1"), entry("5", "0.1"), entry("3", "0.3")], lessons=8, weeks=8)
    assert propose_term_mark(weighted, POLICY).value == "4"


def test_misses_with_too_few_marks_mean_not_assessed() -> None:
    """More than half missed and fewer than five marks; at one or two lessons a week three marks are enough (Q58)."""
    assert term(*["НП"] * 11, "4", "4") == ("н/а", "misses")
    assert term(*["НП"] * 10, "4", "4") == (None, "few_marks")
    assert term(*["НП"] * 11, "4", "4", "4", "4", "4") == ("4", "average")
    assert term(*["НП"] * 9, "4", "4", "4", lessons=16) == ("4", "average")
    assert term(*["НП"] * 9, "4", "4", lessons=16) == ("н/а", "misses")


def test_illness_proposes_a_deferral_in_its_place() -> None:
    """Where at least half of the misses are illness; coming late is no miss (Q53, Q58)."""
    assert term(*["Б"] * 11, "4") == ("deferral", "illness")
    assert term(*["Б"] * 6, *["УП"] * 6, "4") == ("deferral", "illness")
    assert term(*["Б"] * 5, *["УП"] * 6, "4") == ("н/а", "misses")
    assert term(*["ОП"] * 20, "4") == (None, "few_marks")
    assert term("5", "5", "5", "5", "5", deferred=True) == ("deferral", "illness")


def test_words_are_proposed_where_there_are_no_figures() -> None:
    """A subject of зач and незач, an exempt student, a first grade (Q26, Q37)."""
    assert term("зач", "зач", "незач") == ("зач", "average")
    assert term("зач", "незач") == (None, "few_marks")
    assert term(*["ОСВ"] * 12) == ("осв", "misses")
    assert term("5", "5", "5", "5", "5", grade=1) == (None, "first_grade")
    assert term() == (None, "few_marks")


@pytest.mark.parametrize(
    ("terms", "expected"),
    [("3444", "4"), ("3344", "4"), ("2333", "3"), ("2223", "2"), ("45", "5"), ("334", "3"), ("445", "4")],
)
def test_the_year_is_the_mean_of_its_terms_half_up(terms: str, expected: str) -> None:
    """3, 4, 4, 4 is 4; 3, 3, 4, 4 is 4; 2, 3, 3, 3 is 3 (Q56)."""
    marks = {f"{number} четверть": value for number, value in enumerate(terms, start=1)}
    proposal = propose_year_mark(YearFacts(8, list(marks), marks))
    assert (proposal.value, proposal.reason) == (expected, ProposalReason.YEAR)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (["4", "н/а"], "4"),
        (["зач", "зач"], "зач"),
        (["осв", "осв"], "осв"),
        (["зач", "незач"], None),
        (["н/а", "н/а"], None),
        (["4"], None),
        ([], None),
    ],
)
def test_a_year_of_words_or_with_a_gap(terms: list[str], expected: str | None) -> None:
    """н/а counts for nothing, and nothing is proposed while a term lacks its mark (Q56)."""
    marks = dict(zip(["1 полугодие", "2 полугодие"], terms, strict=False))
    assert propose_year_mark(YearFacts(8, ["1 полугодие", "2 полугодие"], marks)).value == expected


@pytest.mark.parametrize(
    ("grade", "marks", "expected"),
    [
        (9, {"year": "3", "exam": "4"}, "4"),
        (9, {"year": "4", "exam": "3"}, "4"),
        (9, {"year": "5", "exam": "4"}, "5"),
        (9, {"year": "4", "exam": "2"}, "3"),
        (9, {"year": "4"}, "4"),
        (9, {"exam": "4"}, None),
        (7, {"year": "4", "exam": "5"}, "4"),
        (9, {"year": "зач"}, "зач"),
    ],
)
def test_grade_9_counts_the_exam(grade: int, marks: dict[str, str], expected: str | None) -> None:
    """(year + exam) / 2, 3.5 is 4; a subject without an exam keeps the year's mark (Q57)."""
    assert propose_final_mark(YearFacts(grade, terms=marks)).value == expected


def test_grade_11_is_the_mean_of_six() -> None:
    """Half-years and years of grades 10 and 11; 3.5 is 4 (Q57)."""
    now = {"1 полугодие": "4", "2 полугодие": "4", "year": "4", "exam": "2"}
    before = {"1 полугодие": "3", "2 полугодие": "3", "year": "3"}
    six = propose_final_mark(YearFacts(11, terms=now, former=before, knows_former=True))
    assert (six.value, six.average, six.marks) == ("4", Fraction(7, 2), 6)
    assert propose_final_mark(YearFacts(11, terms=now, knows_former=True)).value == "4"
    assert propose_final_mark(YearFacts(11, terms=now, knows_former=False)).value is None
    assert propose_final_mark(YearFacts(11, terms={"1 полугодие": "4"}, former=before, knows_former=True)).value is None


def test_of_two_kinds_of_terms_the_marked_one_makes_the_year() -> None:
    """A school may have quarters and half-years side by side; marks stand in one of them (Q36)."""
    both = ["1 четверть", "1 полугодие", "2 четверть", "2 полугодие"]
    assert year_terms_of_proposal(both, {"1 полугодие", "2 полугодие"}) == ["1 полугодие", "2 полугодие"]
    assert year_terms_of_proposal([], ()) == []


WEIGHTS = st.sampled_from(["0", "0.1", "0.3", "1", "1.5", "10", "15"])
MARKS = st.lists(st.tuples(st.sampled_from("2345"), st.none() | WEIGHTS), min_size=5, max_size=12)
THRESHOLDS = st.sampled_from([("2.6", "3.6", "4.6"), ("2.5", "3.5", "4.5"), ("2.65", "3.65", "4.65")])


@given(MARKS, THRESHOLDS)
def test_a_proposal_equals_the_rule_worked_out_by_hand(
    marks: list[tuple[str, str | None]], thresholds: Sequence[str]
) -> None:
    """A second, naive computation over exact fractions never differs (Q42, Q43, Q55)."""
    pairs = [(Fraction(mark), Fraction(weight or ("1" if weight is None else "0"))) for mark, weight in marks]
    if not any(Fraction(weight or 0) for _, weight in marks):
        pairs = [(mark, Fraction(1)) for mark, _ in pairs]
    mean = sum(mark * weight for mark, weight in pairs) / sum(weight for _, weight in pairs)
    at_least = [mark for mark, least in zip("345", thresholds, strict=True) if mean >= Fraction(least)]
    facts = JudgedProposalFacts(8, [entry(*mark) for mark in marks], lessons=30, weeks=8)
    proposal = propose_term_mark(facts, ResultsPolicy(thresholds=[Decimal(each) for each in thresholds]))
    assert (proposal.value, proposal.average) == (max(at_least, default="2"), mean)


def test_two_thousand_random_proposals_differ_nowhere() -> None:
    """Marks, misses, weeks and thresholds of any kind; `bench proposals` tries twenty thousand (Q42, Q55–Q58)."""
    dice = random.Random(7)  # noqa: S311  # dice, not secrets
    terms = [random_term_for_proposals(dice) for _ in range(2000)]
    assert [term for term in terms if term.proposed() != term.worked_out()] == []
    assert not any(is_bench_proposal_wrong(dice) for _ in range(2000))


@given(st.lists(st.integers(2, 5), min_size=1, max_size=6))
def test_half_up_never_loses_a_half(values: list[int]) -> None:
    """A mean of x.5 is the mark above, unlike the rounding of machines (Q56)."""
    mean = Fraction(sum(values), len(values))
    assert round_proposal_half_up(mean) == (2 * sum(values) + len(values)) // (2 * len(values))

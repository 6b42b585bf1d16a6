"""`bench proposals`: 20,000 random proposals against a second computation over exact fractions (Q42, Q55–Q58)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from bot.bench import Figures
from core.model.marks.entries import Entry
from core.rules.marks.tokens import token_kind
from core.rules.results.proposals import (
    JudgedProposalFacts,
    ResultsPolicy,
    YearFacts,
    propose_term_mark,
    propose_year_mark,
)

PROPOSALS = 20_000
WEIGHTS = (None, "0", "0.1", "0.3", "1", "1.5", "10", "15")
THRESHOLDS = (("2.6", "3.6", "4.6"), ("2.5", "3.5", "4.5"), ("2.65", "3.65", "4.65"))
ABSENCES = ("Б", "УП", "НП", "ОП")
DAY, MOMENT = date(2026, 10, 1), datetime(2026, 10, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ProposalsBenchTerm:
    """Marks with weights, absences, lessons and weeks of one student, and the school's thresholds."""

    marks: Sequence[tuple[str, str | None]]
    absences: Sequence[str]
    lessons: int
    weeks: int
    thresholds: Sequence[str]

    def proposed(self) -> str | None:
        """What the product proposes."""
        entries = [_entry(value, weight) for value, weight in self.marks]
        entries += [_entry(value) for value in self.absences]
        facts = JudgedProposalFacts(8, entries, self.lessons, self.weeks)
        policy = ResultsPolicy([Decimal(each) for each in self.thresholds])
        return propose_term_mark(facts, policy).value

    def worked_out(self) -> str | None:
        """The same by the words of the rule, written a second time."""
        least = 3 if self.weeks and Fraction(self.lessons, self.weeks) <= Fraction(2) else 5
        missed = [each for each in self.absences if each != "ОП"]
        if len(self.marks) < least:
            if Fraction(len(missed)) > Fraction(self.lessons, 2):
                return "deferral" if Fraction(missed.count("Б")) >= Fraction(len(missed), 2) else "н/а"
            return None
        weights = [Fraction("1" if weight is None else weight) for _, weight in self.marks]
        if all(weight is None or Fraction(weight) == 0 for _, weight in self.marks):
            weights = [Fraction(1) for _ in self.marks]
        total = sum(Fraction(value) * weight for (value, _), weight in zip(self.marks, weights, strict=True))
        reached = [
            mark
            for mark, least_ in zip("345", self.thresholds, strict=True)
            if total >= Fraction(least_) * sum(weights)
        ]
        return reached[-1] if reached else "2"


def random_term_for_proposals(dice: random.Random) -> ProposalsBenchTerm:
    """A term of any kind, often at the edge of a rule."""
    lessons = dice.randint(4, 32)
    return ProposalsBenchTerm(
        [(dice.choice("2345"), dice.choice(WEIGHTS)) for _ in range(dice.randint(0, 9))],
        [dice.choice(ABSENCES) for _ in range(dice.randint(0, lessons))],
        lessons,
        dice.choice((8, 8, 16)),
        dice.choice(THRESHOLDS),
    )


def is_bench_proposal_wrong(dice: random.Random) -> bool:
    """Whether the mark of a random year is not the nearest whole number to the mean, halves up (Q56)."""
    values = [dice.choice("2345") for _ in range(dice.randint(2, 4))]
    marks = {f"{number} четверть": value for number, value in enumerate(values, start=1)}
    nearest = [mark for mark in range(2, 6) if abs(2 * (mark * len(values) - sum(map(int, values)))) <= len(values)]
    return propose_year_mark(YearFacts(8, list(marks), marks)).value != str(max(nearest))


async def measure_proposals_bench() -> Figures:
    """Counts proposals for terms and years that differ; none may."""
    dice = random.Random(42)  # noqa: S311  # dice, not secrets
    terms = [random_term_for_proposals(dice) for _ in range(PROPOSALS)]
    differing = sum(term.proposed() != term.worked_out() for term in terms)
    of_years = sum(is_bench_proposal_wrong(dice) for _ in range(PROPOSALS))
    return {"proposals": PROPOSALS, "differing": differing, "years_differing": of_years, "ok": not differing + of_years}


def _entry(value: str, weight: str | None = None) -> Entry:
    exact = None if weight is None else Decimal(weight)
    return Entry(1, 7, 1, DAY, token_kind(value), value, None, None, exact, 1, None, None, MOMENT, None)

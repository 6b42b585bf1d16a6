"""Proposes final marks from exact averages, misses and terms (Q55–Q58): Fraction throughout, halves up."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor

from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.marks.entries import Entry, EntryKind
from core.model.results.proposals import DEFERRAL, Proposal, ProposalReason
from core.rules.marks.averages import mark_for_average, weighted_average
from core.rules.marks.tokens import EXEMPT, ILL, MISSES, NOT_ASSESSED
from core.rules.results.terms import term_kind
from core.rules.year import FIRST_GRADE, LAST_GRADE

EXAM_GRADE = 9
"""The grade whose final mark counts the exam (Q57)."""

SELDOM, LEAST_MARKS_SELDOM, LEAST_MARKS = 2, 3, 5
"""At two lessons a week or fewer three marks are enough, else five (facts, School arithmetic)."""

PASSED, FAILED = "зач", "незач"
HALF = Fraction(1, 2)

USUALLY_UNMARKED = frozenset({"разговоры о важном", "классный час", "россия-мои горизонты", "внеурочная деятельность"})
"""Normal names of subjects in which no school gives marks."""


@dataclass(frozen=True, slots=True)
class ResultsPolicy:
    """The school's settings of final marks.

    `missed_share`: more than this share of the lessons missed may mean н/а. `unmarked`: normal names of subjects
    without marks. `comment_required`: another mark than the proposal wants a comment (Q55).
    """

    thresholds: Sequence[Decimal] = (Decimal("2.6"), Decimal("3.6"), Decimal("4.6"))
    missed_share: Fraction = HALF
    comment_required: bool = True
    unmarked: frozenset[str] = USUALLY_UNMARKED


@dataclass(frozen=True, slots=True)
class JudgedProposalFacts:
    """What a proposal for a term rests on: entries, lessons held, and the weeks in which the class had lessons."""

    grade_level: int | None
    entries: Sequence[Entry] = ()
    lessons: int = 0
    weeks: int = 0
    is_deferred: bool = False

    @property
    def missed(self) -> int:
        """Lessons that the student was absent from; coming late or being exempt is no absence."""
        return sum(entry.value in MISSES for entry in self.entries)

    @property
    def ill(self) -> int:
        """Lessons missed for illness."""
        return sum(entry.value == ILL for entry in self.entries)

    @property
    def marks(self) -> int:
        """Marks that count in the average."""
        return sum(entry.kind is EntryKind.SCORE for entry in self.entries)

    @property
    def least_marks(self) -> int:
        """The number of marks that a final mark needs."""
        return LEAST_MARKS_SELDOM if self.lessons <= SELDOM * self.weeks else LEAST_MARKS


def propose_term_mark(facts: JudgedProposalFacts, policy: ResultsPolicy) -> Proposal:
    """The proposal for a quarter, trimester or half-year.

    Misses beyond the share with too few marks make н/а, or a deferral where at least half of them are illness (Q58).
    Too few marks without such misses leave the decision to the teacher.
    """
    average = weighted_average(facts.entries)
    value, reason = _term_value(facts, average, policy)
    return Proposal(value, reason, average, facts.marks, facts.missed, facts.lessons)


def _term_value(
    facts: JudgedProposalFacts, average: Fraction | None, policy: ResultsPolicy
) -> tuple[str | None, ProposalReason]:
    if (exception := _exception(facts, policy)) is not None:
        return exception
    if not facts.marks:
        return _credit(facts.entries)
    if average is None or facts.marks < facts.least_marks:
        return None, ProposalReason.FEW_MARKS
    return str(mark_for_average(average, policy.thresholds)), ProposalReason.AVERAGE


def _exception(facts: JudgedProposalFacts, policy: ResultsPolicy) -> tuple[str | None, ProposalReason] | None:
    """What goes before the average: a first grade, a deferral in force, an exemption, too many misses."""
    if facts.grade_level == FIRST_GRADE:
        return None, ProposalReason.FIRST_GRADE
    if facts.is_deferred:
        return DEFERRAL, ProposalReason.ILLNESS
    if _is_exempt(facts):
        return EXEMPT, ProposalReason.MISSES
    if facts.marks < facts.least_marks and facts.missed > policy.missed_share * facts.lessons:
        is_illness = 2 * facts.ill >= facts.missed
        return (DEFERRAL, ProposalReason.ILLNESS) if is_illness else (NOT_ASSESSED, ProposalReason.MISSES)
    return None


def _is_exempt(facts: JudgedProposalFacts) -> bool:
    """Whether the student is exempt from most of the lessons and has no mark."""
    exempt = sum(entry.kind is EntryKind.ABSENCE and entry.value == EXEMPT.upper() for entry in facts.entries)
    return not facts.marks and exempt > HALF * max(facts.lessons, 1)


def _credit(entries: Iterable[Entry]) -> tuple[str | None, ProposalReason]:
    """A subject without scores is passed where more of its verdicts are зач than незач."""
    verdicts = Counter(entry.value for entry in entries if entry.kind is EntryKind.CREDIT)
    if verdicts[PASSED] > verdicts[FAILED]:
        return PASSED, ProposalReason.AVERAGE
    return None, ProposalReason.FEW_MARKS


@dataclass(frozen=True, slots=True)
class YearFacts:
    """What a mark of the year or a final mark rests on: the final marks in force of one student in one subject.

    `terms` are those of this school year by `term_key`; `former` those of the year before, for grade 11 (Q57).
    `knows_former`: whether the school has any marks of the student from that year.
    """

    grade_level: int | None
    expected: Collection[str] = ()
    terms: Mapping[str, str] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)
    knows_former: bool = False


def propose_year_mark(facts: YearFacts) -> Proposal:
    """The mean of the reporting periods, half up: 3, 3, 4, 4 is 4 (Q56). Nothing while a period lacks its mark.

    н/а and осв count for nothing in the mean; without numbers a year of зач is зач, a year of осв is осв.
    """
    if facts.grade_level == FIRST_GRADE:
        return Proposal(None, ProposalReason.FIRST_GRADE)
    values = [facts.terms[term] for term in facts.expected if term in facts.terms]
    if not values or len(values) < len(facts.expected):
        return _mean(values, is_whole=False)
    if not any(map(_is_number, values)) and len(set(values)) == 1 and values[0] in {PASSED, EXEMPT}:
        return Proposal(values[0], ProposalReason.YEAR)
    return _mean(values)


def propose_final_mark(facts: YearFacts) -> Proposal:
    """The mark for the certificate: the year's, in grade 9 with the exam, in grade 11 the mean of two years (Q57)."""
    if facts.grade_level == FIRST_GRADE:
        return Proposal(None, ProposalReason.FIRST_GRADE)
    if facts.grade_level == LAST_GRADE:
        return _two_years(facts)
    year, exam = facts.terms.get(YEAR), facts.terms.get(EXAM)
    if year is None:
        return Proposal(None, ProposalReason.FEW_MARKS)
    if facts.grade_level == EXAM_GRADE and exam is not None and _is_number(year) and _is_number(exam):
        return _mean([year, exam])
    return _mean([year]) if _is_number(year) else Proposal(year, ProposalReason.YEAR)


def _two_years(facts: YearFacts) -> Proposal:
    """Half-years and years of grades 10 and 11; a subject that grade 10 did not have counts from grade 11 alone."""
    own = [value for term, value in facts.terms.items() if term not in {EXAM, FINAL}]
    before = [value for term, value in facts.former.items() if term not in {EXAM, FINAL}]
    if YEAR not in facts.terms or not facts.knows_former:
        return _mean([*own, *before], is_whole=False)
    return _mean([*before, *own])


def _mean(values: Sequence[str], *, is_whole: bool = True) -> Proposal:
    numbers = [int(value) for value in values if _is_number(value)]
    average = Fraction(sum(numbers), len(numbers)) if numbers else None
    if average is None or not is_whole:
        return Proposal(None, ProposalReason.FEW_MARKS, average, len(numbers))
    return Proposal(str(round_proposal_half_up(average)), ProposalReason.YEAR, average, len(numbers))


def round_proposal_half_up(value: Fraction) -> int:
    """The nearest whole number, halves up: `round` would make 4.5 a 4."""
    return floor(value + HALF)


def year_terms_of_proposal(names: Iterable[str], marked: Collection[str]) -> Sequence[str]:
    """The terms whose marks make the year's: of quarters and half-years side by side, the kind that has marks."""
    by_kind: dict[str, list[str]] = {}
    for name in names:
        by_kind.setdefault(term_kind(name), []).append(name)
    return max(by_kind.values(), key=lambda terms: (sum(term in marked for term in terms), len(terms)), default=[])


def _is_number(value: str) -> bool:
    return value.isdecimal()

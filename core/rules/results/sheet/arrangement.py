"""Arranges the final marks of a class as its summary sheet (Q65–Q68)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.results.closings import CouncilDecision, TermClosing
from core.model.results.period_marks import PeriodMarkVersion
from core.model.results.summary_sheet import (
    CellKey,
    Departure,
    MarkHistory,
    SheetCell,
    SheetCorrection,
    SheetFacts,
    SheetMember,
    SheetRow,
    SheetSubject,
    SummarySheet,
)
from core.rules.people.names import normal_name
from core.rules.results.closings import is_term_closed
from core.rules.results.proposals import EXAM_GRADE, year_terms_of_proposal
from core.rules.results.terms import is_numbered_term, stored_term, term_key, term_kind, term_periods_of_pupil
from core.rules.year import FIRST_GRADE, LAST_GRADE, grade_level_of_groups

LAST_TERMS = (YEAR, EXAM, FINAL)
"""What stands behind the reporting periods, in this order."""


def arranged_summary_sheet(facts: SheetFacts) -> SummarySheet:
    """The sheet of a class; every final mark in force of its students in this year has a cell.

    A first grade has no marks, so its sheet has subjects without terms (Q26).
    """
    return _SheetBuilder(facts).build()


def _departure(member: SheetMember, facts: SheetFacts) -> Departure | None:
    """When a student left the class before the year's lessons ended; None while they are in it (Q40)."""
    until = min(facts.day, facts.last_day)
    if member.ends_on is not None and member.next_class is not None and member.ends_on < until:
        return Departure(member.ends_on, member.next_class)
    last = min(filter(None, (member.ends_on, member.leaves_on)), default=None)
    return Departure(last) if last is not None and last < until else None


@dataclass(frozen=True, slots=True)
class SheetArrangementTerms:
    """The terms of a class by subject."""

    facts: SheetFacts
    grade: int | None

    @classmethod
    def of(cls, facts: SheetFacts) -> "SheetArrangementTerms":
        """The terms of the class of these facts."""
        return cls(facts, grade_level_of_groups([facts.school_class]))

    def ends(self, subject_id: int) -> Mapping[str, date]:
        """The last days of the reporting periods of a subject in this class, by key, in their order (Q36)."""
        class_id = self.facts.school_class.id
        own = term_periods_of_pupil(
            self.facts.periods, grade_level=self.grade, class_id=class_id, subject_id=subject_id
        )
        return {term_key(each.name): each.ends_on for each in sorted(own, key=lambda each: (each.ends_on, each.id))}

    def holds(self, gone: Departure | None, subject_id: int, term: str) -> bool:
        """Whether a student's mark stands here: after a move to another class only terms that had ended (Q40)."""
        if gone is None or gone.next_class is None:
            return True
        ends_on = self.ends(subject_id).get(term)
        return ends_on is not None and ends_on <= gone.last_day

    def in_order(self, subject_id: int, marked: Iterable[str]) -> tuple[str, ...]:
        """The reporting periods of a subject, then year, exam and final mark; all that have marks are among them."""
        extra = {*marked}
        periods = year_terms_of_proposal(self.ends(subject_id), extra)
        others = sorted(extra.difference(periods, LAST_TERMS), key=lambda term: (not is_numbered_term(term), term))
        ends = [term for term in LAST_TERMS if term in extra or self._is_usual(term)]
        return (*periods, *others, *ends)

    def _is_usual(self, term: str) -> bool:
        return term == YEAR or (term == FINAL and self.grade in {EXAM_GRADE, LAST_GRADE})


class _SheetBuilder:
    def __init__(self, facts: SheetFacts) -> None:
        self._facts = facts
        self._terms = SheetArrangementTerms.of(facts)
        self._cells = _cells(facts)
        self._is_first_grade = self._terms.grade == FIRST_GRADE

    def build(self) -> SummarySheet:
        facts = self._facts
        rows = [self._row(member) for member in sorted(facts.members, key=lambda each: normal_name(each.name))]
        subjects = [] if not rows and not facts.learned else list(self._subjects(rows))
        keys = dict.fromkeys(term for subject in subjects for term in subject.terms)
        return SummarySheet(
            facts.school_class,
            facts.year,
            rows,
            subjects,
            {term: stored_term(term, facts.periods) for term in sorted(keys, key=self._place_of_term)},
            by_words=self._is_first_grade,
            unmarked=sorted(self._names(facts.learned & self._unmarked_ids())),
            corrections=list(_corrections(facts)),
        )

    def _row(self, member: SheetMember) -> SheetRow:
        gone = _departure(member, self._facts)
        own = self._cells.get(member.student_id, {})
        cells = {} if self._is_first_grade else {key: own[key] for key in own if self._terms.holds(gone, *key)}
        decided = [each for each in self._facts.decisions if each.student_id == member.student_id]
        last: CouncilDecision | None = decided[-1] if decided else None
        return SheetRow(member.student_id, member.name, cells, gone, has_own_plan=member.has_own_plan, decision=last)

    def _subjects(self, rows: Sequence[SheetRow]) -> Iterator[SheetSubject]:
        """Subjects that are taught or marked, by name."""
        marked: dict[int, set[str]] = defaultdict(set)
        for row in rows:
            for subject_id, term in row.cells:
                marked[subject_id].add(term)
        shown = marked.keys() | (self._facts.learned - self._unmarked_ids())
        names = {each: self._facts.subjects[each] for each in shown if each in self._facts.subjects}
        for subject_id in sorted(names, key=lambda each: (normal_name(names[each]), each)):
            terms = () if self._is_first_grade else self._terms.in_order(subject_id, marked[subject_id])
            yield SheetSubject(subject_id, names[subject_id], terms)

    def _unmarked_ids(self) -> frozenset[int]:
        names = self._facts.subjects
        return frozenset(each for each in names if normal_name(names[each]) in self._facts.unmarked)

    def _names(self, subject_ids: Iterable[int]) -> list[str]:
        return [self._facts.subjects[each] for each in subject_ids]

    def _place_of_term(self, term: str) -> tuple[int, str, str]:
        """Reporting periods kind by kind, then year, exam and final mark."""
        if term in LAST_TERMS:
            return 2 + LAST_TERMS.index(term), "", ""
        return int(not is_numbered_term(term)), term_kind(term), term


def _cells(facts: SheetFacts) -> Mapping[int, Mapping[tuple[int, str], SheetCell]]:
    """By student, what stands in each subject and term: the mark in force, else an open deferral."""
    found: dict[int, dict[tuple[int, str], SheetCell]] = defaultdict(dict)
    for each in facts.deferrals:
        if each.ended_at is None:
            found[each.student_id][each.subject_id, term_key(each.term)] = SheetCell(None, each.due_on)
    for history in facts.histories:
        mark = history.mark
        if mark.value is not None:
            found[mark.student_id][mark.subject_id, term_key(mark.term)] = SheetCell(mark.value)
    return found


def _corrections(facts: SheetFacts) -> Iterator[SheetCorrection]:
    """Versions with a ground that were written while their term was closed, of students whose marks stand here."""
    terms, names = SheetArrangementTerms.of(facts), {each.student_id: each.name for each in facts.members}
    gone = {each.student_id: _departure(each, facts) for each in facts.members}
    for history in facts.histories:
        mark, key = history.mark, term_key(history.mark.term)
        if mark.student_id not in names or not terms.holds(gone[mark.student_id], mark.subject_id, key):
            continue
        for version in history.versions:
            if version.ground is None or version.received_at is None or not _was_closed(facts, key, version):
                continue
            yield SheetCorrection(
                names[mark.student_id],
                facts.subjects.get(mark.subject_id, ""),
                key,
                version.before,
                version.after,
                version.received_at,
                version.changed_by,
                version.ground,
                is_pending=not _closed_since(facts.closings, key, version),
            )


def _was_closed(facts: SheetFacts, term: str, version: PeriodMarkVersion) -> bool:
    at = version.received_at
    return at is not None and is_term_closed((each for each in facts.closings if each.at <= at), term)


def _closed_since(closings: Iterable[TermClosing], term: str, version: PeriodMarkVersion) -> bool:
    at = version.received_at
    return at is not None and any(each.closed and each.at > at and term_key(each.term) == term for each in closings)


def arranged_marks_in_force(facts: SheetFacts) -> Mapping[CellKey, frozenset[str | None]]:
    """What stands in each cell by the history that nobody can change: the last version's mark.

    Two rows of one term under different names give two values where they differ, and no sheet can show both.
    None: a deferral in place of the mark.
    """
    found: dict[CellKey, set[str | None]] = defaultdict(set)
    members = {each.student_id: _departure(each, facts) for each in facts.members}
    terms = SheetArrangementTerms.of(facts)
    for key, value in (*_last_versions(facts.histories), *_deferred(facts)):
        student_id, subject_id, term = key
        if student_id in members and terms.holds(members[student_id], subject_id, term):
            found[key].add(value)
    return {key: frozenset(values - {None}) or frozenset(values) for key, values in found.items()}


def _last_versions(histories: Iterable[MarkHistory]) -> Iterator[tuple[CellKey, str | None]]:
    for each in histories:
        if each.versions and each.versions[-1].after is not None:
            yield (each.mark.student_id, each.mark.subject_id, term_key(each.mark.term)), each.versions[-1].after


def _deferred(facts: SheetFacts) -> Iterator[tuple[CellKey, str | None]]:
    for each in facts.deferrals:
        if each.ended_at is None:
            yield (each.student_id, each.subject_id, term_key(each.term)), None

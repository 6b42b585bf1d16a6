"""Final marks that a term still lacks, by class and subject (Q52)."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.results.class_finals import FinalTerm
from core.model.results.deferrals import Deferral
from core.model.results.learning import ExpectedMark, Pupil


@dataclass(frozen=True, slots=True)
class MissingMark:
    """An expected final mark that is not there, with the name of the teacher who owes it, as far as known."""

    expected: ExpectedMark
    teacher: str | None


@dataclass(frozen=True, slots=True)
class SubjectState:
    """What a class still lacks in one subject of a term; `expected` marks in all."""

    subject_id: int
    subject: str
    expected: int
    missing: Sequence[MissingMark]


@dataclass(frozen=True, slots=True)
class ClassCompleteness:
    """The subjects of a class in a term."""

    class_id: int
    school_class: str
    subjects: Sequence[SubjectState]

    @property
    def unfinished(self) -> Sequence[SubjectState]:
        """The subjects in which somebody lacks a mark."""
        return [each for each in self.subjects if each.missing]

    @property
    def missing(self) -> int:
        """How many marks are lacking."""
        return sum(len(each.missing) for each in self.subjects)


@dataclass(frozen=True, slots=True)
class TermCompleteness:
    """The classes that a person leads in a term, with the terms to choose from and the open deferrals."""

    term: FinalTerm
    terms: Sequence[FinalTerm]
    is_closed: bool
    classes: Sequence[ClassCompleteness]
    deferrals: int

    @property
    def missing(self) -> int:
        """How many marks the classes lack."""
        return sum(each.missing for each in self.classes)


@dataclass(frozen=True, slots=True)
class OpenDeferral:
    """A deferral in force with the names for people; `term` as people choose it, None where it is no more."""

    deferral: Deferral
    pupil: Pupil
    subject: str
    term: FinalTerm | None

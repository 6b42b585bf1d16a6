"""Final marks of periods, deferrals, closed terms; exam results with their versions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.results.closings import CouncilDecision, TermClosing
from core.model.results.deferrals import Deferral, DeferralEnd
from core.model.results.exams import Exam, ExamKind, ExamResult, ExamResultVersion
from core.model.results.learning import LearnedSubject, Pupil
from core.model.results.period_marks import PeriodMark, PeriodMarkVersion
from core.model.results.statistics import Course, FinalValue, StudentPlace
from core.model.results.summary_sheet import MarkHistory, SheetMember
from core.rules.access import Scope


class ResultsPort(Protocol):
    """Final marks of periods with their versions."""

    async def period_marks(
        self, student_ids: Collection[int], *, year_ids: Collection[int]
    ) -> Sequence[PeriodMark]: ...
    async def clashing_terms(
        self, *, students: tuple[int, int] | None = None, subjects: tuple[int, int] | None = None
    ) -> int:
        """The number of terms in which two students, or two subjects, have different final marks."""
        ...

    async def write_mark(
        self, mark: PeriodMark, *, before: PeriodMark | None, version: PeriodMarkVersion
    ) -> PeriodMark:
        """Writes a final mark in place of `before`, with its version; returns it with its id.

        ConflictError where somebody else has changed or set it meanwhile.
        """
        ...

    async def versions(self, period_mark_id: int) -> Sequence[PeriodMarkVersion]:
        """All versions of a final mark, in their order."""
        ...

    async def published_results(self) -> Mapping[str, int]:
        """The number of published versions of each result, by fact ("period_mark:17")."""
        ...

    async def finals(self, student_id: int, scope: Scope, *, year_id: int) -> Sequence[tuple[PeriodMark, str]]: ...
    async def student_places(self, scope: Scope, *, since: date, until: date) -> Sequence[StudentPlace]:
        """Places in the classes that the scope opens, also of students who have left, and in their other groups."""
        ...

    async def courses(self, group_ids: Collection[int], *, since: date, until: date) -> Sequence[Course]:
        """What these groups, whose places were read through a scope, are taught between the dates, and by whom."""
        ...

    async def final_values(self, scope: Scope, *, year_id: int) -> Sequence[FinalValue]:
        """The final marks in force of all students who are or were in a class that the scope opens."""
        ...

    async def student_names(self, scope: Scope, student_ids: Collection[int]) -> Mapping[int, str]:
        """The names of those students whom the scope opens."""
        ...


class ResultsDeferralPort(Protocol):
    """Deferrals of final marks for illness (Q53)."""

    async def add(self, new: Deferral) -> int:
        """Writes a deferral and returns its id. Raises ConflictError where one is open for the same mark."""
        ...

    async def end(self, deferral_id: int, *, at: datetime, by: int | None, ended_as: DeferralEnd) -> bool:
        """Ends an open deferral; False if it has ended meanwhile."""
        ...

    async def resume(self, deferral_id: int) -> None:
        """Puts a deferral in force again, since the mark that ended it was taken back."""
        ...

    async def deferrals(self, scope: Scope, *, year_id: int) -> Sequence[Deferral]:
        """All deferrals of a school year that a scope opens, also those that have ended, in the order of granting."""
        ...


class ResultsClosingPort(Protocol):
    """The entries that close and reopen terms (Q52, Q67)."""

    async def add(self, new: TermClosing) -> None: ...
    async def closings(self, year_id: int) -> Sequence[TermClosing]:
        """All entries of a school year, in their order."""
        ...


class ResultsLearningPort(Protocol):
    """Who learns what: the students with their classes, and the subjects in which they are taught."""

    async def pupils(self, scope: Scope, *, on: date, group_id: int | None = None) -> Sequence[Pupil]:
        """The students of classes on a date, by class and name; those who have left are not among them (Q40).

        With `group_id` the students of that group.
        """
        ...

    async def learned(
        self, scope: Scope, *, term: str, since: date, until: date, on: date, group_id: int | None = None
    ) -> Sequence[LearnedSubject]:
        """The subjects of the students of a date, by groups, timetable, staff list, plan of hours and entries.

        A subject that none of these names for a class is that of all its students if one has a final mark in it.
        """
        ...

    async def taught_students(
        self, student_ids: Collection[int], subject_id: int, scope: Scope, *, on: date
    ) -> frozenset[int]:
        """Which of these students the scope teaches this subject on a date, so that it may set their final marks."""
        ...


class ResultsExamPort(Protocol):
    """Exams and contests, results with their versions, codes of a ВПР, and lowest passing scores."""

    async def exams(self, keys: Collection[str]) -> Sequence[Exam]:
        """The exams with these identities, as far as they are known."""
        ...

    async def exams_by_id(self, exam_ids: Collection[int]) -> Sequence[Exam]: ...
    async def put_exam(self, exam: Exam) -> int:
        """Adds an exam without an id, or changes the one of this id; returns its id."""
        ...

    async def results(self, exam_ids: Collection[int]) -> Sequence[ExamResult]: ...
    async def versions(self, result_ids: Collection[int]) -> Sequence[ExamResultVersion]:
        """All versions of these results, oldest first."""
        ...

    async def put_results(self, results: Sequence[ExamResult]) -> Sequence[ExamResult]:
        """Writes results, each with its version in force; returns them with ids, in the same order.

        Raises ConflictError where somebody else has written the same version.
        """
        ...

    async def move_receipt(self, exam_id: int, was: Collection[datetime], to: datetime) -> None:
        """Sets the moment of receipt of published results in force; their versions keep what was entered (Q70)."""
        ...

    async def has_file(self, sha256: str) -> bool:
        """Whether a file of this content was imported before."""
        ...

    async def codes(self, year_id: int) -> Mapping[tuple[str, str], int]:
        """The students of a school year's codes, by code and normalised subject ("": all subjects)."""
        ...

    async def put_codes(self, year_id: int, codes: Mapping[tuple[str, str], int]) -> int:
        """Adds and changes codes; returns how many are new or stand for another student now."""
        ...

    async def thresholds(self) -> Mapping[tuple[ExamKind, str, int], int]:
        """Lowest passing test scores by kind, normalised subject and year."""
        ...

    async def put_threshold(self, kind: ExamKind, subject_key: str, year: int, *, score: int) -> None: ...
    async def published_results(self) -> Mapping[str, int]:
        """The number of published versions of each result, by fact ("exam_result:17")."""
        ...

    async def of_student(self, student_id: int, scope: Scope) -> Sequence[tuple[Exam, ExamResult]]:
        """A student's results as far as a scope opens the student, the latest exam first."""
        ...

    async def listed(self, scope: Scope, *, since: date, limit: int) -> Sequence[Exam]:
        """The latest exams, on or after a day or without one, in which a scope opens somebody's result."""
        ...

    async def of_exam(self, exam_id: int, scope: Scope, *, on: date) -> Sequence[tuple[Exam, ExamResult, str, str]]:
        """The results of an exam that a scope opens, with name and class on a date, by class and name."""
        ...

    async def clashing_results(self, students: tuple[int, int]) -> int:
        """The number of exams in which two students have different results."""
        ...


class ResultsSheetPort(Protocol):
    """What the summary sheets of classes show; a scope opens a class with all who were in it that year (Q40, Q65)."""

    async def members(self, class_id: int, scope: Scope, *, since: date, until: date) -> Sequence[SheetMember]:
        """The students who were in a class between two dates, each once, by name."""
        ...

    async def histories(self, class_id: int, scope: Scope, *, year_id: int) -> Sequence[MarkHistory]:
        """The final marks of a school year of all who have ever been in a class, with their versions."""
        ...

    async def class_deferrals(self, class_id: int, scope: Scope, *, year_id: int) -> Sequence[Deferral]:
        """The open deferrals of a school year of all who have ever been in a class."""
        ...

    async def decisions(self, class_id: int, scope: Scope, *, year_id: int) -> Sequence[CouncilDecision]:
        """The council's decisions on them, in their order."""
        ...

    async def add_decisions(self, new: Sequence[CouncilDecision]) -> None: ...
    async def class_teachers(self, class_id: int, *, on: date) -> Sequence[str]:
        """The names of those who lead a class on a date."""
        ...

"""Reports of a set, grouped by student, with the days and subjects that each of them covers."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from core.actions.imports.import_results import FileTally, ImportResultCounts
from core.model.imports.reports import JournalReport, ReportKind
from core.model.people import RollEntry
from core.rules.imports import journal_diff

CHUNK = 4_000
"""Cells compared at a time: many enough for bulk statements, few enough for memory and the event loop."""

BROADEST_FIRST = (
    ReportKind.TABLE,
    ReportKind.STUDENT_TOTAL,
    ReportKind.DIARY,
    ReportKind.STUDENT_GRADES,
    ReportKind.STUDENT_TOTAL_MARKS,
)
"""Report kinds, from the one that shows most of a student's journal to the one that shows least."""

Progress = Callable[[int, int], None]
"""Gets the reports done and their total."""

Reports = Mapping[int, Sequence[JournalReport]]


@dataclass(slots=True)
class ReportCounts(ImportResultCounts):
    """How many entries and terms a file changed; an enriched mark keeps its value and gets a kind, topic or weight."""

    recorded: int = 0
    changed: int = 0
    withdrawn: int = 0
    enriched: int = 0
    terms: int = 0
    lessons: int = 0


@dataclass(slots=True)
class CheckedReportPartsFile(FileTally[ReportCounts]):
    """A file whose students were found; its reports are grouped by kind and student.

    `import_id`, which its marks refer to, is reserved when the file first changes something.
    """

    students: dict[int, RollEntry] = field(default_factory=dict)
    reports: dict[ReportKind, dict[int, list[JournalReport]]] = field(default_factory=dict)
    import_id: int | None = None
    kept: Counter[int] = field(default_factory=Counter)
    """How many marks of a student the file lacks that stay in force, since it lacks too many (Q90)."""

    @property
    def breadth(self) -> int:
        """The file's place among those of a set, the broadest first."""
        return min((BROADEST_FIRST.index(kind) for kind in self.reports), default=len(BROADEST_FIRST))

    def add(self, student: RollEntry, report: JournalReport) -> None:
        """Adds a report to those of its student."""
        self.students[student.student_id] = student
        self.reports.setdefault(report.kind, {}).setdefault(student.student_id, []).append(report)


@dataclass(frozen=True)
class ReportPart:
    """A file's reports of one kind by student, with the days and subjects that they cover together."""

    checked: CheckedReportPartsFile
    kind: ReportKind
    reports: Reports
    subject_ids: Mapping[str | None, int]

    @cached_property
    def span(self) -> journal_diff.Period | None:
        """From the part's first day to its last."""
        return journal_diff.journal_diff_span(report for of_student in self.reports.values() for report in of_student)

    @cached_property
    def named_subject_ids(self) -> frozenset[int]:
        """The subjects that the part names for any student."""
        return frozenset(
            self.subject_ids[name] for each in self.reports.values() for name in report_part_subject_names(each)
        )

    def coverage(self, student_id: int) -> journal_diff.JournalDiffCoverage:
        """The days and subjects of a student that the part covers."""
        return journal_diff.JournalDiffCoverage(
            self.kind,
            journal_diff.journal_diff_periods(self.reports[student_id], otherwise=self.span),
            self.named_subject_ids,
        )


Parts = Mapping[int, Sequence[ReportPart]]
"""The parts of a set by student, those that show most first."""


def report_parts_by_student(files: Sequence[CheckedReportPartsFile], subject_ids: Mapping[str | None, int]) -> Parts:
    """The parts of a set by student, in the order of their numbers."""
    by_student: dict[int, list[ReportPart]] = {}
    for checked in sorted(files, key=lambda file: file.breadth):
        for kind, reports in checked.reports.items():
            part = ReportPart(checked, kind, reports, subject_ids)
            for student_id in reports:
                by_student.setdefault(student_id, []).append(part)
    return dict(sorted(by_student.items()))


def report_part_subject_names(reports: Iterable[JournalReport]) -> Iterator[str]:
    """The names of subjects that reports print, in their tables and in a diary's lessons."""
    for report in reports:
        yield from (subject.subject for subject in report.subjects if subject.subject is not None)
        yield from (lesson.subject for lesson in report.lessons)


def chunks_of_report_parts(parts: Parts) -> Iterator[Parts]:
    """Splits a set by students into chunks of about `CHUNK` cells."""
    chunk: dict[int, Sequence[ReportPart]] = {}
    size = 0
    for student_id, of_student in parts.items():
        chunk[student_id] = of_student
        size += sum(_count_cells(part.reports[student_id]) for part in of_student)
        if size >= CHUNK:
            yield chunk
            chunk, size = {}, 0
    if chunk:
        yield chunk


def _count_cells(reports: Sequence[JournalReport]) -> int:
    lessons = sum(len(report.lessons) for report in reports)
    return lessons + sum(len(part.entries) + len(part.terms) for report in reports for part in report.subjects)

"""The files of a set whose students are found: which reports speak of whom, of which days and subjects."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from core.actions.imports.import_results import FileCounts, FileTally
from core.model.imports.reports import JournalReport, ReportKind
from core.model.people import RollEntry
from core.rules.imports import journal_diff

CHUNK = 4_000
"""Cells compared at a time: enough for bulk statements, little enough for memory and for others in the event loop."""

BROADEST_FIRST = (
    ReportKind.TABLE,
    ReportKind.STUDENT_TOTAL,
    ReportKind.DIARY,
    ReportKind.STUDENT_GRADES,
    ReportKind.STUDENT_TOTAL_MARKS,
)
"""The kinds by how much of a student's journal they show."""

Progress = Callable[[int, int], None]
"""Gets the reports done and their total."""

Reports = Mapping[int, Sequence[JournalReport]]


@dataclass(slots=True)
class ReportCounts(FileCounts):
    """How many entries and terms a file changed; an enriched mark keeps its value and gets a kind, topic or weight."""

    recorded: int = 0
    changed: int = 0
    withdrawn: int = 0
    enriched: int = 0
    terms: int = 0
    lessons: int = 0


@dataclass(slots=True)
class CheckedFile(FileTally[ReportCounts]):
    """A file whose students were found; its reports are grouped by kind and student.

    `import_id`, which its marks refer to, is reserved when the file first changes something.
    """

    students: dict[int, RollEntry] = field(default_factory=dict)
    reports: dict[ReportKind, dict[int, list[JournalReport]]] = field(default_factory=dict)
    import_id: int | None = None

    @property
    def breadth(self) -> int:
        """The file's place among those of a set, the broadest first."""
        return min((BROADEST_FIRST.index(kind) for kind in self.reports), default=len(BROADEST_FIRST))

    def add(self, student: RollEntry, report: JournalReport) -> None:
        """File a report under its student."""
        self.students[student.student_id] = student
        self.reports.setdefault(report.kind, {}).setdefault(student.student_id, []).append(report)


@dataclass(frozen=True)
class ReportPart:
    """A file's reports of one kind, and of which days and subjects all of them together speak."""

    checked: CheckedFile
    kind: ReportKind
    reports: Reports
    subject_ids: Mapping[str | None, int]

    @cached_property
    def span(self) -> journal_diff.Period | None:
        """From the part's first day to its last."""
        return journal_diff.entry_span(report for each in self.reports.values() for report in each)

    @cached_property
    def named_subject_ids(self) -> frozenset[int]:
        """The subjects that the part names for anybody."""
        return frozenset(
            self.subject_ids[name] for each in self.reports.values() for name in reported_subject_names(each)
        )

    def coverage(self, student_id: int) -> journal_diff.Coverage:
        """What the part can say of a student."""
        return journal_diff.Coverage(
            self.kind,
            journal_diff.report_periods(self.reports[student_id], otherwise=self.span),
            self.named_subject_ids,
        )


Parts = Mapping[int, Sequence[ReportPart]]
"""What a set says of each student, the broadest file first."""


def parts_by_student(files: Sequence[CheckedFile], subject_ids: Mapping[str | None, int]) -> Parts:
    """The parts of a set by student, in the order of their numbers."""
    found: dict[int, list[ReportPart]] = {}
    for checked in sorted(files, key=lambda each: each.breadth):
        for kind, reports in checked.reports.items():
            part = ReportPart(checked, kind, reports, subject_ids)
            for student_id in reports:
                found.setdefault(student_id, []).append(part)
    return {student_id: found[student_id] for student_id in sorted(found)}


def reported_subject_names(reports: Iterable[JournalReport]) -> Iterator[str]:
    """The names of subjects that reports print, in their tables and in a diary's lessons."""
    for report in reports:
        yield from (subject.subject for subject in report.subjects if subject.subject is not None)
        yield from (lesson.subject for lesson in report.lessons)


def chunks_of_parts(parts: Parts) -> Iterator[Parts]:
    """Students in the set's order, as many as make one bulk statement."""
    chunk: dict[int, Sequence[ReportPart]] = {}
    size = 0
    for student_id, of_student in parts.items():
        chunk[student_id] = of_student
        size += sum(_size(part.reports[student_id]) for part in of_student)
        if size >= CHUNK:
            yield chunk
            chunk, size = {}, 0
    if chunk:
        yield chunk


def _size(reports: Sequence[JournalReport]) -> int:
    lessons = sum(len(report.lessons) for report in reports)
    return lessons + sum(len(each.entries) + len(each.terms) for report in reports for each in report.subjects)

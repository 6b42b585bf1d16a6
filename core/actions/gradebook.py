"""The journal: files of reports come in, all of a set or nothing, and families look up what is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.reports import CheckedFile, FileResult, Progress, School
from core.actions.tally import IMPORTING
from core.model.journal import JournalReport, Problem, ReadFile
from core.model.marks import Entry, EntryKind
from core.model.people import Actor, Person, Role, RollEntry
from core.ports import UnitOfWork
from core.rules import access, matching
from core.rules.cells import kind_of
from core.rules.marking import is_first_grade
from core.rules.matching import Miss, Roll

__all__ = ["FileResult", "ImportResult", "children", "import_reports", "marks"]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """All files of a set in their order; with a single problem nothing of any of them was written (Q101)."""

    files: tuple[FileResult, ...]

    @property
    def ok(self) -> bool:
        """Whether the set was written."""
        return not any(file.problems for file in self.files)


async def import_reports(
    uow: UnitOfWork, actor: Actor, files: Sequence[ReadFile], *, now: datetime, on_progress: Progress | None = None
) -> ImportResult:
    """Write what is new in a set of files, all of it or nothing (Q90, Q100, Q101).

    A student's first file of a report kind is silent, and so is the whole set that it comes in. A file that changes
    nothing leaves no trace; each other one leaves its import row and an audit line with hash and counts.
    The reports that show most are written first whatever the files are called, so that the marks are theirs to
    withdraw. `on_progress` gets the reports done and their total.
    """
    access.require(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    await uow.leases.hold(IMPORTING)
    roll = Roll(await uow.people.roll(now.date()))
    checked = [_check(file, roll) for file in files]
    if any(each.problems for each in checked):
        return ImportResult(tuple(FileResult(each.file.file, tuple(each.problems)) for each in checked))
    school = await School.open(uow, actor, checked, now=now, on_progress=on_progress)
    results: dict[int, FileResult] = {}
    for place in sorted(range(len(checked)), key=lambda place: checked[place].breadth):
        results[place] = await school.write(checked[place])
    await uow.commit()
    return ImportResult(tuple(results[place] for place in range(len(checked))))


async def marks(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[tuple[Entry, str]]:
    """A student's entries with their subjects, as the family may see them on a date (Q13, Q14)."""
    return await uow.journal.entries(student_id, access.family(actor, on=on), since=since, until=until)


async def children(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[Person]:
    """The students whose records the actor may open as family: own children, or oneself (Q14, Q15)."""
    return await uow.people.children(access.family(actor, on=on))


def _check(file: ReadFile, roll: Roll) -> CheckedFile:
    checked = CheckedFile(file, problems=list(file.problems))
    for report in file.reports:
        found = roll.find(report.student, report.school_class)
        if isinstance(found, Miss):
            checked.problems.append(matching.problem(found, sheet=report.sheet, row=report.row))
            continue
        checked.problems += _unfit(report, found)
        checked.add(found, report)
    return checked


def _unfit(report: JournalReport, student: RollEntry) -> Iterator[Problem]:
    """What no report may say: marks of a subject without a name, and marks of a first grade (Q26)."""
    if any(subject.subject is None for subject in report.subjects):
        yield matching.problem("subject_missing", sheet=report.sheet, row=report.row)
    mark = next(_marks(report), None) if is_first_grade(student.class_name) else None
    if mark is not None:
        yield Problem(report.sheet, report.row, None, mark, "first_grade")


def _marks(report: JournalReport) -> Iterator[str]:
    """All but absences: a first grade has words only, no marks and no symbols in their place."""
    for subject in report.subjects:
        for entry in subject.entries:
            yield from (token for token in entry.tokens if kind_of(token) is not EntryKind.ABSENCE)
        yield from (term.final for term in subject.terms if term.final is not None)

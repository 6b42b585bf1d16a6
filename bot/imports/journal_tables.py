"""The plain journal table: a row a mark, for a whole school at once (450,000 rows and more)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter

from bot.imports.reading import Faults, ReadingRules
from bot.imports.table_rows import TableRow
from bot.imports.tables import Header, fits
from core.model.journal import JournalEntry, JournalReport, ReportKind, SubjectReport
from core.rules.names import normal_class, normal_name

_WHO = ("student", "subject", "class")
_FACTS = ("date", "mark", "work_kind", "topic", "weight")
_MOST_REMEMBERED = 50_000
_Key = tuple[str, ...]


@dataclass(slots=True)
class _Group:
    """A student's entries in one subject, under the names of their first row."""

    student: str
    school_class: str | None
    subject: str
    row: int
    entries: list[JournalEntry] = field(default_factory=list)


@dataclass(slots=True)
class _Journal:
    """Rows on their way into groups.

    Whatever is equal in two rows is read once: what a lesson says of one student it says of many, and a table repeats
    each name hundreds of times. So a row costs two look-ups, whatever checking a cell takes.
    """

    header: Header
    rules: ReadingRules
    faults: Faults
    groups: dict[_Key, _Group] = field(default_factory=dict)
    entries: dict[_Key, JournalEntry | None] = field(default_factory=dict)
    first: date = date.max
    last: date = date.min

    def take(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Read all rows; a row with a fault becomes a problem and nothing else."""
        who_of, facts_of = _cells(self.header, _WHO), _cells(self.header, _FACTS)
        groups, entries, width = self.groups, self.entries, self.header.width
        for number, row in rows:
            if len(row) != width and not fits(self.header, number, row, self.faults):
                continue
            who, facts = who_of(row), facts_of(row)
            if facts not in entries and not self._read_facts(facts, number, row):
                continue
            if who not in groups and not self._open(who, number, row):
                continue
            if entry := entries[facts]:
                groups[who].entries.append(entry)

    def _read_facts(self, facts: _Key, number: int, row: Sequence[str]) -> bool:
        """Read and remember what a row says beside the names; with a fault the names are checked at once, too."""
        if not any(map(str.strip, row)):
            return False
        if len(self.entries) >= _MOST_REMEMBERED:
            self.entries.clear()
        known = len(self.faults.found)
        entry = self._entry(TableRow(number, row, self.header.columns, self.faults))
        if len(self.faults.found) > known:
            self._open(_cells(self.header, _WHO)(row), number, row)
            return False
        self.entries[facts] = entry
        return True

    def _entry(self, row: TableRow) -> JournalEntry | None:
        on, tokens = row.date("date", required=True), row.tokens("mark", self.rules.lowest_mark)
        weight = row.weight("weight")
        if on is None or not tokens:
            return None
        self.first, self.last = min(self.first, on), max(self.last, on)
        return JournalEntry(on, tokens, row.text("work_kind"), row.text("topic"), weight)

    def _open(self, who: _Key, number: int, row: Sequence[str]) -> bool:
        """Start the group of a student and subject; False and problems when one of the names is missing."""
        if who in self.groups:
            return True
        cells = TableRow(number, row, self.header.columns, self.faults)
        student, subject = cells.required("student"), cells.required("subject")
        if student and subject:
            self.groups[who] = _Group(student, cells.text("class"), subject, number)
        return bool(student and subject)

    def reports(self) -> list[JournalReport]:
        """One report a student. Its period is the table's: from the first date in it to the last."""
        students: dict[tuple[str, str], dict[str, list[_Group]]] = {}
        for group in self.groups.values():
            student = normal_name(group.student), normal_class(group.school_class or "")
            students.setdefault(student, {}).setdefault(normal_name(group.subject), []).append(group)
        return [self._report([*subjects.values()]) for subjects in students.values()]

    def _report(self, subjects: list[list[_Group]]) -> JournalReport:
        named = subjects[0][0]
        return JournalReport(
            ReportKind.TABLE,
            named.student,
            named.school_class,
            (self.first, self.last) if self.first <= self.last else None,
            tuple(SubjectReport(each[0].subject, _all_entries(each)) for each in subjects),
            sheet=self.faults.sheet,
            row=named.row,
        )


def read_journal(
    header: Header, rows: Iterable[tuple[int, Sequence[str]]], *, rules: ReadingRules, faults: Faults
) -> list[JournalReport]:
    """The journal of a table's students, each with the row of the file that names them first."""
    journal = _Journal(header, rules, faults)
    journal.take(rows)
    return journal.reports()


def _all_entries(groups: list[_Group]) -> tuple[JournalEntry, ...]:
    return tuple(entry for group in groups for entry in group.entries)


def _cells(header: Header, names: Sequence[str]) -> Callable[[Sequence[str]], _Key]:
    """The cells of those columns that the table has; the first two are always there, so the answer is a tuple."""
    return itemgetter(*(header.columns[name] for name in names if name in header.columns))

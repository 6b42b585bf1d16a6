"""Reads the plain journal table: one row a mark, for a whole school at once (450,000 rows and more)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import itemgetter

from bot.imports.dates import read_date_cell
from bot.imports.reading import ReadingProblems, ReadingRules, UnreadableFileError
from bot.imports.tables.headers import Header, has_header_columns
from bot.imports.tables.rows import TableRow
from bot.imports.tables.schemas import JOURNAL
from core.model.imports.reports import JournalEntry, JournalReport, ReportKind, SubjectReport
from core.rules.marks.tokens import UnknownTokenError, lesson_mark_tokens, weight_token
from core.rules.people.names import normal_class_name, normal_name

_NAME_COLUMNS = ("student", "subject", "class")
_ENTRY_COLUMNS = ("date", "mark", "work_kind", "topic", "weight")
_MOST_REMEMBERED = 50_000

MOST_GROUPS = 100_000
"""Pairs of student and subject; five thousand students have fewer."""

_Key = tuple[str, ...]


@dataclass(slots=True)
class _Group:
    """A student's entries in one subject, under the names of their first row."""

    student: str
    school_class: str | None
    subject: str
    row: int
    entries: list[JournalEntry] = field(default_factory=list)


class _JournalReader:
    """Groups the rows by student and subject.

    Equal cells are parsed once, since students of a lesson share them and names repeat hundreds of times. So a row
    costs two look-ups, however expensive the check of its cells is.
    """

    def __init__(self, header: Header, rules: ReadingRules, faults: ReadingProblems) -> None:
        self._header, self._rules, self._faults = header, rules, faults
        self._groups: dict[_Key, _Group] = {}
        self._entries: dict[_Key, JournalEntry | None] = {}
        self._words: dict[str, str | None] = {}
        present = [name for name in _ENTRY_COLUMNS if name in header.columns]
        self._kind_at, self._topic_at, self._weight_at = (
            present.index(name) if name in present else -1 for name in _ENTRY_COLUMNS[2:]
        )
        self._first, self._last = date.max, date.min
        self._rows_of_days: dict[date, int] = {}

    def read_rows(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Read all rows; a row with a fault becomes a problem and nothing else."""
        who_of, facts_of = _cells(self._header, _NAME_COLUMNS), _cells(self._header, _ENTRY_COLUMNS)
        groups, entries = self._groups, self._entries
        width = -1 if self._header.untitled else self._header.width
        for number, row in rows:
            if len(row) != width and not has_header_columns(self._header, number, row, self._faults):
                continue
            who, facts = who_of(row), facts_of(row)
            group = groups.get(who) or self._start_group(who, number, row)
            entry = entries[facts] if facts in entries else self._read_entry(facts, number, row)
            if entry is not None and group is not None:
                group.entries.append(entry)

    def _start_group(self, who: _Key, number: int, row: Sequence[str]) -> _Group | None:
        """Start the group of a student and subject. Every row with a missing name is a problem."""
        if not any(map(str.strip, row)):
            return None
        cells = TableRow(number, row, self._header.columns, self._faults)
        student, subject = cells.required("student"), cells.subject()
        if not (student and subject):
            cells.leave_out(JOURNAL)
            return None
        if len(self._groups) == MOST_GROUPS:
            raise UnreadableFileError("too_many_names", most=str(MOST_GROUPS))
        return self._groups.setdefault(who, _Group(student, cells.text("class"), subject, number))

    def _read_entry(self, facts: _Key, number: int, row: Sequence[str]) -> JournalEntry | None:
        """The entry of a row, cached unless it has faults; None also for an empty mark."""
        try:
            entry = self._parse_entry((*facts, ""))
        except (UnknownTokenError, ValueError):
            self._add_problems(number, row)
            return None
        if len(self._entries) >= _MOST_REMEMBERED:
            self._entries.clear()
        self._entries[facts] = entry
        if entry is not None:
            self._rows_of_days.setdefault(entry.date, number)
        return entry

    def _parse_entry(self, facts: _Key) -> JournalEntry | None:
        """Parse the cells; the last one is "", which index -1 reads for columns that the table lacks."""
        on, tokens = read_date_cell(facts[0]), lesson_mark_tokens(facts[1], self._rules.lowest_mark)
        heavy: Decimal | None = weight_token(facts[self._weight_at])
        if on is None:
            raise ValueError("no date")
        if not tokens:
            return None
        self._first, self._last = min(self._first, on), max(self._last, on)
        kind = facts[self._kind_at]
        if kind not in self._words:
            self._words[kind] = _words(kind)
        return JournalEntry(on, tokens, self._words[kind], _words(facts[self._topic_at]), heavy)

    def _add_problems(self, number: int, row: Sequence[str]) -> None:
        if any(map(str.strip, row)):
            cells = TableRow(number, row, self._header.columns, self._faults)
            cells.date("date", required=True)
            cells.tokens("mark", self._rules.lowest_mark)
            cells.weight("weight")

    def reports(self) -> list[JournalReport]:
        """One report a student. Its period spans from the first date of the table to the last."""
        students: dict[tuple[str, str], dict[str, list[_Group]]] = {}
        for group in self._groups.values():
            student = normal_name(group.student), normal_class_name(group.school_class or "")
            students.setdefault(student, {}).setdefault(normal_name(group.subject), []).append(group)
        return [self._report([*subjects.values()]) for subjects in students.values()]

    def _report(self, subjects: list[list[_Group]]) -> JournalReport:
        named = subjects[0][0]
        return JournalReport(
            ReportKind.TABLE,
            named.student,
            named.school_class,
            (self._first, self._last) if self._first <= self._last else None,
            tuple(SubjectReport(each[0].subject, _all_entries(each)) for each in subjects),
            sheet=self._faults.sheet,
            row=named.row,
            rows_of_days=self._rows_of_days,
        )


def read_journal_table(
    header: Header, rows: Iterable[tuple[int, Sequence[str]]], *, rules: ReadingRules, faults: ReadingProblems
) -> list[JournalReport]:
    """The journal of a table's students, each with the row of the file that names them first."""
    journal = _JournalReader(header, rules, faults)
    journal.read_rows(rows)
    return journal.reports()


def _words(text: str) -> str | None:
    return " ".join(text.split()) or None


def _all_entries(groups: list[_Group]) -> tuple[JournalEntry, ...]:
    return tuple(entry for group in groups for entry in group.entries)


def _cells(header: Header, names: Sequence[str]) -> Callable[[Sequence[str]], _Key]:
    """A getter of the columns that the table has. Two are always present, so `itemgetter` returns a tuple."""
    return itemgetter(*(header.columns[name] for name in names if name in header.columns))

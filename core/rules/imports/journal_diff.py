"""What a report changes in a student's journal: tokens compared as multisets, day by day (contracts, What is new)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.model.imports.reports import JournalReport, ReportKind
from core.model.marks.entries import Entry, EntryChange, EntryKind, NewEntry
from core.rules.marks.tokens import token_kind

ENOUGH_PERCENT = 70
"""With fewer of the known entries present a report is taken for incomplete, and nothing for withdrawn (Q90)."""

ONE_SUBJECT = frozenset({ReportKind.STUDENT_GRADES})
"""Reports of a single subject, which cannot be expected to show the entries of any other."""

Period = tuple[date, date]
Details = tuple[str | None, str | None, Decimal | None, str | None, date | None]
"""Kind, topic, weight, comment and the day that the mark was set on."""


@dataclass(frozen=True, slots=True)
class JournalDiffCoverage:
    """What a file can speak of: days within its periods (inclusive) and the subjects that it names for anybody."""

    kind: ReportKind
    periods: tuple[Period, ...]
    subject_ids: frozenset[int]

    def expects(self, entry: Entry) -> bool:
        """Whether a complete report would show this entry: what the 70 % are counted of."""
        if self.kind in ONE_SUBJECT and entry.subject_id not in self.subject_ids:
            return False
        return any(first <= entry.on <= last for first, last in self.periods)

    def may_withdraw(self, entry: Entry) -> bool:
        """Only the kind of report that created an entry can take it back, and only in a subject that it names."""
        return entry.source is self.kind and entry.subject_id in self.subject_ids and self.expects(entry)


@dataclass(frozen=True, slots=True)
class JournalDifference:
    """What reports change; `enriched` entries gain a kind, topic, weight or comment and keep their value."""

    recorded: list[NewEntry] = field(default_factory=list)
    changed: list[EntryChange] = field(default_factory=list)
    enriched: list[EntryChange] = field(default_factory=list)
    withdrawn: list[EntryChange] = field(default_factory=list)
    kept: int = 0
    """Entries that the report lacks and the 70 % guard keeps."""


@dataclass(slots=True)
class _Cell:
    """What is known and what is reported of one subject on one day, still unpaired."""

    known: list[Entry] = field(default_factory=list)
    reported: list[NewEntry] = field(default_factory=list)

    def pair(self, fits: Callable[[Entry, NewEntry], bool]) -> list[tuple[Entry, NewEntry]]:
        """Pair in order whatever fits, and keep the rest."""
        pairs: list[tuple[Entry, NewEntry]] = []
        for entry in tuple(self.known) if self.reported else ():
            place = next((place for place, new in enumerate(self.reported) if fits(entry, new)), None)
            if place is not None:
                self.known.remove(entry)
                pairs.append((entry, self.reported.pop(place)))
        return pairs


def journal_diff_span(reports: Iterable[JournalReport]) -> Period | None:
    """From the first day that a file has an entry on, for anybody, to the last."""
    days = [entry.date for report in reports for subject in report.subjects for entry in subject.entries]
    return (min(days), max(days)) if days else None


def journal_diff_periods(reports: Iterable[JournalReport], *, otherwise: Period | None) -> tuple[Period, ...]:
    """The days that a student's reports speak of; reports that print no period speak of the file's span."""
    printed = {report.period or otherwise for report in reports}
    return tuple(period for period in printed if period is not None)


def journal_diff_entries(
    student_id: int, reports: Sequence[JournalReport], subject_ids: Mapping[str | None, int]
) -> list[NewEntry]:
    """Every token of a student's reports as an entry about to be written, in the cells' order."""
    return [
        NewEntry(
            student_id,
            subject_id,
            entry.date,
            token_kind(token),
            token,
            entry.work_kind,
            entry.topic,
            entry.weight,
            report.kind,
            entry.comment,
            entry.set_on,
        )
        for report in reports
        for subject in report.subjects
        for subject_id in (subject_ids[subject.subject],)
        for entry in subject.entries
        for token in entry.tokens
    ]


def journal_diff_of_student(
    known: Sequence[Entry], reported: list[NewEntry], coverage: JournalDiffCoverage
) -> JournalDifference:
    """One student's entries in force against a report of the same student.

    Per subject and day equal tokens cancel, the like of them first; what is left pairs in order as changed, marks
    (scores, credits, debts) with marks and absences with absences, so that no score ever turns into an absence: that
    is one withdrawn and one recorded. Entries of the report's own kind pair before others'. Under the 70 % guard
    nothing is withdrawn; changes stay, since a changed entry is not a missing one.
    """
    if not known:
        return JournalDifference(recorded=reported)
    recorded: list[NewEntry] = []
    changed: list[EntryChange] = []
    enriched: list[EntryChange] = []
    missing: list[Entry] = []
    for cell in _cells(known, reported):
        _cancel(cell, coverage.kind, enriched)
        changed += [_change(*pair, coverage.kind) for pair in _changed(cell, coverage.kind)]
        recorded += cell.reported
        missing += cell.known
    gone = [entry for entry in missing if coverage.may_withdraw(entry)]
    if gone and not _is_complete(known, missing, coverage):
        return JournalDifference(recorded, changed, enriched, kept=len(gone))
    withdrawn = [EntryChange(entry, entry.kind, None, *_own_details(entry)) for entry in gone]
    return JournalDifference(recorded, changed, enriched, withdrawn)


def _cells(known: Sequence[Entry], reported: Sequence[NewEntry]) -> Sequence[_Cell]:
    cells: dict[tuple[int, date], _Cell] = defaultdict(_Cell)
    for entry in known:
        cells[entry.subject_id, entry.on].known.append(entry)
    for new in reported:
        cells[new.subject_id, new.on].reported.append(new)
    return list(cells.values())


def _cancel(cell: _Cell, kind: ReportKind, enriched: list[EntryChange]) -> None:
    """Equal tokens cancel: the same ones first, then those that tell nothing new.

    So the order of two equal marks does not matter, and one without a topic takes no place of another that has one.
    """
    cell.pair(lambda entry, new: entry.value == new.value and _reported_details(new) == _own_details(entry))
    cell.pair(lambda entry, new: entry.value == new.value and _details(entry, new, kind) == _own_details(entry))
    enriched += [_change(*pair, kind) for pair in cell.pair(lambda entry, new: entry.value == new.value)]


def _changed(cell: _Cell, kind: ReportKind) -> list[tuple[Entry, NewEntry]]:
    cell.known.sort(key=lambda entry: entry.source is not kind)
    return cell.pair(lambda entry, new: (entry.kind is EntryKind.ABSENCE) is (new.kind is EntryKind.ABSENCE))


def _own_details(entry: Entry) -> Details:
    return entry.work_kind, entry.topic, entry.weight, entry.comment, entry.set_on


def _reported_details(new: NewEntry) -> Details:
    return new.work_kind, new.topic, new.weight, new.comment, new.set_on


def _details(entry: Entry, new: NewEntry, kind: ReportKind) -> Details:
    """What the report adds: blanks are filled by any kind, what is there is corrected only by the kind that created it.

    Otherwise two reports that word a topic differently would overwrite each other for ever.
    """
    reported = _reported_details(new)
    if entry.source is kind:
        older, newer = _own_details(entry), reported
    else:
        older, newer = reported, _own_details(entry)
    work_kind, topic, weight, comment, set_on = newer
    return (
        older[0] if work_kind is None else work_kind,
        older[1] if topic is None else topic,
        older[2] if weight is None else weight,
        older[3] if comment is None else comment,
        older[4] if set_on is None else set_on,
    )


def _change(entry: Entry, new: NewEntry, kind: ReportKind) -> EntryChange:
    waits_on = entry.publish_at if entry.awaiting and new.value == entry.value else None
    return EntryChange(entry, new.kind, new.value, *_details(entry, new, kind), publish_at=waits_on)


def _is_complete(known: Sequence[Entry], missing: Sequence[Entry], coverage: JournalDiffCoverage) -> bool:
    """Whether enough of the known entries are present (Q90)."""
    expected = sum(map(coverage.expects, known))
    absent = sum(map(coverage.expects, missing))
    return (expected - absent) * 100 >= expected * ENOUGH_PERCENT

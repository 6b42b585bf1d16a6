"""What a family is told of a journal's changes: a notice for each mark or absence that is new, changed or withdrawn."""

from collections.abc import Iterator, Mapping

from core.model.marks import Entry, EntryChange, EntryKind, NewEntry, PeriodMark
from core.model.notices import (
    AbsenceChanged,
    AbsenceRecorded,
    FinalMarkSet,
    MarkChanged,
    MarkRecorded,
    MarkWithdrawn,
    Notice,
)
from core.rules.diff import Difference

News = tuple[int, Notice, str]
"""Student, notice, and the name of the fact it is about."""


def of_difference(difference: Difference, subjects: Mapping[int, str]) -> Iterator[News]:
    """Enrichment is no news: the mark stays what it was."""
    for new in difference.recorded:
        yield new.student_id, _recorded(new, subjects[new.subject_id]), _fact(new)
    for change in (*difference.changed, *difference.withdrawn):
        yield change.entry.student_id, _changed(change, subjects[change.entry.subject_id]), _fact(change.entry)


def of_final(mark: PeriodMark, *, before: str | None, subject: str) -> News:
    """A final mark that was set or replaced (R6); a later version bears the same fact."""
    notice = FinalMarkSet(subject=subject, term=mark.term, value=mark.value, before=before, subject_id=mark.subject_id)
    return mark.student_id, notice, f"period_mark:{mark.id}"


def _fact(entry: Entry | NewEntry) -> str:
    """The cell: an entry just recorded in bulk has no number yet."""
    return f"entry:{entry.subject_id}:{entry.on.isoformat()}"


def _recorded(new: NewEntry, subject: str) -> Notice:
    if new.kind is EntryKind.ABSENCE:
        return AbsenceRecorded(subject=subject, on=new.on, value=new.value, subject_id=new.subject_id)
    return MarkRecorded(
        subject=subject,
        on=new.on,
        value=new.value,
        work_kind=new.work_kind,
        topic=new.topic,
        subject_id=new.subject_id,
    )


def _changed(change: EntryChange, subject: str) -> Notice:
    entry, subject_id = change.entry, change.entry.subject_id
    if entry.kind is EntryKind.ABSENCE:
        return AbsenceChanged(subject, entry.on, before=entry.value, value=change.value, subject_id=subject_id)
    if change.value is None:
        return MarkWithdrawn(subject, entry.on, before=entry.value, subject_id=subject_id)
    return MarkChanged(subject, entry.on, before=entry.value, value=change.value, subject_id=subject_id)

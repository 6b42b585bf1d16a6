"""What a family is told of a journal's changes: a notice for each mark or absence that is new, changed or withdrawn."""

from collections.abc import Iterator, Mapping

from core.model.marks.entries import Entry, EntryKind, NewEntry
from core.model.notices import (
    AbsenceChanged,
    AbsenceRecorded,
    FinalMarkSet,
    MarkChanged,
    MarkRecorded,
    MarkWithdrawn,
    Notice,
)
from core.model.results.period_marks import PeriodMark
from core.rules.imports.journal_diff import Difference

News = tuple[int, Notice, str]
"""Student, notice, and the name of the fact it is about."""


def of_difference(difference: Difference, subjects: Mapping[int, str]) -> Iterator[News]:
    """Enrichment is no news: the mark stays what it was."""
    for new in difference.recorded:
        yield new.student_id, _recorded(new, subjects[new.subject_id]), _fact(new)
    for change in (*difference.changed, *difference.withdrawn):
        entry = change.entry
        notice = _told(entry, subjects[entry.subject_id], seen=entry.seen, after=change.value)
        if notice is not None:
            yield entry.student_id, notice, _fact(entry)


def of_entry(entry: Entry, subject: str, *, seen: str | None) -> News | None:
    """What families hear of an entry that they last saw as `seen`; None where it is what they saw (Q38)."""
    notice = _told(entry, subject, seen=seen, after=entry.outcome)
    return None if notice is None else (entry.student_id, notice, _fact(entry))


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


def _told(entry: Entry, subject: str, *, seen: str | None, after: str | None) -> Notice | None:
    """From what families see to what they shall see: new, changed or taken back; None where it is the same."""
    on, subject_id = entry.on, entry.subject_id
    if after == seen:
        return None
    if entry.kind is EntryKind.ABSENCE:
        if seen is None:
            return AbsenceRecorded(subject, on, value=entry.value, subject_id=subject_id)
        return AbsenceChanged(subject, on, before=seen, value=after, subject_id=subject_id)
    if after is None:
        return MarkWithdrawn(subject, on, before=seen or entry.value, subject_id=subject_id)
    if seen is None:
        work_kind, topic = entry.work_kind, entry.topic
        return MarkRecorded(subject, on, value=after, work_kind=work_kind, topic=topic, subject_id=subject_id)
    return MarkChanged(subject, on, before=seen, value=after, subject_id=subject_id)

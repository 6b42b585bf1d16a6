"""What a family is told of an entry: a mark or absence that is new, changed or withdrawn."""

from core.model.marks.entries import Entry, EntryKind, NewEntry
from core.model.notices import (
    AbsenceChanged,
    AbsenceRecorded,
    MarkChanged,
    MarkRecorded,
    MarkWithdrawn,
    Notice,
)

News = tuple[int, Notice, str]
"""Student, notice, and the name of the fact it is about."""


def of_entry(entry: Entry, subject: str, *, seen: str | None) -> News | None:
    """What families hear of an entry that they last saw as `seen`; None where it is what they saw (Q38)."""
    notice = told(entry, subject, seen=seen, after=entry.outcome)
    return None if notice is None else (entry.student_id, notice, fact(entry))


def fact(entry: Entry | NewEntry) -> str:
    """The cell: an entry just recorded in bulk has no number yet."""
    return f"entry:{entry.subject_id}:{entry.on.isoformat()}"


def recorded(new: NewEntry, subject: str) -> Notice:
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


def told(entry: Entry, subject: str, *, seen: str | None, after: str | None) -> Notice | None:
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

"""What a family is told of an entry: a mark or absence that is new, changed or withdrawn."""

from core.model.delivery.fact_names import entry_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.marks.entries import Entry, EntryKind, NewEntry
from core.model.notices.facts import Notice
from core.model.notices.family import AbsenceChanged, AbsenceRecorded, MarkChanged, MarkRecorded, MarkWithdrawn


def mark_entry_notice(entry: Entry, subject: str, *, seen: str | None) -> NewNotice | None:
    """Tells the family what became of an entry that they last saw as `seen`; None if nothing changed for them (Q38)."""
    return mark_change_notice(entry, subject, seen=seen, after=entry.outcome)


def mark_change_notice(entry: Entry, subject: str, *, seen: str | None, after: str | None) -> NewNotice | None:
    """Tells the family that an entry goes from `seen` to `after`; None stands for no entry, None if both are equal."""
    notice = _change(entry, subject, seen=seen, after=after)
    return None if notice is None else NewNotice(entry.student_id, notice, entry_fact_name(entry.subject_id, entry.on))


def new_mark_notice(new: NewEntry, subject: str) -> NewNotice:
    """Tells the family about an entry that an import records."""
    return NewNotice(new.student_id, _recorded(new, subject), entry_fact_name(new.subject_id, new.on))


def _recorded(new: NewEntry, subject: str) -> Notice:
    if new.kind is EntryKind.ABSENCE:
        return AbsenceRecorded(subject=subject, on=new.on, value=new.value, subject_id=new.subject_id)
    return MarkRecorded(
        subject=subject, on=new.on, value=new.value, work_kind=new.work_kind, topic=new.topic, subject_id=new.subject_id
    )


def _change(entry: Entry, subject: str, *, seen: str | None, after: str | None) -> Notice | None:
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

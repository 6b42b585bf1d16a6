"""What an import of the journal tells families: a notice for each entry that differs."""

from collections.abc import Iterator, Mapping

from core.model.delivery.obligations import NewNotice
from core.rules.imports.journal_diff import JournalDifference
from core.rules.marks.notices import mark_change_notice, new_mark_notice


def journal_difference_notices(difference: JournalDifference, subjects: Mapping[int, str]) -> Iterator[NewNotice]:
    """Enriched entries get no notice: the mark stays what it was."""
    for new in difference.recorded:
        yield new_mark_notice(new, subjects[new.subject_id])
    for change in (*difference.changed, *difference.withdrawn):
        entry = change.entry
        notice = mark_change_notice(entry, subjects[entry.subject_id], seen=entry.seen, after=change.value)
        if notice is not None:
            yield notice

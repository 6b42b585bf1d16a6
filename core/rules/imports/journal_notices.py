"""What families are told of an import: a notice for each entry that differs."""

from collections.abc import Iterator, Mapping

from core.rules.imports.journal_diff import JournalDifference
from core.rules.marks.notices import News, fact, recorded, told


def of_difference(difference: JournalDifference, subjects: Mapping[int, str]) -> Iterator[News]:
    """Enrichment is no news: the mark stays what it was."""
    for new in difference.recorded:
        yield new.student_id, recorded(new, subjects[new.subject_id]), fact(new)
    for change in (*difference.changed, *difference.withdrawn):
        entry = change.entry
        notice = told(entry, subjects[entry.subject_id], seen=entry.seen, after=change.value)
        if notice is not None:
            yield entry.student_id, notice, fact(entry)

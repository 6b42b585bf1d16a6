"""Whether two entries can be one person or one subject, and what of the second one the first has already (Q134)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from math import inf

from core.model.marks.entries import Entry
from core.model.people import Person
from core.model.register.consents import ConsentEntry, Decision

Fact = tuple[date, object, object, object]


def birthdays_forbid_joining(keep: Person, gone: Person) -> bool:
    """True if both birthdays are known and differ: then they are two people."""
    return None not in {keep.birth_date, gone.birth_date} and keep.birth_date != gone.birth_date


def entries_doubled_by_joining(kept: Iterable[Entry], gone: Iterable[Entry], *, by_student: bool) -> Sequence[Entry]:
    """Entries of the second that the first has too, one for one; the others are moved.

    `by_student`: two students, whose subjects are compared; else two subjects, whose students are.
    """

    def fact(entry: Entry) -> Fact:
        return entry.on, entry.subject_id if by_student else entry.student_id, entry.kind, entry.value

    held = Counter(fact(entry) for entry in kept)
    found: list[Entry] = []
    for entry in gone:
        if held[fact(entry)] > 0:
            held[fact(entry)] -= 1
            found.append(entry)
    return found


def consents_after_joining(kept: Sequence[ConsentEntry], gone: Sequence[ConsentEntry]) -> Sequence[ConsentEntry]:
    """The entries of the second person to be entered again for the first, in order; entries are never edited.

    If the first person's own latest entry is to count, it is entered once more after them, so that it stays the latest.
    """
    again = sorted(gone, key=lambda entry: entry.id)
    last = max(kept, key=lambda entry: entry.id, default=None)
    return [*again, last] if again and last is not None and _latest(last, again[-1]) is last else again


def _latest(*entries: ConsentEntry) -> ConsentEntry:
    """Of the last entries of two persons the one that counts: the later one, where number and date agree.

    Where they do not, as with an entry that an earlier joining has entered again, the one that allows less: nobody's
    withdrawal is undone by a joining (Q5).
    """
    former, later = sorted(entries, key=lambda entry: entry.id)
    return later if later.decided_on > former.decided_on else min(later, former, key=_allowed)


def _allowed(entry: ConsentEntry) -> tuple[date, float]:
    """Until when, and over how many channels; a consent that names none limits none."""
    if entry.decision is not Decision.CONSENT:
        return date.min, 0
    return entry.expires_on or date.max, inf if entry.channels is None else len(entry.channels)

"""Whether two entries can be one person or one subject, and what of the second one the first has already (Q134)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from core.model.marks.entries import Entry
from core.model.people import Person
from core.model.register.consents import ConsentEntry

Fact = tuple[date, object, object, object]


def other_birthday(keep: Person, gone: Person) -> bool:
    """Two days of birth are two people."""
    return None not in {keep.birth_date, gone.birth_date} and keep.birth_date != gone.birth_date


def doubled(kept: Iterable[Entry], gone: Iterable[Entry], *, by_student: bool) -> Sequence[Entry]:
    """Entries of the second that the first has too: equal ones cancel, one for one, and what is left moves.

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


def to_enter_again(kept: Sequence[ConsentEntry], gone: Sequence[ConsentEntry]) -> Sequence[ConsentEntry]:
    """What the register must say anew of a joined pair, in order, so that its last word stays the last.

    Entries are never edited, so those of the second person are entered for the first; where the first one's own last
    word is the later, it is entered once more behind them.
    """
    again = sorted(gone, key=lambda entry: entry.id)
    last = max(kept, key=lambda entry: entry.id, default=None)
    return [*again, last] if again and last is not None and last.id > again[-1].id else again

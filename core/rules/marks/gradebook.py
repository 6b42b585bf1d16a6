"""What becomes of an entry that a teacher writes: which tokens are taken, when families see it, what they are told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from core.errors import FirstGradeError, JournalModeError, MixedKindsError
from core.model.marks.entries import Entry, EntryChange, EntryKind, EntryVersion
from core.model.marks.gradebook import DatedVersion, GradebookRow, NewMark, SeenChange, Work
from core.rules.marks import tokens as mark_tokens
from core.rules.marks.tokens import UnknownTokenError
from core.rules.year import is_first_grade

DASHES = frozenset("-–—")
NO_WORK = Work()

BOT = "bot"
"""The value of the setting `marks` under which marks are made here and not in the e-journal."""


@dataclass(frozen=True, slots=True)
class GradebookRules:
    """The school's settings: where marks are made, the lowest one, and how long families wait for them."""

    made_in: str = "journal"
    lowest_mark: int = 2
    delay: timedelta = timedelta(minutes=30)

    @property
    def made_here(self) -> bool:
        """Whether marks are made in the bot."""
        return self.made_in == BOT

    def require_bot(self) -> None:
        """Raises JournalModeError where marks are made in the e-journal."""
        if not self.made_here:
            raise JournalModeError


def gradebook_token(text: str, *, school_class: str, policy: GradebookRules) -> tuple[EntryKind, str]:
    """The one token that was written for a student of a class, and what it is (Q37).

    Raises UnknownTokenError, or FirstGradeError: a first grade has absences and no marks (Q26).
    """
    found = mark_tokens.lesson_mark_tokens(text, policy.lowest_mark)
    if len(found) != 1:
        raise UnknownTokenError(text.strip())
    kind = mark_tokens.token_kind(found[0])
    if kind is not EntryKind.ABSENCE and is_first_grade(school_class):
        raise FirstGradeError
    return kind, found[0]


@dataclass(frozen=True, slots=True)
class LineCell:
    """What a line that was typed for a whole class says of one student; `fault` where that is no token.

    `standing`: tokens that the student has already for this work, which are not written a second time.
    """

    line: GradebookRow
    tokens: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    fault: UnknownTokenError | FirstGradeError | None = None


@dataclass(frozen=True, slots=True)
class JudgedGradebookLine:
    """A whole class in one line; `surplus` is what was typed beyond its last student."""

    cells: tuple[LineCell, ...]
    surplus: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether it may be written: something was said, and all of it is right."""
        return any(cell.tokens for cell in self.cells) and not self.has_faults

    @property
    def has_faults(self) -> bool:
        """Whether something is wrong in it, or nothing was said at all."""
        is_empty = not any(cell.tokens or cell.standing for cell in self.cells)
        return is_empty or bool(self.surplus) or any(cell.fault for cell in self.cells)


def judged_gradebook_line(
    text: str, lines: Sequence[GradebookRow], *, policy: GradebookRules, work: Work = NO_WORK
) -> JudgedGradebookLine:
    """«5 4 - н 3»: a piece for each student in the gradebook's order, a dash for nothing; «5/4» is two marks.

    A line that is typed twice, or over marks given by taps, adds only what is not there.
    """
    pieces = text.split()
    cells_ = [
        _without_standing(_line_cell(line, piece, policy), work) for line, piece in zip(lines, pieces, strict=False)
    ]
    return JudgedGradebookLine(tuple(cells_), tuple(pieces[len(lines) :]))


def _without_standing(cell: LineCell, work: Work) -> LineCell:
    """Equal tokens cancel one by one; a mark for another work is another mark."""
    there = Counter(
        entry.value
        for entry in cell.line.entries
        if entry.kind is EntryKind.ABSENCE or (entry.work_kind, entry.topic) == (work.kind, work.topic)
    )
    standing = Counter(cell.tokens) & there
    return replace(
        cell, tokens=tuple((Counter(cell.tokens) - standing).elements()), standing=tuple(standing.elements())
    )


def _line_cell(line: GradebookRow, piece: str, policy: GradebookRules) -> LineCell:
    if piece in DASHES:
        return LineCell(line)
    try:
        found = mark_tokens.lesson_mark_tokens(piece, policy.lowest_mark)
        return LineCell(
            line, tuple(gradebook_token(each, school_class=line.school_class, policy=policy)[1] for each in found)
        )
    except (UnknownTokenError, FirstGradeError) as fault:
        return LineCell(line, fault=fault)


def new_gradebook_entry(
    new: NewMark, kind: EntryKind, value: str, *, by: int | None, policy: GradebookRules, now: datetime, on: date
) -> Entry:
    """The first version, without a number yet. An absence bears no work and waits for nothing (Q27)."""
    is_absence = kind is EntryKind.ABSENCE
    waits = bool(policy.delay) and not is_absence
    return Entry(
        id=0,
        student_id=new.student_id,
        subject_id=new.lesson.subject_id,
        on=new.lesson.on,
        kind=kind,
        value=value,
        work_kind=None if is_absence else new.work.kind,
        topic=None if is_absence else new.work.topic,
        weight=None if is_absence else new.work.weight,
        version=1,
        source=None,
        import_id=None,
        recorded_at=now,
        withdrawn_at=None,
        comment=new.comment,
        set_on=on,
        given_by=by,
        awaiting=waits,
        publish_at=now + policy.delay if waits else None,
    )


def changed_gradebook_entry(
    entry: Entry, kind: EntryKind, value: str | None, *, policy: GradebookRules, now: datetime, on: date
) -> EntryChange:
    """A correction, a withdrawal (`value` None) or their undoing.

    A mark never becomes an absence nor the other way round, since a lesson may have both (Q27): MixedKindsError.
    """
    if (entry.kind is EntryKind.ABSENCE) is not (kind is EntryKind.ABSENCE):
        raise MixedKindsError
    publish_at = _publish_at(entry, value, policy=policy, now=now)
    return replace(
        commented_gradebook_entry(entry, entry.comment), kind=kind, value=value, set_on=on, publish_at=publish_at
    )


def commented_gradebook_entry(entry: Entry, comment: str | None) -> EntryChange:
    """Other words beside an entry: no version, and what waits goes on waiting."""
    return EntryChange(
        entry,
        entry.kind,
        entry.outcome,
        work_kind=entry.work_kind,
        topic=entry.topic,
        weight=entry.weight,
        comment=comment,
        set_on=entry.set_on,
        publish_at=entry.publish_at if entry.awaiting else None,
    )


def _publish_at(entry: Entry, value: str | None, *, policy: GradebookRules, now: datetime) -> datetime | None:
    """The first change that families have not seen starts the delay; back at what they see, nothing waits any more."""
    if entry.kind is EntryKind.ABSENCE or value == entry.seen or not policy.delay:
        return None
    return entry.publish_at if entry.awaiting else now + policy.delay


def gradebook_value_before_change(versions: Sequence[EntryVersion]) -> str | None:
    """What an entry said before its last change; None: nothing, so that taking the change back withdraws it."""
    if len(versions) > 1:
        return versions[-2].after
    return versions[0].before if versions else None


def seen_gradebook_changes(versions: Iterable[DatedVersion]) -> Iterator[SeenChange]:
    """Versions as families hear of them: those that reach them together are one old → new; the recording is none."""
    in_order = sorted(versions, key=lambda each: (each.version.entry_id, each.version.version))
    for _, group in groupby(in_order, key=_told_with):
        together = [*group]
        before, last = together[0].version.seen, together[-1]
        made = last.version
        if before is not None and before != made.after:
            yield SeenChange(
                made.entry_id,
                last.on,
                last.subject_id,
                last.subject,
                before=before,
                after=made.after,
                changed_at=made.publish_at or made.changed_at,
            )


def _told_with(each: DatedVersion) -> tuple[int, datetime | int]:
    """What families are told at once stands by itself."""
    return each.version.entry_id, each.version.publish_at or each.version.version

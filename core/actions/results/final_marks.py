"""Final marks set by hand: a cell, a whole class as proposed, annulled, undone (Q37, Q38, Q55, Q67)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.actions.results.completeness import TERM_ENDS, is_complete_term_closed
from core.actions.results.expected import load_expected_term_spans
from core.actions.results.proposals import propose_final_marks
from core.errors import (
    ClosedTermError,
    CommentMissingError,
    ConflictError,
    FirstGradeError,
    NotFoundError,
    UnknownTermError,
)
from core.model.people import Actor
from core.model.results.deferrals import Deferral
from core.model.results.period_marks import MarkCell, NewFinalMark, PeriodMark, PeriodMarkVersion
from core.model.results.proposals import DEFERRAL, ProposedMark
from core.model.year import ReportingPeriod, TeachingGroup
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.marks.gradebook import GradebookRules
from core.rules.marks.tokens import UnknownTokenError, final_mark_token
from core.rules.results.deferrals import deferral_ended_with, deferral_in_force, end_of_deferral
from core.rules.results.notices import final_mark_notice
from core.rules.results.proposals import ResultsPolicy
from core.rules.results.terms import is_numbered_term, stored_term, term_key, term_periods_of_pupil
from core.rules.year import FIRST_GRADE, class_of_groups, grade_level_of_groups


@dataclass(frozen=True, slots=True)
class FinalMarksCell:
    """A cell that the actor may mark: the student's class, the subject's name, the mark in force, its deferrals."""

    cell: MarkCell
    subject: str
    school_class: TeachingGroup
    stored_term: str
    year_id: int
    before: PeriodMark | None
    deferrals: Sequence[Deferral]

    @property
    def is_deferred(self) -> bool:
        """Whether a deferral stands in place of the mark."""
        return deferral_in_force(self.deferrals, self.cell) is not None

    def next_mark(self, value: str | None, *, now: datetime) -> PeriodMark:
        """The next version of the mark; the printed average of an import is kept."""
        if self.before is not None:
            version = self.before.version + 1
            return replace(self.before, value=value, version=version, received_at=now, published=True, import_id=None)
        cell = self.cell
        return PeriodMark(
            0, cell.student_id, cell.subject_id, self.year_id, self.stored_term, None, value, 1, now,
            published=True, import_id=None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NeededWords:
    """What a person has to write before a mark is set: a ground (Q67), else why it is not the proposal (Q55)."""

    ground: bool = False
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class FinalMarkEditor:
    """Writes final marks for one actor, each with its version, notice and audit line; each method is a transaction.

    A teacher writes own subjects of own groups, a deputy head all. Raises JournalModeError where marks are made in the
    e-journal, NotFoundError for another's cell, UnknownTermError, FirstGradeError.
    """

    uow: UnitOfWork
    actor: Actor
    policy: ResultsPolicy
    marking: GradebookRules
    now: datetime
    on: date

    async def set_mark(self, new: NewFinalMark) -> PeriodMark:
        """Sets a final mark; the same value again changes nothing.

        Raises CommentMissingError for another mark than the proposal without a comment (Q55), ClosedTermError for a
        correction after closing without a ground (Q67), ConflictError for another version, UnknownTokenError.
        """
        self.marking.require_bot()
        opened, value = await self.open_cell(new.cell, version=new.version), self.token(new.value)
        if opened.before is not None and opened.before.value == value:
            return opened.before
        await self._require_words(opened, value, new)
        mark = await self.write(opened, value, comment=_text(new.comment), ground=_text(new.ground))
        await self.uow.commit()
        return mark

    async def needed_words(self, new: NewFinalMark) -> NeededWords | None:
        """The words that `set_mark` still wants, so that a chat can ask for them: a ground first, then a comment."""
        self.marking.require_bot()
        opened, value = await self.open_cell(new.cell, version=new.version), self.token(new.value)
        if opened.before is not None and opened.before.value == value:
            return None
        try:
            await self._require_words(opened, value, new)
        except ClosedTermError:
            return NeededWords(ground=True)
        except CommentMissingError as missing:
            return NeededWords(proposal=missing.proposal)
        return None

    async def _require_words(self, opened: FinalMarksCell, value: str, new: NewFinalMark) -> None:
        await self.require_ground(opened, new.ground)
        if self.policy.comment_required and not _text(new.comment):
            await self._require_proposed(opened, value)

    async def annul(self, cell: MarkCell, *, version: int | None = None) -> PeriodMark:
        """Annuls a final mark; the family is told. ClosedTermError while the term is closed: its cells stay filled."""
        self.marking.require_bot()
        opened = await self.open_cell(cell, version=version)
        if opened.before is None or opened.before.value is None:
            raise ConflictError
        await self.require_ground(opened, None)
        mark = await self.write(opened, None)
        await self.uow.commit()
        return mark

    async def set_proposed(self, group_id: int, subject_id: int, term: str) -> Mapping[MarkCell, int]:
        """Sets every proposed mark of a group in a subject where none is in force; returns cells with their versions.

        Deferrals are granted by themselves, and what has no proposal is left to the teacher.
        """
        self.marking.require_bot()
        await self.uow.leases.hold(TERM_ENDS)
        proposed = await self._proposed(term, group_id, subject_id, self._reading_scope)
        values = {each.pupil.student_id: each.proposal.value for each in proposed}
        taught = await self._taught(values, subject_id)
        if not taught:
            raise NotFoundError
        done: dict[MarkCell, int] = {}
        for student_id, value in values.items():
            if value not in {None, DEFERRAL} and student_id in taught:
                opened = await self.open_cell(MarkCell(student_id, subject_id, term))
                if opened.before is None or opened.before.value is None:
                    await self.require_ground(opened, None)
                    done[opened.cell] = (await self.write(opened, value)).version
        await self.uow.commit()
        return done

    async def undo_marks(self, done: Mapping[MarkCell, int]) -> int:
        """Takes back the actor's own last changes of these cells, as new versions, all or none; returns how many.

        A deferral that a mark ended is resumed. ConflictError where a cell was changed meanwhile, or by somebody else.
        """
        for cell, version in done.items():
            await self._undo(cell, version=version)
        await self.uow.commit()
        return len(done)

    async def last_batch(
        self, group_id: int, subject_id: int, term: str, *, at: datetime | None = None
    ) -> Mapping[MarkCell, int]:
        """The cells of a group in a subject that were written at one moment, by default the last, with their versions.

        What has changed since that moment is not among them.
        """
        pupils = await self.uow.learning.pupils(self._reading_scope, on=self.on, group_id=group_id)
        students, year_id = {pupil.student_id for pupil in pupils}, await self.uow.year.ensure_year(self.on)
        marks = [
            mark
            for mark in await self.uow.results.period_marks(students, year_ids=[year_id])
            if mark.subject_id == subject_id and term_key(mark.term) == term_key(term) and mark.received_at
        ]
        moment = at or max((mark.received_at for mark in marks if mark.received_at), default=None)
        return {
            MarkCell(mark.student_id, subject_id, term): mark.version for mark in marks if mark.received_at == moment
        }

    async def open_cell(self, cell: MarkCell, *, version: int | None = None) -> FinalMarksCell:
        """A cell that the actor may mark, under the lock of closings. ConflictError for another version."""
        uow = self.uow
        await uow.leases.hold(TERM_ENDS)
        periods = await uow.year.periods(self.on)
        days = [
            min(max(span.since, self.on), span.until) for span in load_expected_term_spans(periods, cell.term, self.on)
        ]
        school_class = await self._class_of(cell.student_id, days)
        own = _own_periods(periods, cell, school_class)
        if not await self._taught([cell.student_id], cell.subject_id, *days):
            raise NotFoundError
        if grade_level_of_groups([school_class]) == FIRST_GRADE:
            raise FirstGradeError
        year_id = await uow.year.ensure_year(self.on)
        before = await self._in_force(cell, year_id)
        if version is not None and version != (before.version if before else 0):
            raise ConflictError
        subject = next(each.name for each in await uow.year.subjects() if each.id == cell.subject_id)
        deferrals = await uow.deferrals.deferrals(Everything(), year_id=year_id)
        term = before.term if before else stored_term(cell.term, own or periods)
        return FinalMarksCell(cell, subject, school_class, term, year_id, before, deferrals)

    def token(self, text: str) -> str:
        """The final mark that a text says. Raises UnknownTokenError."""
        value = final_mark_token(text, self.marking.lowest_mark)
        if value is None:
            raise UnknownTokenError(text.strip())
        return value

    async def require_ground(self, opened: FinalMarksCell, ground: str | None) -> None:
        """After closing a correction needs a ground, the mark of a deferred student none. ClosedTermError (Q67)."""
        if opened.is_deferred:
            return
        if not _text(ground) and await is_complete_term_closed(self.uow, opened.cell.term, on=self.on):
            raise ClosedTermError

    async def write(
        self, opened: FinalMarksCell, value: str | None, *, comment: str | None = None, ground: str | None = None
    ) -> PeriodMark:
        """Writes the next version with its notice and audit line, and ends an open deferral; the caller commits."""
        before = opened.before
        mark = opened.next_mark(value, now=self.now)
        was, by = before.value if before else None, self.actor.person_id
        version = PeriodMarkVersion(
            0, mark.id, mark.version, was, value, self.now, published=True, changed_by=by, import_id=None,
            comment=comment, ground=ground,
        )  # fmt: skip
        mark = await self.uow.results.write_mark(mark, before=before, version=version)
        notice = final_mark_notice(mark, before=was, subject=opened.subject)
        await self.uow.outbox.add([notice], received_at=self.now, published_at=self.now)
        action = "final_mark_annulled" if value is None else "final_mark_set"
        await self.uow.audit.write(
            self.actor, action, at=self.now, student=mark.student_id, period_mark=mark.id, version=mark.version
        )
        if value is not None and (deferred := deferral_in_force(opened.deferrals, opened.cell)) is not None:
            await self.uow.deferrals.end(deferred.id, at=self.now, by=by, ended_as=end_of_deferral(value))
        return mark

    async def _undo(self, cell: MarkCell, *, version: int) -> PeriodMark:
        self.marking.require_bot()
        opened = await self.open_cell(cell, version=version)
        if opened.before is None:
            raise ConflictError
        await self.require_ground(opened, None)
        last = (await self.uow.results.versions(opened.before.id))[-1]
        if last.changed_by != self.actor.person_id or last.import_id is not None:
            raise ConflictError
        mark = await self.write(opened, last.before)
        ended = deferral_ended_with(opened.deferrals, cell, last.received_at)
        if last.before is None and ended is not None:
            await self.uow.deferrals.resume(ended.id)
        return mark

    async def _require_proposed(self, opened: FinalMarksCell, value: str) -> None:
        cell = opened.cell
        proposed = await self._proposed(cell.term, opened.school_class.id, cell.subject_id, Everything())
        own = next((each.proposal.value for each in proposed if each.pupil.student_id == cell.student_id), None)
        if own not in {None, DEFERRAL, value}:
            raise CommentMissingError(str(own))

    async def _proposed(self, term: str, group_id: int, subject_id: int, scope: access.Scope) -> Sequence[ProposedMark]:
        return await propose_final_marks(
            self.uow, scope, term, policy=self.policy, on=self.on, group_id=group_id, subject_id=subject_id
        )

    @property
    def _reading_scope(self) -> access.Scope:
        return access.reading_access_scope(self.actor, on=self.on)

    async def _taught(self, student_ids: Collection[int], subject_id: int, *days: date) -> frozenset[int]:
        scope = access.teaching_access_scope(self.actor, on=self.on)
        found = [
            await self.uow.learning.taught_students(student_ids, subject_id, scope, on=day)
            for day in days or (self.on,)
        ]
        return frozenset().union(*found)

    async def _class_of(self, student_id: int, days: Sequence[date]) -> TeachingGroup:
        for day in days:
            places = await self.uow.timetable.places(student_id, Everything(), since=day, until=day)
            if (found := class_of_groups(place.group for place in places)) is not None:
                return found
        raise NotFoundError

    async def _in_force(self, cell: MarkCell, year_id: int) -> PeriodMark | None:
        marks = await self.uow.results.period_marks([cell.student_id], year_ids=[year_id])
        same = [
            mark for mark in marks if (mark.subject_id, term_key(mark.term)) == (cell.subject_id, term_key(cell.term))
        ]
        return max(same, key=lambda mark: (mark.value is not None, mark.id), default=None)


def _own_periods(
    periods: Sequence[ReportingPeriod], cell: MarkCell, school_class: TeachingGroup
) -> Sequence[ReportingPeriod]:
    """The student's periods in the subject. Raises UnknownTermError for a quarter where they have half-years."""
    own = term_periods_of_pupil(
        periods, grade_level=grade_level_of_groups([school_class]), class_id=school_class.id, subject_id=cell.subject_id
    )
    if is_numbered_term(cell.term) and term_key(cell.term) not in {term_key(period.name) for period in own}:
        raise UnknownTermError
    return own


def _text(words: str | None) -> str | None:
    return " ".join((words or "").split()) or None

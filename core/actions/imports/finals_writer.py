"""Compares the final marks of a set with those in force, stages what is new, and writes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from core.actions.imports.import_results import FileTally, ImportResultCounts
from core.actions.imports.staging import StagedIds, StagedRows, StagedSubjects
from core.actions.results.deferrals import end_deferrals_by_import
from core.model.delivery.obligations import PublishedNotice
from core.model.imports.finals import FinalRow
from core.model.imports.history import Import
from core.model.imports.reports import LeftOutRow, PrintedTerm, Problem
from core.model.people import Actor, RollEntry
from core.model.results.closings import TermClosing
from core.model.results.deferrals import Deferral
from core.model.results.period_marks import MarkCell, PeriodMark, PeriodMarkVersion
from core.model.year import GroupKind, ReportingPeriod, SchoolYear
from core.ports import UnitOfWork
from core.rules import year as school_years
from core.rules.access import Everything
from core.rules.people.matching import MatchingRoll, Miss
from core.rules.results import period_marks
from core.rules.results.closings import is_term_closed
from core.rules.results.deferrals import deferral_in_force
from core.rules.results.imported import find_imported_student, is_imported_result_news
from core.rules.results.notices import final_mark_notice
from core.rules.results.terms import stored_term, term_key, term_periods_of_pupil

MADE_IN_BOT = "bot"

FinalKey = tuple[int, int, int, str]
"""Student, subject, school year, and the key of a term."""


@dataclass(slots=True)
class FinalsCounts(ImportResultCounts):
    """How many final marks of a file are new, replace another one, or are history that nobody is told of."""

    recorded: int = 0
    changed: int = 0
    history: int = 0


@dataclass(slots=True)
class FinalsTally(FileTally[FinalsCounts]):
    """A file with final marks; `import_id` is reserved when it first changes something."""

    import_id: int | None = None
    students: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class FinalsWriterMark:
    """A mark of a file whose student was found; `year` is the first day of its school year."""

    tally: FinalsTally
    sheet: str | None
    row: FinalRow
    student: RollEntry
    year: date

    def refuse(self, reason: str) -> None:
        """Adds a problem at the place of the mark."""
        self.tally.problems.append(Problem(self.sheet, self.row.row, self.row.column, self.row.mark, reason))


def match_finals_students(tallies: Sequence[FinalsTally], roll: MatchingRoll, *, today: date) -> list[FinalsWriterMark]:
    """The marks of a set with their students; whom the school does not know is a problem, once for each name.

    A mark of a first grade is a problem too (Q26).
    """
    matched: list[FinalsWriterMark] = []
    for tally in tallies:
        told: set[tuple[str | None, int, str]] = set()
        for table in tally.file.finals:
            for row in table.rows:
                found = _match(tally, table.sheet, row, roll, today)
                if isinstance(found, FinalsWriterMark):
                    matched.append(found)
                elif (place := (table.sheet, row.name_row, found.reason)) not in told:
                    told.add(place)
                    tally.problems.append(found)
        tally.problems += _unknown_of_left_out(tally.file.left_out, roll, today)
    return matched


def _unknown_of_left_out(rows: Sequence[LeftOutRow], roll: MatchingRoll, today: date) -> Iterator[Problem]:
    """Whom the sound cells of left-out rows name and the school does not know; all of this school year."""
    year = school_years.first_day_of_year(today)
    for row in rows:
        name = row.cells.get("student")
        if name is not None and "school_year" not in row.cells:
            found = find_imported_student(roll, name, row.cells.get("class"), year=year, on=today)
            if isinstance(found, Miss):
                yield Problem(row.sheet, row.row, "student", None, found, roll.facts_of_miss(found, name))


def _match(
    tally: FinalsTally, sheet: str | None, row: FinalRow, roll: MatchingRoll, today: date
) -> FinalsWriterMark | Problem:
    """The mark with its student; a problem where it has none or must have no mark."""
    year = row.school_year or school_years.first_day_of_year(today)
    if year > school_years.first_day_of_year(today):
        return Problem(sheet, row.row, row.column, None, "school_year_ahead")
    student = find_imported_student(roll, row.student, row.school_class, year=year, on=today)
    if isinstance(student, Miss):
        facts = roll.facts_of_miss(student, row.student)
        return Problem(sheet, row.name_row, row.name_column, None, student, facts)
    if school_years.is_first_grade(row.school_class or student.class_name):
        return Problem(sheet, row.row, row.column, row.mark, "first_grade")
    return FinalsWriterMark(tally, sheet, row, student, year)


@dataclass(frozen=True, slots=True)
class _YearState:
    """What the school knows of a school year: its reporting periods, closings and deferrals."""

    id: int
    periods: Sequence[ReportingPeriod]
    closings: Sequence[TermClosing]
    deferrals: Sequence[Deferral]

    def is_closed(self, cell: MarkCell) -> bool:
        """True if the term is closed, unless the closing left this mark to a deferral (Q52, Q53)."""
        return is_term_closed(self.closings, cell.term) and deferral_in_force(self.deferrals, cell) is None


@dataclass(slots=True)
class FinalsWriter:
    """Stages a set of final marks, mark by mark, then writes it. `known` are the marks in force."""

    uow: UnitOfWork
    actor: Actor
    tallies: Sequence[FinalsTally]
    marks: Sequence[FinalsWriterMark]
    now: datetime
    today: date
    made_in: str
    new_ids: StagedIds
    subjects: StagedSubjects
    years: Mapping[date, _YearState]
    classes: Mapping[str, int]
    known: dict[FinalKey, PeriodMark]
    new_years: Sequence[SchoolYear]
    seen: dict[FinalKey, str] = field(default_factory=dict)
    ledger: StagedRows[PeriodMark] = field(default_factory=StagedRows)
    rows: list[object] = field(default_factory=list)

    @classmethod
    async def open(
        cls,
        uow: UnitOfWork,
        actor: Actor,
        tallies: Sequence[FinalsTally],
        marks: Sequence[FinalsWriterMark],
        *,
        now: datetime,
        today: date,
        made_in: str,
    ) -> "FinalsWriter":
        """Reads what the set is compared with, and reserves ids for its new subjects and school years."""
        new_ids = StagedIds(uow)
        printed: dict[str, FinalsTally] = {}
        for mark in marks:
            printed.setdefault(mark.row.subject, mark.tally)
        subjects = await StagedSubjects.read(uow, printed, new_ids)
        years, new_years = await _read_years(uow, {mark.year for mark in marks}, new_ids)
        classes = {g.name_key: g.id for g in await uow.year.groups(Everything()) if g.kind is GroupKind.CLASS}
        known = await _read_marks(uow, marks, years)
        of_set = (uow, actor, tallies, marks, now, today, made_in)
        return cls(*of_set, new_ids, subjects, years, classes, known, new_years)

    async def stage(self) -> None:
        """Compares every mark; stages what is new unless a mark cannot be written."""
        for mark in self.marks:
            await self._compare(mark)
        if not any(tally.problems for tally in self.tallies):
            imports = [_import(tally, self.actor, self.now) for tally in self.tallies if tally.import_id is not None]
            await self.uow.staged.add([*self.new_years, *self.subjects.new, *imports])
            await self.uow.staged.add([*self.ledger.new.values(), *self.rows])
            await self.uow.staged.change([*self.ledger.changed.values()])

    async def was_overtaken(self) -> bool:
        """True if a term was closed or reopened after the set was compared."""
        for year in self.years.values():
            if await self.uow.closings.closings(year.id) != year.closings:
                return True
        return False

    async def write(self) -> None:
        """Writes what was staged, with an audit line for each file that changes anything. Raises ConflictError."""
        await self.uow.staged.write()
        written = [*self.ledger.new.values(), *(after for _, after in self.ledger.changed.values())]
        await end_deferrals_by_import(self.uow, written, by=self.actor.person_id, now=self.now)
        for tally in self.tallies:
            if tally.import_id is not None:
                await self.uow.audit.write(
                    self.actor,
                    "finals_imported",
                    at=self.now,
                    import_id=tally.import_id,
                    sha256=tally.file.sha256,
                    students=len(tally.students),
                    **asdict(tally.counts),
                )

    async def _compare(self, mark: FinalsWriterMark) -> None:
        """Stages a mark that differs from the one in force, or refuses it."""
        year = self.years[mark.year]
        subject_id = self.subjects.ids[mark.row.subject]
        key = mark.student.student_id, subject_id, year.id, term_key(mark.row.term)
        if self.seen.setdefault(key, mark.row.mark) != mark.row.mark:
            mark.refuse("final_twice")
        before = self.known.get(key)
        if before is not None and before.value == mark.row.mark:
            return
        if year.is_closed(MarkCell(key[0], key[1], mark.row.term)):
            mark.refuse("term_closed")
        elif self.made_in == MADE_IN_BOT and mark.year == school_years.first_day_of_year(self.today):
            mark.refuse("made_in_bot")
        else:
            await self._stage_mark(mark, before, key)

    async def _stage_mark(self, mark: FinalsWriterMark, before: PeriodMark | None, key: FinalKey) -> None:
        periods = self._periods(mark, key)
        told = is_imported_result_news(mark.row.term, before, periods, year=mark.year, on=self.today)
        new = period_marks.new_period_mark(
            PrintedTerm(stored_term(mark.row.term, periods), None, mark.row.mark),
            student_id=key[0],
            subject_id=key[1],
            year_id=key[2],
            now=self.now,
            published=told,
        )
        after = period_marks.changed_period_mark(before, new)
        if after is None:
            return
        kept = replace(after, import_id=await self._import_id(mark.tally))
        if before is None:
            kept = replace(kept, id=await self.new_ids.next_id(PeriodMark))
            self.ledger.add(kept)
        else:
            self.ledger.change(before, kept)
        self.known[key] = kept
        self.rows += self._history_and_notice(kept, before, mark.row)
        self._count(mark, before, is_told=told)

    def _periods(self, mark: FinalsWriterMark, key: FinalKey) -> Sequence[ReportingPeriod]:
        """The reporting periods of the mark's student in its subject (Q36)."""
        class_id = (
            self.classes.get(mark.student.class_key)
            if mark.year == school_years.first_day_of_year(self.today)
            else None
        )
        level = school_years.grade_level_of_name(mark.row.school_class or mark.student.class_name)
        every = self.years[mark.year].periods
        return term_periods_of_pupil(every, grade_level=level, class_id=class_id, subject_id=key[1])

    def _history_and_notice(self, kept: PeriodMark, before: PeriodMark | None, row: FinalRow) -> Iterator[object]:
        earlier = before.value if before else None
        received = kept.received_at, kept.published, self.actor.person_id, kept.import_id
        yield PeriodMarkVersion(0, kept.id, kept.version, earlier, kept.value, *received, row.comment)
        if kept.published:
            new = final_mark_notice(kept, before=earlier, subject=self.subjects.names[kept.subject_id])
            published = new.notice.kind, new.fact, new.notice, self.now, self.now
            yield PublishedNotice(0, new.student_id, *published)

    def _count(self, mark: FinalsWriterMark, before: PeriodMark | None, *, is_told: bool) -> None:
        mark.tally.students.add(mark.student.student_id)
        counts = mark.tally.counts
        counts.history += not is_told
        counts.changed += is_told and before is not None and before.value is not None
        counts.recorded += is_told and (before is None or before.value is None)

    async def _import_id(self, tally: FinalsTally) -> int:
        if tally.import_id is None:
            tally.import_id = await self.new_ids.next_id(Import)
        return tally.import_id


async def _read_years(
    uow: UnitOfWork, first_days: set[date], new_ids: StagedIds
) -> tuple[Mapping[date, _YearState], Sequence[SchoolYear]]:
    """The school years of a set by their first day, and those that the school did not have."""
    years: dict[date, _YearState] = {}
    new: list[SchoolYear] = []
    for first_day in sorted(first_days):
        year_id = await uow.year.year(first_day)
        if year_id is None:
            year_id = await new_ids.next_id(SchoolYear)
            new.append(SchoolYear(year_id, first_day, school_years.last_day_of_year(first_day)))
        deferrals = await uow.deferrals.deferrals(Everything(), year_id=year_id)
        periods, closings = await uow.year.periods(first_day), await uow.closings.closings(year_id)
        years[first_day] = _YearState(year_id, periods, closings, deferrals)
    return years, new


async def _read_marks(
    uow: UnitOfWork, marks: Sequence[FinalsWriterMark], years: Mapping[date, _YearState]
) -> dict[FinalKey, PeriodMark]:
    """The marks in force of a set's students; of two spellings of one term the later row counts."""
    if not marks:
        return {}
    students = {mark.student.student_id for mark in marks}
    known = await uow.results.period_marks(students, year_ids={year.id for year in years.values()})
    return {(each.student_id, each.subject_id, each.year_id, term_key(each.term)): each for each in known}


def _import(tally: FinalsTally, actor: Actor, now: datetime) -> Import:
    kinds = "+".join(dict.fromkeys(table.kind.value for table in tally.file.finals))
    counts = tally.counts
    changes = counts.recorded + counts.history, counts.changed, 0
    return Import(tally.import_id or 0, tally.file.sha256, kinds, now, actor.person_id, *changes)

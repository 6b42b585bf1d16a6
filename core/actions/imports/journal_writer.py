"""Computes what a set of reports changes and stages it, so that others can write until the set is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from core.actions.imports import report_parts
from core.actions.imports.report_parts import CheckedReportPartsFile, Parts, Progress, ReportPart
from core.actions.imports.staging import StagedIds, StagedRows, StagedSubjects
from core.actions.results import deferrals
from core.actions.schoolwork.diaries import SchoolworkDiaries
from core.model.delivery.obligations import NewNotice, PublishedNotice
from core.model.imports.history import Import, Source
from core.model.imports.reports import JournalReport, Problem, ReportKind
from core.model.marks.entries import Entry, EntryChange, NewEntry
from core.model.people import Actor
from core.model.results.closings import TermClosing
from core.model.results.deferrals import Deferral
from core.model.results.period_marks import MarkCell, PeriodMark, PeriodMarkVersion
from core.model.year import SchoolYear
from core.ports import UnitOfWork
from core.rules import year
from core.rules.access import Everything
from core.rules.imports import journal_diff
from core.rules.imports.journal_notices import journal_difference_notices
from core.rules.results import period_marks
from core.rules.results.closings import is_term_closed
from core.rules.results.deferrals import deferral_in_force
from core.rules.results.notices import final_mark_notice
from core.rules.results.terms import term_key

SourceKey = tuple[ReportKind, int]
TermKey = tuple[int, int, int, str]


@dataclass(slots=True)
class JournalWriterIds:
    """Ids of the set's subjects by printed name and of its school years by first day; `new` are rows to be added."""

    subject_ids: Mapping[str | None, int]
    subject_names: Mapping[int, str]
    years: Mapping[date, int]
    new: Sequence[object]

    @classmethod
    async def read(
        cls, uow: UnitOfWork, files: Sequence[CheckedReportPartsFile], new_ids: StagedIds, *, today: date
    ) -> "JournalWriterIds":
        """Reads the known ones and reserves ids for the missing ones."""
        subjects = await StagedSubjects.read(uow, _printed_subjects(files), new_ids)
        new: list[object] = [*subjects.new]
        years: dict[date, int] = {}
        for first_day in _term_years(files, today):
            year_id = await uow.year.year(first_day)
            if year_id is None:
                year_id = await new_ids.next_id(SchoolYear)
                new.append(SchoolYear(year_id, first_day, year.last_day_of_year(first_day)))
            years[first_day] = year_id
        return cls(subjects.ids, subjects.names, years, new)


def _printed_subjects(files: Sequence[CheckedReportPartsFile]) -> dict[str, CheckedReportPartsFile]:
    """The names of subjects in a set, with the first file that prints each."""
    printed: dict[str, CheckedReportPartsFile] = {}
    for file in files:
        for name in report_parts.report_part_subject_names(file.file.reports):
            printed.setdefault(name, file)
    return printed


@dataclass(frozen=True, slots=True)
class ClosedJournalTerms:
    """What is closed in the set's years; there the journal changes no final mark, which needs a ground (Q67)."""

    closings: Mapping[int, Sequence[TermClosing]]
    deferrals: Mapping[int, Sequence[Deferral]]

    @classmethod
    async def read(cls, uow: UnitOfWork, year_ids: Iterable[int]) -> "ClosedJournalTerms":
        """The closings and deferrals of these years."""
        ids = sorted(year_ids)
        closings = {id_: await uow.closings.closings(id_) for id_ in ids}
        return cls(closings, {id_: await uow.deferrals.deferrals(Everything(), year_id=id_) for id_ in ids})

    def forbids(self, before: PeriodMark, after: PeriodMark) -> bool:
        """True for another mark in a closed term, unless the closing left it to a deferral (Q53)."""
        if before.value is None or after.value == before.value:
            return False
        cell = MarkCell(before.student_id, before.subject_id, before.term)
        is_deferred = deferral_in_force(self.deferrals.get(before.year_id, ()), cell) is not None
        return is_term_closed(self.closings.get(before.year_id, ()), before.term) and not is_deferred


@dataclass(slots=True)
class JournalStudentChunk:
    """Some students of a set: their entries and period marks in force, and the rows that the set adds or changes."""

    parts: Parts
    entries: Mapping[int, Sequence[Entry]]
    marks: dict[TermKey, PeriodMark]
    entry_ledger: StagedRows[Entry] = field(default_factory=StagedRows)
    mark_ledger: StagedRows[PeriodMark] = field(default_factory=StagedRows)
    rows: list[object] = field(default_factory=list)

    @property
    def new(self) -> Sequence[object]:
        """All new rows."""
        return [*self.entry_ledger.new.values(), *self.mark_ledger.new.values(), *self.rows]

    @property
    def changed(self) -> Sequence[tuple[object, object]]:
        """All changed rows."""
        return [*self.entry_ledger.changed.values(), *self.mark_ledger.changed.values()]


@dataclass(slots=True)
class JournalWriter:
    """Stages a set of files, student by student, the kinds of report that show most first; then writes it.

    `announced` are the report kinds and students whose changes make notices. Before `write` everything is only staged.
    """

    uow: UnitOfWork
    actor: Actor
    now: datetime
    today: date
    files: Sequence[CheckedReportPartsFile]
    new_ids: StagedIds
    known: JournalWriterIds
    announced: frozenset[SourceKey]
    sources: set[SourceKey]
    diaries: SchoolworkDiaries
    closed: ClosedJournalTerms
    total: int
    on_progress: Progress | None
    classes: dict[int, CheckedReportPartsFile] = field(default_factory=dict)
    finals: list[PeriodMark] = field(default_factory=list)
    """New and changed final marks, each of which ends an open deferral."""
    done: int = 0

    @classmethod
    async def open(
        cls,
        uow: UnitOfWork,
        actor: Actor,
        files: Sequence[CheckedReportPartsFile],
        *,
        now: datetime,
        today: date,
        on_progress: Progress | None,
    ) -> "JournalWriter":
        """Reserves ids for new subjects and years, and reads the known sources; only their changes make notices."""
        new_ids = StagedIds(uow)
        known = await JournalWriterIds.read(uow, files, new_ids, today=today)
        sources = await uow.imports.sources()
        diaries = await SchoolworkDiaries.read(uow, [report for file in files for report in file.file.reports])
        ordered = sorted(files, key=lambda file: file.breadth)
        total = sum(len(file.file.reports) for file in files)
        closed = await ClosedJournalTerms.read(uow, set(known.years.values()))
        return cls(
            uow,
            actor,
            now,
            today,
            ordered,
            new_ids,
            known,
            frozenset(sources),
            set(sources),
            diaries,
            closed,
            total,
            on_progress,
        )

    async def stage(self) -> None:
        """Stages everything that the set changes."""
        for parts in report_parts.chunks_of_report_parts(
            report_parts.report_parts_by_student(self.files, self.known.subject_ids)
        ):
            await self._stage_chunk(parts)
        await self._stage_diaries()
        await self.uow.staged.add([*self.known.new, *self._imports()])

    def _imports(self) -> Iterator[Import]:
        for file in self.files:
            if file.import_id is not None:
                yield _import(file, file.import_id, self.actor, self.now)

    async def write(self) -> None:
        """Writes what was staged, with an audit line for each file that changes anything. Raises ConflictError."""
        await self.uow.staged.write()
        await deferrals.end_deferrals_by_import(self.uow, self.finals, by=self.actor.person_id, now=self.now)
        for file in self.files:
            if file.import_id is not None:
                await self.uow.audit.write(
                    self.actor,
                    "journal_imported",
                    at=self.now,
                    import_id=file.import_id,
                    sha256=file.file.sha256,
                    students=len(file.students),
                    **asdict(file.counts),
                )

    async def _stage_chunk(self, parts: Parts) -> None:
        chunk = JournalStudentChunk(parts, await self._entries_of(parts), await self._marks_of(parts))
        for student_id, of_student in parts.items():
            in_force = {entry.id: entry for entry in chunk.entries.get(student_id, ())}
            for part in of_student:
                await self._compare_entries(chunk, part, student_id, in_force)
                await self._compare_period_marks(chunk, part, student_id)
                self._read_diaries(part, student_id)
                await self._add_source(chunk, part, student_id)
                self._count_progress(len(part.reports[student_id]))
        await self.uow.staged.add(chunk.new)
        await self.uow.staged.change(chunk.changed)

    def _count_progress(self, reports_read: int) -> None:
        self.done += reports_read
        if self.on_progress is not None:
            self.on_progress(self.done, self.total)

    async def _entries_of(self, parts: Parts) -> Mapping[int, Sequence[Entry]]:
        """The entries in force by student; students without a known source have none."""
        by_student: dict[int, list[Entry]] = {}
        if known := parts.keys() & {student_id for _, student_id in self.announced}:
            for entry in await self.uow.marks.known(known, since=None, until=None):
                by_student.setdefault(entry.student_id, []).append(entry)
        return by_student

    async def _marks_of(self, parts: Parts) -> dict[TermKey, PeriodMark]:
        """The period marks in force of the years that the set's terms lie in."""
        if not self.known.years:
            return {}
        known = await self.uow.results.period_marks(parts.keys(), year_ids=set(self.known.years.values()))
        return {_key(mark): mark for mark in known}

    async def _compare_entries(
        self, chunk: JournalStudentChunk, part: ReportPart, student_id: int, in_force: dict[int, Entry]
    ) -> None:
        """Stages how one part of the set changes a student's entries; `in_force` is kept up to date."""
        reported = journal_diff.journal_diff_entries(student_id, part.reports[student_id], part.subject_ids)
        difference = journal_diff.journal_diff_of_student(list(in_force.values()), reported, part.coverage(student_id))
        part.checked.kept[student_id] += difference.kept
        changes = [*difference.changed, *difference.enriched, *difference.withdrawn]
        if not difference.recorded and not changes:
            return
        import_id = await self._import_id(part.checked)
        free = await self.new_ids.reserve(Entry, len(difference.recorded))
        for new in difference.recorded:
            entry = _entry(free.popleft(), new, import_id, self.now)
            in_force[entry.id] = entry
            chunk.entry_ledger.add(entry)
        for change in changes:
            self._stage_change(chunk, change, import_id, in_force)
        counts = part.checked.counts
        counts.recorded += len(difference.recorded)
        counts.changed += len(difference.changed)
        counts.enriched += len(difference.enriched)
        counts.withdrawn += len(difference.withdrawn)
        if self._is_announced(part, student_id):
            chunk.rows += map(self._published, journal_difference_notices(difference, self.known.subject_names))

    def _stage_change(
        self, chunk: JournalStudentChunk, change: EntryChange, import_id: int, in_force: dict[int, Entry]
    ) -> None:
        after = in_force[change.entry.id] = change.after(at=self.now)
        chunk.entry_ledger.change(change.entry, after)
        if after.withdrawn_at is not None:
            del in_force[after.id]
        if change.is_version:
            by = self.actor.person_id
            chunk.rows.append(change.version(at=self.now, by=by, reason="import", import_id=import_id))

    def _is_announced(self, part: ReportPart, student_id: int) -> bool:
        return (part.kind, student_id) in self.announced

    def _published(self, new: NewNotice) -> PublishedNotice:
        return PublishedNotice(0, new.student_id, new.notice.kind, new.fact, new.notice, self.now, self.now)

    async def _compare_period_marks(self, chunk: JournalStudentChunk, part: ReportPart, student_id: int) -> None:
        """Stages how one part of the set changes a student's period marks."""
        for report, new in self._printed_terms(part, student_id):
            before = chunk.marks.get(_key(new))
            after = period_marks.changed_period_mark(before, new)
            if after is None:
                continue
            if before is not None and self.closed.forbids(before, after):
                part.checked.doubts.append(Problem(report.sheet, report.row, None, None, "term_kept"))
                continue
            kept = replace(after, import_id=await self._import_id(part.checked))
            if before is None:
                kept = replace(kept, id=await self.new_ids.next_id(PeriodMark))
                chunk.mark_ledger.add(kept)
            else:
                chunk.mark_ledger.change(before, kept)
            chunk.marks[_key(new)] = kept
            part.checked.counts.terms += 1
            chunk.rows += self._history_and_notice(kept, before)
            if kept.value is not None:
                self.finals.append(kept)

    def _history_and_notice(self, kept: PeriodMark, before: PeriodMark | None) -> Iterator[object]:
        """The version row and the notice of a new value; a new average alone has neither."""
        if before is None or kept.version > before.version:
            earlier = before.value if before else None
            received = kept.received_at, kept.published, self.actor.person_id, kept.import_id
            yield PeriodMarkVersion(0, kept.id, kept.version, earlier, kept.value, *received)
        if period_marks.is_new_period_mark(kept, before):
            subject = self.known.subject_names[kept.subject_id]
            yield self._published(final_mark_notice(kept, before=before.value if before else None, subject=subject))

    def _printed_terms(self, part: ReportPart, student_id: int) -> Sequence[tuple[JournalReport, PeriodMark]]:
        """The printed terms of a student's reports as period marks, each with its report."""
        return [
            (
                report,
                period_marks.new_period_mark(
                    term,
                    student_id=student_id,
                    subject_id=part.subject_ids[subject.subject],
                    year_id=self.known.years[year.first_day_of_year(_term_day(report, self.today))],
                    now=self.now,
                    published=self._is_announced(part, student_id),
                ),
            )
            for report in part.reports[student_id]
            for subject in report.subjects
            for term in subject.terms
        ]

    def _read_diaries(self, part: ReportPart, student_id: int) -> None:
        """Notes the diaries' lessons and homework for the student's class; without a class they are passed over."""
        group_id = self.diaries.groups.get(part.checked.students[student_id].class_key)
        for report in part.reports[student_id]:
            if report.lessons and group_id is not None:
                self.diaries.add_report(student_id, group_id, report, part.subject_ids, now=self.now)
                self.classes.setdefault(group_id, part.checked)

    async def _stage_diaries(self) -> None:
        """Stages what the set's diaries change; a class's changes are counted for the first file that names it."""
        for group_id, checked in self.classes.items():
            if changed := await self.diaries.stage(self.uow, group_id, now=self.now):
                await self._import_id(checked)
                checked.counts.lessons += changed

    async def _add_source(self, chunk: JournalStudentChunk, part: ReportPart, student_id: int) -> None:
        if (part.kind, student_id) not in self.sources:
            self.sources.add((part.kind, student_id))
            part.checked.silent.add(student_id)
            chunk.rows.append(Source(0, part.kind, student_id, await self._import_id(part.checked)))

    async def _import_id(self, checked: CheckedReportPartsFile) -> int:
        if checked.import_id is None:
            checked.import_id = await self.new_ids.next_id(Import)
        return checked.import_id


def _entry(id_: int, new: NewEntry, import_id: int, now: datetime) -> Entry:
    return Entry(
        id_,
        new.student_id,
        new.subject_id,
        new.on,
        new.kind,
        new.value,
        new.work_kind,
        new.topic,
        new.weight,
        1,
        new.source,
        import_id,
        now,
        None,
        new.comment,
        new.set_on,
    )


def _import(checked: CheckedReportPartsFile, import_id: int, actor: Actor, now: datetime) -> Import:
    counts, kinds = checked.counts, "+".join(checked.reports)
    changes = counts.recorded, counts.changed, counts.withdrawn
    return Import(import_id, checked.file.sha256, kinds, now, actor.person_id, *changes)


def _term_day(report: JournalReport, today: date) -> date:
    """The day whose school year a report's terms belong to; today where it prints none."""
    return period_marks.period_marks_day(report) or today


def _term_years(files: Iterable[CheckedReportPartsFile], today: date) -> Sequence[date]:
    """The first days of the school years that any terms of a set belong to."""
    reports = (report for file in files for report in file.file.reports if any(part.terms for part in report.subjects))
    return sorted({year.first_day_of_year(_term_day(report, today)) for report in reports})


def _key(mark: PeriodMark) -> TermKey:
    """The identity of a period mark; «1 Четверть» and «I четв.» are one term."""
    return mark.student_id, mark.subject_id, mark.year_id, term_key(mark.term)

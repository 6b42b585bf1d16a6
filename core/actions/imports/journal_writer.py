"""Works out what a set of reports changes, and stages it: others write meanwhile, and the set comes in at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from core.actions.imports import report_parts
from core.actions.imports.report_parts import CheckedFile, Parts, Progress, ReportPart
from core.actions.imports.staging import StagedIds, StagedRows
from core.model.delivery.obligations import NewNotice, PublishedNotice
from core.model.imports.history import Import, Source
from core.model.imports.reports import DiaryLesson, JournalReport, ReportKind
from core.model.marks.entries import Entry, EntryChange, NewEntry
from core.model.people import Actor
from core.model.results.period_marks import PeriodMark, PeriodMarkVersion
from core.model.schoolwork.homework import Homework
from core.model.timetable import Lesson
from core.model.year import GroupKind, SchoolYear, Subject
from core.ports import UnitOfWork
from core.rules import year
from core.rules.access import Everything
from core.rules.imports import journal_diff
from core.rules.imports.journal_notices import difference_notices
from core.rules.people.names import normal_name
from core.rules.results import period_marks
from core.rules.results.notices import final_mark_notice

Found = tuple[ReportKind, int]
TermKey = tuple[int, int, int, str]


@dataclass(slots=True)
class Known:
    """What the school knows of the set's subjects and years by name and date, those that the set brings included."""

    subject_ids: Mapping[str | None, int]
    subject_names: Mapping[int, str]
    years: Mapping[date, int]
    new: Sequence[object]

    @classmethod
    async def learn(
        cls, uow: UnitOfWork, files: Sequence[CheckedFile], numbers: StagedIds, *, now: datetime
    ) -> "Known":
        """Number what is missing."""
        ids, names = dict(await uow.year.subject_ids()), {each.id: each.name for each in await uow.year.subjects()}
        printed = sorted({name for each in files for name in report_parts.reported_subject_names(each.file.reports)})
        new: list[object] = []
        for name in printed:
            if (key := normal_name(name)) not in ids:
                ids[key] = await numbers.one(Subject)
                names[ids[key]] = name
                new.append(Subject(ids[key], name, key))
        held: dict[date, int] = {}
        for first in _term_years(files, now):
            known = await uow.year.year(first)
            held[first] = await numbers.one(SchoolYear) if known is None else known
            if known is None:
                new.append(SchoolYear(held[first], first, year.last_day(first)))
        return cls({name: ids[normal_name(name)] for name in printed}, names, held, new)


@dataclass(slots=True)
class Chunk:
    """Some students of a set: what is known of them, and what the set makes of it."""

    parts: Parts
    known: Mapping[int, Sequence[Entry]]
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
class Lessons:
    """The lessons and homework of diaries, which are the class's: what is there stays, whoever's diary says it."""

    groups: Mapping[str, int] = field(default_factory=dict)
    held: set[tuple[int, date, int | None, int]] = field(default_factory=set)
    given: set[tuple[int, date, int, str]] = field(default_factory=set)

    @classmethod
    async def learn(cls, uow: UnitOfWork, files: Sequence[CheckedFile]) -> "Lessons":
        """What the classes have on the days of the set's diaries."""
        days = [lesson.date for each in files for report in each.file.reports for lesson in report.lessons]
        if not days:
            return cls()
        classes = [each for each in await uow.year.groups(Everything()) if each.kind is GroupKind.CLASS]
        groups = {each.name_key: each.id for each in classes}
        held = await uow.year.lessons(groups.values(), since=min(days), until=max(days))
        given = await uow.year.homework(groups.values(), since=min(days), until=max(days))
        return cls(
            groups,
            {(each.group_id, each.held_on, each.number, each.subject_id) for each in held},
            {(each.group_id, each.due_on, each.subject_id, each.text) for each in given},
        )

    def new(
        self, group_id: int, lessons: Sequence[DiaryLesson], subject_ids: Mapping[str | None, int], *, now: datetime
    ) -> Sequence[Lesson | Homework]:
        """What of a diary nobody has entered yet; of two lessons at one time in one subject the last stands."""
        found = {(group_id, each.date, each.number, subject_ids[each.subject]): each for each in lessons}
        new: list[Lesson | Homework] = []
        for key, each in found.items():
            if key not in self.held:
                subject_id = subject_ids[each.subject]
                times = each.number, each.starts, each.ends, each.room, each.topic
                new.append(Lesson(0, group_id, subject_id, each.date, *times))
        for each in lessons:
            for text in each.homework:
                task = (group_id, each.date, subject_ids[each.subject], text)
                if task not in self.given:
                    self.given.add(task)
                    new.append(Homework(0, group_id, task[2], each.date, text, None, now, None))
        self.held.update(found)
        return new


@dataclass(slots=True)
class JournalWriter:
    """A set of files, student by student: the broadest report comes first, and the next enriches what it has brought.

    Before `write` nothing is written but what is staged.
    """

    uow: UnitOfWork
    actor: Actor
    now: datetime
    files: Sequence[CheckedFile]
    numbers: StagedIds
    known: Known
    announced: frozenset[Found]
    sources: set[Found]
    lessons: Lessons
    total: int
    on_progress: Progress | None
    done: int = 0

    @classmethod
    async def open(
        cls, uow: UnitOfWork, actor: Actor, files: Sequence[CheckedFile], *, now: datetime, on_progress: Progress | None
    ) -> "JournalWriter":
        """Give every subject and year a number, and learn which sources are known: only those are announced."""
        numbers = StagedIds(uow)
        known = await Known.learn(uow, files, numbers, now=now)
        sources = await uow.imports.sources()
        lessons = await Lessons.learn(uow, files)
        ordered = sorted(files, key=lambda each: each.breadth)
        total = sum(len(each.file.reports) for each in files)
        return cls(uow, actor, now, ordered, numbers, known, sources, set(sources), lessons, total, on_progress)

    async def stage(self) -> None:
        """Everything that the set changes."""
        for parts in report_parts.chunks_of_parts(report_parts.parts_by_student(self.files, self.known.subject_ids)):
            await self._stage(parts)
        await self.uow.staged.add([*self.known.new, *self._imports()])

    def _imports(self) -> Iterator[Import]:
        for each in self.files:
            if each.import_id is not None:
                yield _import(each, each.import_id, self.actor, self.now)

    async def write(self) -> None:
        """What was staged comes in, with an audit line for each file that changes anything. Raises ConflictError."""
        await self.uow.staged.write()
        for each in self.files:
            if each.import_id is not None:
                await self.uow.audit.write(
                    self.actor,
                    "journal_imported",
                    at=self.now,
                    import_id=each.import_id,
                    sha256=each.file.sha256,
                    students=len(each.students),
                    **asdict(each.counts),
                )

    async def _stage(self, parts: Parts) -> None:
        chunk = Chunk(parts, await self._entries_of(parts), await self._marks_of(parts))
        for student_id, of_student in parts.items():
            in_force = {each.id: each for each in chunk.known.get(student_id, ())}
            for part in of_student:
                await self._compare(chunk, part, student_id, in_force)
                await self._follow(chunk, part, student_id)
                await self._enter_lessons(chunk, part, student_id)
                await self._add_source(chunk, part, student_id)
                self._tick(len(part.reports[student_id]))
        await self.uow.staged.add(chunk.new)
        await self.uow.staged.change(chunk.changed)

    def _tick(self, reports_read: int) -> None:
        self.done += reports_read
        if self.on_progress is not None:
            self.on_progress(self.done, self.total)

    async def _entries_of(self, parts: Parts) -> Mapping[int, Sequence[Entry]]:
        """The entries in force of students whom any source knows: nobody else has any."""
        found: dict[int, list[Entry]] = {}
        if known := parts.keys() & {student_id for _, student_id in self.announced}:
            for entry in await self.uow.marks.known(known, since=None, until=None):
                found.setdefault(entry.student_id, []).append(entry)
        return found

    async def _marks_of(self, parts: Parts) -> dict[TermKey, PeriodMark]:
        """The period marks in force of the years that the set's terms lie in."""
        if not self.known.years:
            return {}
        known = await self.uow.results.period_marks(parts.keys(), year_ids=set(self.known.years.values()))
        return {_key(mark): mark for mark in known}

    async def _compare(self, chunk: Chunk, part: ReportPart, student_id: int, in_force: dict[int, Entry]) -> None:
        """A student's entries against one part of the set; `in_force` follows."""
        reported = journal_diff.reported_entries(student_id, part.reports[student_id], part.subject_ids)
        found = journal_diff.compare_entries(list(in_force.values()), reported, part.coverage(student_id))
        changes, counts = [*found.changed, *found.enriched, *found.withdrawn], part.checked.counts
        if not found.recorded and not changes:
            return
        import_id = await self._import_id(part.checked)
        free = await self.numbers.ensure(Entry, len(found.recorded))
        for new in found.recorded:
            entry = _entry(free.popleft(), new, import_id, self.now)
            in_force[entry.id] = entry
            chunk.entry_ledger.add(entry)
        for change in changes:
            self._change(chunk, change, import_id, in_force)
        counts.recorded += len(found.recorded)
        counts.changed += len(found.changed)
        counts.enriched += len(found.enriched)
        counts.withdrawn += len(found.withdrawn)
        if self._is_announced(part, student_id):
            chunk.rows += map(self._published, difference_notices(found, self.known.subject_names))

    def _change(self, chunk: Chunk, change: EntryChange, import_id: int, in_force: dict[int, Entry]) -> None:
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

    async def _follow(self, chunk: Chunk, part: ReportPart, student_id: int) -> None:
        """A student's period marks after one part of the set."""
        for new in self._printed(part, student_id):
            before = chunk.marks.get(_key(new))
            after = period_marks.changed_period_mark(before, new)
            if after is None:
                continue
            kept = replace(after, import_id=await self._import_id(part.checked))
            if before is None:
                kept = replace(kept, id=await self.numbers.one(PeriodMark))
                chunk.mark_ledger.add(kept)
            else:
                chunk.mark_ledger.change(before, kept)
            chunk.marks[_key(new)] = kept
            part.checked.counts.terms += 1
            chunk.rows += self._history(kept, before)

    def _history(self, kept: PeriodMark, before: PeriodMark | None) -> Iterator[object]:
        """A new value's own line of history, and what the family hears of it; a moved average has neither."""
        if before is None or kept.version > before.version:
            earlier = before.value if before else None
            received = kept.received_at, kept.published, self.actor.person_id, kept.import_id
            yield PeriodMarkVersion(0, kept.id, kept.version, earlier, kept.value, *received)
        if period_marks.is_new_period_mark(kept, before):
            subject = self.known.subject_names[kept.subject_id]
            yield self._published(final_mark_notice(kept, before=before.value if before else None, subject=subject))

    def _printed(self, part: ReportPart, student_id: int) -> Sequence[PeriodMark]:
        """The terms that a student's reports print, as they would stand in the journal."""
        return [
            period_marks.new_period_mark(
                term,
                student_id=student_id,
                subject_id=part.subject_ids[subject.subject],
                year_id=self.known.years[year.first_day(_term_day(report, self.now))],
                now=self.now,
                published=self._is_announced(part, student_id),
            )
            for report in part.reports[student_id]
            for subject in report.subjects
            for term in subject.terms
        ]

    async def _enter_lessons(self, chunk: Chunk, part: ReportPart, student_id: int) -> None:
        """A diary's lessons and homework are the class's; those of a student without a class are left out."""
        group_id = self.lessons.groups.get(part.checked.students[student_id].class_key)
        lessons = [lesson for report in part.reports[student_id] for lesson in report.lessons]
        if group_id is None or not lessons:
            return
        if new := self.lessons.new(group_id, lessons, part.subject_ids, now=self.now):
            await self._import_id(part.checked)
            part.checked.counts.lessons += len(new)
            chunk.rows += new

    async def _add_source(self, chunk: Chunk, part: ReportPart, student_id: int) -> None:
        if (part.kind, student_id) not in self.sources:
            self.sources.add((part.kind, student_id))
            chunk.rows.append(Source(0, part.kind, student_id, await self._import_id(part.checked)))

    async def _import_id(self, checked: CheckedFile) -> int:
        if checked.import_id is None:
            checked.import_id = await self.numbers.one(Import)
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


def _import(checked: CheckedFile, import_id: int, actor: Actor, now: datetime) -> Import:
    counts, kinds = checked.counts, "+".join(checked.reports)
    changes = counts.recorded, counts.changed, counts.withdrawn
    return Import(import_id, checked.file.sha256, kinds, now, actor.person_id, *changes)


def _term_day(report: JournalReport, now: datetime) -> date:
    """The day whose school year a report's terms belong to; today where it prints none."""
    return period_marks.period_marks_day(report) or now.date()


def _term_years(files: Iterable[CheckedFile], now: datetime) -> Sequence[date]:
    """The first days of the school years that any terms of a set belong to."""
    printed = [each for checked in files for each in checked.file.reports if any(part.terms for part in each.subjects)]
    return sorted({year.first_day(_term_day(report, now)) for report in printed})


def _key(mark: PeriodMark) -> TermKey:
    """«1 Четверть» and «1 четверть» are one term."""
    return mark.student_id, mark.subject_id, mark.year_id, normal_name(mark.term)

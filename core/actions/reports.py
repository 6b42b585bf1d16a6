"""Writes reports whose students are found: entries, period marks, lessons, and the notices of what is new."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from core.model.journal import JournalReport, Problem, ReadFile, ReportKind
from core.model.marks import Entry, PeriodMark
from core.model.people import Actor, RollEntry
from core.model.year import GroupKind
from core.ports import UnitOfWork
from core.rules import diff, news, terms, years
from core.rules.names import normal_name

CHUNK = 20_000
"""Cells compared and written at once: enough for bulk statements, little enough for memory."""


BROADEST_FIRST = (
    ReportKind.TABLE,
    ReportKind.STUDENT_TOTAL,
    ReportKind.DIARY,
    ReportKind.STUDENT_GRADES,
    ReportKind.STUDENT_TOTAL_MARKS,
)
"""The kinds by how much of a student's journal they show."""

Progress = Callable[[int, int], None]
Reports = Mapping[int, Sequence[JournalReport]]
Source = tuple[ReportKind, int]
TermKey = tuple[int, int, int, str]


@dataclass(slots=True)
class Counts:
    """How many facts a file changed; enrichment adds a kind, topic or weight to a mark that stays."""

    recorded: int = 0
    changed: int = 0
    withdrawn: int = 0
    enriched: int = 0
    terms: int = 0
    lessons: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(asdict(self).values())


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file: its faults, then nothing was written, or what it changed."""

    file: str
    problems: tuple[Problem, ...] = ()
    counts: Counts = field(default_factory=Counts)


@dataclass(slots=True)
class CheckedFile:
    """A file with its students found; reports of one kind about one student stand together."""

    file: ReadFile
    students: dict[int, RollEntry] = field(default_factory=dict)
    reports: dict[ReportKind, dict[int, list[JournalReport]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def breadth(self) -> int:
        """The file's place among those of a set, the broadest first."""
        return min((BROADEST_FIRST.index(kind) for kind in self.reports), default=len(BROADEST_FIRST))

    def add(self, student: RollEntry, report: JournalReport) -> None:
        """File a report under its student."""
        self.students[student.student_id] = student
        self.reports.setdefault(report.kind, {}).setdefault(student.student_id, []).append(report)


@dataclass(slots=True)
class School:
    """What the files of a set share: read once, and kept up to date as they are written."""

    uow: UnitOfWork
    actor: Actor
    now: datetime
    subject_ids: Mapping[str | None, int]
    subject_names: Mapping[int, str]
    announced: frozenset[Source]
    sources: set[Source]
    total: int
    on_progress: Progress | None
    done: int = 0
    years: dict[date, int] = field(default_factory=dict)

    @classmethod
    async def open(
        cls,
        uow: UnitOfWork,
        actor: Actor,
        files: Sequence[CheckedFile],
        *,
        now: datetime,
        on_progress: Progress | None,
    ) -> "School":
        """Give every subject a number, and learn which sources are known: only those are announced."""
        printed = {name for each in files for name in _subjects(each.file.reports)}
        ids = await uow.year.ensure_subjects({normal_name(name): name for name in sorted(printed)})
        known = await uow.journal.sources()
        return cls(
            uow,
            actor,
            now,
            subject_ids={name: ids[normal_name(name)] for name in printed},
            subject_names={subject.id: subject.name for subject in await uow.year.subjects()},
            announced=known,
            sources=set(known),
            total=sum(len(each.file.reports) for each in files),
            on_progress=on_progress,
        )

    async def write(self, checked: CheckedFile) -> FileResult:
        """One file, kind by kind: the second kind enriches what the first has just recorded."""
        written = _Writing(self, checked)
        for kind, reports in checked.reports.items():
            await written.of_kind(kind, reports)
        return await written.finish()

    async def year(self, on: date) -> int:
        """The school year of a date, asked for once."""
        first = years.first_day(on)
        if first not in self.years:
            self.years[first] = await self.uow.year.ensure_year(on)
        return self.years[first]

    def tick(self, reports: int) -> None:
        """Tell how far the set has come."""
        self.done += reports
        if self.on_progress is not None:
            self.on_progress(self.done, self.total)


@dataclass(slots=True)
class _Writing:
    """One file on its way in; its import row is made by the first thing that the file changes."""

    school: School
    checked: CheckedFile
    counts: Counts = field(default_factory=Counts)
    import_id: int | None = None

    async def of_kind(self, kind: ReportKind, reports: Reports) -> None:
        """The file's reports of one kind, many students at a time."""
        named = frozenset(self.school.subject_ids[name] for each in reports.values() for name in _subjects(each))
        span = diff.span(report for each in reports.values() for report in each)
        for chunk in _chunks(reports):
            coverage = {
                student_id: diff.Coverage(kind, diff.periods(each, otherwise=span), named)
                for student_id, each in chunk.items()
            }
            await self._entries(chunk, coverage)
            await self._terms(chunk)
            await self._lessons(chunk)
            self.school.tick(sum(map(len, chunk.values())))
        await self._sources({(kind, student_id) for student_id in reports})

    async def finish(self) -> FileResult:
        """Close the import row, and leave one audit line for a file that changed anything."""
        school, counts = self.school, self.counts
        if self.import_id is not None:
            await school.uow.journal.finish_import(
                self.import_id, recorded=counts.recorded, changed=counts.changed, withdrawn=counts.withdrawn
            )
            await school.uow.audit.write(
                school.actor,
                "journal_imported",
                at=school.now,
                import_id=self.import_id,
                sha256=self.checked.file.sha256,
                students=len(self.checked.students),
                **asdict(counts),
            )
        return FileResult(self.checked.file.file, counts=counts)

    async def _import(self) -> int:
        if self.import_id is None:
            self.import_id = await self.school.uow.journal.add_import(
                sha256=self.checked.file.sha256,
                kind="+".join(self.checked.reports),
                at=self.school.now,
                by=self.school.actor.person_id,
            )
        return self.import_id

    async def _entries(self, chunk: Reports, coverage: Mapping[int, diff.Coverage]) -> None:
        known = await self._known(chunk)
        total = diff.Difference()
        told: list[news.News] = []
        for student_id, reports in chunk.items():
            reported = diff.tokens(student_id, reports, self.school.subject_ids)
            found = diff.compare(known.get(student_id, ()), reported, coverage[student_id])
            total.extend(found)
            if (coverage[student_id].kind, student_id) in self.school.announced:
                told.extend(news.of_difference(found, self.school.subject_names))
        await self._save(total)
        await self._announce(told)

    async def _known(self, chunk: Reports) -> Mapping[int, Sequence[Entry]]:
        """The entries in force of students whom any source knows: nobody else has any."""
        journaled = {student_id for _, student_id in self.school.sources}
        found: dict[int, list[Entry]] = {}
        if known := chunk.keys() & journaled:
            for entry in await self.school.uow.journal.known(known, since=None, until=None):
                found.setdefault(entry.student_id, []).append(entry)
        return found

    async def _save(self, found: diff.Difference) -> None:
        journal, now = self.school.uow.journal, self.school.now
        if found.recorded:
            await journal.add_entries(found.recorded, import_id=await self._import(), at=now)
        if changes := [*found.changed, *found.enriched, *found.withdrawn]:
            by = self.school.actor.person_id
            await journal.change_entries(changes, at=now, by=by, reason="import", import_id=await self._import())
        self.counts.recorded += len(found.recorded)
        self.counts.changed += len(found.changed)
        self.counts.enriched += len(found.enriched)
        self.counts.withdrawn += len(found.withdrawn)

    async def _announce(self, told: Sequence[news.News]) -> None:
        if told:
            await self.school.uow.outbox.add_many(told, received_at=self.school.now, published_at=self.school.now)

    async def _terms(self, chunk: Reports) -> None:
        printed = [mark for student_id, reports in chunk.items() for mark in await self._printed(student_id, reports)]
        if not printed:
            return
        known = await self._known_terms(printed)
        told: list[news.News] = []
        for new in printed:
            before = known.get(_key(new))
            after = terms.follow(before, new)
            if after is None:
                continue
            known[_key(new)] = kept = await self._save_term(after, before)
            if terms.is_news(kept, before):
                subject = self.school.subject_names[kept.subject_id]
                told.append(news.of_final(kept, before=before.value if before else None, subject=subject))
        await self._announce(told)

    async def _printed(self, student_id: int, reports: Sequence[JournalReport]) -> Sequence[PeriodMark]:
        """The terms that a student's reports print, as they would stand in the journal."""
        school = self.school
        return [
            terms.first_version(
                term,
                student_id=student_id,
                subject_id=school.subject_ids[subject.subject],
                year_id=await school.year(terms.day_of(report) or school.now.date()),
                now=school.now,
                published=(report.kind, student_id) in school.announced,
            )
            for report in reports
            for subject in report.subjects
            for term in subject.terms
        ]

    async def _known_terms(self, printed: Sequence[PeriodMark]) -> dict[TermKey, PeriodMark]:
        students, years = {mark.student_id for mark in printed}, {mark.year_id for mark in printed}
        known = await self.school.uow.journal.period_marks(students, year_ids=years)
        return {_key(mark): mark for mark in known}

    async def _save_term(self, mark: PeriodMark, before: PeriodMark | None) -> PeriodMark:
        school = self.school
        new = replace(mark, import_id=await self._import())
        kept = await school.uow.journal.put_period_mark(new, before=before, by=school.actor.person_id)
        self.counts.terms += 1
        return replace(new, id=kept)

    async def _lessons(self, chunk: Reports) -> None:
        """A diary's lessons and homework are the class's; those of a student without a class are left out."""
        school = self.school
        for student_id, reports in chunk.items():
            lessons = [lesson for report in reports for lesson in report.lessons]
            student = self.checked.students[student_id]
            if not lessons or not student.class_key:
                continue
            group = await school.uow.year.ensure_group(GroupKind.CLASS, student.class_name, student.class_key)
            ids = {normal_name(lesson.subject): school.subject_ids[lesson.subject] for lesson in lessons}
            changed = await school.uow.year.record_lessons(group, lessons, ids, now=school.now)
            if changed:
                await self._import()
                self.counts.lessons += changed

    async def _sources(self, found: set[Source]) -> None:
        if new := found - self.school.sources:
            await self.school.uow.journal.add_sources(new, import_id=await self._import())
            self.school.sources |= new


def _subjects(reports: Iterable[JournalReport]) -> Iterator[str]:
    """The names of subjects that reports print, in their tables and in a diary's lessons."""
    for report in reports:
        yield from (subject.subject for subject in report.subjects if subject.subject is not None)
        yield from (lesson.subject for lesson in report.lessons)


def _chunks(reports: Reports) -> Iterator[Reports]:
    """Students in the file's order, as many as make one bulk write."""
    chunk: dict[int, Sequence[JournalReport]] = {}
    size = 0
    for student_id, each in reports.items():
        chunk[student_id] = each
        size += sum(len(subject.entries) for report in each for subject in report.subjects)
        if size >= CHUNK:
            yield chunk
            chunk, size = {}, 0
    if chunk:
        yield chunk


def _key(mark: PeriodMark) -> TermKey:
    """«1 Четверть» and «1 четверть» are one term."""
    return mark.student_id, mark.subject_id, mark.year_id, normal_name(mark.term)

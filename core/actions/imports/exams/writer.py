"""Writes the matched rows of exam files: exams, results in new versions, notices and the audit line."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from core.actions.imports.import_results import ImportResultCounts
from core.model.delivery.obligations import NewNotice
from core.model.imports.exam_files import REVIEWS, ExamFile, ExamFileKind, PrintedExam, PrintedResult
from core.model.people import Actor
from core.model.results.exams import Exam, ExamOutcome, ExamResult, ExamResultVersion
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.results import exams as rules
from core.rules.results.notices import exam_result_notice

IMPORT_KIND = "exams"


@dataclass(slots=True)
class ExamWriterCounts(ImportResultCounts):
    """How many results a file recorded and changed, and how many of them are history that nobody is told of."""

    recorded: int = 0
    changed: int = 0
    history: int = 0

    @property
    def total(self) -> int:
        """The results that are new or changed; history is among them."""
        return self.recorded + self.changed


@dataclass(frozen=True, slots=True)
class MatchedResult:
    """A row of a file and the student whose it is."""

    printed: PrintedResult
    student_id: int


@dataclass(frozen=True, slots=True)
class ExamWriterReceipt:
    """When the school received a set of files: `named_at` if somebody says so, else now (Q70). Dates are local."""

    now: datetime
    today: date
    named_at: datetime | None
    received_on: date

    @classmethod
    def of(cls, now: datetime, named_at: datetime | None, policy: Policy) -> "ExamWriterReceipt":
        """The receipt of an import that runs now."""
        received_on = timing.local_date_of_time(now if named_at is None else named_at, policy)
        return cls(now, timing.local_date_of_time(now, policy), named_at, received_on)

    def moment(self, exam: Exam) -> datetime | None:
        """The moment that starts the 24 hours; None for history."""
        if self.named_at is None and rules.is_exam_history(exam.on, today=self.today):
            return None
        return self.now if self.named_at is None else self.named_at


@dataclass(slots=True)
class _Known:
    """The results of one exam as they are stored, by student, with their versions."""

    results: dict[int, ExamResult]
    versions: dict[int, list[ExamResultVersion]] = field(default_factory=dict)

    def of(self, student_id: int) -> tuple[ExamResult | None, Sequence[ExamResultVersion]]:
        """The result of a student and its versions."""
        known = self.results.get(student_id)
        return known, self.versions.get(known.id, []) if known else []


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """What a file changed, and its rows that change nothing since an appeal has decided."""

    counts: ExamWriterCounts
    settled: Sequence[PrintedResult]


@dataclass(frozen=True, slots=True)
class _Source:
    """A file while it is written."""

    file: ExamFile
    is_new_table: bool
    settled: list[PrintedResult] = field(default_factory=list)

    def may_change(
        self, before: ExamResult, outcome: ExamOutcome, versions: Sequence[ExamResultVersion], matched: MatchedResult
    ) -> bool:
        """Whether another outcome is news: an earlier one is not, and a protocol is older than an appeal."""
        if self.is_new_table:
            return True
        if rules.is_known_exam_outcome(outcome, versions):
            return False
        if self.file.kind not in REVIEWS and rules.is_exam_result_settled(before):
            self.settled.append(matched.printed)
            return False
        return True


@dataclass(frozen=True, slots=True)
class ExamWriter:
    """Writes one set of files in one transaction; the caller commits."""

    uow: UnitOfWork
    actor: Actor
    receipt: ExamWriterReceipt
    thresholds: rules.Thresholds

    @classmethod
    async def open(cls, uow: UnitOfWork, actor: Actor, receipt: ExamWriterReceipt) -> "ExamWriter":
        """Reads the school's table of lowest passing scores."""
        return cls(uow, actor, receipt, await uow.exams.thresholds())

    async def write(self, file: ExamFile, rows: Sequence[tuple[PrintedExam, MatchedResult]]) -> "WrittenFile":
        """Writes what is new of a file. A file that changes something leaves an import and an audit line."""
        source = _Source(file, is_new_table=await self._is_new_table(file))
        changed = list[tuple[Exam, Sequence[_Change]]]()
        for exam, matched in await self._by_exam(rows):
            known = await self._known(exam)
            changes = [self._change(exam, each, known, source) for each in matched]
            changed.append((exam, [each for each in changes if each is not None]))
        counts = ExamWriterCounts()
        if any(changes for _, changes in changed):
            await self._record(file, changed, counts)
        return WrittenFile(counts, source.settled)

    async def _is_new_table(self, file: ExamFile) -> bool:
        """The school's own table may set an earlier outcome again, but not the same file twice."""
        return file.kind is ExamFileKind.TABLE and not await self.uow.exams.has_file(file.sha256)

    async def _record(
        self, file: ExamFile, changed: Sequence[tuple[Exam, Sequence["_Change"]]], counts: ExamWriterCounts
    ) -> None:
        import_id = await self.uow.imports.add_import(
            sha256=file.sha256, kind=IMPORT_KIND, at=self.receipt.now, by=self.actor.person_id
        )
        for exam, changes in changed:
            await self._publish(exam, changes, counts, import_id=import_id)
        await self.uow.imports.finish_import(import_id, recorded=counts.recorded, changed=counts.changed, withdrawn=0)
        received = self.receipt.named_at.isoformat() if self.receipt.named_at else None
        await self.uow.audit.write(
            self.actor, "exam.imported", at=self.receipt.now, sha256=file.sha256, received_at=received, **asdict(counts)
        )

    async def _by_exam(
        self, rows: Sequence[tuple[PrintedExam, MatchedResult]]
    ) -> Iterable[tuple[Exam, Sequence[MatchedResult]]]:
        """The stored exam of each group of rows, with one row a student; an olympiad has one for each stage."""
        grouped: dict[str, tuple[Exam, dict[int, MatchedResult]]] = {}
        for printed, matched in rows:
            new = rules.new_exam(printed, matched.printed.stage, today=self.receipt.today)
            grouped.setdefault(new.key, (new, {}))[1].setdefault(matched.student_id, matched)
        known = {exam.key: exam for exam in await self.uow.exams.exams(grouped.keys())}
        return [(await self._put_exam(known.get(key), new), [*of.values()]) for key, (new, of) in grouped.items()]

    async def _put_exam(self, known: Exam | None, new: Exam) -> Exam:
        exam = rules.enriched_exam(known, new) if known else new
        return exam if exam == known else replace(exam, id=await self.uow.exams.put_exam(exam))

    async def _known(self, exam: Exam) -> _Known:
        known = _Known({result.student_id: result for result in await self.uow.exams.results({exam.id})})
        for version in await self.uow.exams.versions({result.id for result in known.results.values()}):
            known.versions.setdefault(version.result_id, []).append(version)
        return known

    def _change(self, exam: Exam, matched: MatchedResult, known: _Known, source: "_Source") -> "_Change | None":
        """What a row changes; None where it says nothing new."""
        before, versions = known.of(matched.student_id)
        outcome = matched.printed.outcome
        if source.file.kind in REVIEWS and before is not None and outcome.primary == before.primary:
            outcome = replace(outcome, oral=before.oral, written=before.written)
        threshold = rules.exam_threshold_of(exam, self.thresholds)
        outcome = rules.judged_exam_outcome(outcome, threshold)
        if before is not None and (
            before.outcome == outcome or not source.may_change(before, outcome, versions, matched)
        ):
            return None
        return _Change(matched, outcome, before, threshold)

    async def _publish(
        self, exam: Exam, changes: Sequence["_Change"], counts: ExamWriterCounts, *, import_id: int
    ) -> None:
        """Writes new versions and tells the families, unless it is history."""
        received = self.receipt.moment(exam)
        new = [each.result(exam, received_at=received, import_id=import_id) for each in changes]
        written = await self.uow.exams.put_results(new)
        counts.changed += sum(each.before is not None for each in changes)
        counts.recorded += sum(each.before is None for each in changes)
        if received is None:
            counts.history += len(changes)
            return
        notices = [each.notice(exam, result) for each, result in zip(changes, written, strict=True)]
        await self.uow.outbox.add(notices, received_at=received, published_at=self.receipt.now)


@dataclass(frozen=True, slots=True)
class _Change:
    """A row that makes a new version of a result."""

    matched: MatchedResult
    outcome: ExamOutcome
    before: ExamResult | None
    threshold: int | None

    def result(self, exam: Exam, *, received_at: datetime | None, import_id: int) -> ExamResult:
        """The result as it becomes."""
        ids = exam.id, self.matched.student_id
        return rules.next_exam_result_version(
            self.before, self.outcome, ids=ids, received_at=received_at, import_id=import_id
        )

    def notice(self, exam: Exam, result: ExamResult) -> NewNotice:
        """What the family is told."""
        before = self.before.outcome if self.before else None
        before_score = self.matched.printed.before_score
        return exam_result_notice(exam, result, before=before, before_score=before_score, threshold=self.threshold)

"""Final marks of periods, deferrals, closed terms; exam results with their versions; acquaintance."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns, UniqueConstraint

from core.model.delivery.states import Status
from core.model.results.deferrals import DeferralEnd
from core.model.results.exams import ExamKind, ExamStatus, OlympiadPlace, OlympiadStage
from storage.database.types import DayType, ExactType, MomentType, WordType
from storage.schema.names import metadata, schema_partial_index


class PeriodMarkColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    student_id: Named[int] = Column(ForeignKey("student.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    year_id: Named[int] = Column(ForeignKey("school_year.id"))
    term: Named[str]
    average: Named[Decimal | None] = Column(ExactType)
    value: Named[str | None]
    version: Named[int]
    received_at: Named[datetime | None] = Column(MomentType)
    published: Named[bool]
    import_id: Named[int | None] = Column(ForeignKey("import.id"))


class PeriodMarkVersionColumns(TypedColumns):
    """Append-only, by a trigger (Q67, Q74)."""

    id: Named[int] = Column(primary_key=True)
    period_mark_id: Named[int] = Column(ForeignKey("period_mark.id"))
    version: Named[int]
    before: Named[str | None]
    after: Named[str | None]
    received_at: Named[datetime | None] = Column(MomentType)
    published: Named[bool]
    changed_by: Named[int | None] = Column(ForeignKey("person.id"))
    import_id: Named[int | None] = Column(ForeignKey("import.id"))
    comment: Named[str | None]
    ground: Named[str | None]


class DeferralColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    student_id: Named[int] = Column(ForeignKey("student.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    year_id: Named[int] = Column(ForeignKey("school_year.id"))
    term: Named[str]
    ill_from: Named[date] = Column(DayType)
    ill_to: Named[date] = Column(DayType)
    document: Named[str]
    decision: Named[str]
    due_on: Named[date] = Column(DayType)
    granted_by: Named[int | None] = Column(ForeignKey("person.id"))
    granted_at: Named[datetime] = Column(MomentType)
    ended_at: Named[datetime | None] = Column(MomentType)
    ended_by: Named[int | None] = Column(ForeignKey("person.id"))
    ended_as: Named[DeferralEnd | None] = Column(WordType(DeferralEnd))


class TermClosingColumns(TypedColumns):
    """Append-only, by a trigger (Q52, Q67)."""

    id: Named[int] = Column(primary_key=True)
    year_id: Named[int] = Column(ForeignKey("school_year.id"))
    term: Named[str]
    closed: Named[bool]
    at: Named[datetime] = Column(MomentType)
    by: Named[int | None] = Column(ForeignKey("person.id"))
    reason: Named[str | None]


class CouncilDecisionColumns(TypedColumns):
    """Append-only, by a trigger (Q65)."""

    id: Named[int] = Column(primary_key=True)
    student_id: Named[int] = Column(ForeignKey("student.id"), index=True)
    year_id: Named[int] = Column(ForeignKey("school_year.id"))
    text: Named[str]
    protocol_no: Named[str]
    protocol_on: Named[date] = Column(DayType)
    made_by: Named[int | None] = Column(ForeignKey("person.id"))
    made_at: Named[datetime] = Column(MomentType)


class AcquaintanceColumns(TypedColumns):
    """A person counts once for each way: opened in a chat, signed on a sheet."""

    obligation_id: Named[int] = Column(ForeignKey("obligation.id"), primary_key=True)
    status: Named[Status] = Column(WordType(Status), primary_key=True)
    channel: Named[str]
    sheet: Named[str | None]
    recorded_by: Named[int] = Column(ForeignKey("person.id"))
    recorded_at: Named[datetime] = Column(MomentType)


class SheetColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    number: Named[str] = Column(unique=True)
    about: Named[str]
    made_by: Named[int | None] = Column(ForeignKey("person.id"))
    made_at: Named[datetime] = Column(MomentType)


class SheetLineColumns(TypedColumns):
    """What a line of a printed sheet is signed for, an obligation a row."""

    sheet_id: Named[int] = Column(ForeignKey("acquaintance_sheet.id"), primary_key=True)
    line: Named[int] = Column(primary_key=True)
    obligation_id: Named[int] = Column(ForeignKey("obligation.id"), primary_key=True)


period_mark = Table(
    "period_mark", metadata, PeriodMarkColumns, UniqueConstraint("student_id", "subject_id", "year_id", "term")
)
period_mark_version = Table(
    "period_mark_version", metadata, PeriodMarkVersionColumns, UniqueConstraint("period_mark_id", "version")
)
deferral = Table(
    "deferral",
    metadata,
    DeferralColumns,
    schema_partial_index(
        "uq_deferral_open", "student_id", "subject_id", "year_id", "term", where="ended_at IS NULL", unique=True
    ),
)
term_closing = Table("term_closing", metadata, TermClosingColumns)
council_decision = Table("council_decision", metadata, CouncilDecisionColumns)


class ExamColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    key: Named[str] = Column(unique=True)
    kind: Named[ExamKind] = Column(WordType(ExamKind))
    subject: Named[str]
    on: Named[date | None] = Column(DayType)
    oral_on: Named[date | None] = Column(DayType)
    grade: Named[int | None]
    stage: Named[OlympiadStage | None] = Column(WordType(OlympiadStage))
    threshold: Named[int | None]
    max_primary: Named[int | None]


class ExamResultColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    exam_id: Named[int] = Column(ForeignKey("exam.id"))
    student_id: Named[int] = Column(ForeignKey("student.id"), index=True)
    primary: Named[int | None]
    score: Named[int | None]
    mark: Named[str | None]
    passed: Named[bool | None]
    oral: Named[int | None]
    written: Named[int | None]
    status: Named[ExamStatus] = Column(WordType(ExamStatus))
    place: Named[OlympiadPlace | None] = Column(WordType(OlympiadPlace))
    version: Named[int]
    received_at: Named[datetime | None] = Column(MomentType)
    published: Named[bool]
    import_id: Named[int | None] = Column(ForeignKey("import.id"))


class ExamResultVersionColumns(TypedColumns):
    """Append-only, by a trigger (Q70, Q74)."""

    id: Named[int] = Column(primary_key=True)
    result_id: Named[int] = Column(ForeignKey("exam_result.id"))
    version: Named[int]
    primary: Named[int | None]
    score: Named[int | None]
    mark: Named[str | None]
    passed: Named[bool | None]
    oral: Named[int | None]
    written: Named[int | None]
    status: Named[ExamStatus] = Column(WordType(ExamStatus))
    place: Named[OlympiadPlace | None] = Column(WordType(OlympiadPlace))
    received_at: Named[datetime | None] = Column(MomentType)
    published: Named[bool]
    import_id: Named[int | None] = Column(ForeignKey("import.id"))


class ExamCodeColumns(TypedColumns):
    """`subject_key` "": the code stands for the student in all subjects of the year."""

    id: Named[int] = Column(primary_key=True)
    year_id: Named[int] = Column(ForeignKey("school_year.id"))
    code: Named[str]
    subject_key: Named[str]
    student_id: Named[int] = Column(ForeignKey("student.id"))


class ExamThresholdColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    kind: Named[ExamKind] = Column(WordType(ExamKind))
    subject_key: Named[str]
    year: Named[int]
    score: Named[int]


exam = Table("exam", metadata, ExamColumns)
exam_result = Table("exam_result", metadata, ExamResultColumns, UniqueConstraint("exam_id", "student_id"))
exam_result_version = Table(
    "exam_result_version", metadata, ExamResultVersionColumns, UniqueConstraint("result_id", "version")
)
exam_code = Table("exam_code", metadata, ExamCodeColumns, UniqueConstraint("year_id", "code", "subject_key"))
exam_threshold = Table(
    "exam_threshold", metadata, ExamThresholdColumns, UniqueConstraint("kind", "subject_key", "year")
)
acquaintance = Table("acquaintance", metadata, AcquaintanceColumns)
acquaintance_sheet = Table("acquaintance_sheet", metadata, SheetColumns)
sheet_line = Table("sheet_line", metadata, SheetLineColumns)

"""Homework with files and versions, control works, recommendations and who has read them."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns

from core.model.schoolwork.recommendations import Audience
from storage.database.types import DayType, MomentType, WordType
from storage.schema.names import metadata


class HomeworkColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    group_id: Named[int] = Column(ForeignKey("teaching_group.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    due_on: Named[date] = Column(DayType)
    text: Named[str]
    given_by: Named[int | None] = Column(ForeignKey("person.id"))
    given_at: Named[datetime] = Column(MomentType)
    withdrawn_at: Named[datetime | None] = Column(MomentType)


class HomeworkVersionColumns(TypedColumns):
    """Append-only, by a trigger (Q23)."""

    id: Named[int] = Column(primary_key=True)
    homework_id: Named[int] = Column(ForeignKey("homework.id"), index=True)
    before: Named[str]
    changed_at: Named[datetime] = Column(MomentType)
    changed_by: Named[int | None] = Column(ForeignKey("person.id"))


class HomeworkFileColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    homework_id: Named[int] = Column(ForeignKey("homework.id"), index=True)
    name: Named[str]
    media_type: Named[str]
    reference: Named[str]
    channel: Named[str]


class ControlWorkColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    group_id: Named[int] = Column(ForeignKey("teaching_group.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    on: Named[date] = Column(DayType)
    number: Named[int | None]
    work_kind: Named[str]
    topic: Named[str | None]
    planned_by: Named[int | None] = Column(ForeignKey("person.id"))
    planned_at: Named[datetime] = Column(MomentType)
    withdrawn_at: Named[datetime | None] = Column(MomentType)


class RecommendationColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    student_id: Named[int] = Column(ForeignKey("student.id"), index=True)
    subject_id: Named[int | None] = Column(ForeignKey("subject.id"))
    author_id: Named[int] = Column(ForeignKey("person.id"))
    audience: Named[Audience] = Column(WordType(Audience))
    text: Named[str]
    given_at: Named[datetime] = Column(MomentType)
    withdrawn_at: Named[datetime | None] = Column(MomentType)


class RecommendationReadingColumns(TypedColumns):
    """The first time that a reader saw a recommendation; read per reader, not per family (Q24)."""

    recommendation_id: Named[int] = Column(ForeignKey("recommendation.id"), primary_key=True, autoincrement=False)
    reader_id: Named[int] = Column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    read_at: Named[datetime] = Column(MomentType)


homework = Table("homework", metadata, HomeworkColumns, Index(None, "group_id", "due_on"))
homework_version = Table("homework_version", metadata, HomeworkVersionColumns)
homework_file = Table("homework_file", metadata, HomeworkFileColumns)
control_work = Table("control_work", metadata, ControlWorkColumns, Index(None, "on", "group_id"))
recommendation = Table("recommendation", metadata, RecommendationColumns)
recommendation_reading = Table("recommendation_reading", metadata, RecommendationReadingColumns)

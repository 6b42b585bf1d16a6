"""Lessons of an imported diary, the weekly template, bells and their choice, holidays, lesson changes, the plan."""

from datetime import date, datetime, time

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns, UniqueConstraint

from core.model.timetable import ChangeKind, Week
from storage.database.types import DayType, MomentType, WordType
from storage.schema.names import metadata


class LessonColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    group_id: Named[int] = Column(ForeignKey("teaching_group.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    held_on: Named[date] = Column(DayType)
    number: Named[int | None]
    starts_at: Named[time | None]
    ends_at: Named[time | None]
    room: Named[str | None]
    topic: Named[str | None]
    withdrawn_at: Named[datetime | None] = Column(MomentType)


class TemplateLessonColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    group_id: Named[int] = Column(ForeignKey("teaching_group.id"), index=True)
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    teacher_id: Named[int | None] = Column(ForeignKey("person.id"), index=True)
    weekday: Named[int]
    number: Named[int]
    room: Named[str | None]
    starts_on: Named[date | None] = Column(DayType)
    ends_on: Named[date | None] = Column(DayType)
    week: Named[Week | None] = Column(WordType(Week))


class BellColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    variant: Named[str]
    number: Named[int]
    starts_at: Named[time]
    ends_at: Named[time]


class BellChoiceColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    group_id: Named[int | None] = Column(ForeignKey("teaching_group.id"))
    on: Named[date | None] = Column(DayType)
    variant: Named[str]


class LessonChangeColumns(TypedColumns):
    """`broadcast_id` is no foreign key: the table of broadcasts is younger than this one."""

    id: Named[int] = Column(primary_key=True)
    group_id: Named[int] = Column(ForeignKey("teaching_group.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    on: Named[date] = Column(DayType)
    number: Named[int]
    kind: Named[ChangeKind] = Column(WordType(ChangeKind))
    new_subject_id: Named[int | None] = Column(ForeignKey("subject.id"))
    new_teacher_id: Named[int | None] = Column(ForeignKey("person.id"), index=True)
    new_room: Named[str | None]
    new_on: Named[date | None] = Column(DayType)
    new_number: Named[int | None]
    broadcast_id: Named[int | None] = Column(index=True)
    made_by: Named[int | None] = Column(ForeignKey("person.id"))
    made_at: Named[datetime] = Column(MomentType)
    withdrawn_at: Named[datetime | None] = Column(MomentType)


class PlannedHoursColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    year_id: Named[int] = Column(ForeignKey("school_year.id"))
    class_id: Named[int] = Column(ForeignKey("teaching_group.id"))
    group_id: Named[int | None] = Column(ForeignKey("teaching_group.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    hours: Named[int]
    term: Named[str | None]
    lesson_type: Named[str | None]


class LessonTypeColumns(TypedColumns):
    """One type a lesson; two subgroups at one number have different subjects or the same type."""

    id: Named[int] = Column(primary_key=True)
    class_id: Named[int] = Column(ForeignKey("teaching_group.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    on: Named[date] = Column(DayType)
    number: Named[int]
    lesson_type: Named[str]
    topic: Named[str | None]
    teacher_id: Named[int | None] = Column(ForeignKey("person.id"))


class HolidayColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    year_id: Named[int] = Column(ForeignKey("school_year.id"), index=True)
    name: Named[str]
    starts_on: Named[date] = Column(DayType)
    ends_on: Named[date] = Column(DayType)
    grade_from: Named[int | None]
    grade_to: Named[int | None]


lesson = Table("lesson", metadata, LessonColumns, Index(None, "group_id", "held_on"))
template_lesson = Table("template_lesson", metadata, TemplateLessonColumns)
bell = Table("bell", metadata, BellColumns, UniqueConstraint("variant", "number"))
bell_choice = Table("bell_choice", metadata, BellChoiceColumns, UniqueConstraint("group_id", "on"))
lesson_change = Table(
    "lesson_change", metadata, LessonChangeColumns, Index(None, "group_id", "on"), Index(None, "group_id", "new_on")
)
holiday = Table("holiday", metadata, HolidayColumns)
planned_hours = Table("planned_hours", metadata, PlannedHoursColumns, Index(None, "class_id", "year_id"))
lesson_type = Table(
    "lesson_type", metadata, LessonTypeColumns, UniqueConstraint("class_id", "on", "number", "subject_id")
)

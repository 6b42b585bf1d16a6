"""Broadcasts, the groups they go to, and the lesson changes that they bring when they go."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns, text

from core.model.broadcast import Acknowledging, BroadcastState
from core.model.conversation import SentFile
from core.model.timetable import ChangeKind
from storage.database.types import BroadcastFilesType, DayType, MomentType, WordType
from storage.schema.names import metadata


class BroadcastColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    author_id: Named[int] = Column(ForeignKey("person.id"), index=True)
    text: Named[str | None]
    rule: Named[Acknowledging] = Column(WordType(Acknowledging))
    send_at: Named[datetime] = Column(MomentType)
    state: Named[BroadcastState] = Column(WordType(BroadcastState))
    created_at: Named[datetime] = Column(MomentType)
    sent_at: Named[datetime | None] = Column(MomentType)
    replaces_id: Named[int | None] = Column(ForeignKey("broadcast.id"))
    files: Named[tuple[SentFile, ...]] = Column(BroadcastFilesType, nullable=True)
    due: Named[datetime | None] = Column(MomentType)


class BroadcastGroupColumns(TypedColumns):
    broadcast_id: Named[int] = Column(ForeignKey("broadcast.id"), primary_key=True)
    group_id: Named[int] = Column(ForeignKey("teaching_group.id"), primary_key=True)


class BroadcastChangeColumns(TypedColumns):
    """What becomes a lesson change when the broadcast goes, and stays as what it said."""

    id: Named[int] = Column(primary_key=True)
    broadcast_id: Named[int] = Column(ForeignKey("broadcast.id"), index=True)
    group_id: Named[int] = Column(ForeignKey("teaching_group.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    on: Named[date] = Column(DayType)
    number: Named[int]
    kind: Named[ChangeKind] = Column(WordType(ChangeKind))
    new_subject_id: Named[int | None] = Column(ForeignKey("subject.id"))
    new_teacher_id: Named[int | None] = Column(ForeignKey("person.id"))
    new_room: Named[str | None]
    new_on: Named[date | None] = Column(DayType)
    new_number: Named[int | None]


_PLANNED = text("state = 'planned'")

broadcast = Table(
    "broadcast",
    metadata,
    BroadcastColumns,
    Index("ix_broadcast_planned", "send_at", sqlite_where=_PLANNED, postgresql_where=_PLANNED),
)
broadcast_group = Table("broadcast_group", metadata, BroadcastGroupColumns)
broadcast_change = Table("broadcast_change", metadata, BroadcastChangeColumns)

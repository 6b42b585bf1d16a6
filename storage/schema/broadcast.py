"""Broadcasts, the groups they go to, and the lesson changes that they bring when they go."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Dialect, ForeignKey, Index, Named, Table, TypedColumns, TypeDecorator, text

from core.model.broadcast import Acknowledging, BroadcastState
from core.model.conversation import SentFile
from core.model.timetable import ChangeKind
from storage.database.types import DayType, MomentType, WordType
from storage.schema.names import metadata


class BroadcastFilesType(TypeDecorator[tuple[SentFile, ...]]):
    """Files as the messenger keeps them; until 0.2 there was one at most, kept without a list."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: tuple[SentFile, ...] | None, _dialect: Dialect) -> list[dict[str, Any]] | None:
        return [asdict(file) for file in value] if value else None

    def process_result_value(self, value: Any, _dialect: Dialect) -> tuple[SentFile, ...]:
        kept = value if isinstance(value, list) else [value] if value else []
        return tuple(SentFile(**file) for file in kept)


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

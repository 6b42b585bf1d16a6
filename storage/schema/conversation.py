"""The state of chats, and updates that wait for their handling."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, LargeBinary, Named, Table, TypedColumns, text

from storage.database.types import MomentType
from storage.schema.names import metadata


class DialogColumns(TypedColumns):
    channel: Named[str] = Column(primary_key=True)
    chat: Named[str] = Column(primary_key=True)
    step: Named[str | None]
    draft: Named[Mapping[str, Any]] = Column(JSON)
    child_id: Named[int | None] = Column(ForeignKey("student.id"))
    kept_at: Named[datetime] = Column(MomentType)
    person_id: Named[int | None] = Column(ForeignKey("person.id"))
    taken: Named[Mapping[str, Any]] = Column(JSON)
    asked: Named[Mapping[str, Any]] = Column(JSON)


class ArrivalColumns(TypedColumns):
    """`held_at`: when its holder last said that it is alive; `finished_at`: answered, kept to know it if it returns."""

    channel: Named[str] = Column(primary_key=True)
    update_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    chat: Named[str]
    body: Named[str]
    holder: Named[str]
    arrived_at: Named[datetime] = Column(MomentType)
    applied: Named[bool]
    held_at: Named[datetime] = Column(MomentType)
    finished_at: Named[datetime | None] = Column(MomentType)


class KeptFileColumns(TypedColumns):
    """`content` None: expected, and not fetched yet; `try_at`: when it is asked for next, None once it is kept."""

    digest: Named[str] = Column(primary_key=True)
    channel: Named[str]
    reference: Named[str]
    content: Named[bytes | None] = Column(LargeBinary)
    until: Named[datetime] = Column(MomentType, index=True)
    tries: Named[int]
    try_at: Named[datetime | None] = Column(MomentType, index=True)


WAITING = text("finished_at IS NULL")

kept_file = Table("kept_file", metadata, KeptFileColumns)
dialog = Table("dialog", metadata, DialogColumns)
arrival = Table(
    "arrival",
    metadata,
    ArrivalColumns,
    Index("ix_arrival_waiting", "holder", sqlite_where=WAITING, postgresql_where=WAITING),
    Index(None, "finished_at"),
)

"""The print queue."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns, false

from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.model.paper import Block
from storage.database.types import BlocksType, ExtractTextType, MomentType, WordType
from storage.schema.names import metadata


class ExtractColumns(TypedColumns):
    """`announced_at`: when the class teacher was told that there is something to hand out.

    `batched_at`: when the clock sent it to the school's printer.
    """

    id: Named[int] = Column(primary_key=True)
    number: Named[str] = Column(unique=True)
    key: Named[str] = Column(unique=True)
    person_id: Named[int] = Column(ForeignKey("person.id"))
    student_id: Named[int | None] = Column(ForeignKey("student.id"))
    basis: Named[str]
    text: Named[Text] = Column(ExtractTextType)
    status: Named[Status] = Column(WordType(Status), index=True)
    queued_at: Named[datetime] = Column(MomentType)
    printed_at: Named[datetime | None] = Column(MomentType)
    handed_at: Named[datetime | None] = Column(MomentType)
    signed_at: Named[datetime | None] = Column(MomentType)
    announced_at: Named[datetime | None] = Column(MomentType)
    is_weekly: Named[bool] = Column(server_default=false())
    contents: Named[tuple[Block, ...]] = Column(BlocksType, server_default="[]")
    batched_at: Named[datetime | None] = Column(MomentType)


extract = Table("extract", metadata, ExtractColumns)

"""The print queue."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns, false

from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.model.paper import Block
from storage.database.types import Blocks, ExtractText, Moment, Word
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
    text: Named[Text] = Column(ExtractText)
    status: Named[Status] = Column(Word(Status), index=True)
    queued_at: Named[datetime] = Column(Moment)
    printed_at: Named[datetime | None] = Column(Moment)
    handed_at: Named[datetime | None] = Column(Moment)
    signed_at: Named[datetime | None] = Column(Moment)
    announced_at: Named[datetime | None] = Column(Moment)
    is_weekly: Named[bool] = Column(server_default=false())
    contents: Named[tuple[Block, ...]] = Column(Blocks, server_default="[]")
    batched_at: Named[datetime | None] = Column(Moment)


extract = Table("extract", metadata, ExtractColumns)

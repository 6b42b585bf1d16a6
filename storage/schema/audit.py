"""The audit trail and its head."""

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Named, Table, TypedColumns

from storage.database.types import MomentType
from storage.schema.names import metadata


class AuditLineColumns(TypedColumns):
    """Append-only, by a trigger; ids have no gaps, so a missing line shows (Q76)."""

    id: Named[int] = Column(primary_key=True, autoincrement=False)
    at: Named[datetime] = Column(MomentType)
    actor_id: Named[int | None] = Column(ForeignKey("person.id"))
    role: Named[str]
    action: Named[str]
    facts: Named[dict[str, str | int | None]] = Column(JSON)
    chain: Named[str]


class AuditHeadColumns(TypedColumns):
    """One row: the last line of the chain, locked by whoever adds the next.

    `trail` is drawn once for each database and stays with its copies; `epoch`: see `core.model.audit.AuditHead`.
    """

    id: Named[int] = Column(primary_key=True, autoincrement=False)
    line_id: Named[int]
    chain: Named[str]
    trail: Named[str]
    epoch: Named[int]


audit_line = Table("audit_line", metadata, AuditLineColumns)
audit_head = Table("audit_head", metadata, AuditHeadColumns)

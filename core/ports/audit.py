"""The hash-linked trail."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from core.model.audit import AuditLine, Flaw, Head
from core.model.people import Actor


class Audit(Protocol):
    """The append-only, hash-linked trail (Q76, Q102): ids and keyed hashes, never names or addresses."""

    async def write(self, actor: Actor, action: str, *, at: datetime, **facts: str | int | None) -> None:
        """The line joins the chain when the unit of work commits."""
        ...

    async def verify(self) -> Flaw | None:
        """The first line that does not fit the chain; None if all do and the head row knows the last."""
        ...

    async def head(self) -> Head | None:
        """Where the trail ends; None where the head row was removed."""
        ...

    async def chain_at(self, line: int) -> str | None: ...
    async def is_outlived(self) -> bool:
        """Whether the database holds an attempt that was settled after the last line, which must have told of it."""
        ...

    async def begin_epoch(self, epoch: int) -> None:
        """From now on the trail is in this epoch."""
        ...

    async def lines(self, *, limit: int) -> Sequence[AuditLine]: ...
    def export(self) -> AsyncIterator[AuditLine]:
        """All lines in order, a part at a time."""
        ...

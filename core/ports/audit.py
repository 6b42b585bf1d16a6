"""The hash-linked trail."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Protocol

from core.model.audit import AuditHead, AuditLine, Flaw
from core.model.people import Actor


class AuditPort(Protocol):
    """The append-only, hash-linked trail (Q76, Q102): ids and keyed hashes, never names or addresses."""

    async def write(self, actor: Actor, action: str, *, at: datetime, **facts: str | int | None) -> None:
        """Adds a line; it gets its place in the chain when the unit of work commits."""
        ...

    async def verify(self) -> Flaw | None:
        """The first damaged line; None if all lines fit the chain and the head row names the last one."""
        ...

    async def head(self) -> AuditHead | None:
        """The head of the trail; None if its row was removed."""
        ...

    async def chain_at(self, line: int) -> str | None: ...
    async def is_outlived(self) -> bool:
        """True if an attempt was settled after the last line was written; so its line was removed."""
        ...

    async def begin_epoch(self, epoch: int) -> None:
        """Sets the epoch of the trail."""
        ...

    async def lines_about(self, attempt_ids: Collection[int], obligation_id: int) -> Sequence[AuditLine]:
        """The lines about these attempts and about evidence of this obligation that no attempt carries, in order."""
        ...

    async def lines(self, *, limit: int) -> Sequence[AuditLine]: ...
    async def lines_of(self, actions: Collection[str]) -> Sequence[AuditLine]:
        """All lines of these actions, in order."""
        ...

    def export(self) -> AsyncIterator[AuditLine]:
        """All lines in order, a part at a time."""
        ...


class AuditWitnessPort(Protocol):
    """Stores the head of the trail outside the database, so that a shortened trail is recognised."""

    def check(self, head: AuditHead) -> None:
        """Raises OldCopyError if the trail ends before the head that the witness knows."""
        ...

    def note(self, head: AuditHead) -> None:
        """Stores a head that was committed."""
        ...

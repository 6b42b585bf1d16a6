"""The audit trail as a hash chain: each line's hash covers the line and the hash before it (Q76, Q102)."""

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import starmap
from typing import Any, Protocol

from sqlalchemy import bindparam, exc, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.audit import AuditLine, Damage, Flaw, Head
from core.model.delivery.states import Reason
from core.model.people import Actor
from storage.database.revision import DamagedDatabaseError
from storage.database.rows import fetch, selected
from storage.schema.audit import audit_head, audit_line
from storage.schema.delivery import attempt

HEAD = select(audit_head.c.trail, audit_head.c.epoch, audit_head.c.line_id, audit_head.c.chain).where(
    audit_head.c.id == 1
)
LAST = HEAD.with_for_update()
ADD = insert(audit_line)
MOVE = (
    update(audit_head).where(audit_head.c.id == 1).values(line_id=bindparam("last_id"), chain=bindparam("last_chain"))
)
AHEAD = select(audit_head.c.line_id).where(audit_head.c.id == 1, exists().where(audit_line.c.id > audit_head.c.line_id))
"""The head row, if there are lines after it; one statement, since others may be writing."""

OUTLIVED = exists().where(
    attempt.c.finished_at > select(func.max(audit_line.c.at)).scalar_subquery(),
    or_(attempt.c.reason.is_(None), attempt.c.reason != Reason.WORKER_KILLED),
)
"""Whether an attempt ended after the last line: each settled attempt has a line, except those of a killed worker."""

BATCH = 1_000


class Witness(Protocol):
    """Keeps the head of the trail outside the database, so that a shortened trail is found."""

    def check(self, head: Head) -> None:
        """Raises OldCopyError where the trail ends before the head that the witness knows."""
        ...

    def note(self, head: Head) -> None:
        """Notes a head that is committed."""
        ...


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that waits for its place in the chain."""

    at: datetime
    actor_id: int | None
    role: str
    action: str
    facts: dict[str, str | int | None]


class SqlAudit:
    def __init__(self, connection: AsyncConnection, witness: Witness | None = None) -> None:
        self._connection = connection
        self._witness = witness
        self._waiting: list[_Line] = []

    async def write(self, actor: Actor, action: str, *, at: datetime, **facts: str | int | None) -> None:
        self._waiting.append(_Line(at, actor.person_id, ",".join(sorted(actor.roles)), action, facts))

    def forget(self) -> None:
        """Drops the waiting lines of a transaction that was given up."""
        self._waiting.clear()

    async def flush(self) -> Head | None:
        """Links the waiting lines and returns the new head; None where none waited.

        The last thing before a commit, since everybody waits for the head of the chain. OldCopyError from the witness.
        """
        if not self._waiting:
            return None
        head = _head((await self._connection.execute(LAST)).first())
        if head is None:
            raise DamagedDatabaseError
        if self._witness is not None:
            self._witness.check(head)
        rows, chain = [], head.chain
        for line_id, line in enumerate(self._waiting, head.line + 1):
            chain = link(chain, line_id, line)
            rows.append({"id": line_id, **_fields(line), "chain": chain})
        await self._connection.execute(ADD, rows)
        await self._connection.execute(MOVE, {"last_id": rows[-1]["id"], "last_chain": chain})
        self._waiting.clear()
        return Head(head.trail, head.epoch, head.line + len(rows), chain)

    async def verify(self) -> Flaw | None:
        try:
            return await self._first_flaw(self.export())
        except Exception as error:
            if not _is_of_content(error):
                raise
        return await self._first_flaw(self._one_by_one())

    async def _first_flaw(self, lines: AsyncIterator[AuditLine | None]) -> Flaw | None:
        head = await self.head()
        seen, chain = 0, ""
        async for line in lines:
            seen, before = seen + 1, chain
            chain = "" if line is None else link(before, seen, line)
            if (damage := _damage(line, seen, chain, head)) is not None:
                return Flaw(damage, seen)
        if head is None:
            return Flaw(Damage.HEADLESS, seen)
        if seen < head.line:
            return Flaw(Damage.CUT, seen + 1)
        behind = (await self._connection.execute(AHEAD)).first()
        return Flaw(Damage.UNHEADED, behind.line_id + 1) if behind else None

    async def export(self) -> AsyncIterator[AuditLine]:
        ordered = selected(audit_line, AuditLine).order_by(audit_line.c.id)
        rows = await self._connection.stream(ordered)
        async for part in rows.partitions(BATCH):  # row by row, each row would cost a switch of greenlets
            for line in starmap(AuditLine, part):
                yield line

    async def _one_by_one(self) -> AsyncIterator[AuditLine | None]:
        """None for a line that somebody made unreadable."""
        for line_id in await self._connection.scalars(select(audit_line.c.id).order_by(audit_line.c.id)):
            try:
                row = (
                    await self._connection.execute(selected(audit_line, AuditLine).where(audit_line.c.id == line_id))
                ).one()
                line = AuditLine(*row)
                link("", line_id, line)
            except Exception as error:
                if not _is_of_content(error):
                    raise
                yield None
            else:
                yield line

    async def head(self) -> Head | None:
        return _head((await self._connection.execute(HEAD)).first())

    async def chain_at(self, line: int) -> str | None:
        found: str | None = await self._connection.scalar(select(audit_line.c.chain).where(audit_line.c.id == line))
        return found

    async def is_outlived(self) -> bool:
        return bool(await self._connection.scalar(select(OUTLIVED)))

    async def begin_epoch(self, epoch: int) -> None:
        await self._connection.execute(update(audit_head).values(epoch=epoch))

    async def lines(self, *, limit: int) -> Sequence[AuditLine]:
        newest = selected(audit_line, AuditLine).order_by(audit_line.c.id.desc()).limit(limit)
        return await fetch(self._connection, AuditLine, newest)


def _damage(line: AuditLine | None, number: int, chain: str, head: Head | None) -> Damage | None:
    """What is wrong with the line in this place; `chain` is what it should bear. None for one that stands."""
    if line is None:
        return Damage.CHANGED
    if line.id != number:
        return Damage.MISSING
    if line.chain != chain:
        return Damage.CHANGED
    is_off = head is not None and number == head.line and chain != head.chain
    return Damage.UNHEADED if is_off else None


def _head(row: Any) -> Head | None:
    """None for a row whose numbers are none: SQLite keeps whatever it is given."""
    if row is None or not isinstance(row.line_id, int) or not isinstance(row.epoch, int):
        return None
    return Head(*row)


def _is_of_content(error: Exception) -> bool:
    """Whether it speaks of what stands in a row, which somebody has written past us, and not of the database."""
    is_no_text = isinstance(error, exc.OperationalError) and "decode" in str(error.orig)
    return is_no_text or isinstance(error, ValueError | TypeError | AttributeError | RecursionError)


def link(chain: str, line_id: int, line: _Line | AuditLine) -> str:
    """SHA-256 over the predecessor's chain and the canonical JSON of the line."""
    return hashlib.sha256(f"{chain}{canonical(line_id, line)}".encode()).hexdigest()


def canonical(line_id: int, line: _Line | AuditLine) -> str:
    """The text that the hash covers: JSON with sorted keys, without blanks, the moment in UTC."""
    fields = {"id": line_id, **_fields(line), "at": line.at.astimezone(UTC).isoformat()}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def exported(line: AuditLine) -> str:
    """A line of the export: the JSON that the hash covers, and the hash."""
    fields = json.loads(canonical(line.id, line)) | {"chain": line.chain}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)


def _fields(line: _Line | AuditLine) -> dict[str, object]:
    return {"at": line.at, "actor_id": line.actor_id, "role": line.role, "action": line.action, "facts": line.facts}

"""The audit trail as a hash chain: the hash of a line covers the line and the hash of the line before (Q76, Q102)."""

import hashlib
import json
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import starmap
from typing import Any

from sqlalchemy import (
    Select,
    String,
    bindparam,
    cast,
    exc,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.audit import RECEIPT_CORRECTED, AuditHead, AuditLine, Damage, Flaw
from core.model.delivery.states import Reason
from core.model.people import Actor
from core.ports.audit import AuditWitnessPort
from storage.database.revision import DamagedDatabaseError
from storage.database.rows import fetch_rows, row_columns, select_rows
from storage.database.types import SQLITE, moment_type_text
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
"""The head, if the table has lines after it. One statement, since others may write at the same time."""

ENDED_LATER = exists().where(
    attempt.c.finished_at > select(func.max(audit_line.c.at)).scalar_subquery(),
    or_(attempt.c.reason.is_(None), attempt.c.reason != Reason.WORKER_KILLED),
)
"""Whether an attempt ended after the last line. Each settled attempt has a line, except those of a killed worker."""

_is_of_result = audit_line.c.action.startswith("result.") | (audit_line.c.action == RECEIPT_CORRECTED)
"""Lines that name obligations: evidence that no attempt carries, and corrected moments of receipt."""

_AS_STORED = type_coerce(audit_line.c.at, String).label("stored_at")
STORED_IN_FILE = select(
    *row_columns(audit_line, AuditLine), _AS_STORED, type_coerce(audit_line.c.facts, String).label("stored_facts")
)
STORED_ON_SERVER = select(
    *row_columns(audit_line, AuditLine), _AS_STORED, cast(audit_line.c.facts, String).label("stored")
)
"""Lines with the values whose spelling the hash does not cover; a server's driver would decode the JSON itself."""

BATCH = 1_000
"""Lines that are read at a time."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that gets its place in the chain at commit."""

    at: datetime
    actor_id: int | None
    role: str
    action: str
    facts: dict[str, str | int | None]


class SqlAudit:
    def __init__(self, connection: AsyncConnection, witness: AuditWitnessPort | None = None) -> None:
        self._connection = connection
        self._witness = witness
        self._waiting: list[_Line] = []

    @property
    def _stored(self) -> Select[Any]:
        return STORED_IN_FILE if self._connection.dialect.name == SQLITE else STORED_ON_SERVER

    async def write(self, actor: Actor, action: str, *, at: datetime, **facts: str | int | None) -> None:
        self._waiting.append(_Line(at, actor.person_id, ",".join(sorted(actor.roles)), action, facts))

    def forget(self) -> None:
        """Drops the waiting lines of a transaction that was given up."""
        self._waiting.clear()

    async def flush(self) -> AuditHead | None:
        """Adds the waiting lines to the chain; returns the new head, or None if no line waited.

        Done last before a commit, because it locks the head, which every writer needs. Raises OldCopyError.
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
            chain = stored_audit_line_hash(chain, line_id, line)
            rows.append({"id": line_id, **_fields(line), "chain": chain})
        await self._connection.execute(ADD, rows)
        await self._connection.execute(MOVE, {"last_id": rows[-1]["id"], "last_chain": chain})
        self._waiting.clear()
        return AuditHead(head.trail, head.epoch, head.line + len(rows), chain)

    async def verify(self) -> Flaw | None:
        try:
            return await self._first_flaw(self._as_written())
        except Exception as error:
            if not _is_of_content(error):
                raise
        return await self._first_flaw(self._one_by_one())

    async def _first_flaw(self, lines: AsyncIterator[AuditLine | None]) -> Flaw | None:
        head = await self.head()
        count, chain = 0, ""
        async for line in lines:
            count, before = count + 1, chain
            chain = "" if line is None else stored_audit_line_hash(before, count, line)
            if (damage := _damage(line, count, chain, head)) is not None:
                return Flaw(damage, count)
        if head is None:
            return Flaw(Damage.HEADLESS, count)
        if count < head.line:
            return Flaw(Damage.CUT, count + 1)
        behind = (await self._connection.execute(AHEAD)).first()
        return Flaw(Damage.UNHEADED, behind.line_id + 1) if behind else None

    async def export(self) -> AsyncIterator[AuditLine]:
        ordered = select_rows(audit_line, AuditLine).order_by(audit_line.c.id)
        rows = await self._connection.stream(ordered)
        async for part in rows.partitions(BATCH):  # reading single rows would switch greenlets for each row
            for line in starmap(AuditLine, part):
                yield line

    async def _as_written(self) -> AsyncIterator[AuditLine | None]:
        """All lines; None for one whose stored text says the same in another spelling, which only tampering leaves."""
        rows = await self._connection.stream(self._stored.order_by(audit_line.c.id))
        async for part in rows.partitions(BATCH):
            for *fields, at, facts in part:
                line = AuditLine(*fields)
                yield line if _is_as_written(line, at, facts) else None

    async def _one_by_one(self) -> AsyncIterator[AuditLine | None]:
        """All lines; None for a line that cannot be read, because somebody changed it."""
        for line_id in await self._connection.scalars(select(audit_line.c.id).order_by(audit_line.c.id)):
            try:
                one = await self._connection.execute(self._stored.where(audit_line.c.id == line_id))
                *fields, at, facts = one.one()
                line = AuditLine(*fields)
                stored_audit_line_hash("", line_id, line)  # fails if a value has the wrong type
            except Exception as error:
                if not _is_of_content(error):
                    raise
                yield None
            else:
                yield line if _is_as_written(line, at, facts) else None

    async def head(self) -> AuditHead | None:
        return _head((await self._connection.execute(HEAD)).first())

    async def chain_at(self, line: int) -> str | None:
        chain: str | None = await self._connection.scalar(select(audit_line.c.chain).where(audit_line.c.id == line))
        return chain

    async def is_outlived(self) -> bool:
        return bool(await self._connection.scalar(select(ENDED_LATER)))

    async def begin_epoch(self, epoch: int) -> None:
        await self._connection.execute(update(audit_head).values(epoch=epoch))

    async def lines_about(self, attempt_ids: Collection[int], obligation_id: int) -> Sequence[AuditLine]:
        named = literal(",") + audit_line.c.facts["obligations"].as_string() + literal(",")
        about_attempt = audit_line.c.facts["attempt"].as_integer().in_(attempt_ids)
        about_result = _is_of_result & named.contains(f",{obligation_id},")
        found = select_rows(audit_line, AuditLine).where(about_attempt | about_result).order_by(audit_line.c.id)
        return await fetch_rows(self._connection, AuditLine, found)

    async def lines(self, *, limit: int) -> Sequence[AuditLine]:
        newest = select_rows(audit_line, AuditLine).order_by(audit_line.c.id.desc()).limit(limit)
        return await fetch_rows(self._connection, AuditLine, newest)

    async def lines_of(self, actions: Collection[str]) -> Sequence[AuditLine]:
        found = select_rows(audit_line, AuditLine).where(audit_line.c.action.in_(actions)).order_by(audit_line.c.id)
        return await fetch_rows(self._connection, AuditLine, found)


def _is_as_written(line: AuditLine, at: object, facts: object) -> bool:
    """Whether the stored values are spelt as this module writes them; a server has moments, not texts."""
    return facts == json.dumps(line.facts) and (isinstance(at, datetime) or at == moment_type_text(line.at))


def _damage(line: AuditLine | None, number: int, chain: str, head: AuditHead | None) -> Damage | None:
    """What is wrong with the line at this place; `chain`: the hash that it should have. None for a right one."""
    if line is None:
        return Damage.CHANGED
    if line.id != number:
        return Damage.MISSING
    if line.chain != chain:
        return Damage.CHANGED
    is_off = head is not None and number == head.line and chain != head.chain
    return Damage.UNHEADED if is_off else None


def _head(row: Any) -> AuditHead | None:
    """None for a row whose numbers are of another type: SQLite stores any type in any column."""
    if row is None or not isinstance(row.line_id, int) or not isinstance(row.epoch, int):
        return None
    return AuditHead(*row)


def _is_of_content(error: Exception) -> bool:
    """Whether the error is about the content of a row, which somebody changed by other means."""
    is_no_text = isinstance(error, exc.OperationalError) and "decode" in str(error.orig)
    return is_no_text or isinstance(error, ValueError | TypeError | AttributeError | RecursionError)


def stored_audit_line_hash(chain: str, line_id: int, line: _Line | AuditLine) -> str:
    """SHA-256 over the hash of the line before and the canonical JSON of the line."""
    return hashlib.sha256(f"{chain}{_canonical_line(line_id, line)}".encode()).hexdigest()


def _canonical_line(line_id: int, line: _Line | AuditLine) -> str:
    """The text that the hash covers: JSON with sorted keys, without blanks, the time in UTC."""
    fields = {"id": line_id, **_fields(line), "at": line.at.astimezone(UTC).isoformat()}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def stored_audit_export_line(line: AuditLine) -> str:
    """A line of the export: the JSON that the hash covers, and the hash."""
    fields = json.loads(_canonical_line(line.id, line)) | {"chain": line.chain}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)


def _fields(line: _Line | AuditLine) -> dict[str, object]:
    return {"at": line.at, "actor_id": line.actor_id, "role": line.role, "action": line.action, "facts": line.facts}

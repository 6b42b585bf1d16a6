"""The hash-linked trail in SQL: each line's chain covers the line and the chain before it (Q76, Q102)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import starmap

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.audit import AuditLine
from core.model.people import Actor
from storage.rows import fetch, selected
from storage.schema.ledger import audit_head, audit_line

HEAD = select(audit_head.c.line_id, audit_head.c.chain)
LAST = HEAD.with_for_update()
ADD = insert(audit_line)
MOVE = update(audit_head).values(line_id=bindparam("last_id"), chain=bindparam("last_chain"))
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that waits for its place in the chain."""

    at: datetime
    actor_id: int | None
    role: str
    action: str
    facts: dict[str, str | int | None]


class Audit:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._waiting: list[_Line] = []

    async def write(self, actor: Actor, action: str, *, at: datetime, **facts: str | int | None) -> None:
        self._waiting.append(_Line(at, actor.person_id, ",".join(sorted(actor.roles)), action, facts))

    async def flush(self) -> None:
        """Links the waiting lines: the last thing before a commit, since everybody waits for the head of the chain."""
        if not self._waiting:
            return
        last_id, chain = (await self._connection.execute(LAST)).one()
        rows = []
        for line_id, line in enumerate(self._waiting, last_id + 1):
            chain = link(chain, line_id, line)
            rows.append({"id": line_id, **_fields(line), "chain": chain})
        await self._connection.execute(ADD, rows)
        await self._connection.execute(MOVE, {"last_id": rows[-1]["id"], "last_chain": chain})
        self._waiting.clear()

    async def verify(self) -> int | None:
        last_id, last_chain = (await self._connection.execute(HEAD)).one()
        seen, chain = 0, ""
        ordered = selected(audit_line, AuditLine).order_by(audit_line.c.id)
        rows = await self._connection.stream(ordered)
        async for part in rows.partitions(BATCH):  # a row at a time would cost a switch of greenlets each
            for line in starmap(AuditLine, part):
                seen, chain = seen + 1, link(chain, seen + 1, line)
                if line.id != seen or line.chain != chain:
                    return seen
        return None if (seen, chain) == (last_id, last_chain) else seen + 1

    async def lines(self, *, limit: int) -> Sequence[AuditLine]:
        newest = selected(audit_line, AuditLine).order_by(audit_line.c.id.desc()).limit(limit)
        return await fetch(self._connection, AuditLine, newest)


def link(chain: str, line_id: int, line: _Line | AuditLine) -> str:
    """SHA-256 over the predecessor's chain and the canonical JSON of the line."""
    fields = {"id": line_id, **_fields(line), "at": line.at.astimezone(UTC).isoformat()}
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{chain}{canonical}".encode()).hexdigest()


def _fields(line: _Line | AuditLine) -> dict[str, object]:
    return {"at": line.at, "actor_id": line.actor_id, "role": line.role, "action": line.action, "facts": line.facts}

"""The anchor: the end of the audit trail, stored beside the signing key with an HMAC.

It reveals a shortened trail and an older copy of the database. There is one file for each database, written shortly
after each commit, so it never knows more than the database.
"""

import asyncio
import fcntl
import hmac
import json
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

import structlog

from bot.settings import Settings
from core.actions import audit
from core.actions.delivery.lease import LEASE
from core.errors import MustBeMendedError, OldCopyError, StorageError
from core.model.audit import FIRST_EPOCH, UNBEGUN, AuditHead
from core.ports import UnitOfWork, UnitOfWorkFactory
from storage import closed_files

WRITE_PAUSE = 0.2
"""Seconds between two writes; a kill loses at most the anchor of so many seconds."""

READ_EVERY = 60.0
"""Seconds after which the head is read from the database, since other hosts may have written."""

log = structlog.get_logger()


class AnchorError(MustBeMendedError):
    """The anchor of the audit trail cannot be used; `key` names the sentence, `facts` are numbers."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


@dataclass(slots=True)
class Anchor:
    """The anchor files of a data folder. The units of work of this process report each commit to it."""

    folder: Path
    key: bytes = field(repr=False)
    known: AuditHead | None = None
    last: AuditHead | None = None
    written: AuditHead | None = None
    saving: threading.Lock = field(default_factory=threading.Lock)
    noted: asyncio.Event = field(default_factory=asyncio.Event)

    def path(self, name: str) -> Path:
        """The file of a trail. The name comes from the database, so only its letters and digits are used."""
        return self.folder / f"audit-{''.join(filter(str.isalnum, name))}.anchor"

    def read(self, name: str) -> AuditHead | None:
        """The anchored head of a trail; None without a file. AnchorError where it does not bear this key's HMAC."""
        try:
            facts = json.loads(self.path(name).read_text(encoding="utf-8"))
            seal, head = facts.pop("hmac"), AuditHead(**facts)
        except FileNotFoundError:
            return None
        except (IsADirectoryError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise AnchorError("audit.anchor_forged") from None
        if head.trail != name or not hmac.compare_digest(str(seal), self._seal(head)):
            raise AnchorError("audit.anchor_forged")
        return head

    def _seal(self, head: AuditHead) -> str:
        said = json.dumps(asdict(head), sort_keys=True)
        return hmac.new(self.key, f"audit anchor\n{said}".encode(), "sha256").hexdigest()

    def check(self, head: AuditHead) -> None:
        """Raises OldCopyError where the trail ends before its anchor; called before a line is added.

        The file is read again first, since `vestnik restore` may have begun a new epoch. AnchorError where the school
        has worked before and its anchor is missing or forged, since the next line would hide that.
        """
        if self.known is None or self.known.trail != head.trail:
            self.known = self.read(head.trail)
            if self.known is None and head.epoch != UNBEGUN:
                raise AnchorError("audit.anchor_missing")
        elif not head.may_follow(self.known):
            written = self.read_authentic(head.trail)
            if written is not None and written.epoch > self.known.epoch:
                self.known = written
        if self.known is not None and not head.may_follow(self.known):
            raise OldCopyError

    def read_authentic(self, name: str) -> AuditHead | None:
        """As `read`, but None for a forged file; `require_anchored_database` and `anchor_fault` report that."""
        with suppress(AnchorError):
            return self.read(name)
        return None

    def note(self, head: AuditHead) -> None:
        """Record a committed head, to be written soon; of two heads the later one counts."""
        if self.known is None or self.known.trail != head.trail or head.may_follow(self.known):
            self.known = self.last = head
            self.noted.set()

    def save(self) -> None:
        """Write the recorded head, one thread at a time; on return nothing is unwritten.

        A folder that cannot be written to is logged and does not stop the school.
        """
        with self.saving:
            head = self.last
            if head is None or head is self.written:
                return
            try:
                self.write(head)
            except (OSError, AnchorError) as error:
                log.error("audit.not_anchored", error=type(error).__name__, line=head.line)  # noqa: TRY400
            else:
                self.written = head

    def write(self, head: AuditHead, *, anew: bool = False) -> None:
        """Replace the file atomically. An earlier head or another epoch is not written, unless `anew`."""
        with self._locked():
            written = None if anew else self.read(head.trail)
            if written is None or head.may_follow(written):
                closed_files.write_closed_file(
                    self.path(head.trail), json.dumps(asdict(head) | {"hmac": self._seal(head)})
                )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock the folder: one process at a time reads and writes."""
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
            os.fsync(folder)
        finally:
            os.close(folder)


class AnchoredSchool(Protocol):
    """A school whose trail has an anchor."""

    @property
    def anchor(self) -> Anchor: ...

    @property
    def open_uow(self) -> UnitOfWorkFactory: ...

    @property
    def settings(self) -> Settings: ...


@asynccontextmanager
async def write_anchor_in_background(school: AnchoredSchool) -> AsyncIterator[None]:
    """Write the anchor in the background while the block runs, and once more at its end."""
    keeping = asyncio.create_task(_write_forever(school))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await asyncio.to_thread(school.anchor.save)


async def _write_forever(school: AnchoredSchool) -> None:
    anchor = school.anchor
    while True:
        try:
            async with asyncio.timeout(READ_EVERY):  # in Python 3.11 wait_for may swallow a cancellation
                await anchor.noted.wait()
        except TimeoutError:
            await _record_other_hosts(school)
        anchor.noted.clear()
        await asyncio.to_thread(anchor.save)
        await asyncio.sleep(WRITE_PAUSE)


async def _record_other_hosts(school: AnchoredSchool) -> None:
    """Record lines that other hosts have written to the database."""
    try:
        async with school.open_uow(reading=True) as uow:
            head = await uow.audit.head()
        if head is not None:
            school.anchor.check(head)
            school.anchor.note(head)
    except StorageError:
        return
    except (OldCopyError, AnchorError):
        log.error("audit.older_copy")  # noqa: TRY400


async def require_anchored_database(school: AnchoredSchool) -> None:
    """Require the database that this school used last, not a copy that was restored by hand (Q124).

    The first start anchors the trail. A host without an anchor may start while a worker of another host is active.
    Raises OldCopyError, AnchorError, and StorageError where the database is out of reach.
    """
    head, anchored, is_ours = await _compared(school, school.anchor.read)
    if not is_ours:
        raise OldCopyError
    if anchored is None and head.epoch and not await _is_worker_active(school):
        raise AnchorError("audit.anchor_missing")
    await _anchor_now(school, head)


async def _compared(
    school: AnchoredSchool, read: Callable[[str], AuditHead | None]
) -> tuple[AuditHead, AuditHead | None, bool]:
    """The head, its anchor, and whether the trail contains that. AnchorError where the database has no head.

    The anchor is read before the trail: others may write meanwhile, and then the trail is longer.
    """
    async with school.open_uow(reading=True) as uow:
        anchored = read((await _head(uow)).trail)
    async with school.open_uow(reading=True) as uow:
        head = await _head(uow)
        return head, anchored, anchored is None or await audit.audit_trail_contains_anchor(uow, head, anchored)


async def _head(uow: UnitOfWork) -> AuditHead:
    head = await uow.audit.head()
    if head is None:
        raise AnchorError("audit.headless", line=0)
    return head


async def _is_worker_active(school: AnchoredSchool) -> bool:
    """True where another host's worker renews its lease: then this is the database in use."""
    counts = set()
    for pause in (0.0, school.settings.lease.total_seconds()):
        await asyncio.sleep(pause)
        async with school.open_uow(reading=True) as uow:
            counts.add(await uow.leases.held(LEASE))
    return len(counts) > 1


async def first_anchor(school: AnchoredSchool) -> None:
    """Anchor a trail of a version without anchors, when the database is migrated."""
    async with school.open_uow(reading=True) as uow:
        head = await uow.audit.head()
    if head is not None and head.line and not head.epoch:
        with suppress(AnchorError):
            if school.anchor.read(head.trail) is None:
                school.anchor.note(head)


async def _anchor_now(school: AnchoredSchool, head: AuditHead) -> None:
    """Anchor the trail as it is; the first start begins the first epoch.

    The file is written before the epoch: another process that starts now and sees the epoch must find the file.
    """
    if not head.epoch:
        await asyncio.to_thread(school.anchor.write, head)
        async with school.open_uow() as uow:
            await uow.audit.begin_epoch(FIRST_EPOCH)
            await uow.commit()
        head = AuditHead(head.trail, FIRST_EPOCH, head.line, head.chain)
    school.anchor.note(head)
    await asyncio.to_thread(school.anchor.save)
    log_anchor(head)


def log_anchor(head: AuditHead) -> None:
    """Log the head, so that anybody can check an export later; it holds no personal data."""
    log.info("audit.anchored", epoch=head.epoch, line=head.line, hash=head.chain)


async def log_anchor_head(school: AnchoredSchool) -> None:
    """Log the head once a day."""
    async with school.open_uow(reading=True) as uow:
        head = await uow.audit.head()
    if head is not None:
        log_anchor(head)


async def anchor_fault(school: AnchoredSchool) -> AnchorError | None:
    """The fault of the trail, in itself or against its anchor; None without a fault."""
    async with school.open_uow(reading=True) as uow:
        head = await uow.audit.head()
    try:  # read the anchor before the trail: others may write meanwhile, and then the trail is longer
        anchored = None if head is None else school.anchor.read(head.trail)
    except AnchorError as forged:
        return forged
    async with school.open_uow(reading=True) as uow:
        flaw = await audit.verify_audit_trail(uow, anchored)
    if flaw is not None:
        return AnchorError(f"audit.{flaw.damage}", line=flaw.line, last=anchored.line if anchored else 0)
    return AnchorError("audit.anchor_missing") if anchored is None and head and head.line else None


async def accept_anchor(school: AnchoredSchool) -> AuditHead:
    """Accept this database on a person's word: on another host, or after a change of key or loss of the anchor.

    Also after a restore on another host, which began a later epoch. OldCopyError where an authentic anchor says that
    this is an older copy: use `restore --in-place` for that.
    """
    head, anchored, is_ours = await _compared(school, school.anchor.read_authentic)
    if not is_ours and anchored is not None and head.epoch <= anchored.epoch:
        raise OldCopyError
    school.anchor.write(head, anew=True)
    log_anchor(head)
    return head

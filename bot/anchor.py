"""Where the audit trail ends, kept beside the signing key under an HMAC: a shortened trail or an older copy shows.

One file for each database. It is written a moment after a line was committed, so it never knows more than the database.
"""

import asyncio
import fcntl
import hmac
import json
import os
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from core.actions import audit
from core.actions.delivery.lease import LEASE
from core.errors import MustBeMendedError, OldCopyError, StorageError
from core.model.audit import FIRST_EPOCH, UNBEGUN, Head
from storage import closed_files

if TYPE_CHECKING:
    from bot.app import App

PAUSE = 0.2
"""Seconds between two writings: what a kill may leave unwritten of this process's own lines."""

FRESH = 60.0
"""Seconds after which the head is read from the database, where other hosts may have written."""

log = structlog.get_logger()


class AnchorError(MustBeMendedError):
    """The anchor of the audit trail cannot be used; `key` names the sentence, `facts` are numbers."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


@dataclass(slots=True)
class Anchor:
    """The anchors in a data folder, under the school's key; a witness of the units of work of one process."""

    folder: Path
    key: bytes = field(repr=False)
    known: Head | None = None
    last: Head | None = None
    written: Head | None = None
    saving: threading.Lock = field(default_factory=threading.Lock)
    noted: asyncio.Event = field(default_factory=asyncio.Event)

    def path(self, name: str) -> Path:
        """The file of a trail. Its name comes from a database, so nothing but letters and digits is taken."""
        return self.folder / f"audit-{''.join(filter(str.isalnum, name))}.anchor"

    def read(self, name: str) -> Head | None:
        """The anchored head of a trail; None without a file. AnchorError where it does not bear this key's HMAC."""
        try:
            facts = json.loads(self.path(name).read_text(encoding="utf-8"))
            seal, head = facts.pop("hmac"), Head(**facts)
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise AnchorError("audit.anchor_forged") from None
        if head.trail != name or not hmac.compare_digest(str(seal), self._seal(head)):
            raise AnchorError("audit.anchor_forged")
        return head

    def _seal(self, head: Head) -> str:
        said = json.dumps(asdict(head), sort_keys=True)
        return hmac.new(self.key, f"audit anchor\n{said}".encode(), "sha256").hexdigest()

    def check(self, head: Head) -> None:
        """OldCopyError before anything is added to a trail that ends before what this data folder knows of it.

        The file is read again where that seems so: a copy may have been put back by `vestnik restore`. AnchorError
        where the school has worked before and its anchor is gone or forged: the next line would hide that.
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

    def read_authentic(self, name: str) -> Head | None:
        """As `read`, but None for one that is not; whoever starts work or verifies hears of it."""
        with suppress(AnchorError):
            return self.read(name)
        return None

    def note(self, head: Head) -> None:
        """This much is committed: it will be written soon. Of two that come at once the later one counts."""
        if self.known is None or self.known.trail != head.trail or head.may_follow(self.known):
            self.known = self.last = head
            self.noted.set()

    def save(self) -> None:
        """Write what was noted, one thread at a time, so that whoever returns from here leaves nothing unwritten.

        A folder that cannot be written to must not end the school's work; it is said.
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

    def write(self, head: Head, *, anew: bool = False) -> None:
        """Put the file in place whole; an earlier head or another epoch replaces nothing, unless begun `anew`."""
        with self._alone():
            written = None if anew else self.read(head.trail)
            if written is None or head.may_follow(written):
                closed_files.write(self.path(head.trail), json.dumps(asdict(head) | {"hmac": self._seal(head)}))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time looks and writes."""
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
            os.fsync(folder)
        finally:
            os.close(folder)


@asynccontextmanager
async def kept(app: "App") -> AsyncIterator[None]:
    """While the block runs, and once more at its end, the anchor follows the trail."""
    keeping = asyncio.create_task(_keep(app))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await asyncio.to_thread(app.anchor.save)


async def _keep(app: "App") -> None:
    anchor = app.anchor
    while True:
        try:
            async with asyncio.timeout(FRESH):  # wait_for would swallow the end of the school in 3.11
                await anchor.noted.wait()
        except TimeoutError:
            await _look(app)
        anchor.noted.clear()
        await asyncio.to_thread(anchor.save)
        await asyncio.sleep(PAUSE)


async def _look(app: "App") -> None:
    """Take over what others have written to the database meanwhile."""
    try:
        async with app.open_uow(reading=True) as uow:
            head = await uow.audit.head()
        if head is not None:
            app.anchor.check(head)
            app.anchor.note(head)
    except StorageError:
        return
    except (OldCopyError, AnchorError):
        log.error("audit.older_copy")  # noqa: TRY400


async def require_present(app: "App") -> None:
    """Work begins only with the database that this school worked with last, not with a copy put back by hand (Q124).

    At the first start the trail is anchored; a host without an anchor may join others that are at work. Raises
    OldCopyError, AnchorError, and StorageError where the database is out of reach.
    """
    async with app.open_uow(reading=True) as uow:
        head = await uow.audit.head()
        if head is None:
            raise AnchorError("audit.headless", line=0)
        anchored = app.anchor.read(head.trail)
        if anchored is not None and not await audit.continues_anchor(uow, head, anchored):
            raise OldCopyError
    if anchored is None and head.epoch and not await _is_led(app):
        raise AnchorError("audit.anchor_missing")
    await _go_on(app, head)


async def _is_led(app: "App") -> bool:
    """Whether a worker of another host counts its beats: then this is the database that the school works with."""
    counts = set()
    for pause in (0.0, app.settings.lease.total_seconds()):
        await asyncio.sleep(pause)
        async with app.open_uow(reading=True) as uow:
            counts.add(await uow.leases.held(LEASE))
    return len(counts) > 1


async def first_anchor(app: "App") -> None:
    """A trail that was never anchored, as before there were anchors, is anchored where it is brought up to date."""
    async with app.open_uow(reading=True) as uow:
        head = await uow.audit.head()
    if head is not None and head.line and not head.epoch:
        with suppress(AnchorError):
            if app.anchor.read(head.trail) is None:
                app.anchor.note(head)


async def _go_on(app: "App", head: Head) -> None:
    """Anchor the trail as it stands; at the first start its first epoch begins.

    The file comes first: another process that starts now and sees the epoch must find it.
    """
    if not head.epoch:
        await asyncio.to_thread(app.anchor.write, head)
        async with app.open_uow() as uow:
            await uow.audit.begin_epoch(FIRST_EPOCH)
            await uow.commit()
        head = Head(head.trail, FIRST_EPOCH, head.line, head.chain)
    app.anchor.note(head)
    await asyncio.to_thread(app.anchor.save)
    witness(head)


def witness(head: Head) -> None:
    """The line of the log by which anybody may check an export later; no personal data."""
    log.info("audit.anchored", epoch=head.epoch, line=head.line, hash=head.chain)


async def log_head(app: "App") -> None:
    """Daily, so that the log too knows how far the trail has come."""
    async with app.open_uow(reading=True) as uow:
        head = await uow.audit.head()
    if head is not None:
        witness(head)


async def fault(app: "App") -> AnchorError | None:
    """What is wrong with the trail, in itself and against its anchor; None: it is whole."""
    async with app.open_uow(reading=True) as uow:
        head = await uow.audit.head()
    try:  # the anchor before the trail: others may be writing, and then the trail is the longer one
        anchored = None if head is None else app.anchor.read(head.trail)
    except AnchorError as forged:
        return forged
    async with app.open_uow(reading=True) as uow:
        flaw = await audit.verify_trail(uow, anchored)
    if flaw is not None:
        return AnchorError(f"audit.{flaw.damage}", line=flaw.line, last=anchored.line if anchored else 0)
    return AnchorError("audit.anchor_missing") if anchored is None and head and head.line else None


async def accept(app: "App") -> Head:
    """A person vouches for this database: on a further host, or where the key was changed or the anchor lost.

    Also after a copy was put back on another host, which began a later epoch. OldCopyError where an authentic anchor
    says that it is an older copy: that is decided by `restore --in-place`.
    """
    async with app.open_uow(reading=True) as uow:
        head = await uow.audit.head()
        if head is None:
            raise AnchorError("audit.headless", line=0)
        anchored = app.anchor.read_authentic(head.trail)
        is_ours = anchored is None or await audit.continues_anchor(uow, head, anchored)
    if not is_ours and anchored is not None and head.epoch <= anchored.epoch:
        raise OldCopyError
    app.anchor.write(head, anew=True)
    witness(head)
    return head

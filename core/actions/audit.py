"""The audit trail against what is kept of it outside the database: a cut end, an older copy put back."""

from core.model.audit import Damage, Flaw, Head
from core.ports import UnitOfWork


async def verify(uow: UnitOfWork, anchored: Head | None) -> Flaw | None:
    """The first flaw of the trail: within itself, then against the anchored head (Q76).

    Where lines are missing that the anchor knows, an attempt that no line tells of shows that they were cut off;
    without one the whole database is an older copy, as far as it can tell.
    """
    flaw = await uow.audit.verify()
    head = await uow.audit.head()
    if flaw is not None or anchored is None or head is None:
        return flaw
    if head.line < anchored.line:
        return Flaw(Damage.SHORTENED if await uow.audit.is_outlived() else Damage.OLDER, head.line + 1)
    if anchored.line and await uow.audit.chain_at(anchored.line) != anchored.chain:
        return Flaw(Damage.REWRITTEN, anchored.line)
    return None if head.may_follow(anchored) else Flaw(Damage.OTHER_EPOCH, head.line)


async def goes_on(uow: UnitOfWork, head: Head, anchored: Head) -> bool:
    """Whether the trail holds the anchored line: else this is not the database that the school worked with.

    One look at one line, however long the trail is.
    """
    if not head.may_follow(anchored):
        return False
    return anchored.line == 0 or await uow.audit.chain_at(anchored.line) == anchored.chain

"""Compares the audit trail with its anchor outside the database: finds lines cut off and older copies put back."""

from core.model.audit import AuditHead, Damage, Flaw
from core.ports import UnitOfWork


async def verify_audit_trail(uow: UnitOfWork, anchored: AuditHead | None) -> Flaw | None:
    """The first flaw of the trail: within itself, then against the anchored head (Q76).

    If the anchor knows later lines, they were cut off or the database is an older copy. An attempt in the database that
    no line mentions proves that they were cut off.
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


async def audit_trail_contains_anchor(uow: UnitOfWork, head: AuditHead, anchored: AuditHead) -> bool:
    """True if the trail contains the anchored line; if not, this is not the database that the school worked with.

    Reads one line, however long the trail is.
    """
    if not head.may_follow(anchored):
        return False
    return anchored.line == 0 or await uow.audit.chain_at(anchored.line) == anchored.chain

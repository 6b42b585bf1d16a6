"""What a family answers to a mail: it was read, or this kind is not wanted by mail."""

from collections.abc import Collection, Mapping
from datetime import datetime

from core.model.delivery.deliveries import Attempt, Receipt
from core.model.delivery.states import Status
from core.model.notices.kinds import ALWAYS_SENT, NoticeKind
from core.model.people import Actor
from core.ports import UnitOfWork


async def acknowledge_by_mail_reply(uow: UnitOfWork, key: str, *, closes: Mapping[str, Status], now: datetime) -> bool:
    """Records that the person to whom a message went has read it (Q72); False for an unknown key. Commits."""
    attempt = await uow.outbox.attempt(key)
    if attempt is None:
        return False
    await uow.outbox.record_receipt(attempt.id, Receipt(Status.ACKNOWLEDGED), closes, at=now)
    await uow.audit.write(_reader(attempt), "receipt.acknowledged", at=now, attempt=attempt.id)
    await uow.commit()
    return True


async def unsubscribe_by_mail_reply(uow: UnitOfWork, key: str, *, now: datetime) -> Collection[NoticeKind]:
    """Switches the kinds of a message off for its person and channel; other channels go on, results stay (Q83).

    Returns the kinds; none for an unknown key and for a message of results alone. Commits.
    """
    attempt = await uow.outbox.attempt(key)
    if attempt is None:
        return ()
    kinds = {delivery.kind for delivery in await uow.outbox.sent_by({attempt.id})} - ALWAYS_SENT
    for kind in sorted(kinds):
        await uow.register.unsubscribe(attempt.person_id, attempt.channel, kind, at=now)
        await uow.audit.write(
            _reader(attempt), "unsubscribed", at=now, person_id=attempt.person_id, channel=attempt.channel, kind=kind
        )
    await uow.commit()
    return kinds


def _reader(attempt: Attempt) -> Actor:
    return Actor(attempt.person_id, frozenset(), channel=attempt.channel)

"""Gathers the proof of one obligation from the outbox, the register and the audit trail (Q76)."""

from datetime import datetime

from core.errors import NotFoundError
from core.model.delivery.proof import Proof
from core.model.people import OFFICE, Actor
from core.ports import UnitOfWork
from core.rules import access


async def load_obligation_proof(uow: UnitOfWork, actor: Actor, obligation_id: int, *, now: datetime) -> Proof:
    """The proof of one obligation. NotAllowedError unless the office or the system asks; NotFoundError."""
    access.require_access_role(actor, *OFFICE)
    rows = await uow.outbox.obligations(obligation_id=obligation_id)
    if not rows:
        raise NotFoundError
    row, about = rows[0], rows[0].obligation.student_id
    contacts = sorted({each.contact_id for each in row.deliveries if each.contact_id is not None})
    attempts = {attempt.id: attempt for attempt in await uow.outbox.attempts_of(obligation_id)}
    evidence = await uow.outbox.other_evidence(obligation_id)
    return Proof(
        row=row,
        published=await uow.outbox.notice_of(obligation_id),
        consents={each.id: each for each in await uow.register.consents(student_id=about)} if about else {},
        confirmations={contact: await uow.register.confirmations(contact) for contact in contacts},
        attempts=attempts,
        carried=await uow.outbox.carried_by([each.id for each in row.deliveries]),
        answers=await uow.outbox.answers_to(attempts),
        call=evidence[0],
        acquaintances=evidence[1],
        lines=await uow.audit.lines_about(attempts, obligation_id),
        head=await uow.audit.head(),
        made_at=now,
    )

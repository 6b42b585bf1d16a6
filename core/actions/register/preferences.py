"""What a person chooses for themselves besides the agreed form of notices."""

from datetime import datetime

from core.errors import NotAllowedError
from core.model.people import Actor
from core.ports import UnitOfWork


async def speak(uow: UnitOfWork, actor: Actor, *, language: str, now: datetime) -> None:
    """From now on the person is spoken and written to in this language."""
    if actor.person_id is None:
        raise NotAllowedError
    await uow.people.speak(actor.person_id, language)
    await uow.audit.write(actor, "language_changed", at=now, person_id=actor.person_id, language=language)
    await uow.commit()

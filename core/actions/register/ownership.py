"""A person proves an address that they entered themselves: a code goes there and is typed back in the chat (Q81)."""

import secrets
from collections.abc import Callable
from datetime import datetime

from core.actions.register.codes import GUESS_WINDOW, count_code_guess, hash_code_guesser, limit_code_guesses
from core.actions.register.contacts import enter_contact, is_contact_in_use, require_contact_owner
from core.errors import CodeRefusedError, NotFoundError, TooManyCodesError
from core.model.delivery.fact_names import ownership_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.personal import OwnershipCode
from core.model.people import Actor
from core.model.register.contacts import Contact
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.register.ownership import (
    CODE_TERM,
    LARGEST_SERIAL,
    MOST_SENT,
    SENDS_WINDOW,
    ownership_code,
    ownership_code_hash,
    typed_ownership_digits,
)

Draw = Callable[[int], int]


async def begin_contact_ownership(
    uow: UnitOfWork, actor: Actor, *, channel: str, address: str, now: datetime, policy: Policy, key: bytes
) -> Contact:
    """The actor enters an address of their own, and a code goes there, unless it is proven already.

    The caller commits. TooManyCodesError as of `send_ownership_code`; then nothing is entered.
    """
    if actor.person_id is None:
        raise NotFoundError
    contact_id = await enter_contact(uow, actor, person_id=actor.person_id, channel=channel, address=address, now=now)
    contact = await uow.register.contact(contact_id)
    if contact.proven_at is None:
        await send_ownership_code(uow, actor, contact_id=contact_id, now=now, policy=policy, key=key)
    return contact


async def send_ownership_code(
    uow: UnitOfWork, actor: Actor, *, contact_id: int, now: datetime, policy: Policy, key: bytes,
    draw: Draw = secrets.randbelow,
) -> None:  # fmt: skip
    """Sends a new code over the contact itself; it goes through the outbox like any message.

    The caller commits. Raises NotFoundError for a contact that needs no code, TooManyCodesError after `MOST_SENT`
    within `SENDS_WINDOW`.
    """
    contact = await _own_contact(uow, actor, contact_id)
    since = now + CODE_TERM - SENDS_WINDOW
    if await uow.register.count_codes(contact.person_id, contact.channel, expiring_after=since) >= MOST_SENT:
        raise TooManyCodesError
    serial = draw(LARGEST_SERIAL)
    await uow.register.add_code(
        person_id=contact.person_id,
        contact_id=contact.id,
        channel=contact.channel,
        code_hash=ownership_code_hash(contact.id, ownership_code(contact.id, serial, key=key), key=key),
        expires_at=now + CODE_TERM,
    )
    notice = OwnershipCode(contact.id, serial, timing.local_date_of_time(now, policy))
    new = NewNotice(None, notice, ownership_fact_name(contact.id), contact.person_id)
    await uow.outbox.add([new], received_at=now, published_at=now)
    await uow.audit.write(actor, "ownership_code_sent", at=now, person_id=contact.person_id, contact_id=contact.id)


async def prove_contact_ownership(
    uow: UnitOfWork, actor: Actor, said: str, *, contact_id: int, origin: str, now: datetime, policy: Policy, key: bytes
) -> Contact:
    """Takes the code that came over the contact: whose it is, is proven; a form must still confirm it (Q80).

    Wrong codes count for the chat (`origin`, as in `redeem_code`) and for the school; CodeRefusedError, after a commit
    of the count. The caller commits a success.
    """
    contact = await _own_contact(uow, actor, contact_id)
    guesser = hash_code_guesser(actor.channel or "", origin, key=key)
    await limit_code_guesses(uow, guesser, since=now - GUESS_WINDOW)
    found = await uow.register.code(
        ownership_code_hash(contact.id, typed_ownership_digits(said), key=key), contact.channel
    )
    is_good = found is not None and found.contact_id == contact.id and now <= found.expires_at
    if found is None or not is_good or not await uow.register.use_code(found.id, at=now):
        await count_code_guess(uow, guesser, now=now, policy=policy)
        await uow.commit()
        raise CodeRefusedError
    await uow.register.bind(contact.id, contact.address or "", at=now)
    await uow.audit.write(actor, "contact_proven", at=now, person_id=contact.person_id, contact_id=contact.id)
    return await uow.register.contact(contact.id)


async def _own_contact(uow: UnitOfWork, actor: Actor, contact_id: int) -> Contact:
    """A contact with an address whose ownership is open; NotFoundError for any other."""
    contact = await uow.register.contact(contact_id)
    require_contact_owner(actor, contact.person_id)
    if not is_contact_in_use(contact) or contact.address is None or contact.proven_at is not None:
        raise NotFoundError
    return contact

"""One-time codes that bind a chat to its person; guessing is limited (Q82)."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from core.actions.register.contacts import (
    audit_own_contact,
    is_contact_in_use,
    next_contact_rank,
    require_contact_owner,
    require_not_barred,
)
from core.errors import CodeRefusedError
from core.model.delivery.fact_names import guessed_codes_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.staff import CodesGuessed
from core.model.people import Actor, Person, Role
from core.model.register.contacts import Contact, Invitation, OneTimeCode
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.register.codes import ALPHABET, CODE_LENGTH, TOKEN_BYTES, is_code_link_token, typed_code

LONGEST_TERM = timedelta(days=7)
MAX_GUESSES = 5
"""Wrong codes of one chat within `GUESS_WINDOW`."""

MAX_SCHOOL_GUESSES = 100
"""Wrong codes of all chats within `GUESS_WINDOW`; then typed codes are refused, links are not (contracts, Guesses)."""

GUESS_WINDOW = timedelta(hours=1)

Draw = Callable[[str], str]


async def issue_code(  # noqa: PLR0913  # a messenger, and others in which the code counts too
    uow: UnitOfWork,
    actor: Actor,
    *,
    person_id: int,
    channel: str,
    now: datetime,
    term: timedelta,
    key: bytes,
    also: Collection[str] = (),
    draw: Draw = secrets.choice,
) -> Invitation:
    """Issues a one-time code that binds a chat to a person, typed or by its link (Q82).

    The code counts in the other messengers of `also` too, and binds the one in which it is said first (Q140).

    Staff issue codes for anybody, others for themselves. Only keyed hashes are stored, so it is never shown again.
    Earlier codes of the person that nobody used are used up, since their sheet may be lost. A term longer than
    `LONGEST_TERM` is cut to it. Raises RepresentativeBarredError where nothing may be told to the person.
    """
    require_contact_owner(actor, person_id)
    await uow.people.person(person_id, Everything())
    await require_not_barred(uow, person_id)
    code, token = "".join(draw(ALPHABET) for _ in range(CODE_LENGTH)), secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + min(term, LONGEST_TERM)
    for messenger in (channel, *also):
        waiting = await _unproven_contact(uow, person_id, messenger)
        await uow.register.use_up_codes(person_id, messenger, at=now)
        await uow.register.add_code(
            person_id=person_id,
            contact_id=waiting.id if waiting else None,
            channel=messenger,
            code_hash=_code_hash(code, messenger, key),
            token_hash=_token_hash(token, messenger, key),
            expires_at=expires_at,
        )
        await uow.audit.write(actor, "contact_invited", at=now, person_id=person_id, channel=messenger)
    await uow.commit()
    return Invitation(code, token, expires_at)


async def redeem_code(
    uow: UnitOfWork, said: str, *, channel: str, address: str, key: bytes, now: datetime, policy: Policy
) -> Person:
    """Redeems a code: the chat that sent it becomes a contact of the code's person, with ownership proven (Q82).

    `said` is a typed code, or the token of a link. The code does not replace the form: a chat whose contact no
    form confirms stays unconfirmed (Q81), and so does a chat other than the one that a form names.
    Raises CodeRefusedError for a code that is unknown, used, expired or of another channel, for any code after five
    wrong ones from this chat within an hour, and for a typed one after a hundred wrong ones from all chats; a wrong
    one is counted although it is refused.
    """
    redeemed = await _redeem(uow, said, channel=channel, origin=address, key=key, now=now, policy=policy)
    known = await uow.register.contacts(redeemed.person_id)
    contact_id = await _chat_contact(uow, redeemed, channel=channel, address=address, now=now)
    await uow.register.bind(contact_id, address, at=now)
    await uow.register.set_announcement(contact_id, None)
    await _put_first(uow, contact_id, known)
    await audit_own_contact(uow, redeemed.person_id, "chat_bound", contact_id=contact_id, now=now)
    await uow.commit()
    return await uow.people.person(redeemed.person_id, Everything())


def _code_hash(code: str, channel: str, key: bytes) -> str:
    """The same letters for another channel are another code."""
    return _keyed(f"code:{channel}:{typed_code(code)}", key)


def _token_hash(token: str, channel: str, key: bytes) -> str:
    return _keyed(f"token:{channel}:{token}", key)


def _keyed(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


async def _redeem(
    uow: UnitOfWork, said: str, *, channel: str, origin: str, key: bytes, now: datetime, policy: Policy
) -> OneTimeCode:
    """Marks a code as used, or counts a wrong guess and raises; a used or expired link does not count as a guess."""
    guesser, since = hash_code_guesser(channel, origin, key=key), now - GUESS_WINDOW
    is_link = is_code_link_token(said.strip())
    await limit_code_guesses(uow, guesser, since=since, is_link=is_link)
    secret_hash = _token_hash(said.strip(), channel, key) if is_link else _code_hash(said, channel, key)
    found = await uow.register.code(secret_hash, channel)
    if found is None or now > found.expires_at or not await uow.register.use_code(found.id, at=now):
        if found is None or not is_link:
            await count_code_guess(uow, guesser, now=now, policy=policy)
        await uow.commit()
        raise CodeRefusedError
    await uow.register.use_up_twins(found, at=now)
    return found


def hash_code_guesser(channel: str, origin: str, *, key: bytes) -> str:
    """How the chat that guesses is stored."""
    return _keyed(f"origin:{channel}:{origin}", key)


async def limit_code_guesses(uow: UnitOfWork, guesser: str, *, since: datetime, is_link: bool = False) -> None:
    """CodeRefusedError after too many wrong codes from this chat, or for a typed code from all chats."""
    if await uow.register.guesses(guesser, since=since) >= MAX_GUESSES:
        raise CodeRefusedError
    if not is_link and await uow.register.guesses(since=since) >= MAX_SCHOOL_GUESSES:
        raise CodeRefusedError


async def count_code_guess(uow: UnitOfWork, guesser: str, *, now: datetime, policy: Policy) -> None:
    """At the school's limit warns the secretaries, once a day; without a secretary the deputy heads."""
    await uow.register.count_guess(guesser, at=now, window=GUESS_WINDOW)
    guesses = await uow.register.guesses(since=now - GUESS_WINDOW)
    today = timing.local_date_of_time(now, policy)
    if guesses < MAX_SCHOOL_GUESSES or not await uow.leases.claim_run("codes_guessed", today):
        return
    secretaries = await uow.people.holders_of_role(Role.SECRETARY, on=today)
    warned = secretaries or await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=today)
    notice, fact = CodesGuessed(today, guesses), guessed_codes_fact_name(today)
    warnings = [NewNotice(None, notice, fact, person_id) for person_id in warned]
    await uow.outbox.add(warnings, received_at=now, published_at=now)


async def _chat_contact(uow: UnitOfWork, code: OneTimeCode, *, channel: str, address: str, now: datetime) -> int:
    """The id of the contact for this chat; the address of a contact is never replaced by another one.

    A confirmed contact of this chat is taken first. Then the contact without an address that the code was made for: a
    form was signed for it in advance, and an unconfirmed contact of this chat is revoked. Else a new contact is added.
    """
    own = [each for each in await uow.register.contacts(code.person_id) if is_contact_in_use(each)]
    here = next((each for each in own if (each.channel, each.address) == (channel, address)), None)
    waiting = next((each for each in own if each.id == code.contact_id and each.address is None), None)
    if here is not None and (waiting is None or await uow.register.confirmations(here.id)):
        return here.id
    if waiting is None:
        return await uow.register.add_contact(
            person_id=code.person_id,
            channel=channel,
            address=address,
            rank=await next_contact_rank(uow, code.person_id),
            origin="chat",
            proven_at=now,
            added_at=now,
        )
    if here is not None:
        await uow.register.revoke(here.id, at=now)
    return waiting.id


async def _put_first(uow: UnitOfWork, contact_id: int, known: Sequence[Contact]) -> None:
    """A chat that is bound for the first time becomes the first way, or the next after chats of its own channel.

    The order may be changed later (Q83).
    """
    bound = await uow.register.contact(contact_id)
    proven = [each.id for each in known if each.channel == bound.channel and each.proven_at is not None]
    if contact_id in proven:
        return
    ids = [each.id for each in known if each.id != contact_id]
    place = ids.index(proven[-1]) + 1 if proven else 0
    await uow.register.rank([*ids[:place], contact_id, *ids[place:]])


async def _unproven_contact(uow: UnitOfWork, person_id: int, channel: str) -> Contact | None:
    """The person's contact of a channel whose ownership nobody has proven yet."""
    own = [each for each in await uow.register.contacts(person_id) if is_contact_in_use(each)]
    return next((each for each in own if each.channel == channel and each.proven_at is None), None)

"""Newcomers: a one-time code binds a chat, a stranger reads how to get the service (Q82, Q106)."""

from contextlib import suppress
from dataclasses import replace

from bot.handlers.doors import Afterwards, Ask, Caller, Door, Reply
from bot.handlers.entrance import enter_door
from bot.screens.register import onboarding
from bot.screens.screen import Screen
from core.actions import conversation
from core.actions.register import codes, contacts
from core.errors import CodeRefusedError, InvalidAddressError
from core.rules.delivery import timing


async def bind_chat(code: str, caller: Caller, menu: Door) -> Reply:
    """`/start CODE` binds the chat to the person of the code, and opens the menu if a written form confirms it.

    Others who share the chat stay known in it; the menu does not open for them instead of the newcomer.
    """
    school = caller.school
    async with school.open_uow() as uow:
        if not await conversation.claim_update(uow, caller.channel, caller.update_ids):
            return onboarding.request_resumed(caller.t)
        try:
            bound = await codes.redeem_code(
                uow,
                code,
                channel=caller.channel,
                address=caller.address,
                key=school.signing_key,
                now=caller.now,
                policy=school.policy,
            )
        except (CodeRefusedError, InvalidAddressError):
            return onboarding.code_refused(caller.t)
    async with school.open_uow(reading=True) as uow:
        today = timing.local_date(caller.now, school.policy)
        speakers = tuple(await conversation.speakers(uow, caller.channel, caller.chat, on=today))
    known = replace(caller, speakers=speakers, afterwards=Afterwards(), t=school.translator(speakers))
    if bound.id not in {speaker.actor.person_id for speaker in speakers}:
        return onboarding.unconfirmed_chat(known.t)
    reply = await enter_door(menu, known, Ask())
    return onboarding.chat_bound(reply, known.t) if isinstance(reply, Screen) else reply


def refuse_button(caller: Caller) -> Screen:
    """The answer to a button that opens nothing for this person."""
    return onboarding.old_button(caller.t)


async def answer_unknown_chat(caller: Caller) -> Screen:
    """The answer to a stranger: how to get the service, and nothing else; after the code, that the form is missing."""
    with suppress(InvalidAddressError):
        async with caller.school.open_uow(reading=True) as uow:
            if await contacts.awaits_form(uow, caller.channel, caller.address):
                return onboarding.unconfirmed_chat(caller.t)
    return onboarding.unknown_chat(caller.t)


def confirmed_chat(caller: Caller) -> Screen:
    """What a chat reads once the school has recorded its form."""
    return onboarding.chat_confirmed(caller.t, caller.seal)

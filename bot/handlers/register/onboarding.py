"""Newcomers: a one-time code binds a chat, a stranger reads how to get the service (Q82, Q106)."""

from dataclasses import replace

from bot.handlers.doors import Afterwards, Door, DoorCaller, DoorRequest, Reply
from bot.handlers.entrance import enter_door
from bot.handlers.register.newcomers import newcomer_state_reply
from bot.screens.register import newcomers, onboarding
from bot.screens.screen import Screen
from core.actions import conversation
from core.actions.register import codes
from core.errors import CodeRefusedError, InvalidAddressError
from core.rules.delivery import timing


async def onboarding_code_door(code: str, caller: DoorCaller, menu: Door) -> Reply:
    """`/start CODE` binds the chat to the person of the code, and opens the menu if a written form confirms it.

    Others who share the chat stay known in it; the menu does not open for them instead of the newcomer.
    """
    school = caller.school
    async with school.open_uow() as uow:
        if not await conversation.claim_conversation_update(uow, caller.channel, caller.update_ids):
            return onboarding.onboarding_resumed_screen(caller.t)
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
            return onboarding.onboarding_code_refused_screen(caller.t)
    async with school.open_uow(reading=True) as uow:
        today = timing.local_date_of_time(caller.now, school.policy)
        speakers = tuple(await conversation.load_conversation_speakers(uow, caller.channel, caller.chat, on=today))
    known = replace(caller, speakers=speakers, afterwards=Afterwards(), t=school.translator(speakers))
    if bound.id not in {speaker.actor.person_id for speaker in speakers}:
        state = await newcomer_state_reply(known)
        return (
            onboarding.onboarding_unknown_chat_screen(known.t)
            if state is None
            else newcomers.newcomer_code_screen(state, known.t)
        )
    reply = await enter_door(menu, known, DoorRequest())
    return onboarding.onboarding_bound_screen(reply, known.t) if isinstance(reply, Screen) else reply


def onboarding_refusal_reply(caller: DoorCaller) -> Screen:
    """The answer to a button that opens nothing for this person."""
    return onboarding.onboarding_old_button_screen(caller.t)


async def onboarding_stranger_door(caller: DoorCaller) -> Screen:
    """The answer to a stranger: how to get the service, and nothing else; to a newcomer, how far they are."""
    return await newcomer_state_reply(caller) or onboarding.onboarding_unknown_chat_screen(caller.t)


async def onboarding_confirmed_reply(caller: DoorCaller) -> Screen:
    """What a chat reads once the school has recorded a form: served from now on, and about whom (Q80, Q85)."""
    names: list[str] = []
    if not caller.is_discreet:
        async with caller.school.open_uow(reading=True) as uow:
            names = [child.name for child in await caller.inside(uow).children()]
    return onboarding.onboarding_confirmed_screen(names, caller.t, caller.seal)

"""People at the door: a chat is bound by a one-time code, a stranger learns how to get the service (Q82, Q106)."""

from dataclasses import replace

from bot.handlers.doors import CHANNEL, Afterwards, Ask, Caller, Door, Reply
from bot.handlers.entrance import enter
from bot.screens.register import onboarding
from bot.screens.screen import Screen
from core.actions import conversation
from core.actions.register import codes
from core.errors import CodeRefusedError, InvalidAddressError
from core.rules.delivery import timing


async def bind(code: str, caller: Caller, menu: Door) -> Reply:
    """`/start CODE`: the chat is theirs now, and the menu opens at once where a form confirms it.

    Whoever shared the chat before stays known in it; the menu waits until the newcomer is.
    """
    school = caller.school
    async with school.open_uow() as uow:
        if not await conversation.is_first_time(uow, caller.update_id):
            return onboarding.resumed(caller.t)
        try:
            bound = await codes.bind_chat(
                uow,
                code,
                channel=CHANNEL,
                address=caller.address,
                key=school.signing_key,
                now=caller.now,
                policy=school.policy,
            )
        except (CodeRefusedError, InvalidAddressError):
            return onboarding.code_refused(caller.t)
    async with school.open_uow(reading=True) as uow:
        today = timing.local_date(caller.now, school.policy)
        speakers = tuple(await conversation.speakers(uow, CHANNEL, caller.chat, on=today))
    known = replace(caller, speakers=speakers, afterwards=Afterwards(), t=school.translator(speakers))
    if bound.id not in {each.actor.person_id for each in speakers}:
        return onboarding.unconfirmed(known.t)
    shown = await enter(menu, known, Ask())
    return onboarding.bound(shown, known.t) if isinstance(shown, Screen) else shown


async def refuse(_event: object, caller: Caller) -> Screen:
    """A button that opens nothing for whoever pressed it."""
    return onboarding.old_button(caller.t)


async def turn_away(_event: object, caller: Caller) -> Screen:
    """How to get the service and nothing else."""
    return onboarding.stranger(caller.t)

"""Opens a door: checks the role and the channel's policy, and finds out which speaker of a shared chat asks."""

from collections.abc import Sequence

from bot.handlers.doors import Door, DoorCaller, DoorRequest, DoorVisit, Reply
from bot.screens import clarification
from bot.screens.clarification import Option
from bot.screens.register import onboarding
from core.actions import conversation
from core.errors import NotFoundError
from core.model.people import Speaker
from core.rules.conversation.buttons import Handle


async def enter_door(door: Door, caller: DoorCaller, ask: DoorRequest) -> Reply:
    """Opens a door in a reading or writing unit of work. The effects of an update count once."""
    async with caller.school.open_uow(reading=not door.writes) as uow:
        if door.writes and not await conversation.claim_conversation_update(uow, caller.channel, caller.update_ids):
            return onboarding.onboarding_resumed_screen(caller.t)
        return await enter_checked_door(caller.inside(uow), door, ask)


async def enter_checked_door(visit: DoorVisit, door: Door, ask: DoorRequest) -> Reply:
    """Checks role and channel policy (Q85), then calls the door. NotFoundError where no role of a speaker opens it."""
    if not door.opens_to(visit, ask.person_id):
        raise NotFoundError
    if visit.is_discreet and not door.discreet and door.roles:
        return onboarding.onboarding_discreet_screen(visit.t)
    admitted = door.admitted(visit, ask.person_id)
    if len(admitted) > 1 and not door.joint:
        return _whose(visit, door, ask, admitted)
    return await door.open(visit.only(*admitted), ask)


def _whose(visit: DoorVisit, door: Door, ask: DoorRequest, admitted: Sequence[Speaker]) -> Reply:
    """Asks who of a shared chat is asking: a button to the same door for each person."""
    if ask.text or ask.files:
        raise NotFoundError
    options = [
        Option(name, Handle(door.name, ask.numbers, speaker.actor.person_id))
        for speaker, name in zip(
            admitted,
            clarification.clarification_screen_names(admitted, visit.t, is_discreet=visit.is_discreet),
            strict=True,
        )
    ]
    return clarification.speaker_clarification_screen(options, visit.t, visit.seal)

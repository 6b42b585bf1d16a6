"""People at the door: a chat is bound by a one-time code, a stranger learns how to get the service (Q82, Q106)."""

from dataclasses import replace

from bot.handlers.doors import CHANNEL, Afterwards, Ask, Caller, Door, Reply
from bot.handlers.entrance import enter
from bot.screens.register import onboarding
from bot.screens.screen import Screen
from bot.telegram.routing import enter_door
from core.actions.register import contacts
from core.errors import CodeRefusedError, InvalidAddressError
from core.rules.delivery import timing

Shown = Callable[[object, Caller], Awaitable[Reply]]


def router(menu: Door) -> Router:
    """The codes first; then the menu, and whatever a stranger says gets one answer."""
    door = Router(name="newcomers")

    async def bind_then_show(_message: Message, command: CommandObject, caller: Caller) -> Reply:
        return await bind(command.args or "", caller, menu)

    door.message.register(bind_then_show, CommandStart(deep_link=True))
    door.message.register(shows(menu), CommandStart(), MagicData(F.caller.speakers))
    door.message.register(shows(menu), Command("help"), MagicData(F.caller.speakers))
    door.message.register(turn_away, MagicData(~F.caller.speakers))
    door.callback_query.register(turn_away, MagicData(~F.caller.speakers))
    return door


def fallback(menu: Door) -> Router:
    """Whatever else is said by those whom the bot knows: what it can do."""
    last = Router(name="fallback")
    last.message.register(shows(menu))
    last.callback_query.register(refuse)
    return last


def shows(menu: Door) -> Shown:
    """A handler that shows the menu."""

    async def show(_event: object, caller: Caller) -> Reply:
        return await enter_door(menu, caller, Ask())

    return show


async def bind(code: str, caller: Caller, menu: Door) -> Reply:
    """`/start CODE`: the chat is theirs now, and the menu opens at once where a form confirms it.

    Whoever shared the chat before stays known in it; the menu waits until the newcomer is.
    """
    school = caller.school
    async with school.open_uow() as uow:
        if caller.update_id is not None and not await uow.conversations.apply(caller.update_id):
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
        speakers = tuple(await uow.conversations.speakers(CHANNEL, caller.chat, on=today))
    known = replace(caller, speakers=speakers, afterwards=Afterwards(), t=school.translator(speakers))
    if bound.id not in {each.actor.person_id for each in speakers}:
        return onboarding.unconfirmed(known.t)
    shown = await enter_door(menu, known, Ask())
    return onboarding.bound(shown, known.t) if isinstance(shown, Screen) else shown


async def refuse(_event: object, caller: Caller) -> Screen:
    """A button that opens nothing for whoever pressed it."""
    return onboarding.old_button(caller.t)


async def turn_away(_event: object, caller: Caller) -> Screen:
    """How to get the service and nothing else."""
    return onboarding.stranger(caller.t)

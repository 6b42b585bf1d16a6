"""People at the door: a chat is bound by a one-time code, a stranger learns how to get the service (Q82, Q106)."""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart, MagicData
from aiogram.types import Message

from bot.handlers.doors import CHANNEL, Caller
from bot.handlers.doorway import who_speaks
from bot.screens import welcome
from bot.screens.screen import Screen
from core.actions import contact, gradebook
from core.errors import CodeRefusedError
from core.model.people import Actor


def router() -> Router:
    """The codes first; then whatever a stranger says gets one answer."""
    door = Router(name="newcomers")
    door.message.register(bind, CommandStart(deep_link=True))
    door.message.register(greet, CommandStart(), MagicData(F.caller.actor))
    door.message.register(assist, Command("help"), MagicData(F.caller.actor))
    door.message.register(turn_away, MagicData(~F.caller.actor))
    door.callback_query.register(turn_away, MagicData(~F.caller.actor))
    return door


def fallback() -> Router:
    """Whatever else is said by those whom the bot knows: what it can do."""
    last = Router(name="fallback")
    last.message.register(assist)
    last.callback_query.register(refuse)
    return last


async def bind(_message: Message, command: CommandObject, caller: Caller) -> Screen:
    """`/start CODE`."""
    school = caller.school
    async with school.open_uow() as uow:
        if caller.update_id is not None and not await uow.conversations.apply(caller.update_id):
            return welcome.resumed(caller.t)
        try:
            await contact.bind_chat(
                uow, command.args or "", channel=CHANNEL, address=caller.chat, key=school.signing_key, now=caller.now
            )
        except CodeRefusedError:
            return welcome.code_refused(caller.t)
    async with school.open_uow(reading=True) as uow:
        actor, language = await who_speaks(uow, caller.chat)
    t = school.catalogues.translator(language or school.language)
    return await _greeting(caller, actor) if actor else welcome.unconfirmed(t)


async def greet(_message: Message, caller: Caller) -> Screen:
    """`/start` of somebody whom the bot knows."""
    return await _greeting(caller, caller.reader)


async def _greeting(caller: Caller, actor: Actor) -> Screen:
    async with caller.school.open_uow(reading=True) as uow:
        children = await gradebook.children(uow, actor, on=caller.today)
    return welcome.bound(() if caller.is_discreet else [child.name for child in children], caller.t)


async def assist(_message: Message, caller: Caller) -> Screen:
    """`/help`."""
    return welcome.assistance(caller.t)


async def refuse(_query: object, caller: Caller) -> Screen:
    """A button that opens nothing for whoever pressed it."""
    return welcome.old_button(caller.t)


async def turn_away(_event: object, caller: Caller) -> Screen:
    """How to get the service and nothing else."""
    return welcome.stranger(caller.t)

"""People at the door: a chat is bound by a one-time code, a stranger learns how to get the service (Q82, Q106)."""

from dataclasses import replace

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart, MagicData
from aiogram.types import Message

from bot.handlers.doorway import CHANNEL, Visit, who_speaks
from bot.screens import welcome
from bot.screens.screen import Screen
from core.actions import contact, gradebook
from core.errors import CodeRefusedError


def router() -> Router:
    """The codes first; then whatever a stranger says gets one answer."""
    door = Router(name="newcomers")
    door.message.register(bind, CommandStart(deep_link=True))
    door.message.register(greet, CommandStart(), MagicData(F.visit.actor))
    door.message.register(assist, Command("help"), MagicData(F.visit.actor))
    door.message.register(turn_away, MagicData(~F.visit.actor))
    door.callback_query.register(turn_away, MagicData(~F.visit.actor))
    return door


async def bind(_message: Message, command: CommandObject, visit: Visit) -> Screen:
    """`/start CODE`."""
    school = visit.school
    try:
        await contact.bind_chat(
            visit.uow, command.args or "", channel=CHANNEL, address=visit.chat, key=school.signing_key, now=visit.now
        )
    except CodeRefusedError:
        return welcome.code_refused(visit.t)
    actor, language = await who_speaks(visit.uow, visit.chat)
    known = replace(visit, actor=actor, t=school.catalogues.translator(language or school.language))
    return await greet(_message, known) if actor else welcome.unconfirmed(known.t)


async def greet(_message: Message, visit: Visit) -> Screen:
    """`/start` of somebody whom the bot knows."""
    if visit.actor is None:
        return welcome.stranger(visit.t)
    children = await gradebook.children(visit.uow, visit.actor, on=visit.today)
    names = () if CHANNEL in visit.school.policy.discreet else [child.name for child in children]
    return welcome.bound(names, visit.t)


async def assist(_message: Message, visit: Visit) -> Screen:
    """`/help`."""
    return welcome.assistance(visit.t)


async def turn_away(_event: object, visit: Visit) -> Screen:
    """How to get the service and nothing else."""
    return welcome.stranger(visit.t)

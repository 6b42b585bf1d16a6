"""Doors become aiogram handlers: one router per audience, a filter for each way of asking, one way in."""

from collections.abc import Sequence
from typing import Any

from aiogram import Router
from aiogram.filters import BaseFilter, Command
from aiogram.types import CallbackQuery, Message

from bot.handlers.doors import Ask, Caller, Door, Reply
from bot.handlers.plain_words import understand
from bot.screens import welcome
from core.model.conversation import SentFile
from core.model.people import Role
from core.rules.handles import SEPARATOR, unpack

UNNAMED = "файл"


class Admits(BaseFilter):
    """Those who bear one of the door's roles; everybody where the door names none."""

    def __init__(self, roles: frozenset[Role]) -> None:
        self._roles = roles

    async def __call__(self, _event: object, caller: Caller) -> bool:
        """Deny by default: a stranger bears no role."""
        return not self._roles or (caller.actor is not None and bool(caller.actor.roles & self._roles))


class Pressed(BaseFilter):
    """A button of this school for this chat with this action; HandleRefusedError for a forged one."""

    def __init__(self, action: str) -> None:
        self._action = action

    async def __call__(self, query: CallbackQuery, caller: Caller) -> dict[str, Ask] | bool:
        """What the button carries goes to the door; the seal is looked at by the one door that the button names."""
        data = query.data or ""
        if data.partition(SEPARATOR)[0] != self._action:
            return False
        handle = unpack(data, chat=caller.chat, key=caller.school.signing_key)
        return {"ask": Ask(numbers=handle.numbers, pressed=True)}


class Awaited(BaseFilter):
    """Words or a file in a chat whose dialog waits for them."""

    def __init__(self, step: str) -> None:
        self._step = step

    async def __call__(self, message: Message, caller: Caller) -> dict[str, Ask] | bool:
        """Commands are never taken for an answer."""
        if caller.dialog.step != self._step or (message.text or "").startswith("/"):
            return False
        return {"ask": Ask(text=message.text or message.caption or "", file=_file(message))}


class Asked(BaseFilter):
    """A question in plain words that this door answers."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, message: Message, caller: Caller) -> dict[str, Ask] | bool:
        """The words are understood with the subjects and children that the asker may see, and nothing else."""
        question = await understand(caller, message.text or "")
        return (
            {"ask": Ask(text=message.text or "", question=question)} if question.intent is self._door.intent else False
        )


def router(name: str, doors: Sequence[Door]) -> Router:
    """The doors of one audience; typed steps go before questions, since an answer may read like one."""
    of_audience = Router(name=name)
    steps = frozenset(door.name for door in doors if door.takes_words)
    for door in doors:
        admits = Admits(door.roles)
        of_audience.callback_query.register(_enter(door, steps), admits, Pressed(door.name))
        if door.command is not None:
            of_audience.message.register(_enter(door, steps), admits, Command(door.command))
        if door.takes_words:
            of_audience.message.register(_enter(door, steps), admits, Awaited(door.name))
    for door in doors:
        if door.intent is not None:
            of_audience.message.register(_enter(door, steps), Admits(door.roles), Asked(door))
    return of_audience


def _enter(door: Door, steps: frozenset[str]) -> Any:
    """Whoever goes elsewhere ends what waited for words, so that no later word is taken for the answer."""

    async def handler(_event: object, caller: Caller, ask: Ask | None = None) -> Reply:
        if caller.dialog.step not in steps:
            caller.afterwards.left = caller.dialog.step
        return await enter(door, caller, ask or Ask())

    return handler


async def enter(door: Door, caller: Caller, ask: Ask) -> Reply:
    """The one way through a door: the channel's policy, then a unit of work of the kind that the door needs (Q85)."""
    if caller.is_discreet and not door.discreet and door.roles:
        return welcome.discreet(caller.t)
    async with caller.school.open_uow(reading=not door.writes) as uow:
        if door.writes and caller.update_id is not None and not await uow.conversations.apply(caller.update_id):
            return welcome.resumed(caller.t)
        return await door.open(caller.inside(uow), ask)


def _file(message: Message) -> SentFile | None:
    if message.photo:
        return SentFile(f"{UNNAMED}.jpg", "image/jpeg", message.photo[-1].file_id)
    if (document := message.document) is not None:
        return SentFile(
            document.file_name or UNNAMED, document.mime_type or "application/octet-stream", document.file_id
        )
    return None

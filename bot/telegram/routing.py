"""Doors become aiogram handlers: one router per audience, a filter for each way of asking, one way in."""

from collections.abc import Iterable, Sequence
from typing import Any

from aiogram import Bot, Router
from aiogram.filters import BaseFilter, Command
from aiogram.types import CallbackQuery, Message

from bot.handlers.doors import Ask, Caller, Door, Reply, Visit
from bot.handlers.understanding import understand
from bot.screens import clarification
from bot.screens.clarification import Option
from bot.screens.register import onboarding
from core.errors import NotFoundError
from core.model.conversation import SentFile
from core.model.people import Speaker
from core.rules.conversation.buttons import SEPARATOR, Handle, unpack
from core.rules.letters import typed

UNNAMED = "файл"


Found = dict[str, Door | Ask] | bool
"""What a filter finds: the door and what is said to it, or nothing."""


class Commanded(BaseFilter):
    """A command of one of these doors."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = {door.command: door for door in doors if door.command is not None}
        self._is_command = Command(*self._doors)

    async def __call__(self, message: Message, bot: Bot, caller: Caller) -> Found:
        """As Telegram has it: `/marks` or `/marks@name_of_the_bot`."""
        found = await self._is_command(message, bot)
        return _opened(self._doors[found["command"].command], caller, Ask()) if isinstance(found, dict) else False


class Pressed(BaseFilter):
    """A button of this school for this chat that leads to one of these doors; HandleRefusedError for a forged one."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = {door.name: door for door in doors}

    async def __call__(self, query: CallbackQuery, caller: Caller) -> Found:
        """What the button carries goes to the door that it names."""
        data = query.data or ""
        door = self._doors.get(data.partition(SEPARATOR)[0])
        if door is None:
            return False
        persons = [each.actor.person_id for each in caller.speakers if each.actor.person_id is not None]
        handle = unpack(data, chat=caller.chat, key=caller.school.signing_key, person_ids=persons)
        return _opened(door, caller, Ask(numbers=handle.numbers, pressed=True, person_id=handle.person_id))


class Awaited(BaseFilter):
    """Words or a file in a chat whose dialog waits for them at one of these doors."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = {door.name: door for door in doors if door.takes_words}

    async def __call__(self, message: Message, caller: Caller) -> Found:
        """Commands are never taken for an answer."""
        door = self._doors.get(caller.dialog.step or "")
        if door is None or (message.text or "").startswith("/"):
            return False
        return _opened(door, caller, Ask(text=_words(message), file=_file(message), person_id=caller.dialog.person_id))


class Asked(BaseFilter):
    """Words of somebody to whom one of these doors may answer."""

    def __init__(self, doors: Iterable[Door]) -> None:
        self._doors = tuple(doors)

    async def __call__(self, _message: Message, caller: Caller) -> bool:
        """What the words ask is found out behind the door: with the subjects and children of the asker, no others."""
        return any(door.opens_to(caller) for door in self._doors)


def router(name: str, doors: Sequence[Door]) -> Router:
    """The doors of one audience."""
    of_audience = Router(name=name)
    of_audience.callback_query.register(_entering(doors), Pressed(doors))
    if any(door.command for door in doors):
        of_audience.message.register(_entering(doors), Commanded(doors))
    of_audience.message.register(_entering(doors), Awaited(doors))
    return of_audience


def questions(doors: Iterable[Door]) -> Router:
    """Plain words, after all typed steps, since an answer to one may read like a question."""
    answering = {door.intent: door for door in doors if door.intent is not None}
    last = Router(name="questions")

    async def answer(message: Message, caller: Caller) -> Reply:
        caller.afterwards.left = caller.dialog.step
        words = _words(message)
        async with caller.school.open_uow(reading=True) as uow:
            visit = caller.inside(uow)
            question = await understand(visit, words)
            door, ask = answering[question.intent], Ask(text=words, question=question)
            if not door.writes:
                return await _opened_to(visit, door, ask)
        return await enter(door, caller, ask)

    last.message.register(answer, Asked(answering.values()))
    return last


def _opened(door: Door, caller: Caller, ask: Ask) -> Found:
    return {"door": door, "ask": ask} if door.opens_to(caller, ask.person_id) else False


def _entering(doors: Sequence[Door]) -> Any:
    """Whoever goes elsewhere ends what waited for words, so that no later word is taken for the answer."""
    steps = frozenset(door.name for door in doors if door.takes_words)

    async def handler(_event: object, caller: Caller, door: Door, ask: Ask) -> Reply:
        if caller.dialog.step not in steps:
            caller.afterwards.left = caller.dialog.step
        return await enter(door, caller, ask)

    return handler


async def enter(door: Door, caller: Caller, ask: Ask) -> Reply:
    """Through a door, in a unit of work of the kind that it needs; an update's effects count once."""
    async with caller.school.open_uow(reading=not door.writes) as uow:
        if door.writes and caller.update_id is not None and not await uow.conversations.apply(caller.update_id):
            return onboarding.resumed(caller.t)
        return await _opened_to(caller.inside(uow), door, ask)


async def _opened_to(visit: Visit, door: Door, ask: Ask) -> Reply:
    """The one way in: the asker's role, the channel's policy (Q85), whom of the chat it is about, the door itself."""
    if not door.opens_to(visit, ask.person_id):
        raise NotFoundError
    if visit.is_discreet and not door.discreet and door.roles:
        return onboarding.discreet(visit.t)
    admitted = door.admitted(visit, ask.person_id)
    if len(admitted) > 1 and not door.joint:
        return _whose(visit, door, ask, admitted)
    return await door.open(visit.only(*admitted), ask)


def _whose(visit: Visit, door: Door, ask: Ask, admitted: Sequence[Speaker]) -> Reply:
    """The same door again for each of those who share the chat: a tap says who asks."""
    if ask.text or ask.file is not None:
        raise NotFoundError
    options = [
        Option(name, Handle(door.name, ask.numbers, each.actor.person_id))
        for each, name in zip(
            admitted, clarification.names(admitted, visit.t, is_discreet=visit.is_discreet), strict=True
        )
    ]
    return clarification.whose(options, visit.t, visit.seal)


def _words(message: Message) -> str:
    """What was typed, or stands under a picture, without what no database and no other channel takes."""
    return typed(message.text or message.caption or "")


def _file(message: Message) -> SentFile | None:
    if message.photo:
        return SentFile(f"{UNNAMED}.jpg", "image/jpeg", message.photo[-1].file_id)
    if (document := message.document) is not None:
        return SentFile(
            typed(document.file_name or UNNAMED), document.mime_type or "application/octet-stream", document.file_id
        )
    return None

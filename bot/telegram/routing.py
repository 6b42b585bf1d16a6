"""Doors become aiogram handlers: one router per audience, a filter for each way of asking."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from aiogram import Bot, F, Router
from aiogram.filters import (
    IS_MEMBER,
    IS_NOT_MEMBER,
    BaseFilter,
    ChatMemberUpdatedFilter,
    Command,
    CommandObject,
    CommandStart,
    MagicData,
)
from aiogram.types import CallbackQuery, Message

from bot.handlers.doors import Ask, Caller, Door, Reply
from bot.handlers.entrance import enter, opened_to
from bot.handlers.register.blocking import blocked, unblocked
from bot.handlers.register.onboarding import bind, refuse, turn_away
from bot.handlers.understanding import understand
from core.model.conversation import SentFile
from core.rules.conversation.buttons import SEPARATOR, unpack
from core.rules.letters import without_forbidden

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
                return await opened_to(visit, door, ask)
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


def _words(message: Message) -> str:
    """What was typed, or stands under a picture, without what no database and no other channel takes."""
    return without_forbidden(message.text or message.caption or "")


def _file(message: Message) -> SentFile | None:
    if message.photo:
        return SentFile(f"{UNNAMED}.jpg", "image/jpeg", message.photo[-1].file_id)
    if (document := message.document) is not None:
        return SentFile(
            without_forbidden(document.file_name or UNNAMED),
            document.mime_type or "application/octet-stream",
            document.file_id,
        )
    return None


Shown = Callable[[object, Caller], Awaitable[Reply]]


def newcomers(menu: Door) -> Router:
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
        return await enter(menu, caller, Ask())

    return show


def membership() -> Router:
    """Transitions between member and not."""
    door = Router(name="membership")
    door.my_chat_member.register(blocked, ChatMemberUpdatedFilter(IS_MEMBER >> IS_NOT_MEMBER))
    door.my_chat_member.register(unblocked, ChatMemberUpdatedFilter(IS_NOT_MEMBER >> IS_MEMBER))
    return door

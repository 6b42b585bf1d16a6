"""Turns doors into aiogram handlers: a router for each audience, a filter for each kind of input."""

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


FilterResult = dict[str, Door | Ask] | bool
"""A filter's result: the door and its input, or False."""


class CommandFilter(BaseFilter):
    """Matches a command of one of these doors."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = {door.command: door for door in doors if door.command is not None}
        self._is_command = Command(*self._doors)

    async def __call__(self, message: Message, bot: Bot, caller: Caller) -> FilterResult:
        """Matches `/marks` and `/marks@name_of_the_bot`."""
        found = await self._is_command(message, bot)
        return _if_open(self._doors[found["command"].command], caller, Ask()) if isinstance(found, dict) else False


class ButtonFilter(BaseFilter):
    """Matches a sealed button of one of these doors for this chat; HandleRefusedError for a forged one."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = {door.name: door for door in doors}

    async def __call__(self, query: CallbackQuery, caller: Caller) -> FilterResult:
        """Unpacks the button's data for the door that it names."""
        data = query.data or ""
        door = self._doors.get(data.partition(SEPARATOR)[0])
        if door is None:
            return False
        persons = [each.actor.person_id for each in caller.speakers if each.actor.person_id is not None]
        handle = unpack(data, chat=caller.chat, key=caller.school.signing_key, person_ids=persons)
        return _if_open(door, caller, Ask(numbers=handle.numbers, pressed=True, person_id=handle.person_id))


class AwaitedInputFilter(BaseFilter):
    """Matches text or a file that the dialog of the chat awaits for one of these doors."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = {door.name: door for door in doors if door.takes_words}

    async def __call__(self, message: Message, caller: Caller) -> FilterResult:
        """A command never counts as the awaited answer."""
        door = self._doors.get(caller.dialog.step or "")
        if door is None or (message.text or "").startswith("/"):
            return False
        return _if_open(door, caller, Ask(text=_words(message), file=_file(message), person_id=caller.dialog.person_id))


class QuestionFilter(BaseFilter):
    """Matches any text of a caller to whom one of these doors opens."""

    def __init__(self, doors: Iterable[Door]) -> None:
        self._doors = tuple(doors)

    async def __call__(self, _message: Message, caller: Caller) -> bool:
        """The text is interpreted later, with the subjects and children of the caller only."""
        return any(door.opens_to(caller) for door in self._doors)


def audience_router(name: str, doors: Sequence[Door]) -> Router:
    """The router of one audience's doors."""
    of_audience = Router(name=name)
    of_audience.callback_query.register(_door_handler(doors), ButtonFilter(doors))
    if any(door.command for door in doors):
        of_audience.message.register(_door_handler(doors), CommandFilter(doors))
    of_audience.message.register(_door_handler(doors), AwaitedInputFilter(doors))
    return of_audience


def question_router(doors: Iterable[Door]) -> Router:
    """The router for questions in plain words. It comes after all dialogs, whose answers may read like questions."""
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

    last.message.register(answer, QuestionFilter(answering.values()))
    return last


def _if_open(door: Door, caller: Caller, ask: Ask) -> FilterResult:
    return {"door": door, "ask": ask} if door.opens_to(caller, ask.person_id) else False


def _door_handler(doors: Sequence[Door]) -> Any:
    """A handler that enters the door. Going elsewhere ends an awaited step, so that later text is not its answer."""
    steps = frozenset(door.name for door in doors if door.takes_words)

    async def handler(_event: object, caller: Caller, door: Door, ask: Ask) -> Reply:
        if caller.dialog.step not in steps:
            caller.afterwards.left = caller.dialog.step
        return await enter(door, caller, ask)

    return handler


def _words(message: Message) -> str:
    """The text or caption, without characters that the database and other channels refuse."""
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


MenuHandler = Callable[[object, Caller], Awaitable[Reply]]


def newcomer_router(menu: Door) -> Router:
    """The router for one-time codes and the menu; an unknown person gets the same answer to any message."""
    door = Router(name="newcomers")

    async def bind_then_show(_message: Message, command: CommandObject, caller: Caller) -> Reply:
        return await bind(without_forbidden(command.args or ""), caller, menu)

    door.message.register(bind_then_show, CommandStart(deep_link=True))
    door.message.register(_menu_handler(menu), CommandStart(), MagicData(F.caller.speakers))
    door.message.register(_menu_handler(menu), Command("help"), MagicData(F.caller.speakers))
    door.message.register(turn_away, MagicData(~F.caller.speakers))
    door.callback_query.register(turn_away, MagicData(~F.caller.speakers))
    return door


def fallback_router(menu: Door) -> Router:
    """The last router: any other message of a known person gets the menu."""
    last = Router(name="fallback")
    last.message.register(_menu_handler(menu))
    last.callback_query.register(refuse)
    return last


def _menu_handler(menu: Door) -> MenuHandler:
    """A handler that opens the menu."""

    async def show(_event: object, caller: Caller) -> Reply:
        return await enter(menu, caller, Ask())

    return show


def membership_router() -> Router:
    """The router of `my_chat_member` updates: the bot was blocked or unblocked."""
    door = Router(name="membership")
    door.my_chat_member.register(blocked, ChatMemberUpdatedFilter(IS_MEMBER >> IS_NOT_MEMBER))
    door.my_chat_member.register(unblocked, ChatMemberUpdatedFilter(IS_NOT_MEMBER >> IS_MEMBER))
    return door

"""What every update passes: who speaks, the showing of what the handler returned, and what is written afterwards.

The reply goes out after the unit of work has ended, so that nothing of the database is held while Telegram answers.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.enums import ChatType
from aiogram.types import TelegramObject, Update

from bot.conversation.group_commit import Together
from bot.handlers.doors import CHANNEL, Caller, School
from bot.screens import errors
from bot.screens.register import onboarding
from bot.screens.screen import Screen, Toast
from bot.telegram.replies import MOST_REPEATS, NotShownError, Progress, not_now, show
from core.errors import SchoolError, StorageError
from core.ports import Translator, UnitOfWork
from core.rules.delivery import timing

log = structlog.get_logger()

GATHER = 0.05
"""Seconds: the answer is shown by now, so its end may wait for those of others inside, and share their commit."""

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


@dataclass(slots=True)
class UpdateProgress:
    """How far an update has come in this process: a second try goes on from there, it does not begin anew.

    `is_too_many`: the answer is that there were too many; `is_last_try`: what cannot be shown now is given up.
    """

    is_too_many: bool = False
    is_last_try: bool = False
    caller: Caller | None = None
    """None while nobody could be found out about."""

    reply: object = None
    is_handled: bool = False
    progress: Progress = field(default_factory=Progress)


@dataclass(frozen=True, slots=True)
class _Ended:
    """An update that was answered; `caller` None: nobody could be found out about."""

    update_id: int
    caller: Caller | None


class Doorway(BaseMiddleware):
    """The outermost middleware; a chat is private, so its id is the address of who speaks."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._ending = Together(self._end)
        self._inside = 0

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> None:
        """Handle one update to its end; an unexpected error is told to the person as ours.

        Raises NotShownError or StorageError where the end was not reached: the update must come again, with its course.
        """
        if not isinstance(event, Update):
            return
        course, chat = data.get("course") or UpdateProgress(), data.get("event_chat")
        self._inside += 1
        try:
            if chat is not None and chat.type == ChatType.PRIVATE:
                await self._answered(handler, event, data, course, chat=chat.id)
            ended = _Ended(event.update_id, course.caller)
            await self._ending.add(ended, gather=GATHER if self._inside > 1 else 0)
        finally:
            self._inside -= 1

    async def _answered(
        self, handler: Handler, event: Update, data: dict[str, Any], course: UpdateProgress, *, chat: int
    ) -> None:
        if not course.is_handled:
            course.reply = await self._reply(handler, event, data, course, chat=str(chat))
            course.is_handled = True
            t = course.caller.t if course.caller else self._school.catalogues.translator(self._school.language)
            course.progress.mark = t("notice.repeated", text="").strip()
        if isinstance(course.reply, Screen | Toast):
            await _shown(event, course.reply, course, bot=data["bot"], chat=chat)

    async def _reply(
        self, handler: Handler, event: Update, data: dict[str, Any], course: UpdateProgress, *, chat: str
    ) -> object:
        t: Translator = self._school.catalogues.translator(self._school.language)
        try:
            caller = data["caller"] = course.caller = await _caller(self._school, event, chat=chat)
            t = caller.t
            with not_now():  # a command may ask Telegram for the bot's own name
                return errors.too_many(t) if course.is_too_many else await handler(event, data)
        except (NotShownError, StorageError):
            if not course.is_last_try:
                raise
            return onboarding.our_fault(t)
        except SchoolError as error:
            return errors.refusal(error, t)
        except Exception as error:  # noqa: BLE001  # its text may hold personal data, so only its type is logged (Q103)
            log.error("conversation.failed", error=type(error).__name__)  # noqa: TRY400  # for the same reason
            return onboarding.our_fault(t)

    async def _end(self, ended: Sequence[_Ended]) -> None:
        """Who saw what (Q102), what the chat is about now, and that these updates are done with."""
        async with self._school.open_uow() as uow:
            for each in ended:
                if each.caller is not None:
                    await _write(uow, each.caller)
            await uow.conversations.finish([each.update_id for each in ended], at=self._school.clock())
            await uow.commit()


async def _shown(event: Update, reply: Screen | Toast, course: UpdateProgress, *, bot: Bot, chat: int) -> None:
    """NotShownError, unless it is the last try or may have been shown often enough: then the answer is given up."""
    try:
        await show(event, reply, bot=bot, chat=chat, progress=course.progress)
    except NotShownError:
        if not course.is_last_try and course.progress.lost <= MOST_REPEATS:
            raise
        log.warning("conversation.given_up")


async def _write(uow: UnitOfWork, caller: Caller) -> None:
    after = caller.afterwards
    for what, student_id, reader in after.opened:
        await uow.audit.write(reader, f"{what}.opened", at=caller.now, student=student_id)
    if after.left is not None:
        await uow.conversations.leave(caller.chat, after.left)
    if after.opened and after.child_id != caller.dialog.child_id:
        await uow.conversations.turn_to(caller.chat, after.child_id, at=caller.now)


async def _caller(school: School, event: Update, *, chat: str) -> Caller:
    now = school.clock()
    today = timing.local_date(now, school.policy)
    async with school.open_uow(reading=True) as uow:
        speakers = tuple(await uow.conversations.speakers(CHANNEL, chat, on=today))
        dialog = await uow.conversations.dialog(chat)
    t = school.translator(speakers)
    return Caller(school=school, chat=chat, speakers=speakers, now=now, t=t, dialog=dialog, update_id=event.update_id)

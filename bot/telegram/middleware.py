"""The middleware of every update: finds the caller, shows the reply, then writes audit and dialog.

The reply is sent after the unit of work has ended, so that no transaction is open while Telegram answers.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.enums import ChatType
from aiogram.types import TelegramObject, Update

from bot.conversation.group_commit import GroupCommit
from bot.handlers.doors import CHANNEL, Caller, School
from bot.screens import errors
from bot.screens.register import onboarding
from bot.screens.screen import Screen, Toast
from bot.telegram.replies import MOST_REPEATS, NotShownError, ReplyProgress, show, temporary_errors
from core.errors import SchoolError, StorageError
from core.ports import Translator, UnitOfWork
from core.rules.delivery import timing

log = structlog.get_logger()

GATHER = 0.05
"""Seconds that the final write waits for other updates, to share their commit; the answer is shown already."""

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


@dataclass(slots=True)
class UpdateProgress:
    """How far an update has come in this process; a second try continues there.

    `is_too_many`: the reply is the warning of the rate limit; `is_last_try`: a reply that fails now is given up.
    """

    is_too_many: bool = False
    is_last_try: bool = False
    caller: Caller | None = None
    """None until the caller is found."""

    reply: object = None
    is_handled: bool = False
    progress: ReplyProgress = field(default_factory=ReplyProgress)


@dataclass(frozen=True, slots=True)
class _Ended:
    """An answered update; `caller` is None where it could not be found."""

    update_id: int
    caller: Caller | None


class ConversationMiddleware(BaseMiddleware):
    """The outermost middleware. The chat is private, so its id is the caller's address."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._ending = GroupCommit(self._end)
        self._inside = 0

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> None:
        """Handle one update; after an unexpected error the person reads "our fault".

        Raises NotShownError or StorageError where the update must be handled again, with its progress.
        """
        if not isinstance(event, Update):
            return
        course, chat = data.get("course") or UpdateProgress(), data.get("event_chat")
        self._inside += 1
        try:
            if chat is not None and chat.type == ChatType.PRIVATE:
                await self._handle_and_show(handler, event, data, course, chat=chat.id)
            ended = _Ended(event.update_id, course.caller)
            await self._ending.add(ended, gather=GATHER if self._inside > 1 else 0)
        finally:
            self._inside -= 1

    async def _handle_and_show(
        self, handler: Handler, event: Update, data: dict[str, Any], course: UpdateProgress, *, chat: int
    ) -> None:
        if not course.is_handled:
            course.reply = await self._reply(handler, event, data, course, chat=str(chat))
            course.is_handled = True
            t = course.caller.t if course.caller else self._school.catalogues.translator(self._school.language)
            course.progress.mark = t("notice.repeated", text="").strip()
        if isinstance(course.reply, Screen | Toast):
            await _show_reply(event, course.reply, course, bot=data["bot"], chat=chat)

    async def _reply(
        self, handler: Handler, event: Update, data: dict[str, Any], course: UpdateProgress, *, chat: str
    ) -> object:
        t: Translator = self._school.catalogues.translator(self._school.language)
        try:
            caller = data["caller"] = course.caller = await _find_caller(self._school, event, chat=chat)
            t = caller.t
            with temporary_errors():  # a command may ask Telegram for the bot's own name
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
        """Write who saw what (Q102), the state of the dialogs, and that these updates are finished."""
        async with self._school.open_uow() as uow:
            for each in ended:
                if each.caller is not None:
                    await _write_afterwards(uow, each.caller)
            await uow.conversations.finish([each.update_id for each in ended], at=self._school.clock())
            await uow.commit()


async def _show_reply(event: Update, reply: Screen | Toast, course: UpdateProgress, *, bot: Bot, chat: int) -> None:
    """Show the reply. Raises NotShownError, except at the last try or after too many repeats: then it is given up."""
    try:
        await show(event, reply, bot=bot, chat=chat, progress=course.progress)
    except NotShownError:
        if not course.is_last_try and course.progress.lost <= MOST_REPEATS:
            raise
        log.warning("conversation.given_up")


async def _write_afterwards(uow: UnitOfWork, caller: Caller) -> None:
    after = caller.afterwards
    for what, student_id, reader in after.opened:
        await uow.audit.write(reader, f"{what}.opened", at=caller.now, student=student_id)
    if after.left is not None:
        await uow.conversations.leave(caller.chat, after.left)
    if after.opened and after.child_id != caller.dialog.child_id:
        await uow.conversations.turn_to(caller.chat, after.child_id, at=caller.now)


async def _find_caller(school: School, event: Update, *, chat: str) -> Caller:
    now = school.clock()
    today = timing.local_date(now, school.policy)
    async with school.open_uow(reading=True) as uow:
        speakers = tuple(await uow.conversations.speakers(CHANNEL, chat, on=today))
        dialog = await uow.conversations.dialog(chat)
    t = school.translator(speakers)
    return Caller(school=school, chat=chat, speakers=speakers, now=now, t=t, dialog=dialog, update_id=event.update_id)

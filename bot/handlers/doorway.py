"""What every update passes: who speaks, a unit of work for the handler, and the showing of what it returned.

The reply goes out after the unit of work has ended, so that nothing of the database is held while Telegram answers.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.enums import ChatType, ParseMode
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, TelegramObject, Update

from bot.handlers.doors import CHANNEL, Caller, School
from bot.screens import welcome
from bot.screens.screen import Screen, Toast
from core.errors import NotFoundError
from core.model.people import Actor
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.handles import HandleRefusedError

log = structlog.get_logger()

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Doorway(BaseMiddleware):
    """The outermost middleware; a chat is private, so its id is the address of who speaks."""

    def __init__(self, school: School) -> None:
        self._school = school

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> None:
        """Handle one update to its end; an unexpected error is told to the person as ours."""
        chat = data.get("event_chat")
        if not isinstance(event, Update) or chat is None or chat.type != ChatType.PRIVATE:
            return
        reply = await self._reply(handler, event, data, chat=str(chat.id))
        if isinstance(reply, Screen | Toast):
            await _show(event, reply)

    async def _reply(self, handler: Handler, event: Update, data: dict[str, Any], *, chat: str) -> Any:
        t = self._school.catalogues.translator(self._school.language)
        try:
            return await self._handled(handler, event, data, chat=chat)
        except (HandleRefusedError, NotFoundError):
            return welcome.old_button(t)
        except Exception as error:  # noqa: BLE001  # its text may hold personal data, so only its type is logged (Q103)
            log.error("conversation.failed", error=type(error).__name__)  # noqa: TRY400  # for the same reason
            return welcome.our_fault(t)

    async def _handled(self, handler: Handler, event: Update, data: dict[str, Any], *, chat: str) -> Any:
        caller = data["caller"] = await _caller(self._school, event, chat=chat)
        reply = await handler(event, data)
        await _write_afterwards(caller)
        return reply


async def _caller(school: School, event: Update, *, chat: str) -> Caller:
    async with school.open_uow(reading=True) as uow:
        actor, language = await who_speaks(uow, chat)
        dialog = await uow.conversations.dialog(chat)
    t = school.catalogues.translator(language or school.language)
    now = school.clock()
    return Caller(school=school, chat=chat, actor=actor, now=now, t=t, dialog=dialog, update_id=event.update_id)


async def _write_afterwards(caller: Caller) -> None:
    """Who saw what (Q102), and which child the chat is about."""
    after = caller.afterwards
    if not after.opened:
        return
    async with caller.school.open_uow() as uow:
        for what, student_id in after.opened:
            await uow.audit.write(caller.reader, f"{what}.opened", at=caller.now, student=student_id)
        if after.child_id != caller.dialog.child_id:
            dialog = await uow.conversations.dialog(caller.chat)
            await uow.conversations.keep(replace(dialog, child_id=after.child_id), at=caller.now)
        await uow.commit()


async def who_speaks(uow: UnitOfWork, chat: str) -> tuple[Actor | None, str | None]:
    """The person whose chat this is, if it is bound and confirmed in writing (Q80), and their language."""
    for contact in await uow.register.contacts_at(CHANNEL, chat):
        if contact.proven_at is not None and await uow.register.confirmations(contact.id):
            roles = await uow.people.roles(contact.person_id)
            person = await uow.people.person(contact.person_id, Everything())
            return Actor(contact.person_id, roles, CHANNEL), person.language
    return None, None


async def _show(event: Update, reply: Screen | Toast) -> None:
    """Telegram refuses an edit that changes nothing and a chat that was blocked meanwhile: neither is our fault."""
    try:
        if (query := event.callback_query) is not None:
            await _show_to_query(query, reply)
        elif event.message is not None and isinstance(reply, Screen):
            await event.message.answer(reply.text, parse_mode=ParseMode.HTML, reply_markup=_keyboard(reply))
    except TelegramAPIError as refused:
        log.warning("conversation.not_shown", error=type(refused).__name__)


async def _show_to_query(query: CallbackQuery, reply: Screen | Toast) -> None:
    """The button stops waiting when all is shown, or could not be."""
    try:
        if isinstance(query.message, Message):
            await _show_below(query.message, reply, pressed=query.data)
    finally:
        await query.answer(reply.text if isinstance(reply, Toast) else None)


async def _show_below(message: Message, reply: Screen | Toast, *, pressed: str | None) -> None:
    if isinstance(reply, Screen):
        show = message.edit_text if reply.in_place else message.answer
        await show(reply.text, parse_mode=ParseMode.HTML, reply_markup=_keyboard(reply))
    elif reply.drop_button:
        await message.edit_reply_markup(reply_markup=_without(message.reply_markup, pressed))


def _keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(text=button.label, callback_data=button.data, url=button.url) for button in row]
        for row in screen.buttons
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _without(markup: InlineKeyboardMarkup | None, data: str | None) -> InlineKeyboardMarkup | None:
    """The keyboard without the button that was pressed."""
    rows = (
        [[button for button in row if button.callback_data != data] for row in markup.inline_keyboard] if markup else []
    )
    kept = [row for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=kept) if kept else None

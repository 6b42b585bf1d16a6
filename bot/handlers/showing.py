"""Screens in Telegram: words, a picture above them, files after them; in place where the message can be edited."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from aiogram import Bot
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    Update,
)

from bot.screens.screen import Screen, Shown, Toast

log = structlog.get_logger()

PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
PICTURE = "picture.png"
CAPTION = 1024
"""Telegram's limit for the words under a picture; longer ones come as a message after it."""

PAUSE = 2.0  # seconds before Telegram is tried again
UNCHANGED = "message is not modified"


class NotShownError(Exception):
    """Telegram could not be reached or asks to wait; what was to be shown must be shown later."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


async def show(event: Update, reply: Screen | Toast, *, bot: Bot, chat: int) -> None:
    """Raises NotShownError for what may go later; a final refusal (a chat that was blocked meanwhile) is no fault."""
    view = _View(bot, chat, event.callback_query)
    try:
        await view.show(reply)
    except TelegramRetryAfter as wait:
        raise NotShownError(wait.retry_after) from None
    except (TelegramNetworkError, TelegramServerError):
        raise NotShownError(PAUSE) from None
    except TelegramAPIError as refused:
        log.warning("conversation.not_shown", error=type(refused).__name__)


@dataclass(frozen=True, slots=True)
class _View:
    """One chat, and the button that was pressed in it, if one was."""

    bot: Bot
    chat: int
    query: CallbackQuery | None

    async def show(self, reply: Screen | Toast) -> None:
        """The button stops waiting when all is shown, or could not be."""
        try:
            match reply:
                case Screen():
                    await self._screen(reply)
                case Toast(drop_button=True):
                    await self._without_button()
        finally:
            if self.query is not None:
                with suppress(TelegramBadRequest):  # too old to be answered
                    await self.query.answer(reply.text if isinstance(reply, Toast) else None)

    async def _screen(self, screen: Screen) -> None:
        below = self.query.message if self.query is not None and screen.in_place else None
        if not isinstance(below, Message) or not await _edited(below, screen):
            await self._new(screen)
        for file in screen.files:
            await self._file(file)

    async def _new(self, screen: Screen) -> None:
        keyboard, chat = _keyboard(screen), self.chat
        if screen.picture is not None and _fits_under_a_picture(screen):
            await self.bot.send_photo(
                chat, _upload(screen.picture), caption=screen.text, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
            return
        if screen.picture is not None:
            await self.bot.send_photo(chat, _upload(screen.picture))
        await self.bot.send_message(chat, screen.text, parse_mode=ParseMode.HTML, reply_markup=keyboard)

    async def _file(self, file: Shown) -> None:
        """A picture as a photo; one that Telegram keeps as a document stays a document."""
        source = file.reference or BufferedInputFile(file.content, file.name)
        if file.media_type in PHOTOS:
            with suppress(TelegramBadRequest):
                await self.bot.send_photo(self.chat, source)
                return
        await self.bot.send_document(self.chat, source)

    async def _without_button(self) -> None:
        message = self.query.message if self.query is not None else None
        if self.query is not None and isinstance(message, Message):
            kept = _without(message.reply_markup, self.query.data)
            await _changed(message.edit_reply_markup, reply_markup=kept)


async def _edited(message: Message, screen: Screen) -> bool:
    """Words replace words and a picture a picture; False where the message must be another one."""
    keyboard = _keyboard(screen)
    if screen.picture is not None and message.photo and _fits_under_a_picture(screen):
        media = InputMediaPhoto(media=_upload(screen.picture), caption=screen.text, parse_mode=ParseMode.HTML)
        return await _changed(message.edit_media, media=media, reply_markup=keyboard)
    if screen.picture is not None or message.text is None:
        return False
    return await _changed(message.edit_text, text=screen.text, parse_mode=ParseMode.HTML, reply_markup=keyboard)


async def _changed(edit: Callable[..., Awaitable[Any]], **looks: Any) -> bool:
    """An edit that changes nothing has done its work; a message that is gone cannot be edited."""
    try:
        await edit(**looks)
    except TelegramBadRequest as refused:
        return UNCHANGED in refused.message
    return True


def _fits_under_a_picture(screen: Screen) -> bool:
    """Counted in UTF-16 units, the stricter reading, tags included."""
    return len(screen.text.encode("utf-16-le")) <= CAPTION * 2


def _upload(picture: bytes) -> BufferedInputFile:
    return BufferedInputFile(picture, PICTURE)


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

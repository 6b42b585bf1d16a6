"""Telegram as a messenger: reads updates with aiogram, and shows screens as HTML with buttons below."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from aiogram import Bot
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.methods import SendMessage
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.conversation.messenger import Incoming, MessengerUpdate, NotShownError, ReplyRefusedError
from bot.rendering import split_rendered_messages
from bot.screens.screen import Screen, ScreenFile
from bot.telegram import incoming
from bot.telegram.session import AnswerLostError, PageError
from core.model.conversation import SentFile
from notifiers.html_messages import html_message_length
from notifiers.telegram.html import LONGEST_CAPTION, LONGEST_MESSAGE

PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
PICTURE = "picture.png"
UNCHANGED = "message is not modified"
FINAL = (TelegramBadRequest, TelegramForbiddenError, TelegramEntityTooLarge)
"""Permanent refusals of a message or chat; a retry would be refused again."""


@contextmanager
def convert_telegram_messenger_errors() -> Iterator[None]:
    """Turns errors of aiogram into NotShownError and ReplyRefusedError."""
    try:
        yield
    except FINAL as refused:
        raise ReplyRefusedError(type(refused).__name__) from None
    except TelegramRetryAfter as wait:
        raise NotShownError(wait.retry_after) from None
    except TelegramAPIError as error:
        may_be_shown = isinstance(error, AnswerLostError)
        is_lost = may_be_shown and not isinstance(error, PageError)
        raise NotShownError(may_be_shown=may_be_shown, is_lost=is_lost) from None


@dataclass(frozen=True, slots=True)
class TelegramMessenger:
    """The port of a messenger over one bot."""

    bot: Bot
    channel: ClassVar[str] = incoming.CHANNEL
    has_former_buttons: ClassVar[bool] = True

    def parse(self, raw: object) -> Incoming | None:
        """A new update; None outside private chats and for kinds that are not handled. UnreadableUpdateError."""
        return incoming.parse_incoming_telegram_update(raw)

    def restore(self, update_id: int, chat: str, body: str) -> Incoming:
        """A stored update, whichever version of the bot stored it."""
        return incoming.stored_incoming_telegram_update(update_id, chat, body)

    def read(self, update: Incoming) -> MessengerUpdate:
        """What the update says. UnreadableUpdateError."""
        return incoming.read_incoming_telegram_update(update, self.bot)

    async def fetch(self, file: SentFile, *, most: int) -> bytes | None:
        """Telegram gives bots files up to 20 MB; the content goes to memory only."""
        content = bytearray()
        try:
            found = await self.bot.get_file(file.reference)
            if found.file_path is None or (found.file_size or 0) > most:
                return None
            url = self.bot.session.api.file_url(self.bot.token, found.file_path)
            async for chunk in self.bot.session.stream_content(url):
                content += chunk
                if len(content) > most:
                    return None
        except TelegramAPIError:
            return None
        return bytes(content)

    def cut(self, screen: Screen) -> Sequence[Screen]:
        """In HTML. A picture is a message of its own where its caption would be too long; the last has the buttons."""
        if screen.ends_sharing:
            return [
                Screen(screen.ends_sharing, ends_sharing=screen.ends_sharing),
                *self.cut(replace(screen, ends_sharing="")),
            ]
        *pages, page = split_rendered_messages(screen.text, longest=LONGEST_MESSAGE)
        last = replace(screen, text=page)
        if not pages and self.fits(last):
            return [last]
        picture = [Screen("", picture=screen.picture)] if screen.picture else []
        return [*picture, *map(Screen, pages), replace(last, in_place=False, picture=None)]

    def fits(self, message: Screen) -> bool:
        """A caption may be a quarter as long as a text."""
        return html_message_length(message.text) <= (LONGEST_CAPTION if message.picture else LONGEST_MESSAGE)

    async def show(self, heard: MessengerUpdate, screen: Screen) -> None:
        """Send a text. Its parts are ours, so nothing is validated: that would take a tenth of an answer's time."""
        message = SendMessage.model_construct(
            chat_id=int(heard.chat), text=screen.text, parse_mode=ParseMode.HTML, reply_markup=_markup(screen)
        )
        with convert_telegram_messenger_errors():
            await self.bot(message)

    async def edit(self, heard: MessengerUpdate, screen: Screen) -> bool:
        """Edit text into text, or picture into picture; False where a new message is needed."""
        below = _pressed_message(heard)
        if below is None:
            return False
        with convert_telegram_messenger_errors():
            return await _edit_message(below, screen)

    async def send_picture(self, heard: MessengerUpdate, screen: Screen) -> None:
        """Send a picture with its caption."""
        with convert_telegram_messenger_errors():
            await self.bot.send_photo(
                int(heard.chat),
                _upload(screen.picture or b""),
                caption=screen.text,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(screen),
            )

    async def send_file(self, heard: MessengerUpdate, file: ScreenFile, words: str) -> None:
        """Send a picture as a photo; Telegram refuses that for one stored as a document, so it is sent as such."""
        source = file.reference or BufferedInputFile(file.content, file.name)
        with convert_telegram_messenger_errors():
            if file.media_type in PHOTOS:
                with suppress(TelegramBadRequest):
                    await self.bot.send_photo(int(heard.chat), source, caption=words)
                    return
            await self.bot.send_document(int(heard.chat), source, caption=words)

    async def drop_button(self, heard: MessengerUpdate) -> None:
        """Edit the keyboard; the message may be gone."""
        if (message := _pressed_message(heard)) is not None:
            kept = _keyboard_without(message.reply_markup, heard.data)
            with convert_telegram_messenger_errors():
                await _apply_edit(message.edit_reply_markup, reply_markup=kept)

    async def toast(self, heard: MessengerUpdate, words: str | None) -> None:
        """Answer the press; one that is too old needs no answer."""
        if isinstance(heard.origin, CallbackQuery):
            with convert_telegram_messenger_errors(), suppress(TelegramBadRequest):
                await heard.origin.answer(words)


def _pressed_message(heard: MessengerUpdate) -> Message | None:
    message = heard.origin.message if isinstance(heard.origin, CallbackQuery) else None
    return message if isinstance(message, Message) else None


async def _edit_message(message: Message, screen: Screen) -> bool:
    keyboard = _keyboard(screen)
    if screen.picture is not None and message.photo:
        media = InputMediaPhoto(media=_upload(screen.picture), caption=screen.text, parse_mode=ParseMode.HTML)
        return await _apply_edit(message.edit_media, media=media, reply_markup=keyboard)
    if screen.picture is not None or message.text is None:
        return False
    return await _apply_edit(message.edit_text, text=screen.text, parse_mode=ParseMode.HTML, reply_markup=keyboard)


async def _apply_edit(edit: Callable[..., Awaitable[Any]], **looks: Any) -> bool:
    """Try an edit. "Not modified" counts as done; False where the message cannot be edited."""
    try:
        await edit(**looks)
    except TelegramBadRequest as refused:
        return UNCHANGED in refused.message
    return True


def _upload(picture: bytes) -> BufferedInputFile:
    return BufferedInputFile(picture, PICTURE)


def _markup(screen: Screen) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    """The buttons below the message, or the key that shares the person's own number, or its end."""
    if screen.ends_sharing:
        return ReplyKeyboardRemove()
    if not screen.share_phone:
        return _keyboard(screen)
    key = KeyboardButton(text=screen.share_phone, request_contact=True)
    return ReplyKeyboardMarkup(keyboard=[[key]], resize_keyboard=True, one_time_keyboard=True)


def _keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    rows = [
        [
            InlineKeyboardButton.model_construct(text=button.label, callback_data=button.data, url=button.url)
            for button in row
        ]
        for row in screen.buttons
    ]
    return InlineKeyboardMarkup.model_construct(inline_keyboard=rows) if rows else None


def _keyboard_without(markup: InlineKeyboardMarkup | None, data: str | None) -> InlineKeyboardMarkup | None:
    """The keyboard without the button that was pressed."""
    rows = (
        [[button for button in row if button.callback_data != data] for row in markup.inline_keyboard] if markup else []
    )
    kept = [row for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=kept) if kept else None

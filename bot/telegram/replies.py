"""Screens in Telegram: words, a picture above them, files after them; in place where the message can be edited."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from aiogram import Bot
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramRetryAfter,
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

from bot.screens.screen import LONGEST, Screen, Shown, Toast
from bot.telegram.session import AnswerLostError, PageError

log = structlog.get_logger()

PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
PICTURE = "picture.png"
CAPTION = 1024
"""Telegram's limit for the words under a picture; longer ones come as a message after it."""

MOST_REPEATS = 4
"""Of an answer that may have been shown already, where nothing says that it was not; each bears the mark."""

UNCHANGED = "message is not modified"
FINAL = (TelegramBadRequest, TelegramForbiddenError, TelegramEntityTooLarge)
"""Refusals of this message or this chat: the same call is refused again."""


class NotShownError(Exception):
    """Not now: Telegram could not be reached, asks to wait, or gave no answer that can be read.

    `retry_after`: seconds that it asks for; `may_be_shown`: the call went out, so it may have been accepted;
    `is_lost`: nothing even says that it was not.
    """

    def __init__(self, retry_after: float = 0.0, *, may_be_shown: bool = False, is_lost: bool = False) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
        self.may_be_shown = may_be_shown
        self.is_lost = is_lost


@dataclass(slots=True)
class Progress:
    """How many parts of a reply are shown: a second try begins behind them.

    `may_be_shown`: the next part may have been accepted before, so it comes again with the `mark` (Q121); `lost`: how
    often nothing at all was heard of it.
    """

    parts: int = 0
    may_be_shown: bool = False
    lost: int = 0
    mark: str = ""


async def show(event: Update, reply: Screen | Toast, *, bot: Bot, chat: int, progress: Progress | None = None) -> None:
    """Raises NotShownError for what may go later; a final refusal (a chat that was blocked meanwhile) is no fault."""
    progress = progress or Progress()
    for part in _View(bot, chat, event.callback_query, progress).parts(reply)[progress.parts :]:
        try:
            with not_now():
                await part()
        except NotShownError as later:
            progress.may_be_shown |= later.may_be_shown
            progress.lost += later.is_lost
            raise
        except FINAL as refused:
            log.warning("conversation.not_shown", error=type(refused).__name__)
        progress.parts += 1
        progress.may_be_shown, progress.lost = False, 0


@contextmanager
def not_now() -> Iterator[None]:
    """Whatever Telegram does not refuse for good becomes a NotShownError."""
    try:
        yield
    except FINAL:
        raise
    except TelegramRetryAfter as wait:
        raise NotShownError(wait.retry_after) from None
    except TelegramAPIError as error:
        may_be_shown = isinstance(error, AnswerLostError)
        raise NotShownError(
            may_be_shown=may_be_shown, is_lost=may_be_shown and not isinstance(error, PageError)
        ) from None


@dataclass(frozen=True, slots=True)
class _View:
    """One chat, and the button that was pressed in it, if one was."""

    bot: Bot
    chat: int
    query: CallbackQuery | None
    progress: Progress

    def parts(self, reply: Screen | Toast) -> Sequence[Callable[[], Awaitable[object]]]:
        """What is shown one after the other; the button stops waiting when all is shown, or could not be."""
        match reply:
            case Screen():
                return [*self._words(reply), *(partial(self._file, file) for file in reply.files), self._ended]
            case Toast(drop_button=True):
                return [self._without_button, partial(self._ended, reply.text)]
            case Toast():
                return [partial(self._ended, reply.text)]

    def _words(self, screen: Screen) -> Sequence[Callable[[], Awaitable[object]]]:
        """Words too long for the picture above them come as a message of their own."""
        if screen.picture is None or _fits_under_a_picture(screen):
            return [partial(self._screen, screen)]
        return [partial(self._picture, screen.picture), partial(self._message, screen)]

    async def _screen(self, screen: Screen) -> None:
        below = self.query.message if self.query is not None and screen.in_place else None
        if not isinstance(below, Message) or not await _edited(below, screen):
            await (self._message(screen) if screen.picture is None else self._photo(screen, screen.picture))

    async def _message(self, screen: Screen) -> None:
        if (text := self._marked(screen.text, most=LONGEST)) is not None:
            keyboard = _keyboard(screen)
            await self.bot.send_message(self.chat, text, parse_mode=ParseMode.HTML, reply_markup=keyboard)

    async def _photo(self, screen: Screen, picture: bytes) -> None:
        if (text := self._marked(screen.text, most=CAPTION)) is not None:
            above, keyboard = _upload(picture), _keyboard(screen)
            await self.bot.send_photo(self.chat, above, caption=text, parse_mode=ParseMode.HTML, reply_markup=keyboard)

    async def _picture(self, picture: bytes) -> None:
        await self.bot.send_photo(self.chat, _upload(picture), caption=self._marked("", most=CAPTION))

    def _marked(self, text: str, *, most: int) -> str | None:
        """What may be there already says so; None where there is no room for that: then it does not come again."""
        if not self.progress.may_be_shown:
            return text
        marked = f"{text} {self.progress.mark}".strip()
        return marked if _units(marked) <= most else None

    async def _ended(self, words: str | None = None) -> None:
        if self.query is not None:
            with suppress(TelegramBadRequest):  # too old to be answered
                await self.query.answer(words)

    async def _file(self, file: Shown) -> None:
        """A picture as a photo; one that Telegram keeps as a document stays a document."""
        source, words = file.reference or BufferedInputFile(file.content, file.name), self._marked("", most=CAPTION)
        if file.media_type in PHOTOS:
            with suppress(TelegramBadRequest):
                await self.bot.send_photo(self.chat, source, caption=words)
                return
        await self.bot.send_document(self.chat, source, caption=words)

    async def _without_button(self) -> None:
        message = self.query.message if self.query is not None else None
        if self.query is not None and isinstance(message, Message):
            kept = _without(message.reply_markup, self.query.data)
            await _changed(message.edit_reply_markup, reply_markup=kept)


async def _edited(message: Message, screen: Screen) -> bool:
    """Words replace words and a picture a picture; False where the message must be another one."""
    keyboard = _keyboard(screen)
    if screen.picture is not None and message.photo:
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
    return _units(screen.text) <= CAPTION


def _units(text: str) -> int:
    """Counted in UTF-16 units, the stricter reading, tags included."""
    return len(text.encode("utf-16-le")) // 2


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

"""Shows screens in Telegram: text, a picture above it, files after it; edits the message where possible."""

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
"""Telegram's limit for a caption; a longer text is sent as a message after the picture."""

MOST_REPEATS = 4
"""Repeats of an answer that may have been shown already; each is marked «(повтор)»."""

UNCHANGED = "message is not modified"
FINAL = (TelegramBadRequest, TelegramForbiddenError, TelegramEntityTooLarge)
"""Permanent refusals of a message or chat; a retry would be refused again."""


class NotShownError(Exception):
    """A temporary failure: Telegram is out of reach, asks to wait, or its answer is unreadable.

    `retry_after`: seconds that it asks for; `may_be_shown`: the call was sent, so it may have been accepted; `is_lost`:
    there was no answer at all.
    """

    def __init__(self, retry_after: float = 0.0, *, may_be_shown: bool = False, is_lost: bool = False) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
        self.may_be_shown = may_be_shown
        self.is_lost = is_lost


@dataclass(slots=True)
class ReplyProgress:
    """How many parts of a reply are shown; a second try begins after them.

    `may_be_shown`: the next part may have been accepted, so its repeat bears the `mark` (Q121); `lost`: how often there
    was no answer at all.
    """

    parts: int = 0
    may_be_shown: bool = False
    lost: int = 0
    mark: str = ""


async def show(
    event: Update, reply: Screen | Toast, *, bot: Bot, chat: int, progress: ReplyProgress | None = None
) -> None:
    """Show a reply. Raises NotShownError after a temporary failure; a permanent refusal (blocked chat) is logged."""
    progress = progress or ReplyProgress()
    for part in _ReplySender(bot, chat, event.callback_query, progress).parts(reply)[progress.parts :]:
        try:
            with temporary_errors():
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
def temporary_errors() -> Iterator[None]:
    """Turns temporary errors of Telegram into NotShownError."""
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
class _ReplySender:
    """Sends the parts of a reply to one chat; `query` is the pressed button, if any."""

    bot: Bot
    chat: int
    query: CallbackQuery | None
    progress: ReplyProgress

    def parts(self, reply: Screen | Toast) -> Sequence[Callable[[], Awaitable[object]]]:
        """The calls that show the reply, in order; the last one answers the press of the button."""
        match reply:
            case Screen():
                return [
                    *self._text_parts(reply),
                    *(partial(self._file, file) for file in reply.files),
                    self._answer_press,
                ]
            case Toast(drop_button=True):
                return [self._remove_button, partial(self._answer_press, reply.text)]
            case Toast():
                return [partial(self._answer_press, reply.text)]

    def _text_parts(self, screen: Screen) -> Sequence[Callable[[], Awaitable[object]]]:
        """A text that is too long for a caption is sent as its own message."""
        if screen.picture is None or _fits_under_a_picture(screen):
            return [partial(self._screen, screen)]
        return [partial(self._picture, screen.picture), partial(self._message, screen)]

    async def _screen(self, screen: Screen) -> None:
        below = self.query.message if self.query is not None and screen.in_place else None
        if not isinstance(below, Message) or not await _edit_message(below, screen):
            await (self._message(screen) if screen.picture is None else self._photo(screen, screen.picture))

    async def _message(self, screen: Screen) -> None:
        if (text := self._with_repeat_mark(screen.text, most=LONGEST)) is not None:
            keyboard = _keyboard(screen)
            await self.bot.send_message(self.chat, text, parse_mode=ParseMode.HTML, reply_markup=keyboard)

    async def _photo(self, screen: Screen, picture: bytes) -> None:
        if (text := self._with_repeat_mark(screen.text, most=CAPTION)) is not None:
            above, keyboard = _upload(picture), _keyboard(screen)
            await self.bot.send_photo(self.chat, above, caption=text, parse_mode=ParseMode.HTML, reply_markup=keyboard)

    async def _picture(self, picture: bytes) -> None:
        await self.bot.send_photo(self.chat, _upload(picture), caption=self._with_repeat_mark("", most=CAPTION))

    def _with_repeat_mark(self, text: str, *, most: int) -> str | None:
        """The text, marked where it may be a repeat; None where the mark does not fit: then it is not repeated."""
        if not self.progress.may_be_shown:
            return text
        marked = f"{text} {self.progress.mark}".strip()
        return marked if _units(marked) <= most else None

    async def _answer_press(self, words: str | None = None) -> None:
        if self.query is not None:
            with suppress(TelegramBadRequest):  # too old to be answered
                await self.query.answer(words)

    async def _file(self, file: Shown) -> None:
        """Send a picture as a photo; Telegram refuses that for one stored as a document, so it is sent as such."""
        source, words = (
            file.reference or BufferedInputFile(file.content, file.name),
            self._with_repeat_mark("", most=CAPTION),
        )
        if file.media_type in PHOTOS:
            with suppress(TelegramBadRequest):
                await self.bot.send_photo(self.chat, source, caption=words)
                return
        await self.bot.send_document(self.chat, source, caption=words)

    async def _remove_button(self) -> None:
        message = self.query.message if self.query is not None else None
        if self.query is not None and isinstance(message, Message):
            kept = _keyboard_without(message.reply_markup, self.query.data)
            await _apply_edit(message.edit_reply_markup, reply_markup=kept)


async def _edit_message(message: Message, screen: Screen) -> bool:
    """Edit text into text, or picture into picture; False where a new message is needed."""
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


def _fits_under_a_picture(screen: Screen) -> bool:
    return _units(screen.text) <= CAPTION


def _units(text: str) -> int:
    """Length in UTF-16 units with tags, the strictest reading of Telegram's limit."""
    return len(text.encode("utf-16-le")) // 2


def _upload(picture: bytes) -> BufferedInputFile:
    return BufferedInputFile(picture, PICTURE)


def _keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(text=button.label, callback_data=button.data, url=button.url) for button in row]
        for row in screen.buttons
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _keyboard_without(markup: InlineKeyboardMarkup | None, data: str | None) -> InlineKeyboardMarkup | None:
    """The keyboard without the button that was pressed."""
    rows = (
        [[button for button in row if button.callback_data != data] for row in markup.inline_keyboard] if markup else []
    )
    kept = [row for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=kept) if kept else None

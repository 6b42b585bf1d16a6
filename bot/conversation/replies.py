"""Shows a reply in parts, so that a second try goes on where the first one came to."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.conversation.messenger import HeardKind, Messenger, MessengerUpdate, NotShownError, ReplyRefusedError
from bot.screens.screen import Screen, ScreenFile, Toast

log = structlog.get_logger()

MOST_REPEATS = 4
"""Repeats of an answer that may have been shown already; each is marked «(повтор)»."""


@dataclass(slots=True)
class ReplyProgress:
    """How many parts of a reply are shown; a second try begins after them.

    `may_be_shown`: the next part may have been accepted, so its repeat bears the `mark` (Q121); `lost`: how often there
    was no answer at all. `instead`: what is said once where the messenger refuses the reply for good.
    """

    parts: int = 0
    may_be_shown: bool = False
    lost: int = 0
    mark: str = ""
    instead: Screen | None = None


async def show_reply(
    messenger: Messenger, heard: MessengerUpdate, reply: Screen | Toast, progress: ReplyProgress | None = None
) -> None:
    """Show a reply. Raises NotShownError after a temporary failure; a permanent refusal is logged.

    Nobody is left without an answer: a reply whose content is refused is replaced by a short one.
    """
    progress = progress or ReplyProgress()
    for part in _ReplyParts(messenger, heard, progress).of(reply)[progress.parts :]:
        try:
            await part()
        except NotShownError as later:
            progress.may_be_shown |= later.may_be_shown
            progress.lost += later.is_lost
            raise
        except ReplyRefusedError as refused:
            log.warning("conversation.not_shown", error=str(refused))
        progress.parts += 1
        progress.may_be_shown, progress.lost = False, 0


@dataclass(frozen=True, slots=True)
class _ReplyParts:
    """The parts of a reply to what was heard."""

    messenger: Messenger
    heard: MessengerUpdate
    progress: ReplyProgress

    def of(self, reply: Screen | Toast) -> Sequence[Callable[[], Awaitable[None]]]:
        """The calls that show the reply, in order; the last one answers the press of a button."""
        match reply:
            case Screen():
                messages = [partial(self._message, message) for message in self.messenger.cut(reply)]
                files = [partial(self._file, file) for file in reply.files]
                return [*(partial(self._or_instead, each) for each in (*messages, *files)), self._answer_press]
            case Toast(drop_button=True):
                return [partial(self.messenger.drop_button, self.heard), partial(self._answer_press, reply.text)]
            case Toast():
                return [partial(self._answer_press, reply.text)]

    async def _or_instead(self, part: Callable[[], Awaitable[None]]) -> None:
        try:
            await part()
        except ReplyRefusedError as refused:
            if self.progress.instead is None:
                raise
            log.warning("conversation.not_shown", error=str(refused))
            await self.messenger.show(self.heard, self.progress.instead)
            self.progress.instead = None

    async def _message(self, screen: Screen) -> None:
        """Edits where the screen asks for it and the messenger can, which may be repeated as often as it takes."""
        if screen.in_place and self._is_press and await self.messenger.edit(self.heard, screen):
            return
        if (marked := self._with_repeat_mark(screen)) is None:
            return
        if screen.picture is None:
            await self.messenger.show(self.heard, marked)
        else:
            await self.messenger.send_picture(self.heard, marked)

    def _with_repeat_mark(self, screen: Screen) -> Screen | None:
        """The screen, marked where it may be a repeat; None where the mark does not fit: then it is not repeated."""
        if not self.progress.may_be_shown:
            return screen
        marked = replace(screen, text=f"{screen.text} {self.progress.mark}".strip())
        return marked if self.messenger.fits(marked) else None

    async def _file(self, file: ScreenFile) -> None:
        await self.messenger.send_file(self.heard, file, self.progress.mark if self.progress.may_be_shown else "")

    async def _answer_press(self, words: str | None = None) -> None:
        if self._is_press:
            await self.messenger.toast(self.heard, words)

    @property
    def _is_press(self) -> bool:
        return self.heard.kind is HeardKind.PRESS

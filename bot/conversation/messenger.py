"""The port of a messenger: it reads what a person sent, and shows screens with six verbs."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol

from bot.screens.screen import Screen, ScreenFile
from core.model.conversation import MessageContent, SentFile


class UnreadableUpdateError(Exception):
    """An update that cannot be parsed; `kind` is the messenger's word for it, without its content (Q103)."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class NotShownError(Exception):
    """A temporary failure: the messenger is out of reach, asks to wait, or its answer is unreadable.

    `retry_after`: seconds that it asks for; `may_be_shown`: the call was sent, so it may have been accepted; `is_lost`:
    there was no answer at all.
    """

    def __init__(self, retry_after: float = 0.0, *, may_be_shown: bool = False, is_lost: bool = False) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
        self.may_be_shown = may_be_shown
        self.is_lost = is_lost


class ReplyRefusedError(Exception):
    """A permanent refusal of a message or of the chat: a retry would be refused again. Its text names the refusal."""


class HeardKind(Enum):
    """What a person did in the chat."""

    MESSAGE = auto()
    EDIT = auto()
    PRESS = auto()
    BLOCKED = auto()
    UNBLOCKED = auto()
    MUTED = auto()
    UNMUTED = auto()


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update of a private chat. `raw`: as the messenger sent it, not parsed yet; `body`: as it is stored."""

    update_id: int
    kind: HeardKind
    chat: str
    raw: Any
    body: str


@dataclass(frozen=True, slots=True)
class MessengerUpdate:
    """An update in the words of a conversation.

    `text`: of a message, or below its files. `data`: of the pressed button. `messages`: the message's number in its
    chat, which it keeps when it is edited; of an album or a cut text all of them. `sent_at`: seconds of the messenger's
    clock. `album`: the messages of one album bear the same word. `cut_end`: where the messenger may have cut a long
    text here, what stood between it and the next message. `joined`: the other updates that this message came in.
    `is_pieced`: a cut text, put together again. `reopens`: it ends a block of which the messenger says nothing else.
    `muted_until`: milliseconds of the messenger's clock; None: until it says otherwise. `origin`: the messenger's own
    form of what is answered; only the messenger reads it.
    """

    update_id: int
    kind: HeardKind
    chat: str
    text: str = ""
    files: tuple[SentFile, ...] = ()
    data: str = ""
    origin: Any = None
    content: MessageContent = MessageContent.WORDS
    messages: tuple[int, ...] = ()
    sent_at: int = 0
    album: str | None = None
    cut_end: str | None = None
    joined: tuple[int, ...] = ()
    is_pieced: bool = False
    reopens: bool = False
    muted_until: int | None = None

    @property
    def number(self) -> int | None:
        """The number of the message, the first one of several."""
        return self.messages[0] if self.messages else None

    @property
    def update_ids(self) -> tuple[int, ...]:
        """All updates that this message came in."""
        return self.update_id, *self.joined


class Messenger(Protocol):
    """One channel that converses. Its verbs raise NotShownError and ReplyRefusedError, no error of a library."""

    @property
    def channel(self) -> str: ...

    @property
    def has_former_buttons(self) -> bool:
        """Whether messages of release 0.1 stand in its chats, whose buttons are still taken."""
        ...

    def parse(self, raw: object) -> Incoming | None:
        """A new update; None outside private chats and for kinds that are not handled. UnreadableUpdateError."""
        ...

    def restore(self, update_id: int, chat: str, body: str) -> Incoming:
        """A stored update, whichever version of the bot stored it."""
        ...

    def read(self, update: Incoming) -> MessengerUpdate:
        """What the update says. UnreadableUpdateError."""
        ...

    async def fetch(self, file: SentFile, *, most: int) -> bytes | None:
        """The content of a file that a person sent; None where it is larger than `most` bytes or out of reach."""
        ...

    def cut(self, screen: Screen) -> Sequence[Screen]:
        """The screen in as many messages as it needs, without its files; nothing is lost.

        The texts of the messages are rendered: the verbs take them as they are, with plain words added at most.
        """
        ...

    def fits(self, message: Screen) -> bool:
        """Whether the messenger takes this message in one piece."""
        ...

    async def show(self, heard: MessengerUpdate, screen: Screen) -> None:
        """Sends a message that `cut` made to the chat."""
        ...

    async def edit(self, heard: MessengerUpdate, screen: Screen) -> bool:
        """Puts the screen in the place of the message whose button was pressed; False where that is impossible."""
        ...

    async def send_picture(self, heard: MessengerUpdate, screen: Screen) -> None:
        """Sends the picture of a screen with its words and buttons below."""
        ...

    async def send_file(self, heard: MessengerUpdate, file: ScreenFile, words: str) -> None:
        """Sends a file with a few words below, as a picture where it is one."""
        ...

    async def drop_button(self, heard: MessengerUpdate) -> None:
        """Removes the pressed button from its message."""
        ...

    async def toast(self, heard: MessengerUpdate, words: str | None) -> None:
        """Confirms the press, with words over the chat if there are any."""
        ...

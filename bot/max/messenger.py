"""MAX as a messenger: reads updates, and shows screens as HTML with buttons below."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from bot.conversation.messenger import Heard, HeardKind, Incoming, ReplyRefusedError
from bot.max import incoming
from bot.max.connection import FINAL, errors_of_max
from bot.max.rendering import html_of
from bot.rendering import render_messages
from bot.screens.screen import Screen, ScreenFile
from core.model.conversation import SentFile
from notifiers.html_messages import length
from notifiers.max.api import MaxApi, UploadRefusedError
from notifiers.max.files import FILE, IMAGE, StoredFile, Uploads, when_ready
from notifiers.max.limits import LONGEST_MESSAGE, MORE, PICTURES, Json, keyboards, rows_of_keyboards
from notifiers.pacing import Window

PICTURE = "picture.png"


@dataclass(slots=True)
class DialogPace:
    """MAX takes two messages and two answers a second in a dialog; pushes may send one of the messages."""

    messages: Window
    answers: Window

    @classmethod
    def of(cls, *, is_paced: bool) -> "DialogPace":
        """No limit for a server on this machine."""
        return cls(Window.of_pace(1.0 if is_paced else None), Window.of_pace(2.0 if is_paced else None))


@dataclass(frozen=True, slots=True)
class MaxMessenger:
    """The port of a messenger over one bot. A dialog is known by its person, never by the id of the chat."""

    api: MaxApi
    pace: DialogPace
    uploads: Uploads = field(init=False)
    channel: ClassVar[str] = incoming.CHANNEL
    has_former_buttons: ClassVar[bool] = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "uploads", Uploads(self.api))

    def parse(self, raw: object) -> Incoming | None:
        """A new update; None in groups and for kinds that are not handled. UnreadableUpdateError."""
        return incoming.parse_update(raw)

    def restore(self, update_id: int, chat: str, body: str) -> Incoming:
        """A stored update, whichever version of the bot stored it."""
        return incoming.stored_update(update_id, chat, body)

    def read(self, update: Incoming) -> Heard:
        """What the update says. UnreadableUpdateError."""
        return incoming.read_update(update, token=self.api.token)

    async def fetch(self, file: SentFile, *, most: int) -> bytes | None:
        """By the address that came with the file; the content goes to memory only."""
        return await self.api.download(StoredFile.of(file.reference).url, most=most)

    def cut(self, screen: Screen) -> Sequence[Screen]:
        """In HTML; a picture has words and buttons below it. Rows that one keyboard cannot hold follow in another."""
        *pages, page = render_messages(screen.text, longest=LONGEST_MESSAGE)
        first, *others = rows_of_keyboards(screen.buttons) or [()]
        is_one = not pages and not others
        last = replace(
            screen,
            text=page,
            buttons=first,
            in_place=screen.in_place and is_one,
            picture=None if pages else screen.picture,
            ends_sharing="",
        )
        picture = [Screen("", picture=screen.picture)] if pages and screen.picture else []
        return [*picture, *map(Screen, pages), last, *(Screen(MORE, each) for each in others)]

    def fits(self, message: Screen) -> bool:
        """Words below a picture may be as long as without one."""
        return length(message.text) <= LONGEST_MESSAGE

    async def show(self, heard: Heard, screen: Screen) -> None:
        """Send a text."""
        with errors_of_max():
            await self._post(heard, _body(screen.text, _keyboard(screen)))

    async def edit(self, heard: Heard, screen: Screen) -> bool:
        """Answer the press with the whole message; False where there is none, or the answer is refused."""
        if (_pressed_message(heard)) is None:
            return False
        with suppress(ReplyRefusedError), errors_of_max():
            await self._answer(heard, _body(screen.text, [*await self._picture(screen), *_keyboard(screen)]))
            return True
        return False

    async def send_picture(self, heard: Heard, screen: Screen) -> None:
        """Send a picture with words and buttons below."""
        with errors_of_max():
            await self._post(heard, _body(screen.text, [*await self._picture(screen), *_keyboard(screen)]))

    async def send_file(self, heard: Heard, file: ScreenFile, words: str) -> None:
        """Send a picture as one; a file is the only attachment of its message, so its words go before it."""
        kind = IMAGE if file.media_type in PICTURES else FILE
        with errors_of_max():
            if words:
                await self._post(heard, _body(words, []))
            if file.reference:
                attachment = StoredFile.of(file.reference).attachment()
            else:
                attachment = await self.uploads.attachment(kind, file.name, file.content)
            await self._post(heard, {"attachments": [attachment]})

    async def drop_button(self, heard: Heard) -> None:
        """Answer the press with the same message without the button; the message may be gone."""
        message = _pressed_message(heard)
        if message is None:
            return
        with suppress(ReplyRefusedError), errors_of_max():
            await self._answer(heard, _without_button(message, heard.data))

    async def toast(self, heard: Heard, words: str | None) -> None:
        """MAX has no words over the chat any more: a short message says them."""
        if words and heard.kind is HeardKind.PRESS:
            with errors_of_max():
                await self._post(heard, {"text": words})

    async def _picture(self, screen: Screen) -> list[Json]:
        """The picture in a message; none where MAX refuses it: the words go without (Q141)."""
        if screen.picture is None:
            return []
        try:
            return [await self.uploads.attachment(IMAGE, PICTURE, screen.picture)]
        except UploadRefusedError as refused:
            if refused.status not in FINAL:
                raise
            return []

    async def _post(self, heard: Heard, body: Json) -> None:
        query: Mapping[str, str | int] = {"user_id": int(heard.chat), "disable_link_preview": "true"}

        async def send() -> Json:
            async with self.pace.messages.place(heard.chat):
                return await self.api.call("POST", "/messages", query=query, body=body)

        await when_ready(send)

    async def _answer(self, heard: Heard, message: Json) -> None:
        query = {"callback_id": str(heard.origin["callback"]["callback_id"])}

        async def send() -> Json:
            async with self.pace.answers.place(heard.chat):
                return await self.api.call("POST", "/answers", query=query, body={"message": message})

        await when_ready(send)


def _pressed_message(heard: Heard) -> Mapping[str, Any] | None:
    message = heard.origin.get("message") if heard.kind is HeardKind.PRESS and heard.origin else None
    return message if isinstance(message, dict) and isinstance(message.get("body"), dict) else None


def _body(html: str, attachments: Sequence[Json]) -> Json:
    return {"text": html, "format": "html", "attachments": list(attachments)}


def _keyboard(screen: Screen) -> Sequence[Json]:
    """The buttons below, or the key that shares the person's own number."""
    if screen.share_phone:
        key = {"type": "request_contact", "text": screen.share_phone}
        return [{"type": "inline_keyboard", "payload": {"buttons": [[key]]}}]
    return keyboards(screen.buttons)


def _without_button(message: Mapping[str, Any], data: str) -> Json:
    """The message as it stands, without the button that was pressed."""
    body = message["body"]
    attachments = []
    for each in body.get("attachments") or ():
        if each.get("type") == IMAGE:
            attachments.append({"type": IMAGE, "payload": {"token": each["payload"]["token"]}})
        if each.get("type") == "inline_keyboard":
            rows = [[key for key in row if key.get("payload") != data] for row in each["payload"]["buttons"]]
            if kept := [row for row in rows if row]:
                attachments.append({"type": "inline_keyboard", "payload": {"buttons": kept}})
    return _body(html_of(body.get("text") or "", body.get("markup") or ()), attachments)

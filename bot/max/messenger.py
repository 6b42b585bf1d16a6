"""MAX as a messenger: reads updates, and shows screens as HTML with buttons below."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from bot.conversation.messenger import HeardKind, Incoming, MessengerUpdate, ReplyRefusedError
from bot.max import incoming
from bot.max.connection import FINAL, convert_max_connection_errors
from bot.max.rendering import rendered_max_html
from bot.rendering import split_rendered_messages
from bot.screens.screen import Screen, ScreenFile
from core.model.conversation import SentFile
from notifiers.html_messages import html_message_length
from notifiers.max.api import MaxApi, UploadRefusedError
from notifiers.max.files import FILE, IMAGE, MaxFileUploads, MaxStoredFile, max_file_when_ready
from notifiers.max.limits import LONGEST_MESSAGE, MORE, PICTURES, Json, limit_max_keyboard_rows, limit_max_keyboards
from notifiers.pacing import PacingWindow

PICTURE = "picture.png"


@dataclass(slots=True)
class MaxMessengerPace:
    """MAX takes two messages and two answers a second in a dialog; pushes may send one of the messages."""

    messages: PacingWindow
    answers: PacingWindow

    @classmethod
    def of(cls, *, is_paced: bool) -> "MaxMessengerPace":
        """No limit for a server on this machine."""
        return cls(PacingWindow.of_pace(1.0 if is_paced else None), PacingWindow.of_pace(2.0 if is_paced else None))


@dataclass(frozen=True, slots=True)
class MaxMessenger:
    """The port of a messenger over one bot. A dialog is known by its person, never by the id of the chat."""

    api: MaxApi
    pace: MaxMessengerPace
    uploads: MaxFileUploads = field(init=False)
    channel: ClassVar[str] = incoming.CHANNEL
    has_former_buttons: ClassVar[bool] = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "uploads", MaxFileUploads(self.api))

    def parse(self, raw: object) -> Incoming | None:
        """A new update; None in groups and for kinds that are not handled. UnreadableUpdateError."""
        return incoming.parse_incoming_max_update(raw)

    def restore(self, update_id: int, chat: str, body: str) -> Incoming:
        """A stored update, whichever version of the bot stored it."""
        return incoming.stored_incoming_max_update(update_id, chat, body)

    def read(self, update: Incoming) -> MessengerUpdate:
        """What the update says. UnreadableUpdateError."""
        return incoming.read_incoming_max_update(update, token=self.api.token)

    async def fetch(self, file: SentFile, *, most: int) -> bytes | None:
        """By the address that came with the file; the content goes to memory only."""
        return await self.api.download(MaxStoredFile.of(file.reference).url, most=most)

    def cut(self, screen: Screen) -> Sequence[Screen]:
        """In HTML; a picture has words and buttons below it. Rows that one keyboard cannot hold follow in another."""
        *pages, page = split_rendered_messages(screen.text, longest=LONGEST_MESSAGE)
        first, *others = limit_max_keyboard_rows(screen.buttons) or [()]
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
        return html_message_length(message.text) <= LONGEST_MESSAGE

    async def show(self, heard: MessengerUpdate, screen: Screen) -> None:
        """Send a text."""
        with convert_max_connection_errors():
            await self._post(heard, _body(screen.text, _keyboard(screen)))

    async def edit(self, heard: MessengerUpdate, screen: Screen) -> bool:
        """Answer the press with the whole message; False where there is none, or the answer is refused."""
        if (_pressed_message(heard)) is None:
            return False
        with suppress(ReplyRefusedError), convert_max_connection_errors():
            await self._answer(heard, _body(screen.text, [*await self._picture(screen), *_keyboard(screen)]))
            return True
        return False

    async def send_picture(self, heard: MessengerUpdate, screen: Screen) -> None:
        """Send a picture with words and buttons below."""
        with convert_max_connection_errors():
            await self._post(heard, _body(screen.text, [*await self._picture(screen), *_keyboard(screen)]))

    async def send_file(self, heard: MessengerUpdate, file: ScreenFile, words: str) -> None:
        """Send a picture as one; a file is the only attachment of its message, so its words go before it."""
        kind = IMAGE if file.media_type in PICTURES else FILE
        with convert_max_connection_errors():
            if words:
                await self._post(heard, _body(words, []))
            if file.reference:
                attachment = MaxStoredFile.of(file.reference).attachment()
            else:
                attachment = await self.uploads.attachment(kind, file.name, file.content)
            await self._post(heard, {"attachments": [attachment]})

    async def drop_button(self, heard: MessengerUpdate) -> None:
        """Answer the press with the same message without the button; the message may be gone."""
        message = _pressed_message(heard)
        if message is None:
            return
        with suppress(ReplyRefusedError), convert_max_connection_errors():
            await self._answer(heard, _without_button(message, heard.data))

    async def toast(self, heard: MessengerUpdate, words: str | None) -> None:
        """MAX has no words over the chat any more: a short message says them."""
        if words and heard.kind is HeardKind.PRESS:
            with convert_max_connection_errors():
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

    async def _post(self, heard: MessengerUpdate, body: Json) -> None:
        query: Mapping[str, str | int] = {"user_id": int(heard.chat), "disable_link_preview": "true"}

        async def send() -> Json:
            async with self.pace.messages.place(heard.chat):
                return await self.api.call("POST", "/messages", query=query, body=body)

        await max_file_when_ready(send)

    async def _answer(self, heard: MessengerUpdate, message: Json) -> None:
        query = {"callback_id": str(heard.origin["callback"]["callback_id"])}

        async def send() -> Json:
            async with self.pace.answers.place(heard.chat):
                return await self.api.call("POST", "/answers", query=query, body={"message": message})

        await max_file_when_ready(send)


def _pressed_message(heard: MessengerUpdate) -> Mapping[str, Any] | None:
    message = heard.origin.get("message") if heard.kind is HeardKind.PRESS and heard.origin else None
    return message if isinstance(message, dict) and isinstance(message.get("body"), dict) else None


def _body(html: str, attachments: Sequence[Json]) -> Json:
    return {"text": html, "format": "html", "attachments": list(attachments)}


def _keyboard(screen: Screen) -> Sequence[Json]:
    """The buttons below, or the key that shares the person's own number."""
    if screen.share_phone:
        key = {"type": "request_contact", "text": screen.share_phone}
        return [{"type": "inline_keyboard", "payload": {"buttons": [[key]]}}]
    return limit_max_keyboards(screen.buttons)


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
    return _body(rendered_max_html(body.get("text") or "", body.get("markup") or ()), attachments)

"""The sandbox serves the library that converses and the library that pushes alike."""

import struct
import zlib
from collections.abc import AsyncIterator
from typing import Protocol

import aiogram
import pytest
import telegram
from aiogram import types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from telegram.ext import ExtBot

from bot.sandbox import SandboxServer


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PIXEL = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\xff\0\0\0\xff\0"))
    + _chunk(b"IEND", b"")
)
PAGE = b"%PDF-1.7 invented"


class Library(Protocol):
    """What the school asks of a library: the same deeds, each returning the id of the message."""

    async def name(self) -> str: ...
    async def text(self, text: str, button: str) -> int: ...
    async def photo(self, photo: bytes, caption: str) -> int: ...
    async def document(self, document: bytes, name: str) -> int: ...
    async def album(self, *photos: bytes) -> list[int]: ...
    async def edit(self, message_id: int, text: str) -> int: ...
    async def caption(self, message_id: int, caption: str) -> int: ...
    async def replace(self, message_id: int, photo: bytes) -> int: ...
    async def delete(self, message_id: int) -> None: ...
    async def download(self, file_id: str) -> bytes: ...
    async def chat(self) -> str | None: ...
    async def commands(self) -> list[str]: ...


class Aiogram:
    def __init__(self, bot: aiogram.Bot) -> None:
        self.bot = bot

    async def name(self) -> str:
        return (await self.bot.me()).first_name

    async def text(self, text: str, button: str) -> int:
        key = types.InlineKeyboardButton(text=button, callback_data="marks")
        markup = types.InlineKeyboardMarkup(inline_keyboard=[[key]])
        sent = await self.bot.send_message(101, text, parse_mode="HTML", reply_markup=markup, protect_content=True)
        return sent.message_id

    async def photo(self, photo: bytes, caption: str) -> int:
        return (await self.bot.send_photo(101, types.BufferedInputFile(photo, "p.png"), caption=caption)).message_id

    async def document(self, document: bytes, name: str) -> int:
        return (await self.bot.send_document(101, types.BufferedInputFile(document, name))).message_id

    async def album(self, *photos: bytes) -> list[int]:
        media = [types.InputMediaPhoto(media=types.BufferedInputFile(photo, "p.png")) for photo in photos]
        return [sent.message_id for sent in await self.bot.send_media_group(101, list(media))]

    async def edit(self, message_id: int, text: str) -> int:
        edited = await self.bot.edit_message_text(text, chat_id=101, message_id=message_id)
        assert isinstance(edited, types.Message)
        return edited.message_id

    async def caption(self, message_id: int, caption: str) -> int:
        edited = await self.bot.edit_message_caption(chat_id=101, message_id=message_id, caption=caption)
        assert isinstance(edited, types.Message)
        return edited.message_id

    async def replace(self, message_id: int, photo: bytes) -> int:
        media = types.InputMediaPhoto(media=types.BufferedInputFile(photo, "p.png"), caption="другое")
        edited = await self.bot.edit_message_media(media, chat_id=101, message_id=message_id)
        assert isinstance(edited, types.Message)
        return edited.message_id

    async def delete(self, message_id: int) -> None:
        await self.bot.delete_message(101, message_id)

    async def download(self, file_id: str) -> bytes:
        data = await self.bot.download(file_id)
        assert data is not None
        return data.read()

    async def chat(self) -> str | None:
        return (await self.bot.get_chat(101)).first_name

    async def commands(self) -> list[str]:
        await self.bot.set_my_commands([types.BotCommand(command="marks", description="Оценки")])
        await self.bot.set_my_description("Вестник школы")
        assert (await self.bot.get_my_description()).description == "Вестник школы"
        return [command.command for command in await self.bot.get_my_commands()]


class PythonTelegramBot:
    def __init__(self, bot: ExtBot[None]) -> None:
        self.bot = bot

    async def name(self) -> str:
        return (await self.bot.get_me()).first_name

    async def text(self, text: str, button: str) -> int:
        markup = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton(button, callback_data="marks")]])
        sent = await self.bot.send_message(101, text, parse_mode="HTML", reply_markup=markup, protect_content=True)
        return sent.message_id

    async def photo(self, photo: bytes, caption: str) -> int:
        return (await self.bot.send_photo(101, photo, caption=caption)).message_id

    async def document(self, document: bytes, name: str) -> int:
        return (await self.bot.send_document(101, document, filename=name)).message_id

    async def album(self, *photos: bytes) -> list[int]:
        media = [telegram.InputMediaPhoto(photo) for photo in photos]
        return [sent.message_id for sent in await self.bot.send_media_group(101, media)]

    async def edit(self, message_id: int, text: str) -> int:
        edited = await self.bot.edit_message_text(text, 101, message_id)
        assert isinstance(edited, telegram.Message)
        return edited.message_id

    async def caption(self, message_id: int, caption: str) -> int:
        edited = await self.bot.edit_message_caption(101, message_id, caption=caption)
        assert isinstance(edited, telegram.Message)
        return edited.message_id

    async def replace(self, message_id: int, photo: bytes) -> int:
        edited = await self.bot.edit_message_media(telegram.InputMediaPhoto(photo, caption="другое"), 101, message_id)
        assert isinstance(edited, telegram.Message)
        return edited.message_id

    async def delete(self, message_id: int) -> None:
        await self.bot.delete_message(101, message_id)

    async def download(self, file_id: str) -> bytes:
        return bytes(await (await self.bot.get_file(file_id)).download_as_bytearray())

    async def chat(self) -> str | None:
        return (await self.bot.get_chat(101)).first_name

    async def commands(self) -> list[str]:
        await self.bot.set_my_commands([("marks", "Оценки")])
        await self.bot.set_my_description("Вестник школы")
        assert (await self.bot.get_my_description()).description == "Вестник школы"
        return [command.command for command in await self.bot.get_my_commands()]


@pytest.fixture(params=["aiogram", "python-telegram-bot"])
async def library(request: pytest.FixtureRequest, world: SandboxServer) -> AsyncIterator[Library]:
    if request.param == "aiogram":
        session = AiohttpSession(api=TelegramAPIServer.from_base(world.bot_api))
        async with aiogram.Bot(world.token, session=session) as bot:
            yield Aiogram(bot)
    else:
        base, files = f"{world.bot_api}/bot", f"{world.bot_api}/file/bot"
        async with ExtBot(world.token, base_url=base, base_file_url=files) as pusher:
            yield PythonTelegramBot(pusher)


async def test_a_text_with_a_button_stands_in_the_chat_as_it_was_sent(library: Library, world: SandboxServer) -> None:
    """Both libraries send a marked up, protected text with a button, and the chat keeps all of it."""
    message = world.chats[101].message(await library.text("<b>Алгебра</b>: 3 &lt; 5 🎉", "Оценки"))
    assert (message.text, message.labels, message.protected) == ("Алгебра: 3 < 5 🎉", ["Оценки"], True)
    assert message.entities == [{"offset": 0, "length": 7, "type": "bold"}]


async def test_an_edit_changes_the_message_and_takes_the_buttons_away(library: Library, world: SandboxServer) -> None:
    """Editing a text without a keyboard removes the old keyboard, as Telegram does."""
    message = world.chats[101].message(await library.text("Алгебра: 4", "Оценки"))
    assert await library.edit(message.message_id, "Алгебра: 5") == message.message_id
    assert (message.text, message.labels, message.earlier) == ("Алгебра: 5", [], ["Алгебра: 4"])


async def test_a_photo_is_uploaded_recaptioned_and_replaced(library: Library, world: SandboxServer) -> None:
    """A photo comes as multipart, and its caption and the photo itself can be edited."""
    message = world.chats[101].message(await library.photo(PIXEL, "прогноз"))
    assert message.attachment is not None
    assert (message.text, message.attachment.file.width, message.attachment.file.height) == ("прогноз", 2, 1)
    await library.caption(message.message_id, "прогноз на год")
    await library.replace(message.message_id, PIXEL)
    assert message.earlier == ["прогноз", "прогноз на год"]
    assert message.text == "другое"


async def test_a_document_is_downloaded_byte_for_byte(library: Library, world: SandboxServer) -> None:
    """What was sent as a document comes back unchanged by getFile and its address."""
    message = world.chats[101].message(await library.document(PAGE, "Выписка.pdf"))
    assert message.attachment is not None
    assert (message.attachment.file.name, message.attachment.file.mime) == ("Выписка.pdf", "application/pdf")
    assert await library.download(message.attachment.file.file_id) == PAGE


async def test_an_album_arrives_as_one(library: Library, world: SandboxServer) -> None:
    """The photos of a media group share one album."""
    sent = await library.album(PIXEL, PIXEL)
    assert len({world.chats[101].message(message_id).album for message_id in sent}) == 1


async def test_a_deleted_message_is_gone(library: Library, world: SandboxServer) -> None:
    """A deleted message cannot be found again, though the chat remembers that it was."""
    message = world.chats[101].message(await library.text("ошибка", "Оценки"))
    await library.delete(message.message_id)
    assert message.deleted


async def test_the_bot_can_introduce_itself(library: Library) -> None:
    """Name, chat, commands and description are answered in a form that the library can read."""
    assert await library.name() == "Вестник"
    assert await library.chat() == "Мария Лескова"
    assert await library.commands() == ["marks"]

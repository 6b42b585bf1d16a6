"""Baseline: the same conversation with bare aiogram. The bot's figures are divided by its figures."""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

ANSWER = "\n".join(f"Строка {number} ответа средней длины" for number in range(20))
BUTTONS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Дальше", callback_data="next")]] * 3)


async def echo_bare_text(message: Message) -> None:
    """Answer text with text and buttons."""
    await message.answer(f"{message.text}\n{ANSWER}", reply_markup=BUTTONS)


async def echo_bare_press(query: CallbackQuery) -> None:
    """Edit the message of a button; its text must differ, since Telegram refuses an edit without a change."""
    if isinstance(query.message, Message):
        await query.message.edit_text(f"{query.id}\n{ANSWER}", reply_markup=BUTTONS)
    await query.answer()


async def main(bot_api: str, token: str) -> None:
    """Answer every message until killed."""
    conversation = Dispatcher()
    conversation.message.register(echo_bare_text)
    conversation.callback_query.register(echo_bare_press)
    async with Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(bot_api))) as bot:
        await conversation.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""What people do in their chats reaches the bot, by polling or by webhook."""

import asyncio
from collections.abc import AsyncIterator

import aiogram
import pytest
from aiogram import types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramConflictError
from aiohttp import web

from bot.sandbox import SandboxServer
from bot.sandbox.bot_api.call import Upload
from tests.support.conversation.chat import Chat

SECRET = "wolf-and-hare"


@pytest.fixture
async def bot(world: SandboxServer) -> AsyncIterator[aiogram.Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(world.bot_api))
    async with aiogram.Bot(world.token, session=session) as bot:
        yield bot


@pytest.fixture
async def conversation(bot: aiogram.Bot) -> AsyncIterator[None]:
    """A bot that greets, and that shows the marks when its button is pressed."""
    dispatcher = aiogram.Dispatcher()

    @dispatcher.message()
    async def greet(message: types.Message) -> None:
        button = types.InlineKeyboardButton(text="Оценки", callback_data="marks")
        markup = types.InlineKeyboardMarkup(inline_keyboard=[[button]])
        await message.answer(f"Здравствуйте: {message.text}", reply_markup=markup)

    @dispatcher.callback_query()
    async def show(query: types.CallbackQuery) -> None:
        assert isinstance(query.message, types.Message)
        await query.message.edit_text("Алгебра: 5")
        await query.answer("Готово")

    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
    yield
    await dispatcher.stop_polling()
    await polling


@pytest.mark.usefixtures("conversation")
async def test_a_conversation_reads_as_a_chat(world: SandboxServer) -> None:
    """A person writes, presses the button under the answer, and reads the edited message."""
    client = Chat(world, 101)
    await client.send("/start K7QF-20MW")
    assert (await client.reply()).text == "Здравствуйте: /start K7QF-20MW"
    assert await client.press("Оценки") == "Готово"
    assert (await client.reply()).text == client.last.text == "Алгебра: 5"
    assert client.texts() == ["Алгебра: 5"]


async def test_an_unread_update_comes_again_until_it_is_confirmed(world: SandboxServer, bot: aiogram.Bot) -> None:
    """Without a later offset the same update is given again; with it, never more."""
    world.chats[101].send("первое")
    world.chats[101].send("второе")
    first, second = await bot.get_updates()
    assert [first, second] == await bot.get_updates()
    assert await bot.get_updates(offset=first.update_id + 1) == [second]
    assert await bot.get_updates(offset=second.update_id + 1) == []


async def test_a_waiting_poll_wakes_up_when_somebody_writes(world: SandboxServer, bot: aiogram.Bot) -> None:
    """Long polling answers at once when something happens, and empty when nothing does."""
    waiting = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.05)
    world.chats[101].send("привет")
    async with asyncio.timeout(2):
        (update,) = await waiting
    assert update.message is not None
    assert update.message.text == "привет"
    assert await bot.get_updates(offset=update.update_id + 1) == []


async def test_a_second_poller_ends_the_first(bot: aiogram.Bot) -> None:
    """Two pollers of one token are a conflict, told to the one that waits."""
    first = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.05)
    assert await bot.get_updates() == []
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await first


async def test_photos_files_and_numbers_come_from_the_person(world: SandboxServer, bot: aiogram.Bot) -> None:
    """The person sends a document and their own number; the bot can read both."""
    world.chats[101].send_file(Upload("Справка.pdf", "application/pdf", b"%PDF"), caption="от врача")
    world.chats[101].share_contact()
    document, contact = [update.message for update in await bot.get_updates()]
    assert document is not None
    assert document.document is not None
    assert (document.caption, document.document.file_name) == ("от врача", "Справка.pdf")
    assert contact is not None
    assert contact.contact is not None
    assert (contact.contact.phone_number, contact.contact.user_id) == ("+79000000001", 101)


async def test_blocking_and_unblocking_are_told_at_once(world: SandboxServer, bot: aiogram.Bot) -> None:
    """The bot learns by my_chat_member that it was blocked and that it is welcome again."""
    world.chats[101].block()
    world.chats[101].unblock()
    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


async def test_kinds_that_the_bot_did_not_ask_for_do_not_come(world: SandboxServer, bot: aiogram.Bot) -> None:
    """With allowed_updates the bot gets those kinds only."""
    await bot.get_updates(allowed_updates=["message"])
    world.chats[101].block()
    world.chats[101].send("снова здесь")
    (update,) = await bot.get_updates()
    assert update.message is not None


async def test_a_webhook_gets_the_secret_and_every_update_until_it_says_ok(
    world: SandboxServer, bot: aiogram.Bot
) -> None:
    """Updates go to the webhook with the secret in the header, again after a failure, once after an OK."""
    got: list[tuple[str | None, str]] = []
    answers = iter([500, 200, 200])

    async def take(request: web.Request) -> web.Response:
        update = await request.json()
        got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update["message"]["text"]))
        return web.Response(status=next(answers))

    application = web.Application()
    application.router.add_post("/hook", take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token=SECRET)
    world.chats[101].send("первое")
    world.chats[101].send("второе")
    async with asyncio.timeout(5):
        while (info := await bot.get_webhook_info()).pending_update_count:
            await asyncio.sleep(0.02)
    assert got == [(SECRET, "первое"), (SECRET, "первое"), (SECRET, "второе")]
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    with pytest.raises(TelegramConflictError, match="while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == []
    await runner.cleanup()

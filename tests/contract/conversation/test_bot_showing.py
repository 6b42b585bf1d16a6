"""Screens as a person sees them in Telegram: words, pictures, files, and what replaces what."""

import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace

import aiogram
import pytest
from aiogram.client.telegram import TelegramAPIServer

from bot.conversation.messenger import MessengerUpdate, NotShownError
from bot.conversation.replies import ReplyProgress, show_reply
from bot.sandbox import SandboxServer
from bot.sandbox.bot_api.call import Upload
from bot.sandbox.bot_api.state.messages import BotApiMessage
from bot.sandbox.faults import FaultKind
from bot.screens.screen import Screen, ScreenFile, Toast, screen_bold
from bot.telegram.incoming import parse_incoming_telegram_update, read_incoming_telegram_update
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.session import FetchUpdates, TelegramSession
from core.model.delivery.text import Button
from notifiers.telegram.html import LONGEST_CAPTION, LONGEST_MESSAGE

CHAT = 101
BUTTONS = ((Button("Дальше", data="next"), Button("Прочитано", data="read")),)


def a_picture(side: int) -> bytes:
    """A black square as PNG."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * (side + 1) * side)
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


class Phone:
    """A mother's chat, and the bot that shows screens in it."""

    def __init__(self, world: SandboxServer, bot: aiogram.Bot) -> None:
        self.world = world
        self.chat = world.chats[CHAT]
        self.bot = bot

    async def says(self, reply: Screen | Toast) -> None:
        self.chat.send("?")
        await self._show(reply)

    async def asks(self) -> MessengerUpdate:
        """What the bot hears of words."""
        self.chat.send("?")
        return await self.heard()

    async def presses(self, label: str, reply: Screen | Toast) -> str | None:
        """On the last message; the words over the chat."""
        message = self.shown[-1]
        button = next(button for row in message.buttons for button in row if button["text"] == label)
        query = self.chat.press(message.message_id, button["callback_data"])
        await self._show(reply)
        return self.chat.answer(query).text

    async def _show(self, reply: Screen | Toast) -> None:
        await show_reply(self.messenger, await self.heard(), reply)

    @property
    def messenger(self) -> TelegramMessenger:
        return TelegramMessenger(self.bot)

    async def heard(self) -> MessengerUpdate:
        raw = (await self.bot(FetchUpdates()))[-1]
        update = parse_incoming_telegram_update(raw)
        assert update is not None
        await self.bot(FetchUpdates(offset=update.update_id + 1))
        return read_incoming_telegram_update(update, self.bot)

    @property
    def shown(self) -> list[BotApiMessage]:
        return [message for message in self.chat.messages if message.from_bot and not message.deleted]

    @property
    def kinds(self) -> list[str]:
        """What each message is."""
        return [message.attachment.kind if message.attachment else "text" for message in self.shown]


@pytest.fixture
async def phone(world: SandboxServer) -> AsyncIterator[Phone]:
    async with aiogram.Bot(world.token, session=TelegramSession(TelegramAPIServer.from_base(world.bot_api))) as bot:
        yield Phone(world, bot)


async def test_turning_a_page_edits_the_message(phone: Phone) -> None:
    """A screen in place replaces the one whose button was pressed, and the same screen again is no fault."""
    await phone.says(Screen(screen_bold("Первая"), BUTTONS))
    for _ in range(2):
        assert await phone.presses("Дальше", Screen(screen_bold("Вторая"), BUTTONS, in_place=True)) == ""
    assert [message.text for message in phone.shown] == ["Вторая"]


async def test_a_screen_that_is_not_in_place_comes_below(phone: Phone) -> None:
    """What was pushed stays as it was said."""
    await phone.says(Screen("Первая", BUTTONS))
    await phone.presses("Дальше", Screen("Вторая"))
    assert [message.text for message in phone.shown] == ["Первая", "Вторая"]


async def test_a_chart_comes_as_a_picture_with_its_words_below(phone: Phone) -> None:
    """A text cannot become a picture, so a chart is a new message; a chart replaces a chart."""
    await phone.says(Screen("Оценки", BUTTONS))
    await phone.presses("Дальше", Screen("Алгебра", BUTTONS, in_place=True, picture=a_picture(10)))
    assert phone.kinds == ["text", "photo"]
    assert phone.shown[-1].text == "Алгебра"
    await phone.presses("Дальше", Screen("Физика", BUTTONS, in_place=True, picture=a_picture(12)))
    assert phone.kinds == ["text", "photo"]
    assert phone.shown[-1].text == "Физика"
    await phone.presses("Дальше", Screen("Оценки", BUTTONS, in_place=True))
    assert phone.kinds == ["text", "photo", "text"]


async def test_words_too_long_for_a_picture_follow_it(phone: Phone) -> None:
    """Nothing is cut: under a picture fit 1024 characters, the rest is a message of its own."""
    await phone.says(Screen("я" * (LONGEST_CAPTION + 1), BUTTONS, picture=a_picture(10)))
    assert phone.kinds == ["photo", "text"]
    assert [len(message.text) for message in phone.shown] == [0, LONGEST_CAPTION + 1]


@pytest.mark.parametrize("in_place", [False, True])
async def test_a_text_of_any_length_comes_whole(phone: Phone, *, in_place: bool) -> None:
    """In several messages, the buttons under the last; what is longer than one message replaces none (Q91)."""
    lines = [f"{number}. {'я' * 500}" for number in range(20)]
    await phone.says(Screen("Первая", BUTTONS))
    await phone.presses("Дальше", Screen("\n".join(map(screen_bold, lines)), BUTTONS, in_place=in_place))
    first, *pages = phone.shown
    assert first.text == "Первая"
    assert "\n".join(page.text for page in pages) == "\n".join(lines)
    assert [len(page.labels) for page in pages] == [0, 0, 2]


async def test_files_of_homework_follow_the_words(phone: Phone) -> None:
    """Our own files and those that Telegram keeps come as what they are, photo or document (Q96)."""
    kept = phone.chat.send_file(Upload("task.pdf", "application/pdf", b"%PDF"), caption="")
    assert kept.attachment is not None
    await phone.says(
        Screen(
            "Алгебра, упражнение 5",
            files=(
                ScreenFile("task.pdf", "application/pdf", reference=kept.attachment.file.file_id),
                ScreenFile("board.png", "image/png", content=a_picture(10)),
                ScreenFile("week.ics", "text/calendar", content=b"BEGIN:VCALENDAR"),
                ScreenFile("broken.png", "image/png", content=b"no picture"),
            ),
        )
    )
    assert phone.kinds == ["text", "document", "photo", "document", "document"]


async def test_a_toast_drops_its_button(phone: Phone) -> None:
    """«Прочитано» goes once it is pressed, the other buttons stay (Q72)."""
    await phone.says(Screen("Итоги", BUTTONS))
    assert await phone.presses("Прочитано", Toast("Спасибо", drop_button=True)) == "Спасибо"
    assert phone.shown[-1].labels == ["Дальше"]


async def test_a_message_that_is_gone_is_answered_by_a_new_one(phone: Phone) -> None:
    """The family deleted the message meanwhile: the answer comes all the same."""
    await phone.says(Screen("Первая", BUTTONS))
    first = phone.shown[-1]
    query = phone.chat.press(first.message_id, "next")
    first.deleted = True
    await phone._show(Screen("Вторая", in_place=True))  # noqa: SLF001  # the press came before the deletion
    assert [message.text for message in phone.shown] == ["Вторая"]
    assert phone.chat.answer(query).text == ""


async def test_a_chat_that_was_blocked_meanwhile_is_no_fault(phone: Phone) -> None:
    """Nobody is there to be answered, and that is final."""
    phone.world.faults.add(FaultKind.BLOCKED, method="sendMessage")
    await phone.says(Screen("Первая"))
    assert phone.shown == []


@pytest.mark.parametrize(
    ("fault", "seconds", "may_be_shown"),
    [
        (FaultKind.TOO_MANY_REQUESTS, 7, False),
        (FaultKind.SERVER_ERROR, 0, False),
        (FaultKind.ANSWER_LOST, 0, True),
    ],
)
async def test_what_telegram_does_not_take_now_may_go_later(
    phone: Phone, fault: FaultKind, seconds: int, *, may_be_shown: bool
) -> None:
    """The wait that was asked for is respected, and what may have been accepted is told from what was not (Q92)."""
    phone.world.faults.add(fault, method="sendMessage", retry_after=7)
    with pytest.raises(NotShownError) as later:
        await phone.says(Screen("Первая"))
    assert later.value.retry_after == seconds
    assert later.value.may_be_shown is may_be_shown


WHOLE = Screen(
    "Алгебра",
    BUTTONS,
    files=(
        ScreenFile("board.png", "image/png", content=a_picture(10)),
        ScreenFile("week.ics", "text/calendar", content=b"BEGIN:VCALENDAR"),
    ),
)


@pytest.mark.parametrize(
    "kind", [FaultKind.HTML_BAD_GATEWAY, FaultKind.SERVER_ERROR, FaultKind.EMPTY, FaultKind.HUGE_NUMBERS]
)
@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto", "sendDocument"])
async def test_a_second_try_goes_on_where_the_first_came_to(phone: Phone, method: str, kind: FaultKind) -> None:
    """Words, picture, document: what was shown before the fault is not shown again (Q121)."""
    update, progress = await phone.asks(), ReplyProgress(mark="(повтор)")
    phone.world.faults.add(kind, method=method)
    with pytest.raises(NotShownError):
        await show_reply(phone.messenger, update, WHOLE, progress)
    await show_reply(phone.messenger, update, WHOLE, progress)
    assert phone.kinds == ["text", "photo", "document"]
    doubtful = kind in {FaultKind.HTML_BAD_GATEWAY, FaultKind.EMPTY}
    assert ["(повтор)" in message.text for message in phone.shown].count(True) == doubtful


@pytest.mark.parametrize(
    "kind", [FaultKind.HTML_BAD_GATEWAY, FaultKind.CUT, FaultKind.EMPTY, FaultKind.TOO_MANY_REQUESTS]
)
@pytest.mark.parametrize("method", ["editMessageText", "answerCallbackQuery"])
async def test_a_press_is_answered_in_the_end(phone: Phone, method: str, kind: FaultKind) -> None:
    """A screen that replaces another may be shown as often as it takes: the message is the same, and bears no mark."""
    await phone.says(Screen("Первая", BUTTONS))
    query = phone.chat.press(phone.shown[-1].message_id, "next")
    update, progress, second = (
        await phone.heard(),
        ReplyProgress(mark="(повтор)"),
        Screen("Вторая", BUTTONS, in_place=True),
    )
    phone.world.faults.add(kind, method=method)
    with pytest.raises(NotShownError):
        await show_reply(phone.messenger, update, second, progress)
    await show_reply(phone.messenger, update, second, progress)
    assert [message.text for message in phone.shown] == ["Вторая"]
    assert phone.chat.answer(query).text == ""


async def test_what_has_no_room_for_its_mark_does_not_come_again(phone: Phone) -> None:
    """An unmarked copy is none that may be sent: who has it reads on, who has it not asks again (Q121)."""
    whole = Screen("я" * LONGEST_MESSAGE)
    update, progress = await phone.asks(), ReplyProgress(mark="(повтор)")
    phone.world.faults.add(FaultKind.EMPTY, method="sendMessage", accepted=True)
    with pytest.raises(NotShownError):
        await show_reply(phone.messenger, update, whole, progress)
    await show_reply(phone.messenger, update, whole, progress)
    assert [message.text for message in phone.shown] == [whole.text]


@pytest.mark.parametrize("method", ["sendMessage", "sendDocument"])
async def test_what_telegram_refuses_for_good_is_replaced_by_a_sentence(phone: Phone, method: str) -> None:
    """Who asked must not wait in vain; what else the reply has comes as it is."""
    update, progress = await phone.asks(), ReplyProgress(instead=Screen("Не получилось ответить."))
    phone.world.faults.add(FaultKind.REFUSED_CONTENT, method=method)
    await show_reply(phone.messenger, update, WHOLE, progress)
    said = [message.text for message in phone.shown]
    assert said.count("Не получилось ответить.") == 1
    assert len(said) == 3


async def test_the_sentence_in_place_of_a_reply_is_said_once(phone: Phone) -> None:
    """Where all of a long reply is refused; and where even the sentence is, the update ends all the same."""
    update, progress = await phone.asks(), ReplyProgress(instead=Screen("Не получилось ответить."))
    phone.world.faults.add(FaultKind.REFUSED_CONTENT, method="sendMessage", times=2)
    await show_reply(phone.messenger, update, Screen("я"), progress)
    assert not phone.shown
    phone.world.faults.add(FaultKind.REFUSED_CONTENT, method="sendPhoto")
    phone.world.faults.add(FaultKind.REFUSED_CONTENT, method="sendDocument")
    await show_reply(phone.messenger, await phone.asks(), WHOLE, replace(progress, parts=0))
    assert [message.text for message in phone.shown].count("Не получилось ответить.") == 1

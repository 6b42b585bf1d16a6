"""A class teacher tells 9Б of tomorrow's lessons in the chat, and sees who has read it (Q97)."""

import pytest

from bot.demo.people import CLASS_TEACHER, MOTHER_OF_TWO
from bot.demo.school import DemoSchool
from bot.sandbox.bot_api.call import Upload
from tests.support.conversation.chat import Chat, chat_of

pytestmark = pytest.mark.no_cover


async def taps(chat: Chat, *labels: str) -> str:
    """Press one after another; the last screen."""
    shown = ""
    for label in labels:
        await chat.press(_whole(chat, label))
        shown = (await chat.reply()).text
    return shown


def _whole(chat: Chat, beginning: str) -> str:
    """The newest button that begins so."""
    labels = [label for message in reversed(chat.messages) for label in message.labels]
    found = next((label for label in labels if label.startswith(beginning)), None)
    assert found, f"no button {beginning!r} among {labels}"
    return found


async def test_a_class_teacher_changes_tomorrow_s_lesson_and_reminds_the_rest(school: DemoSchool) -> None:
    """All by buttons; Telegram, mail and SMS carry it, «Прочитано» fills the list, the rest are reminded (Q97)."""
    teacher, mother = chat_of(school, CLASS_TEACHER), chat_of(school, MOTHER_OF_TWO)
    await teacher.send("/broadcast")
    await teacher.reply()
    preview = await taps(
        teacher, "Замена", "завтра, пт 23.10", "☐ 2. Физика", "Дальше", "Громов С. П.", "Алгебра", "Проверить"
    )
    for line in ("Telegram: 2 человека", "почта: 1 человек", "SMS: 1 человек", "SMS к оплате: 1 часть", "08:20"):
        assert line in preview
    assert "Оповещены: 0 из 3" in await taps(teacher, "Отправить")
    await school.worker.drain()
    assert "пт 23.10, 2 урок: замена, Физика → Алгебра" in mother.last.text
    await mother.press("Прочитано")
    heard = await taps(teacher, "Обновить")
    assert "Оповещены: 1 из 3" in heard
    assert "✓ Ковалёв Артём Денисович: Ковалёва О. Н. 22.10" in heard
    before = len(mother.messages)
    assert "Напомнили: 2 человека." in await taps(teacher, "Напомнить")
    await school.worker.drain()
    assert len(mother.messages) == before
    assert "Оповещены: 1 из 3" in await taps(teacher, "Обновить")


@pytest.mark.parametrize(
    ("upload", "name", "kind"),
    [
        (Upload("каникулы.pdf", "application/pdf", b"%PDF-1.7"), "каникулы.pdf", "document"),
        (Upload("доска.gif", "image/gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "фото.jpg", "photo"),
    ],
)
async def test_a_file_with_words_under_it_goes_to_the_class(
    school: DemoSchool, upload: Upload, name: str, kind: str
) -> None:
    """The announcement is a document or a photo with a caption; families in the chat see the same (Q97)."""
    teacher, mother = chat_of(school, CLASS_TEACHER), chat_of(school, MOTHER_OF_TWO)
    await teacher.send("/broadcast")
    await teacher.reply()
    await taps(teacher, "Объявление")
    sent = school.world.chats[CLASS_TEACHER.chat_id or 0].send_file(
        upload, caption="План каникул", photo=kind == "photo"
    )
    assert f"Файл: {name}" in (await teacher.reply()).text
    await taps(teacher, "Проверить", "Отправить")
    await school.worker.drain()
    message = mother.last
    assert "План каникул" in message.text
    assert message.attachment is not None
    assert sent.attachment is not None
    assert (message.attachment.kind, message.attachment.file) == (kind, sent.attachment.file)
    await mother.press("Прочитано")
    assert "Оповещены: 1 из 3" in await taps(teacher, "Обновить")

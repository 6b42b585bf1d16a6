"""The uses of the demo's page, as a visitor plays them: parent, student, class teacher, deputy head (Q52, Q95–Q97)."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect

from bot.demo.people import CLASS_TEACHER, DEPUTY_HEAD, MOTHER_OF_DARYA, MOTHER_OF_TWO, STUDENT
from bot.demo.school import DemoSchool
from bot.demo.story import ENGLISH, STORY
from tests.support.conversation.demo_page import phone_of, say

pytestmark = pytest.mark.no_cover


@pytest.fixture(autouse=True)
async def working(school: DemoSchool) -> AsyncIterator[None]:
    """The worker runs on, as it does behind `vestnik demo`."""
    working = asyncio.create_task(school.worker.run())
    yield
    school.worker.stop()
    await working


async def press(phone: Locator, label: str) -> None:
    """The newest button under a message with just these words; a label that ends in «…» is only its beginning."""
    begun = re.compile(f"^{re.escape(label.removesuffix('…'))}")
    name = begun if label.endswith("…") else label
    buttons = phone.get_by_role("group", name="Кнопки сообщения").get_by_role("button", name=name, exact=True)
    await buttons.last.click()


async def test_a_parent_receives_marks_and_looks_further(page: Page) -> None:
    """A pushed mark names the child and shows old → new; its button opens the subject below (Q95)."""
    phone = phone_of(page, MOTHER_OF_DARYA.name)
    await expect(phone).to_contain_text("Ромашкина Дарья Ильинична")
    await expect(phone).to_contain_text("3 → 4")
    await press(phone, "Все оценки: Дарья")
    await press(phone, "Русский язык")
    await expect(phone).to_contain_text("Средний балл, ")
    await press(phone, "График")
    await expect(phone.locator("img").last).to_be_visible()


async def play_story(page: Page, language: str) -> None:
    """From the button to the last step, then closed."""
    await page.locator("#play").click()
    story = page.locator("#story")
    for number, scene in enumerate(STORY, start=1):
        await expect(story).to_have_attribute("data-state", "done", timeout=60_000)
        await expect(story.locator(".step")).to_contain_text(f"{number} / {len(STORY)}")
        await expect(story.locator(".scene")).to_have_text(scene.words if language == "ru" else ENGLISH[scene.words])
        if number < len(STORY):
            await story.locator(".next").click()
            await expect(story.locator(".step")).to_contain_text(f"{number + 1} / {len(STORY)}")
    await expect(story.locator(".next")).to_be_hidden()
    await story.locator(".close").click()
    await expect(story).to_be_hidden()


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_the_story_is_played_to_its_end(school: DemoSchool, page: Page, language: str) -> None:
    """Step by step, each on somebody's phone; what it tells has really happened (Q95–Q97)."""
    if language == "en":
        await page.goto(f"{school.world.page_url}?lang=en")
    await play_story(page, language)
    mother = " ".join(message.text for message in school.world.chats[MOTHER_OF_TWO.chat_id or 0].messages)
    assert "Алгебра, 21.10: 5" in mother
    assert "Физика → Алгебра" in mother


async def test_the_story_can_be_played_again(school: DemoSchool, page: Page) -> None:
    """Whoever shows it twice in one demo sees each step done again: the lesson is replaced once more."""
    for _ in range(3):
        await play_story(page, "ru")
    mother = [message.text for message in school.world.chats[MOTHER_OF_TWO.chat_id or 0].messages]
    replaced = [text for text in mother if any(f"{was} → " in text for was in ("Физика", "Алгебра", "Химия"))]
    assert ["→ Химия" in text for text in replaced] == [False, True, False]


async def test_the_story_waits_until_the_school_is_ready(school: DemoSchool, page: Page) -> None:
    """A page that is opened before the two days have passed would tell of a mail that has not come."""
    school.world.hold_story()
    await page.reload()
    await expect(page.locator("#play")).to_be_disabled()
    school.world.open_story()
    await expect(page.locator("#play")).to_be_enabled()


async def test_a_student_asks_for_homework_in_plain_words(page: Page) -> None:
    """«Что задали на завтра по алгебре?» is answered with the homework, and buttons lead to other days (Q96)."""
    phone = phone_of(page, STUDENT.name)
    await say(phone, "что задали на завтра по алгебре?")
    await expect(phone).to_contain_text("№ 221, 222")
    await press(phone, "Сегодня")
    await expect(phone).to_contain_text("чт 22.10")
    await say(phone, "кто там Ромашкина Дарья, какие оценки?")
    await expect(phone).to_contain_text("О чём показать?")
    await expect(phone).not_to_contain_text("Математика")


async def test_a_class_teacher_changes_the_timetable_and_sees_who_has_read_it(page: Page) -> None:
    """Class, day, lesson, teacher by buttons, a preview by channel, and the list fills as families read (Q97)."""
    teacher, mother = phone_of(page, CLASS_TEACHER.name), phone_of(page, MOTHER_OF_TWO.name)
    await say(teacher, "/broadcast")
    for label in ("Замена", "завтра, пт 23.10", "☐ 2. Физика…", "Дальше…", "Громов С. П.", "Алгебра", "Проверить…"):
        await press(teacher, label)
    await expect(teacher).to_contain_text("Telegram: 2 человека")
    await expect(teacher).to_contain_text("SMS: 1 человек")
    await press(teacher, "Отправить")
    await expect(mother).to_contain_text("Физика → Алгебра", timeout=15_000)
    await expect(mother.get_by_role("button", name="Расписание на 23.10").last).to_be_visible()
    unread = mother.get_by_role("button", name="Прочитано", exact=True)
    waiting = await unread.count()
    await press(mother, "Прочитано")
    await expect(unread).to_have_count(waiting - 1)
    await press(teacher, "Обновить")
    await expect(teacher).to_contain_text("Оповещены: 1 из 3")
    await say(phone_of(page, STUDENT.name), "уроки завтра")
    await expect(phone_of(page, STUDENT.name)).to_contain_text("Физика → Алгебра", timeout=10_000)


async def test_the_deputy_head_sees_what_the_quarter_lacks(page: Page) -> None:
    """From the school to a class, a subject and a student; the teacher concerned is reminded and opens it (Q52)."""
    deputy, teacher = phone_of(page, DEPUTY_HEAD.name), phone_of(page, CLASS_TEACHER.name)
    await say(deputy, "/term")
    await expect(deputy).to_contain_text("Итоговые: 1 четверть")
    await press(deputy, "Напомнить учителям")
    await expect(deputy).to_contain_text("Напоминания ушли")
    await press(deputy, "9Б")
    await press(deputy, "Физика…")
    await expect(deputy).to_contain_text("мало оценок, решает учитель")
    await expect(teacher).to_contain_text("9Б · Физика", timeout=15_000)
    await press(teacher, "9Б · Физика…")
    await expect(teacher).to_contain_text("1 четверть · выставлено")

"""MAX on the demo's page: the link of a strip, a question, a button, a shared number (Q80, Q81, Q95, Q141)."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect

from bot.demo.people import MOTHER_IN_MAX, MOTHER_OF_TWO
from bot.demo.school import DemoSchool
from tests.support.conversation.demo_page import phone_of, say

pytestmark = pytest.mark.no_cover

PATIENCE = 30_000
"""Milliseconds: the journal's next file comes a second after the chat is bound."""

TRANSPARENT = "rgba(0, 0, 0, 0)"


@pytest.fixture(autouse=True)
async def working(school: DemoSchool) -> AsyncIterator[None]:
    """The worker and the journal run on, as they do behind `vestnik demo`."""
    stopping = asyncio.Event()
    parts = [asyncio.create_task(school.worker.run()), asyncio.create_task(school.newcomers_join(stopping=stopping))]
    yield
    stopping.set()
    school.worker.stop()
    await asyncio.gather(*parts)


def shown(phone: Locator) -> Locator:
    """The tab that is open."""
    return phone.get_by_role("tabpanel")


async def press(phone: Locator, label: str) -> None:
    buttons = shown(phone).get_by_role("group", name="Кнопки сообщения").get_by_role("button", name=label, exact=True)
    await buttons.last.click()


async def served(page: Page) -> Locator:
    """The mother has pressed the link of her strip, and the first mark has come."""
    phone = phone_of(page, MOTHER_IN_MAX.name)
    await phone.get_by_role("button", name="max.ru/").click()
    await expect(shown(phone)).to_contain_text("История, 21.10: 5", timeout=PATIENCE)
    return phone


async def test_a_parent_presses_the_link_types_nothing_and_a_mark_arrives(school: DemoSchool, page: Page) -> None:
    """The strip's link starts the bot with its code; the form was signed before (Q80, Q95)."""
    phone = await served(page)
    await expect(shown(phone).locator(".mine")).to_have_count(0)
    assert [message.from_bot for message in school.world.max[MOTHER_IN_MAX.max_id or 0].messages] == [True, True]


async def test_a_parent_asks_for_marks_and_presses_a_button(page: Page) -> None:
    """A press in MAX is answered in the place of the message that was pressed (Q141)."""
    phone = await served(page)
    answers = shown(phone).locator(".theirs")
    await expect(answers).to_have_count(2)
    await say(shown(phone), "оценки")
    await expect(answers).to_have_count(3)
    await press(phone, "История")
    await expect(answers.last).to_contain_text("Средний балл, ")
    await expect(answers).to_have_count(3)
    await press(phone, "График")
    await expect(shown(phone).locator("img").last).to_be_visible()


async def test_a_parent_shares_the_own_number(page: Page) -> None:
    """MAX vouches for the number, so nobody types it; the code comes by SMS (Q81)."""
    phone = await served(page)
    await say(shown(phone), "/contacts")
    await press(phone, "Добавить: SMS")
    await press(phone, "Отправить мой номер")
    await expect(shown(phone)).to_contain_text("☎ +79000000115")
    await expect(shown(phone)).to_contain_text("Напишите код из сообщения: SMS, …0115")
    await phone.get_by_role("tab", name=re.compile("SMS")).click()
    await expect(shown(phone)).to_contain_text(re.compile(r"\d{6}"))


async def test_a_family_has_both_messengers_side_by_side(page: Page) -> None:
    """Each is a tab of the phone with a look of its own; what is said in one stays there (Q140, Q142)."""
    phone = phone_of(page, MOTHER_OF_TWO.name)
    colours = []
    for messenger in ("Telegram", "MAX"):
        await phone.get_by_role("tab", name=messenger).click()
        await say(shown(phone), "оценки Артёма")
        await expect(shown(phone)).to_contain_text("Ковалёв Артём Денисович")
        await expect(shown(phone).locator(".mine", has_text="оценки Артёма")).to_have_count(1)
        colours.append(
            await shown(phone).locator(".scroller").evaluate("wall => getComputedStyle(wall).backgroundColor")
        )
    assert len(set(colours) - {TRANSPARENT}) == 2
    await expect(shown(phone).locator(".bar")).to_have_text(re.compile("MAX"))


async def test_whoever_stops_the_bot_in_max_may_start_it_again(page: Page) -> None:
    """MAX's own words: «Остановить бота», then «Возобновить» (Q84)."""
    phone = await served(page)
    await phone.get_by_label("Действия с ботом").click()
    await phone.get_by_role("button", name="Остановить бота").click()
    await shown(phone).get_by_role("button", name="Возобновить").click()
    await say(shown(phone), "расписание")
    await expect(shown(phone).locator(".theirs").last).not_to_contain_text("История, 21.10: 5")

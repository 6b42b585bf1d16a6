"""The page shows the school's people as phones, live, and what is done there reaches the bot."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram
from playwright.async_api import Browser, Page, expect
from telegram.ext import ExtBot

from bot.sandbox import SandboxServer

BUTTON = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Оценки", callback_data="marks")]])


@pytest.fixture
async def pusher(world: SandboxServer) -> AsyncIterator[ExtBot[None]]:
    async with ExtBot(world.token, base_url=f"{world.bot_api}/bot") as bot:
        yield bot


@pytest.fixture
async def page(world: SandboxServer, browser: Browser) -> AsyncIterator[Page]:
    """The open page; a script error or a refused file fails the test."""
    page = await browser.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("response", lambda response: troubles.append(response.url) if response.status >= 400 else None)
    await page.goto(world.page_url)
    await expect(page.get_by_role("status").first).to_have_text("обновляется само")
    yield page
    assert troubles == []


async def test_a_message_appears_by_itself_and_its_button_reaches_the_bot(pusher: ExtBot[None], page: Page) -> None:
    """A pushed message appears without reloading; pressing its button is a callback query; the answer is shown."""
    await pusher.send_message(101, "<b>Алгебра</b>: 5", parse_mode="HTML", reply_markup=BUTTON)
    await expect(page.locator(".message b")).to_have_text("Алгебра")
    await page.get_by_role("button", name="Оценки").click()
    (update,) = await pusher.get_updates(timeout=5)
    assert update.callback_query is not None
    assert update.callback_query.data == "marks"
    await update.callback_query.answer("Отмечено")
    await expect(page.locator(".toast")).to_have_text("Отмечено")
    await pusher.edit_message_text("Алгебра: 4", 101, 1)
    await expect(page.locator(".message")).to_contain_text("Алгебра: 4")


async def test_the_text_box_writes_to_the_bot(pusher: ExtBot[None], page: Page) -> None:
    """What is typed on the page arrives as a message; a code in the note is sent by a click."""
    await page.get_by_label("Сообщение боту").fill("что задали на завтра?")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="/start K7QF-20MW").first.click()
    await expect(page.locator(".mine")).to_have_count(2)
    updates = await pusher.get_updates(timeout=5)
    texts = [update.message.text for update in updates if update.message]
    assert texts == ["что задали на завтра?", "/start K7QF-20MW"]


async def test_markup_in_a_message_stays_text(pusher: ExtBot[None], page: Page) -> None:
    """A text that looks like HTML is shown letter by letter and runs nothing."""
    await pusher.send_message(101, "<img src=x onerror=alert(1)> 3 < 5")
    await expect(page.locator(".message .text")).to_have_text("<img src=x onerror=alert(1)> 3 < 5")
    assert await page.locator(".message img").count() == 0


async def test_sms_and_paper_appear_with_their_owners(world: SandboxServer, page: Page) -> None:
    """A printed extract lies in the tray and on its owner's phone, and opens as a PDF."""
    world.tray.add(person="Тамара Белова", title="Выписка № 31", pdf=b"%PDF-1.7 invented")
    phone = page.get_by_role("article", name="Телефон: Тамара Белова, бабушка")
    link = phone.get_by_role("link", name="Выписка № 31")
    await expect(link).to_be_visible()
    opened = await page.request.get(f"{world.bot_api}{await link.get_attribute('href')}")
    assert (opened.headers["content-type"], await opened.body()) == ("application/pdf", b"%PDF-1.7 invented")


async def test_the_obligations_are_a_table_that_keeps_up(browser: Browser) -> None:
    """The table shows what the demo's callable says, and says it anew when that changes."""
    row: dict[str, Any] = {
        "person": "Мария Лескова", "student": "Кирилл Лесков", "kind": "итоговая: алгебра",
        "received": "2026-11-24T08:10:00+00:00", "due": "2026-11-25T08:10:00+00:00",
        "state": "open", "evidence": None, "channels": ["telegram", "paper"],
    }  # fmt: skip

    async def obligations() -> list[dict[str, Any]]:
        return [dict(row)]

    async with SandboxServer.open([], obligations=obligations) as world:
        page = await browser.new_page()
        await page.goto(world.page_url)
        await expect(page.get_by_role("row", name="Мария Лескова")).to_contain_text("открыто")
        await expect(page.get_by_role("row", name="Мария Лескова")).to_contain_text("24.11, 11:10")  # the school's zone
        row.update(state="closed", evidence="acknowledged")
        await expect(page.get_by_role("row", name="Мария Лескова")).to_contain_text("подтверждено кнопкой")
        await page.close()


async def test_a_narrow_screen_shows_one_phone_at_a_time(page: Page) -> None:
    """At the width of a phone the chooser changes whose phone is shown."""
    await page.set_viewport_size({"width": 390, "height": 844})
    shown = page.locator("article:visible h2")
    await expect(shown).to_have_text(["Мария Лескова"])
    await page.get_by_role("navigation").get_by_role("button", name="Тамара").click()
    await expect(shown).to_have_text(["Тамара Белова"])

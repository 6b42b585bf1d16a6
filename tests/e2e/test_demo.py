"""The demo as a newcomer runs it."""

import asyncio
import resource
import subprocess
import sys
import threading
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from bot.demo.school import demo_school

pytestmark = pytest.mark.no_cover

VESTNIK = Path(sys.executable).with_name("vestnik")


def test_once_through_everybody_receives_what_is_theirs() -> None:
    """`vestnik demo --once` shows all four channels, each with its consent and contact act, within 20 s of CPU."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    shown = subprocess.run([VESTNIK, "demo", "--once"], capture_output=True, text=True, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    for channel in ("Telegram →", "почта →", "SMS →", "бумага →"):
        assert channel in shown
    assert "согласие № 2026-0001; контакт № 1 подтверждён формой С-101" in shown
    assert "отказ от получения сведений в электронной форме" in shown
    assert "нет доступа к интернету" in shown
    assert "Telegram: не отправлено (контакт отложен); почта:" in shown
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 20


async def test_on_the_page_a_button_of_a_notice_answers(browser: Browser) -> None:
    """A visitor presses a button under a pushed notice and sees the answer arrive without reloading."""
    async with demo_school() as school:
        await school.first_day()
        await school.second_day()
        page = await browser.new_page()
        await page.goto(school.world.page_url)
        await page.get_by_role("button", name="Все оценки: Артём").first.click()
        await expect(page.get_by_text("Ковалёв Артём Денисович", exact=True).last).to_be_visible()
        await expect(page.get_by_role("button", name="Геометрия")).to_be_visible()
        await page.close()


async def test_a_page_that_looks_on_does_not_open_a_closed_school_again() -> None:
    """Pages ask for the obligations until the very end; no connection to the database outlives the school."""

    async def look_on(url: str) -> None:
        async with aiohttp.ClientSession(raise_for_status=True) as client:
            while True:
                await (await client.get(url)).read()

    pages: list[asyncio.Task[None]] = []
    before = set(threading.enumerate())
    async with demo_school() as school:
        pages += [asyncio.create_task(look_on(f"{school.world.page_url}sandbox/state")) for _ in range(8)]
        await asyncio.sleep(0.2)
    with pytest.raises(aiohttp.ClientError):
        await asyncio.gather(*pages)
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert {name for name in left if not name.startswith("asyncio")} == set()

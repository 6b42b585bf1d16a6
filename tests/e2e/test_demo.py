"""The demo as a newcomer runs it."""

import resource
import subprocess
import sys
from pathlib import Path

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
    assert "нет действующего согласия на передачу сведений в электронной форме" in shown
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

"""The demo's school after its two days and its page, for whoever plays in it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from bot.demo.school import DemoSchool, demo_school


@pytest.fixture
async def school() -> AsyncIterator[DemoSchool]:
    """It is the second day, a Thursday; everything that was due has been sent."""
    async with demo_school() as school:
        await school.first_day()
        await school.second_day()
        yield school


@pytest.fixture
async def page(school: DemoSchool, browser: Browser) -> AsyncIterator[Page]:
    """The open page; an error of a script fails the test."""
    page = await browser.new_page(viewport={"width": 1600, "height": 1000})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    await page.goto(school.world.page_url)
    yield page
    assert troubles == []

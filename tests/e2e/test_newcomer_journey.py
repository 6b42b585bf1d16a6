"""From the invitation sheet to the first mark, played in the browser with mail and SMS codes (Q80, Q81, Q82, Q106)."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.demo.people import NEWCOMER, NEWCOMER_CODE, SECRETARY
from bot.demo.school import DemoSchool
from tests.support.conversation.demo_page import phone_of, say

pytestmark = pytest.mark.no_cover

PATIENCE, USUAL = 60_000, 5_000
"""Milliseconds: forms are set by the same processors that run the browser."""

SHOTS = Path(__file__).with_name("shots")
CODE = re.compile(r"\d{6}(?= –)|(?<=код: )\d{6}")


@pytest.fixture(autouse=True)
async def working(school: DemoSchool) -> AsyncIterator[None]:
    """The worker and the journal run on, as they do behind `vestnik demo`."""
    stopping = asyncio.Event()
    parts = [
        asyncio.create_task(school.worker.run()),
        asyncio.create_task(school.newcomers_join(stopping=stopping)),
    ]
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=USUAL)
    stopping.set()
    school.worker.stop()
    await asyncio.gather(*parts)


async def press(phone: Locator, label: str) -> None:
    begun = re.compile(f"{re.escape(label.removesuffix('…'))}")
    name = begun if label.endswith("…") else label
    buttons = phone.get_by_role("group", name="Кнопки сообщения").get_by_role("button", name=name, exact=True)
    await buttons.last.click()


async def tab(phone: Locator, name: str) -> None:
    await phone.get_by_role("tab", name=re.compile(name)).click()


async def shot(phone: Locator, request: pytest.FixtureRequest, name: str) -> None:
    """A picture to look at, where a folder for it was made."""
    if SHOTS.exists():
        await phone.screenshot(path=SHOTS / f"{request.node.name}-{name}.png")


async def code_in(phone: Locator, name: str) -> str:
    """The digits that came over a channel, read on its tab."""
    await tab(phone, name)
    panel = phone.get_by_role("tabpanel")
    await expect(panel).to_contain_text(CODE)
    found = CODE.findall(await panel.inner_text())
    await tab(phone, "Telegram")
    return str(found[0])


async def accept_all(secretary: Locator, numbers: list[str]) -> None:
    """The secretary finds each form that was handed in by its number and accepts it with today's date."""
    for number in numbers:
        await say(secretary, "/register")
        await press(secretary, "Ждут…")
        await press(secretary, f"{number}…")
        await press(secretary, "Сегодня")
        await expect(secretary).to_contain_text(f"Бланк {number} принят")


async def test_a_family_comes_in(page: Page, request: pytest.FixtureRequest) -> None:
    """The sheet's code, the consent, mail and SMS by codes, the forms, the school's word, a test, a mark."""
    phone = phone_of(page, NEWCOMER.name)
    await phone.get_by_role("button", name=f"/start {NEWCOMER_CODE}").click()
    await expect(phone).to_contain_text("О чём согласие, коротко")
    await shot(phone, request, "1-consent")
    await press(phone, "Понятно, дальше")
    await press(phone, "Добавить: почта")
    await expect(phone).to_contain_text("Напишите адрес почты")
    await say(phone, str(NEWCOMER.email))
    await expect(phone).to_contain_text("Код отправлен")
    await say(phone, await code_in(phone, "Почта"))
    await expect(phone).to_contain_text("Верно: адрес ваш")
    await press(phone, "Добавить: SMS")
    await phone.get_by_role("button", name="Отправить мой номер").click()
    await expect(phone).to_contain_text("SMS, …0113")
    await say(phone, await code_in(phone, "SMS"))
    await expect(phone).to_contain_text("SMS, …0113 – адрес ваш")
    await shot(phone, request, "2-ways")
    await press(phone, "Готово, к подписи")
    await expect(phone).to_contain_text("Подпишите 2 бланка")
    await shot(phone, request, "3-forms")
    await say(phone, "какие оценки?")
    await expect(phone).to_contain_text("Ждём школу")
    assert "Егор" not in await phone.locator(".chat, [role=tabpanel]").first.inner_text()
    numbers = re.findall(r"№ (\S+):", await phone.inner_text())
    await accept_all(phone_of(page, SECRETARY.name), sorted(set(numbers)))
    await expect(phone).to_contain_text("Зайцев Егор Романович")
    await expect(phone).to_contain_text("История")
    await shot(phone, request, "4-served")

"""From the invitation sheet to the first mark, played in the browser with mail and SMS codes (Q80, Q81, Q82, Q106)."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.demo.people import NEWCOMER, NEWCOMER_CODE, SECRETARY
from bot.demo.school import DemoSchool
from core.actions.register import forms
from core.model.people import Actor, Role
from core.model.register.forms import SignedForm
from core.rules.delivery import timing
from core.rules.people.names import normal_name

pytestmark = pytest.mark.no_cover

SHOTS = Path(__file__).with_name("shots")
CODE = re.compile(r"\d{6}(?= –)|(?<=код: )\d{6}")


@pytest.fixture(autouse=True)
async def working(school: DemoSchool) -> AsyncIterator[None]:
    """The worker and the journal run on, as they do behind `vestnik demo`."""
    stopping = asyncio.Event()
    parts = [
        asyncio.create_task(school.worker.run()),
        asyncio.create_task(school.newcomer_joins(stopping=stopping)),
    ]
    yield
    stopping.set()
    school.worker.stop()
    await asyncio.gather(*parts)


@pytest.fixture
async def page(school: DemoSchool, browser: Browser) -> Page:
    page = await browser.new_page(viewport={"width": 1600, "height": 1000})
    await page.goto(school.world.page_url)
    return page


def phone_of(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=f"Телефон: {name}")


async def say(phone: Locator, text: str) -> None:
    box = phone.get_by_label("Сообщение боту")
    await box.fill(text)
    await box.press("Enter")


async def press(phone: Locator, label: str) -> None:
    buttons = phone.get_by_role("group", name="Кнопки сообщения").get_by_role("button", name=label, exact=True)
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
    await expect(panel).to_contain_text(CODE, timeout=15_000)
    found = CODE.findall(await panel.inner_text())
    await tab(phone, "Чат")
    return str(found[0])


async def accept_all(school: DemoSchool) -> None:
    """The secretary accepts what was handed in."""
    app = school.app
    async with app.open_uow(reading=True) as uow:
        (who,) = await uow.people.named({normal_name(SECRETARY.name)})
        office = Actor(who.id, frozenset({Role.SECRETARY}))
        waiting = await forms.waiting_forms(uow, office)
    signed = SignedForm(timing.local_date(app.clock(), app.policy), all_fields_filled=True)
    for form in waiting:
        async with app.open_uow() as uow:
            await forms.accept_form(uow, office, form.number, signed, now=app.clock(), policy=app.policy)


async def test_a_family_comes_in(school: DemoSchool, page: Page, request: pytest.FixtureRequest) -> None:
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
    await expect(phone).to_contain_text("Подпишите 2 бланка", timeout=15_000)
    await shot(phone, request, "3-forms")
    await say(phone, "какие оценки?")
    await expect(phone).to_contain_text("Ждём школу")
    assert "Егор" not in await phone.locator(".chat, [role=tabpanel]").first.inner_text()
    await accept_all(school)
    await expect(phone).to_contain_text("Зайцев Егор Романович", timeout=30_000)
    await expect(phone).to_contain_text("История", timeout=30_000)
    await shot(phone, request, "4-served")

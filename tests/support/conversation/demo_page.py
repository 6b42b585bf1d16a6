"""The demo's page in a browser, as a visitor uses its phones."""

from playwright.async_api import Locator, Page


def phone_of(page: Page, name: str) -> Locator:
    """The phone of a person."""
    return page.get_by_role("article", name=f"Телефон: {name}")


async def say(screen: Locator, text: str) -> None:
    """Type a message to the bot; `screen`: a phone, or one of its tabs."""
    box = screen.get_by_label("Сообщение боту")
    await box.fill(text)
    await box.press("Enter")

"""The page for the head in a chat (Q108)."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.screens.dates import weekday_screen_date
from bot.screens.screen import Screen, Seal, fit_on_screen_page, screen_bold, screen_text
from core.model.delivery.text import Button
from core.ports import Translator
from core.rules.conversation.buttons import Handle

PAGE, PAGE_FILE = "school", "schoolfile"


def school_page_screen(on: date, sections: Sequence[tuple[str, Sequence[str]]], t: Translator, seal: Seal) -> Screen:
    """The sections one below the other, with a button for the page to print."""
    head = [screen_bold(t("page.title")), weekday_screen_date(on, t)]
    buttons = ((Button(t("page.print"), seal(Handle(PAGE_FILE))), Button(t("hours.refresh"), seal(Handle(PAGE)))),)
    return Screen(fit_on_screen_page(head, list(_lines(sections)), more=t("statistics.more")), buttons)


def _lines(sections: Sequence[tuple[str, Sequence[str]]]) -> Iterator[str]:
    for heading, lines in sections:
        yield ""
        yield screen_bold(screen_text(heading))
        yield from map(screen_text, lines)

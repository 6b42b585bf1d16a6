"""Pages with results in the print queue, and until when they must be ready (R6, Q33)."""

from collections.abc import Sequence

from bot.screens.delivery.hours import HOURS, PRINT, PRINTED, HoursScreenFrame
from bot.screens.screen import Screen, fit_on_screen_page, screen_bold
from core.actions.paper.queue import ResultPage


def no_paper_screen(frame: HoursScreenFrame) -> Screen:
    """Nothing waits to be printed."""
    return Screen(frame.t("paper.no_pages"), ((frame.button(frame.t("hours.back"), HOURS, 0),),))


def unprinted_paper_screen(frame: HoursScreenFrame, pages: Sequence[ResultPage]) -> Screen:
    """The numbers of the pages of the PDF, each with the time until which it must be ready."""
    t = frame.t
    head = [screen_bold(t("paper.pages", len(pages))), t("paper.then_printed"), ""]
    lines = [
        f"{page.extract.number}: {t('hours.until', at=frame.moment(page.due))}, {frame.time_left(page.due)}"
        for page in pages
    ]
    last = max(page.extract.id for page in pages)
    return Screen(
        fit_on_screen_page(head, lines, more="…"),
        (
            (frame.button(t("paper.printed_all", len(pages)), PRINTED, last),),
            (frame.button(t("hours.back"), HOURS, 0),),
        ),
    )


def printed_paper_screen(frame: HoursScreenFrame, count: int) -> Screen:
    """How many pages are ready to be handed out now."""
    t = frame.t
    return Screen(
        t("paper.ready", count), ((frame.button(t("hours.print"), PRINT), frame.button(t("hours.back"), HOURS, 0)),)
    )

"""The page for the head: in the chat, and as one page to print (Q108)."""

from dataclasses import replace

from bot.documents.results import school_page as documents
from bot.handlers.doors import Behind, Door, DoorRequest, DoorVisit
from bot.screens.results import school_page as screens
from bot.screens.screen import Screen, ScreenFile
from core.actions.results import school_page
from core.actions.results.school_page import SchoolPage
from core.model.people import Role

DEPUTY = frozenset({Role.DEPUTY_HEAD})


async def school_page_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """`/school`: the page as it is now."""
    ask.exactly(0)
    page = await _page(visit)
    sections = documents.school_page_sections(page, visit.t, policy=visit.school.policy)
    words = [(each.heading, each.lines) for each in sections]
    return replace(screens.school_page_screen(page.on, words, visit.t, visit.seal), in_place=ask.pressed)


async def print_school_page_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The page as a PDF."""
    ask.exactly(0)
    page = await _page(visit)
    pdf = documents.school_page_pdf(page, visit.t, policy=visit.school.policy, school=visit.school.name)
    name = visit.t("page.file", day=page.on)
    return Screen(visit.t("page.ready"), files=(ScreenFile(name, "application/pdf", pdf),))


async def _page(visit: DoorVisit) -> SchoolPage:
    return await school_page.load_school_page(
        visit.uow, visit.reader, closes=visit.school.closes, now=visit.now, policy=visit.school.policy,
        unmarked=visit.school.results.unmarked,
    )  # fmt: skip


DOORS = (
    Door(screens.PAGE, school_page_door, DEPUTY, Behind.NOTHING, command="school"),
    Door(screens.PAGE_FILE, print_school_page_door, DEPUTY, Behind.NOTHING),
)

"""Pages with results that wait to be printed, out of turn (R6, Q33): a PDF in the chat, then «Напечатано»."""

from dataclasses import replace

from bot.handlers.delivery.hours import DEPUTY, PDF, hours_door_frame
from bot.handlers.doors import Behind, Door, DoorRequest, DoorVisit
from bot.paper.extract import Imprint
from bot.paper.print_queue import PrintShop, print_queue_pdf
from bot.screens import paper as screens
from bot.screens.delivery.hours import PRINT, PRINTED
from bot.screens.screen import Screen, ScreenFile
from core.actions.paper import queue


async def paper_pages_door(visit: DoorVisit, _ask: DoorRequest) -> Screen:
    """One PDF with all pages of results that nobody has printed yet, the most urgent first."""
    policy = visit.school.policy
    pages = await queue.load_queued_result_pages(visit.uow, visit.reader, now=visit.now, policy=policy)
    if not pages:
        return screens.no_paper_screen(hours_door_frame(visit))
    imprint = Imprint(visit.school.name, visit.school.signatory)
    shop = PrintShop(imprint, visit.t, visit.school.signing_key, policy)
    pdf = await print_queue_pdf(visit.uow, [page.extract for page in pages], shop)
    for student_id in dict.fromkeys(page.extract.student_id for page in pages):
        visit.afterwards.views.append((visit.reader, PRINT, student_id or 0))
    file = ScreenFile(visit.t("paper.file", day=visit.today), PDF, pdf)
    return replace(screens.unprinted_paper_screen(hours_door_frame(visit), pages), files=(file,))


async def record_printed_paper_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The pages of that PDF were printed; pages that came since stay in the queue."""
    (last_id,) = ask.exactly(1)
    count = await queue.record_printed_queue_pages(
        visit.uow, visit.reader, last_id=last_id, closes=visit.school.closes, now=visit.now,
        policy=visit.school.policy,
    )  # fmt: skip
    return replace(screens.printed_paper_screen(hours_door_frame(visit), count), in_place=True)


DOORS = (
    Door(PRINT, paper_pages_door, DEPUTY, Behind.NOTHING),
    Door(PRINTED, record_printed_paper_door, DEPUTY, Behind.RECORD, writes=True),
)

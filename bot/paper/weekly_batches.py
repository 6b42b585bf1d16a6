"""What the clock does about paper: the extracts of the week are queued, checked and sent to the school's printer."""

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.paper.printer import PrinterError, send_to_printer
from core.actions.paper import queue, weekly

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()


async def queue_weekly_batches(app: "App") -> None:
    """Queue the next extract for whom nothing electronic reaches; the search holds no write lock (Q33)."""
    async with app.open_uow(reading=True) as uow:
        if not await weekly.load_due_weekly_paper(uow, now=app.clock(), policy=app.policy):
            return
    async with app.open_uow() as uow:
        count = await weekly.publish_weekly_paper(uow, now=app.clock(), policy=app.policy)
    log.info("schedule.extracts", count=count)


async def verify_weekly_batches(app: "App") -> None:
    """See that every student has an electronic recipient or stands in the print queue (Q30)."""
    await queue_weekly_batches(app)
    async with app.open_uow() as uow:
        if count := await weekly.warn_missing_weekly_paper(uow, now=app.clock(), policy=app.policy):
            log.error("paper.unreached", count=count)


async def print_weekly_batches(app: "App") -> None:
    """Send the extracts of the week to the school's printer, a document a class with its hand-over list (Q33).

    What the printer does not take, or what fails before, is sent again at the next look. A process that is killed
    meanwhile leaves its extracts in the list of those that nobody has printed.
    """
    from bot.paper.print_queue import print_queue_batches_pdf, print_queue_shop  # noqa: PLC0415  # typst: 0.02 s

    printer, now = app.settings.printer, app.clock()
    if printer is None:
        return
    async with app.open_uow(reading=True) as uow:
        if not await queue.load_due_queue_batches(uow, now=now, policy=app.policy):
            return
    async with app.open_uow() as uow:
        batches = await queue.claim_due_queue_batches(uow, now=now, policy=app.policy)
    shop, at = (
        print_queue_shop(app, app.catalogues.translator(app.settings.language)),
        now.astimezone(app.settings.zone),
    )
    left = list(batches)
    try:
        while left:
            async with app.open_uow(reading=True) as uow:
                pdf = await print_queue_batches_pdf(uow, left[:1], shop, handover=True, now=now)
            await asyncio.to_thread(send_to_printer, printer, pdf, at=at, school_class=left[0].school_class)
            left.pop(0)
    except PrinterError as refused:
        log.error("paper.not_printed", fault=refused.fault)  # noqa: TRY400  # its frames say nothing
    finally:
        if left:
            async with app.open_uow() as uow:
                await queue.release_queue_batches(uow, left)
    log.info("schedule.batches", count=len(batches) - len(left))

"""A worker that puts real extracts into the print queue, and the pages read back from their PDF."""

import re
import subprocess
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.locales import LocaleCatalogues
from bot.paper.extract import Imprint
from bot.paper.print_queue import PrintShop, print_queue_batches_pdf
from bot.paper.tray import PaperTray
from core.actions.paper import queue, weekly
from core.model.delivery.states import Status
from core.model.paper import Extract
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.paper import PaperChannel
from tests.peers import processes
from tests.support.delivery.fakes import Clock
from tests.support.delivery.post import POLICY, Post
from tests.support.schools.builders import NOW

BEFORE = NOW - timedelta(hours=1)
"""Friday, an hour before the extracts are printed."""

RU = LocaleCatalogues.load().translator("ru")
IMPRINT = Imprint("Школа № 30", "Астахова М. И.")
SHOP = PrintShop(IMPRINT, RU, b"key", POLICY)


def paper_post(open_uow: UnitOfWorkFactory, *, policy: Policy = POLICY, at: datetime = NOW) -> Post:
    """A worker whose paper is the print queue."""
    clock = Clock(at)
    tray = PaperTray(open_uow=open_uow, clock=clock, policy=policy)
    return Post(open_uow, policy=policy, clock=clock, paper=PaperChannel(tray))


async def queued_extracts(open_uow: UnitOfWorkFactory) -> Sequence[Extract]:
    """What waits to be printed."""
    async with open_uow(reading=True) as uow:
        return await uow.paper.extracts({Status.ACCEPTED})


async def print_week(open_uow: UnitOfWorkFactory) -> Sequence[Extract]:
    """On Friday before noon the extracts are published, at noon the worker puts them into the print queue."""
    async with open_uow() as uow:
        await weekly.publish_weekly_paper(uow, now=BEFORE, policy=POLICY)
    post = paper_post(open_uow, at=BEFORE)
    await post.drain(seconds=1)
    await post.drain(hours=1)
    return await queued_extracts(open_uow)


async def batch_of(
    open_uow: UnitOfWorkFactory, extracts: Sequence[Extract], *, handover: bool = False, shop: PrintShop = SHOP
) -> bytes:
    """The PDF of these extracts by class."""
    async with open_uow(reading=True) as uow:
        batches = await queue.queued_paper_by_class(uow, extracts, now=NOW, policy=POLICY)
        return await print_queue_batches_pdf(uow, batches, shop, handover=handover, now=NOW)


def read_pages(pdf: bytes, folder: Path) -> list[str]:
    """The words of each page in the order in which they were set."""
    file = folder / "read.pdf"
    file.write_bytes(pdf)
    reader = processes.program("pdftotext", package="poppler-utils")
    read = subprocess.run([reader, "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
    return [page for page in read.split("\f") if page.strip()]


def letters(*words: str) -> str:
    """The words without blanks and hyphens, which line breaks add and take."""
    return re.sub(r"[\s\u00ad\u2010-]", "", "".join(words))

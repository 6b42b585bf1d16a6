"""The print queue as PDF: a batch a class in the order of the class list, with a list to sign at the hand-over."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.documents.slips import EXTRACT, slip_code
from bot.documents.typesetting import forget_typesetting
from bot.paper.extract import BatchPages, ExtractPage, HandoverLine, Imprint, paper_extracts_pdf
from core.actions.paper.queue import ClassBatch
from core.model.paper import Extract
from core.ports import Translator, UnitOfWork
from core.rules import year
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy

if TYPE_CHECKING:
    from bot.app import App


@dataclass(frozen=True, slots=True)
class PrintShop:
    """What the pages of one school share; `key` seals the slips."""

    imprint: Imprint
    t: Translator
    key: bytes
    policy: Policy


def print_queue_shop(app: "App", t: Translator, *, window: bool = False) -> PrintShop:
    """The shop of this school; its pages are in the language of `t`."""
    imprint = Imprint(app.settings.school, app.settings.signatory, window=window)
    return PrintShop(imprint, t, app.signing_key, app.policy)


async def print_queue_batches_pdf(
    uow: UnitOfWork, batches: Sequence[ClassBatch], shop: PrintShop, *, handover: bool, now: datetime
) -> bytes:
    """The PDF of the batches of some classes; `handover`: each begins with the list to sign at the hand-over (Q34)."""
    found = await print_queue_batch_pages(uow, batches, shop, handover=handover, now=now)
    pdf = await asyncio.to_thread(paper_extracts_pdf, found, shop.t, shop.imprint)
    forget_typesetting()
    return pdf


async def print_queue_batch_pages(
    uow: UnitOfWork, batches: Sequence[ClassBatch], shop: PrintShop, *, handover: bool, now: datetime
) -> Sequence[BatchPages]:
    """The pages of each class before they are set."""
    on = timing.local_date_of_time(now, shop.policy)
    found = []
    for batch in batches:
        pages = await _pages(uow, batch.extracts, shop)
        lines = tuple(HandoverLine(page.number, page.student, page.recipient) for page in pages) if handover else ()
        found.append(BatchPages(batch.school_class, on, pages, lines))
    return found


async def print_queue_pdf(uow: UnitOfWork, extracts: Sequence[Extract], shop: PrintShop) -> bytes:
    """The PDF of these extracts in their order; one with results says until when it is to be handed out (R6)."""
    pages = await _pages(uow, extracts, shop)
    return paper_extracts_pdf([BatchPages("", date.min, pages)], shop.t, shop.imprint)


async def _pages(uow: UnitOfWork, extracts: Sequence[Extract], shop: PrintShop) -> Sequence[ExtractPage]:
    ids = [each.id for each in extracts]
    terms = await uow.paper.terms_of(ids)
    former, contents = await uow.paper.former_dates(ids), await uow.paper.contents(ids)
    names = await uow.people.names({each.person_id for each in extracts} | {each.student_id or 0 for each in extracts})
    rolls: dict[date, Mapping[int, str]] = {}
    pages = []
    for each in extracts:
        issued_on = timing.local_date_of_time(each.queued_at, shop.policy)
        if issued_on not in rolls:
            rolls[issued_on] = {entry.student_id: entry.class_name for entry in await uow.people.roll(issued_on)}
        last, due = former.get(each.id), terms.get(each.id)
        pages.append(
            ExtractPage(
                number=each.number,
                issued_on=issued_on,
                period=(
                    timing.local_date_of_time(last, shop.policy) if last else year.first_day_of_year(issued_on),
                    issued_on,
                ),
                student=names.get(each.student_id or 0, "–"),
                school_class=rolls[issued_on].get(each.student_id or 0, "" if each.student_id else "–"),
                recipient=names[each.person_id],
                basis=shop.t(f"extract.basis.{each.basis}"),
                facts=each.text,
                contents=contents[each.id],
                code=slip_code(EXTRACT, each.id, key=shop.key),
                is_staff=each.student_id is None,
                hand_out=shop.t("extract.hand_out", at=due.astimezone(shop.policy.zone)) if due else None,
            )
        )
    return pages

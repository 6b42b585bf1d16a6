"""`vestnik bench paper`: weekly extracts of a school of 1,000 pupils, a document a class, beside bare typst.

Both compile the same template with the same prepared data: we read them from the database, bare typst from files. Each
run is a new process with its modules imported and one page set before, so that no first page loads the fonts.
"""

import json
import re
import statistics
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import typst

from bot.bench.peers.child import measure_in_child_process
from bot.bench.schools.marked_year import fill_marked_year
from bot.documents.typesetting import typeset_document
from bot.locales import LocaleCatalogues
from bot.paper.contents import paper_content_blocks
from bot.paper.extract import TEMPLATE, Imprint, paper_extracts_data
from bot.paper.print_queue import PrintShop, print_queue_batch_pages, print_queue_batches_pdf
from bot.screens.forecast.wishes import ForecastWishScales
from core.actions.paper.contents import load_paper_contents
from core.actions.paper.queue import queued_paper_by_class
from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.results.proposals import ResultsPolicy
from storage.database.engine import create_database_engine
from storage.schema import migrate_schema
from storage.unit_of_work import unit_of_work_factory

PUPILS, MARKS_A_SUBJECT, RUNS = 1000, 30, 3
COMPOSED = 20
"""Extracts whose contents are read from the journal."""

ALLOWED_RATIO, ALLOWED_MIB = 2.0, 300
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
"""A Friday at noon in Moscow, in the middle of a term."""

POLICY, RESULTS = Policy(), ResultsPolicy()
SHOP = PrintShop(Imprint("Школа № 30", "Директор"), LocaleCatalogues.load().translator("ru"), b"key", POLICY)


async def measure_printing(
    *, pupils: int = PUPILS, marks_a_subject: int = MARKS_A_SUBJECT, runs: int = RUNS
) -> Mapping[str, object]:
    """Milliseconds a page and peaks in MiB, ours and bare; `ok`: within the allowed ratio and memory."""
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as name:
        folder, url = Path(name), f"sqlite+aiosqlite:///{name}/school.db"
        await migrate_schema(url)
        await fill_marked_year(url, students=pupils, marks_a_subject=marks_a_subject)
        queued = await measure_in_child_process(_queue_extracts, url)
        await measure_in_child_process(_prepare, url, name)
        ours, bare = [], []
        for _ in range(runs):
            ours.append(await measure_in_child_process(_print_school, url))
            bare.append(await measure_in_child_process(_print_bare, str(folder)))
    pages = ours[0]["pages"]
    own, alone = (statistics.median(each["seconds"] for each in of_runs) for of_runs in (ours, bare))
    peak, is_same = max(each["peak_mib"] for each in ours), bare[0]["bytes"] == ours[0]["bytes"]
    return {
        "pupils": pupils,
        "documents": ours[0]["documents"],
        "extracts": queued["extracts"],
        "pages": pages,
        "composed_ms_an_extract": round(1000 * queued["composed_seconds"], 1),
        "ms_a_page": round(1000 * own / pages, 1),
        "bare_ms_a_page": round(1000 * alone / pages, 1),
        "ratio": round(own / alone, 2),
        "allowed_ratio": ALLOWED_RATIO,
        "peak_mib": peak,
        "bare_peak_mib": max(each["peak_mib"] for each in bare),
        "allowed_mib": ALLOWED_MIB,
        "is_same": is_same,
        "ok": own / alone <= ALLOWED_RATIO and peak <= ALLOWED_MIB and is_same,
    }


def _opened(url: str) -> UnitOfWorkFactory:
    return unit_of_work_factory(create_database_engine(url))


async def _queue_extracts(url: str) -> dict[str, float]:
    """Each pupil's extract; the contents of some, as the print tray reads them, stand on the pages of all."""
    open_uow, scales = _opened(url), ForecastWishScales.of(RESULTS.thresholds, 2)
    async with open_uow(reading=True) as uow:
        pupils = await uow.learning.pupils(Everything(), on=timing.local_date_of_time(NOW, POLICY))
    started, composed = time.perf_counter(), []
    for pupil in pupils[:COMPOSED]:
        async with open_uow(reading=True) as uow:
            id_ = pupil.student_id
            found = await load_paper_contents(uow, id_, id_, now=NOW, policy=POLICY, results_policy=RESULTS)
        composed.append(paper_content_blocks(found, SHOP.t, scales=scales, policy=POLICY))
    seconds, text = time.perf_counter() - started, Text("", (), "")
    async with open_uow() as uow:
        for id_, contents in zip((pupil.student_id for pupil in pupils), cycle(composed), strict=False):
            await uow.paper.put(
                person_id=id_, student_id=id_, key=str(id_), basis="no_consent", text=text, at=NOW, contents=contents
            )
        await uow.commit()
    return {"composed_seconds": seconds / len(composed), "extracts": len(pupils)}


async def _prepare(url: str, folder: str) -> dict[str, int]:
    """The data of each class's document as JSON, for bare typst."""
    async with _opened(url)(reading=True) as uow:
        extracts = await uow.paper.extracts({Status.ACCEPTED})
        batches = await queued_paper_by_class(uow, extracts, now=NOW, policy=POLICY)
        for place, batch in enumerate(batches):
            pages = await print_queue_batch_pages(uow, [batch], SHOP, handover=True, now=NOW)
            data = json.dumps(paper_extracts_data(pages, SHOP.t, SHOP.imprint), ensure_ascii=False)
            Path(folder, f"{place:03}.json").write_text(data, encoding="utf-8")  # noqa: ASYNC240  # nobody waits
    return {"documents": len(batches)}


async def _print_school(url: str) -> dict[str, float]:
    """What the clock does on Friday: reads the queue and sets the document of each class."""
    open_uow = _opened(url)
    typeset_document(TEMPLATE, paper_extracts_data([], SHOP.t, SHOP.imprint), format="pdf", timestamp=0)
    started, pages, size = time.perf_counter(), 0, 0
    async with open_uow(reading=True) as uow:
        extracts = await uow.paper.extracts({Status.ACCEPTED})
        batches = await queued_paper_by_class(uow, extracts, now=NOW, policy=POLICY)
        for batch in batches:
            pdf = await print_queue_batches_pdf(uow, [batch], SHOP, handover=True, now=NOW)
            pages, size = pages + _pages(pdf), size + len(pdf)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "pages": pages, "documents": len(batches), "bytes": size}


def _print_bare(folder: str) -> dict[str, float]:
    """Typst alone on the prepared data."""
    compiler = typst.Compiler(TEMPLATE, ignore_system_fonts=True)
    empty = json.dumps(paper_extracts_data([], SHOP.t, SHOP.imprint), ensure_ascii=False)
    compiler.compile(sys_inputs={"data": empty}, format="pdf", timestamp=0)
    started, size = time.perf_counter(), 0
    for file in sorted(Path(folder).glob("*.json")):
        pdf = compiler.compile(sys_inputs={"data": file.read_text(encoding="utf-8")}, format="pdf", timestamp=0)
        size += len(pdf) if isinstance(pdf, bytes) else 0
    return {"seconds": time.perf_counter() - started, "bytes": size}


def _pages(pdf: bytes) -> int:
    """How many pages a PDF says that it has."""
    return max((int(count) for count in re.findall(rb"/Count (\d+)", pdf)), default=0)

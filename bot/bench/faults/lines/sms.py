"""Faults of the SMS gateway: reports in random order, forged ones, and none at all."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
from aiohttp import web

from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.school import (
    MAIL,
    RESULTS,
    SMS,
    FaultySchool,
    faulty_school,
    run_faulty_school_part,
    wait_for_faulty_school,
)
from bot.bench.faults.sending import open_clocked_fault_sender
from core.model.channels import PAPER
from core.model.delivery.states import Status

ARRIVED, FAILED = 1, 2
KEPT, BY_CENTRE = 4, 8
"""Kannel's types of reports."""

FAILING = 5
"""Every fifth SMS fails."""

AT_ONCE = 16
SEAL = "f" * 32
"""A seal that is none of the school's."""


@dataclass(slots=True)
class ReportBox:
    """Takes the gateway's own reports in place of the school, and keeps their keys and seals."""

    reported: dict[str, str] = field(default_factory=dict)
    url: str = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serves while the block runs."""
        server = web.Application()
        server.add_routes([web.get("/receipts", self._keep)])
        runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/receipts"
        try:
            yield
        finally:
            await runner.cleanup()

    async def _keep(self, request: web.Request) -> web.Response:
        self.reported[request.query["key"]] = request.query["seal"]
        return web.Response(status=204)


async def _reports_in_any_order(place: FaultLinePlace) -> FaultLineFinding:
    """A thousand SMS with their reports shuffled and doubled, and a forged one for each: the true outcome stands."""
    box = ReportBox()
    async with faulty_school(place) as school, box.serving():
        families = await school.add(place.choose(40, 1000) // 2, SMS)
        await school.owe(families, *RESULTS)
        settings = school.environment(RECEIPTS_URL=box.url)
        async with run_faulty_school_part(school, RECEIPTS_URL=box.url, RECEIPTS_LISTEN=settings["RECEIPTS_LISTEN"]):

            async def are_known() -> bool:
                return len(box.reported) == len(families)

            await wait_for_faulty_school(are_known)
            failing = set(sorted(box.reported)[::FAILING])
            forged = await _report(place, f"http://{settings['RECEIPTS_LISTEN']}/receipts", box.reported, failing)
            await school.wait_until_sent()
        wrong = await _wrong_outcomes(school, len(failing))
        told = await school.told()
    taken = sum(status != web.HTTPForbidden.status_code for status in forged)
    return told.finding(holds=not (wrong or taken), also=f"{len(forged)} forged, {taken} taken, {wrong} wrong outcomes")


async def _report(place: FaultLinePlace, url: str, sealed: dict[str, str], failing: set[str]) -> Sequence[int]:
    """Reports in random order; returns what the forged ones were answered."""
    true = [
        (key, seal, kind)
        for key, seal in sealed.items()
        for kind in ((BY_CENTRE, FAILED, FAILED) if key in failing else (BY_CENTRE, KEPT, ARRIVED, ARRIVED))
    ]
    forged = [(key, SEAL, ARRIVED if key in failing else FAILED) for key in sealed]
    reports = [*true, *forged]
    place.dice.shuffle(reports)
    answers: list[int] = []
    async with aiohttp.ClientSession() as session:

        async def tell(key: str, seal: str, kind: int) -> None:
            async with session.get(url, params={"key": key, "seal": seal, "type": str(kind)}) as answer:
                if seal == SEAL:
                    answers.append(answer.status)

        for first in range(0, len(reports), AT_ONCE):
            await asyncio.gather(*(tell(*each) for each in reports[first : first + AT_ONCE]))
    return answers


async def _wrong_outcomes(school: FaultySchool, failing: int) -> int:
    """How many SMS too many or too few have arrived, failed, and been followed by paper."""
    ways = [each for row in await school.rows() for each in row.deliveries]
    arrived = sum(each.channel == SMS and each.status is Status.DELIVERED for each in ways)
    failed = sum(each.channel == SMS and each.status is Status.FAILED for each in ways)
    on_paper = sum(each.channel == PAPER for each in ways)
    total = len(school.families)
    return abs(total - failing - arrived) + abs(failing - failed) + abs(failing - on_paper)


async def _no_report(place: FaultLinePlace) -> FaultLineFinding:
    """The gateway takes an SMS and never says more: before the result is due the next agreed way starts (Q73)."""
    box = ReportBox()
    async with faulty_school(place) as school, box.serving():
        families = await school.add(4, SMS) + await school.add(4, SMS, MAIL)
        await school.owe(families, *RESULTS)
        async with open_clocked_fault_sender(school, reports=box.url) as sending:
            await sending.let_pass(60)
            early = await _on_the_next_way(school)
            await sending.move(sending.clock.now + timedelta(hours=23))
            late = await _on_the_next_way(school)
        told = await school.told()
    holds = early == 0 and late == len(families)
    seen = f"{late} of {len(families)} on the next way before the due time"
    return FaultLineFinding(seen, holds and told.is_audit_whole, told.lost, max(0, told.repeated - len(families) // 2))


async def _on_the_next_way(school: FaultySchool) -> int:
    """How many obligations have a second message that was sent, or lies in the print queue."""
    return sum(
        any(each.channel != SMS and each.status is Status.ACCEPTED for each in row.deliveries)
        for row in await school.rows()
    )


LINES = (
    FaultLine("F22", "SMS reports shuffled, forged", "each true outcome, no forged one", _reports_in_any_order),
    FaultLine("F23", "no SMS report ever", "next way before the due time", _no_report),
)

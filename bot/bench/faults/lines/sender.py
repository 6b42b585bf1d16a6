"""Faults of the sending process: killed, stopped, frozen, doubled, confronted with what it cannot read."""

import asyncio
import os
import signal
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import JSON, type_coerce, update

from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.school import (
    ALL_KINDS,
    AT_MOST,
    MESSENGER,
    REFUSED,
    RESULTS,
    FaultySchool,
    faulty_school,
    run_faulty_school_part,
)
from bot.bench.faults.sending import open_clocked_fault_sender
from bot.bench.peers.processes import kill_process_group
from bot.bench.worker_kill import FaultOfWorker, Plan, WorkerKillLosses, run_worker_kill
from core.model.delivery.states import Reason, State
from storage.database.engine import create_database_engine
from storage.schema.delivery import notice

MARKED = f"nothing lost, {AT_MOST} repeats at most, marked"

TO_THE_LAST_TRY = 18
"""Hours in which every way to a message has had its tries."""

FROZEN_SECONDS = 4.0
"""Longer than the lease of a second."""


async def _killed(place: FaultLinePlace) -> FaultLineFinding:
    """Two workers, of which one is killed again and again at a random moment."""
    faults = place.choose(4, 25)
    return await _ended(place, Plan(FaultOfWorker.KILL, faults, faults * 16, seed=place.dice.randrange(1000)))


async def _stopped(place: FaultLinePlace) -> FaultLineFinding:
    """The same with SIGTERM: what is in flight is finished."""
    faults = place.choose(3, 15)
    return await _ended(place, Plan(FaultOfWorker.TERMINATE, faults, faults * 16, seed=place.dice.randrange(1000)))


async def _two_senders(place: FaultLinePlace) -> FaultLineFinding:
    """Two workers over one database, undisturbed."""
    return await _ended(place, Plan(FaultOfWorker.TERMINATE, 0, place.choose(60, 600), pace=0))


async def _ended(place: FaultLinePlace, plan: Plan) -> FaultLineFinding:
    url, messenger = await asyncio.to_thread(place.new_database), place.messenger
    plan = replace(plan, pace=min(plan.pace, messenger.pace), channel=messenger.channel)
    counted = await run_worker_kill(url, place.folder, plan, world=place.world)
    seen = f"{counted.messages} messages, {counted.in_flight} in flight at {counted.faults} ends"
    holds = counted.ok and counted.duplicates <= AT_MOST * _kills(plan, counted)
    return FaultLineFinding(seen, holds, counted.lost, counted.duplicates)


def _kills(plan: Plan, counted: WorkerKillLosses) -> int:
    return counted.faults if plan.kind is FaultOfWorker.KILL else 0


async def _killed_after_acceptance(place: FaultLinePlace) -> FaultLineFinding:
    """The messenger accepted and never answers; the worker is killed while it waits, and another one goes on."""
    async with faulty_school(place) as school:
        await school.owe(await school.add(20, MESSENGER), *ALL_KINDS)
        await school.owe(await school.add(2, REFUSED), *RESULTS)
        await place.fail_sends("silence", accepted=True)
        async with run_faulty_school_part(school) as worker:
            await school.wait_for_sends(1)
            await kill_process_group(worker)
        accepted = len(await school.sends())
        await place.world.remove_faults()
        async with run_faulty_school_part(school, name="next"):
            await school.wait_until_sent()
        told = await school.told()
    return told.finding(also=f"{accepted} accepted before the kill", most_repeats=AT_MOST)


async def _frozen(place: FaultLinePlace) -> FaultLineFinding:
    """SIGSTOP for longer than the lease: another worker takes over; the one that wakes up sends nothing of its own."""
    async with faulty_school(place) as school:
        families = await school.add(place.choose(60, 150), MESSENGER)
        await school.owe(families, *ALL_KINDS)
        async with run_faulty_school_part(school, pace=10) as first:
            await school.wait_for_sends(5)
            os.killpg(first.pid, signal.SIGSTOP)
            async with run_faulty_school_part(school, name="second", pace=30) as second:
                await asyncio.sleep(FROZEN_SECONDS)
                os.killpg(first.pid, signal.SIGCONT)
                await school.wait_until_sent()
                alive = [process.returncode is None for process in (first, second)]
        told = await school.told()
    return told.finding(holds=all(alive), also=f"{sum(alive)} of 2 workers alive", most_repeats=AT_MOST)


async def _poison(place: FaultLinePlace) -> FaultLineFinding:
    """Notices that no version can read: the others go on, these stay owed and are shown as failed (Q121)."""
    async with faulty_school(place) as school:
        families = await school.add(12, MESSENGER)
        poisoned = families[::5]
        await school.owe(families, *RESULTS)
        for family in poisoned:
            await _spoil(school, family.student)
        async with open_clocked_fault_sender(school) as sending:
            for _ in range(TO_THE_LAST_TRY):
                await sending.move(sending.clock.now + timedelta(hours=1))
        rows = await school.rows()
        told = await school.told()
    shown = {row.obligation.person_id for row in rows if row.obligation.state is State.OPEN}
    is_shown = shown == {family.person for family in poisoned}
    failed = all(each.reason is Reason.TECHNICAL_FAILURE for row in rows for each in row.deliveries if each.reason)
    lost = len(families) - len(poisoned) - told.reached
    return FaultLineFinding(
        f"{told.reached} others reached, {len(shown)} shown", is_shown and failed and not lost, lost
    )


async def _spoil(school: FaultySchool, student: int) -> None:
    """The notices about a student are of a kind that no version knows."""
    engine = create_database_engine(school.url)
    async with engine.begin() as connection:
        unknown = type_coerce(["Telepathy", {"thought": "?"}], JSON)
        await connection.execute(update(notice).where(notice.c.student_id == student).values(notice=unknown))
    await engine.dispose()


LINES = (
    FaultLine("F1", "kill -9 of the sender", f"nothing lost, {AT_MOST} repeats a kill at most", _killed),
    FaultLine(
        "F4", "kill -9 after acceptance", f"nothing lost, {AT_MOST} repeats at most, marked", _killed_after_acceptance
    ),
    FaultLine("F5", "SIGTERM", "nothing lost or repeated", _stopped),
    FaultLine("F7", "two senders", "nothing lost or repeated", _two_senders),
    FaultLine("F38", "poison message", "the others go on; it is shown", _poison),
    FaultLine("F28", "SIGSTOP over the lease", MARKED, _frozen),
)

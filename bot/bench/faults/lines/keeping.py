"""Faults of what is kept: the audit trail is changed, a copy is made under load and put back."""

import asyncio

from bot.bench.audit_tampering import tampered
from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.school import (
    ALL_KINDS,
    AT_MOST,
    MAIL,
    MESSENGER,
    FaultySchool,
    faulty_school,
    run_faulty_school_part,
)
from bot.bench.peers import warm
from bot.bench.peers.processes import kill_process_group
from core.model.people import Role
from core.rules.people.names import normal_name

DEPUTY = "Завучева Анна Ильинична"
IDLE_SECONDS = 3.0
"""How long a worker over a restored copy is watched."""


async def _tampered_trail(place: FaultLinePlace) -> FaultLineFinding:
    """Single bytes of the trail are changed, wherever it is kept: the check finds each (Q76)."""
    url, changes = await asyncio.to_thread(place.new_database), place.choose(10, 100)
    made = found = 0
    async for _, lines in tampered(place.database, url, place.folder, changes, place.dice):
        made += len(lines)
        found += sum(named is not None for _, named in lines)
    return FaultLineFinding(f"{found} of {made} changes found", found == made, made - found)


async def _backup_under_load(place: FaultLinePlace) -> FaultLineFinding:
    """A copy made while the worker sends is whole; put back, it sends nothing by itself, and then says so (Q124)."""
    async with faulty_school(place) as school:
        await _employ(school)
        families = await school.add(place.choose(20, 100), MESSENGER) + await school.add(4, MAIL)
        await school.owe(families, *ALL_KINDS)
        copy = str(place.folder / "copy")
        async with run_faulty_school_part(school, pace=1):
            await school.wait_for_sends(2)
            copied = await _run(school, "backup", copy)
        async with run_faulty_school_part(school, name="next"):
            await school.wait_until_sent()
        before = await _count(school)
        await school.engine.dispose()  # nobody may be at work while a copy is put back
        codes = [copied, await _run(school, "restore", "--check", copy), await _run(school, "restore", copy)]
        async with run_faulty_school_part(school, name="restored") as worker:
            await asyncio.sleep(IDLE_SECONDS)
            unasked = await _count(school) - before
            released = await _run(school, "held", "send", "--all")
            await school.wait_until_sent()
            is_alive = worker.returncode is None
        again = await _count(school) - before
        told = await school.told()
    holds = codes == [0, 0, 0] and released == 0 and not unasked and is_alive
    seen = f"exit codes {codes}, {unasked} sent unasked, {again} when they were let go"
    return told.finding(holds=holds, also=seen, most_repeats=len(families) + AT_MOST)


async def _count(school: FaultySchool) -> int:
    return sum(map(len, (await school.messages()).values()))


async def _employ(school: FaultySchool) -> None:
    async with school.open_uow() as uow:
        person = await uow.people.add(DEPUTY, normal_name(DEPUTY))
        await uow.people.add_staff_role(person, Role.DEPUTY_HEAD, group_id=None)
        await uow.commit()


async def _run(school: FaultySchool, *words: str) -> int:
    """The exit code of a command, as the deputy head types it."""
    process = await warm.start_warm_command_process(
        words, school.environment(DESK=DEPUTY), errors=school.place.folder / f"{words[0]}-words"
    )
    try:
        return await process.wait()
    finally:
        await kill_process_group(process)


LINES = (
    FaultLine("F36", "audit trail tampered with", "each change found", _tampered_trail),
    FaultLine("F37", "copy under load, put back", "whole, sends nothing unasked, then marked", _backup_under_load),
)

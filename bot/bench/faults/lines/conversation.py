"""Faults of the bot: killed while updates wait, and another process on the same token."""

import asyncio

from bot.bench.bot_kill import run_bot_kill
from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.messenger import IN_TELEGRAM
from bot.bench.faults.school import (
    MESSENGER,
    FaultySchool,
    FaultySchoolFamily,
    faulty_school,
    run_faulty_school_part,
    wait_for_faulty_school,
)
from bot.bench.schools.asking import AskingFamilies, Question, open_asking_families

ANOTHER_POLLS = 3
"""The exit code where another process polls the token."""

PATIENT, LAST = 3, 12
"""So many conflicts are borne, and so many end the process."""


async def _killed(place: FaultLinePlace) -> FaultLineFinding:
    """Codes, acknowledgements and marks wait; each has its effect once, and everybody is answered."""
    url = await asyncio.to_thread(place.new_database)
    kills, seed = place.choose(1, 25), place.dice.randrange(1000)
    counted = await run_bot_kill(
        url, place.folder, kills, seed=seed, channel=place.messenger.channel, world=place.world
    )
    seen = f"{counted.bindings + counted.acknowledgements + counted.marks} updates, {counted.met_work} kills at work"
    return FaultLineFinding(seen, counted.ok, counted.lost + counted.unanswered, counted.twice)


async def _two_pollers(place: FaultLinePlace) -> FaultLineFinding:
    """Conflicts that pass are borne; the second process that polls ends with 3, and every question is answered once."""
    async with faulty_school(place) as school, open_asking_families(place.world) as asking:
        families = await school.add(4, MESSENGER)
        async with run_faulty_school_part(school, "bot") as bot:
            await _ask(asking, families)
            await _wait_for_answers(school, 1)
            await place.world.add_fault("conflict", 1.0, method="getUpdates", times=PATIENT)
            await _ask(asking, families)
            await _wait_for_answers(school, 2)
            is_alive = bot.returncode is None
            await place.world.add_fault("conflict", 1.0, method="getUpdates", times=LAST)
            await _ask(asking, families)  # ends the poll that waits, as the other process's poll would
            code = await bot.wait()
        await place.world.remove_faults()
        await _ask(asking, families)
        async with run_faulty_school_part(school, "bot", name="next"):
            await _wait_for_answers(school, 4)
        answers = len(await school.sends())
    asked = 4 * len(families)
    holds = is_alive and code == ANOTHER_POLLS and answers == asked
    seen = f"alive after {PATIENT}, exit code {code} after more; {answers} answers to {asked} questions"
    return FaultLineFinding(seen, holds, max(0, asked - answers), max(0, answers - asked))


async def _ask(asking: AskingFamilies, families: list[FaultySchoolFamily]) -> None:
    for family in families:
        await asking.ask_one(family.chat, Question("/holidays"))


async def _wait_for_answers(school: FaultySchool, rounds: int) -> None:
    async def are_answered() -> bool:
        return len(await school.sends()) >= rounds * len(school.families)

    await wait_for_faulty_school(are_answered)


LINES = (
    FaultLine("F6", "kill -9 of the bot", "each update has its effect once", _killed),
    FaultLine("F8", "two pollers", "the second ends with 3; all answered once", _two_pollers, messengers=IN_TELEGRAM),
)

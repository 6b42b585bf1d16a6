"""Faults of what writes facts: journal, final marks, exams and the register, killed at any moment."""

import asyncio
import csv
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.bench.faults.dying import DEATHS
from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.school import MESSENGER, FaultySchool, faulty_school, run_faulty_school_part
from bot.bench.peers import warm
from bot.bench.peers.processes import kill_process_group
from bot.bench.schools.families import SCHOOL_CLASS
from bot.bench.schools.invented import JOURNAL_HEAD, SUBJECTS, TERM
from bot.clocks import utc_clock
from core.model.people import Role
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from storage.database.engine import create_database_engine
from storage.schema.delivery import notice
from storage.schema.marks import entry
from storage.schema.register import consent_entry
from storage.schema.results import exam_result, period_mark

FINALS_HEAD = ("student", "class", "subject", "term", "mark")
EXAMS_HEAD = ("student", "class", "exam", "subject", "date", "mark")
DEPUTY = "Завучева Анна Ильинична"

FACTS = (entry, period_mark, exam_result, consent_entry, notice)
"""The tables whose rows are counted."""

LATEST, SOONER, TRIES = 0.7, 0.6, 10
"""Seconds until a kill at most; what becomes of them after one too late; tries for each kill that meets a command."""

ALL, RESULT_AND_WITHDRAWAL = slice(None), slice(1, None, 2)
"""Of journal, final marks, exams and a withdrawal: who has withdrawn is told a result on paper at once."""

Words = Sequence[str | Path]


@dataclass(frozen=True, slots=True)
class Writing:
    """A command that writes facts and what families are told; `adds`: how many rows of each table.

    An import may be made again at any time; an entry of the register only where it is not there yet.
    """

    words: Words
    adds: Mapping[str, int]
    is_import: bool = True


async def _killed_importer(place: FaultLinePlace) -> FaultLineFinding:
    """Each import is killed at random moments and then runs to its end."""
    return await _written(place, place.choose(1, 10), ALL)


async def _killed_before_outbox(place: FaultLinePlace) -> FaultLineFinding:
    """Each command that tells families something dies between the fact and its notice, then before the commit."""
    return await _written(place, 0, place.choose(RESULT_AND_WITHDRAWAL, ALL))


async def _written(place: FaultLinePlace, kills: int, commands: slice) -> FaultLineFinding:
    async with faulty_school(place) as school:
        await school.add(place.choose(6, 60), MESSENGER)
        writings = (await _writings(school, lessons=place.choose(1, 6)))[commands]
        torn = met = 0
        wanted = await _counts(school)
        for writing in writings:
            before = await _counts(school)
            if kills:
                met += await _kill_at_random(school, writing, kills)
            else:
                met += sum([await _die(school, writing, death) for death in DEATHS])
            after, done = await _counts(school), before + Counter(writing.adds)
            torn += after not in (before, done)
            if writing.is_import or after != done:
                await _run(school, writing.words)
            wanted += Counter(writing.adds)
        found = await _counts(school)
        async with run_faulty_school_part(school, MARKS="journal"):
            await school.wait_until_sent()
        told = await school.told()
    missing, doubled = (wanted - found).total(), (found - wanted).total()
    seen = f"{met} deaths at work in {len(writings)} commands, {torn} half written"
    unfair = told.waiting + told.lost + missing + doubled + torn
    surely_met = sum(each.is_import for each in writings) if kills else len(writings)  # an entry may come before a kill
    holds = told.is_audit_whole and not unfair and met >= surely_met
    return FaultLineFinding(seen, holds, told.lost + missing, told.repeated + doubled)


async def _counts(school: FaultySchool) -> Counter[str]:
    """How many rows the tables of facts and notices have."""
    engine = create_database_engine(school.url)
    async with engine.connect() as connection:
        counts = {
            table.name: int(await connection.scalar(select(func.count()).select_from(table)) or 0) for table in FACTS
        }
    await engine.dispose()
    return Counter(counts)


async def _kill_at_random(school: FaultySchool, writing: Writing, kills: int) -> int:
    """How many kills met the command before it had ended; after one that came too late the next come earlier.

    What is no import would be written anew, so it is killed until it is written.
    """
    met, latest, before = 0, LATEST, await _counts(school)
    for _ in range(kills * TRIES):
        if met == kills or (not writing.is_import and await _counts(school) != before):
            break
        process = await _start(school, writing.words)
        await asyncio.sleep(school.place.dice.uniform(0, latest))
        is_met = process.returncode is None
        await kill_process_group(process)
        met += is_met
        latest *= 1 if is_met else SOONER
    return met


async def _die(school: FaultySchool, writing: Writing, death: Callable[[], None]) -> bool:
    return await (await _start(school, writing.words, death)).wait() == -signal.SIGKILL


async def _run(school: FaultySchool, words: Words) -> None:
    process = await _start(school, words)
    if await process.wait():
        said = (school.place.folder / "command").read_text()
        raise RuntimeError(f"exit code {process.returncode}: {said}")


async def _start(school: FaultySchool, words: Words, prepare: Callable[[], None] | None = None) -> warm.WarmProcess:
    environment = school.environment(MARKS="journal", DESK=DEPUTY)
    errors = school.place.folder / "command"
    return await warm.start_warm_command_process(
        [str(word) for word in words], environment, errors=errors, prepare=prepare
    )


async def _writings(school: FaultySchool, *, lessons: int) -> Sequence[Writing]:
    """Journal, final marks, exams, and a withdrawal; the first journal of a student tells nobody anything."""
    names = [family.name for family in school.families]
    today, folder = timing.local_date_of_time(utc_clock(), Policy()), school.place.folder
    days = [(today - timedelta(days=number)).isoformat() for number in range(1, lessons + 2)]
    await _employ(school)

    def journal(name: str, count: int) -> Path:
        lesson = [(subject, on, "Ответ на уроке", "", "10", "4") for on in days[:count] for subject in SUBJECTS]
        return _table(folder / name, JOURNAL_HEAD, [(each, SCHOOL_CLASS, *row) for each in names for row in lesson])

    await _run(school, ["import", "journal", journal("first.csv", 1)])
    count, marks = len(names), len(names) * lessons * len(SUBJECTS)
    final, exam = (SUBJECTS[0], TERM, "4"), ("school", SUBJECTS[1], days[0], "4")
    finals = _table(folder / "finals.csv", FINALS_HEAD, [(each, SCHOOL_CLASS, *final) for each in names])
    exams = _table(folder / "exams.csv", EXAMS_HEAD, [(each, SCHOOL_CLASS, *exam) for each in names])
    second, family = journal("second.csv", lessons + 1), school.families[0]
    withdrawal = ["consent", "withdraw", family.parent, family.name, "--document", "О-1"]
    return [
        Writing(["import", "journal", second], {"entry": marks, "notice": marks}),
        Writing(["finals", "import", finals], {"period_mark": count, "notice": count}),
        Writing(["exam", "import", exams, "--school", "900777"], {"exam_result": count, "notice": count}),
        Writing(withdrawal, {"consent_entry": 1}, is_import=False),
    ]


async def _employ(school: FaultySchool) -> None:
    async with school.open_uow() as uow:
        person = await uow.people.add(DEPUTY, normal_name(DEPUTY))
        await uow.people.add_staff_role(person, Role.DEPUTY_HEAD, group_id=None)
        await uow.commit()


def _table(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


LINES = (
    FaultLine("F2", "kill -9 of an import", "all or nothing, once", _killed_importer),
    FaultLine("F3", "kill -9 between fact and outbox", "both or neither, once", _killed_before_outbox),
)

"""`vestnik bench soak`: results and forecasts go out, families ask, the journal comes in, and a fault a minute (Q120).

Both databases are soaked beside each other. Nothing may be lost, every question is answered, each repeat says that it
is one, and the memory of the processes that no fault killed does not grow.
"""

import asyncio
import csv
import itertools
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.app import configure_app_logging
from bot.bench import Figures
from bot.bench.faults.line import FaultLinePlace
from bot.bench.faults.school import MESSENGER, FaultySchool, FaultySchoolFamily, faulty_school
from bot.bench.faults.table import ANY_SEED, SOMEBODY, prepare_fault_table_server
from bot.bench.peers import warm
from bot.bench.peers.postgres import Server, postgres_and_sqlite_databases
from bot.bench.peers.processes import kill_process_group, run_bench_sandbox_process
from bot.bench.peers.warm import WarmProcess
from bot.bench.schools.asking import AskingFamilies, Question, open_asking_families
from bot.bench.schools.families import SCHOOL_CLASS
from bot.bench.schools.invented import JOURNAL_HEAD, SUBJECTS
from bot.bench.soak.faults import PARTS, SoakFaults
from bot.bench.soak.memory import Memory
from bot.bench.soak.pushes import SoakPushes
from bot.clocks import utc_clock
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy

MINUTES = 30.0
GROWTH = 1.15
"""The late median of memory may be so many times the early one."""

QUESTIONS = ("/marks", "дз на завтра", "/timetable", "/holidays")
A_LOOK = 2.0
"""Seconds between two samples of memory."""


@dataclass(frozen=True, slots=True)
class SoakPlan:
    """How long it lasts, what comes a second, and the seconds between two imports and two faults."""

    seconds: float = 60 * MINUTES
    pushes: float = 25
    questions: float = 20
    import_every: float = 300
    fault_every: float = 60
    families: int = 500
    askers: int = 100


@dataclass(frozen=True, slots=True)
class Soaked:
    """The result on one database. `memory`: early and late median in MiB of each process that lived all the time."""

    pushed: int
    questions: int
    unanswered: int
    imports: int
    faults: Mapping[str, int]
    alive: bool
    lost: int
    repeated: int
    unmarked: int
    audit_whole: bool
    memory: Mapping[str, tuple[float, float]]

    @property
    def growth(self) -> float:
        """The largest ratio of late to early memory; 0 where the time was too short for either."""
        return max((round(late / early, 3) for early, late in self.memory.values() if early), default=0.0)

    @property
    def ok(self) -> bool:
        """True if nothing is lost or left without an answer, no repeat is unmarked, and no memory grew."""
        unfair = self.lost or self.unanswered or self.unmarked
        return self.alive and self.audit_whole and not unfair and self.growth <= GROWTH

    def figures(self) -> Figures:
        """As a row of the table."""
        return {
            "pushed": self.pushed, "questions": self.questions, "unanswered": self.unanswered, "imports": self.imports,
            "faults": ", ".join(f"{number} {name}" for name, number in sorted(self.faults.items())),
            "lost": self.lost, "repeated": self.repeated, "unmarked": self.unmarked,
            "memory": ", ".join(f"{name} {early}→{late}" for name, (early, late) in self.memory.items()),
            "growth": self.growth, "ok": self.ok,
        }  # fmt: skip


@dataclass(slots=True)
class Soak:
    """A school at work. `asked`: the questions of each chat."""

    plan: SoakPlan
    school: FaultySchool
    asking: AskingFamilies
    askers: Sequence[FaultySchoolFamily]
    pushes: SoakPushes
    processes: dict[str, WarmProcess]
    memory: Memory
    faults: SoakFaults
    asked: Counter[int] = field(default_factory=Counter)
    imports: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def passed(self) -> float:
        """Seconds since the begin."""
        return time.monotonic() - self.began

    async def run(self) -> None:
        """Lets everything happen beside each other, and then waits until all is sent."""
        async with asyncio.TaskGroup() as tasks:
            for work in (self._push, self._ask, self._import, self._trouble, self._look):
                tasks.create_task(work())
        await self.school.wait_until_sent()

    async def _push(self) -> None:
        published = 0
        while self.passed < self.plan.seconds:
            count = int(self.passed * self.plan.pushes) - published
            async with self.faults.writing:
                await self.pushes.publish(count)
            published += count
            await asyncio.sleep(1)

    async def _ask(self) -> None:
        for number in itertools.count():
            await asyncio.sleep(max(0.0, number / self.plan.questions - self.passed))
            if self.passed >= self.plan.seconds:
                return
            chat = self.askers[number % len(self.askers)].chat
            await self.asking.ask_one(chat, Question(QUESTIONS[number // len(self.askers) % len(QUESTIONS)]))
            self.asked[chat] += 1

    async def _import(self) -> None:
        """Each time the journal has a subject more; an import that met a fault is made again, as people do."""
        for number in range(1, len(SUBJECTS)):
            await asyncio.sleep(self.plan.import_every)
            if self.passed >= self.plan.seconds:
                return
            await self._read_until_done(number + 1)
            self.imports += 1

    async def _read_until_done(self, subjects: int) -> None:
        while await self.read_journal(subjects):  # noqa: ASYNC110  # another process
            await asyncio.sleep(1)

    async def read_journal(self, subjects: int) -> int:
        """The exit code of an import of a journal with so many subjects."""
        on = (timing.local_date_of_time(utc_clock(), Policy()) - timedelta(days=1)).isoformat()
        path = self.school.place.folder / "journal.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = (
                (family.name, SCHOOL_CLASS, subject, on, "Ответ на уроке", "", "10", "4")
                for family in self.pushes.families
                for subject in SUBJECTS[:subjects]
            )
            csv.writer(file).writerows([JOURNAL_HEAD, *rows])
        environment = self.school.environment(MARKS="journal")
        errors = self.school.place.folder / "import"
        return await (
            await warm.start_warm_command_process(["import", "journal", str(path)], environment, errors=errors)
        ).wait()

    async def _trouble(self) -> None:
        while self.passed + self.plan.fault_every < self.plan.seconds:
            await asyncio.sleep(self.plan.fault_every)
            await self.faults.cause_one()

    async def _look(self) -> None:
        while self.passed < self.plan.seconds:
            pids = {name: process.pid for name, process in self.processes.items()}
            self.memory.look(pids, at=self.passed / self.plan.seconds)
            await asyncio.sleep(min(A_LOOK, self.plan.seconds / 20))

    async def soaked(self) -> Soaked:
        """Counts."""
        counted = await self.pushes.counted()
        answers = Counter(message["chat"]["id"] for message in await self.school.place.world.bot_messages())
        async with self.school.open_uow(reading=True) as uow:
            is_whole = await uow.audit.verify() is None
        return Soaked(
            pushed=len(self.pushes.results) + len(self.pushes.forecasts),
            questions=self.asked.total(),
            unanswered=sum(max(0, asked - answers[chat]) for chat, asked in self.asked.items()),
            imports=self.imports,
            faults=self.faults.done,
            alive=all(process.returncode is None for process in self.processes.values()),
            lost=counted.lost,
            repeated=counted.repeated,
            unmarked=counted.unmarked,
            audit_whole=is_whole,
            memory=self.memory.medians(),
        )


async def measure_bench(*, seed: int | None = None, minutes: float = MINUTES) -> Figures:
    """One row a database; without a seed each run differs."""
    configure_app_logging("critical")
    seed = random.SystemRandom().randrange(ANY_SEED) if seed is None else seed
    plan = SoakPlan(seconds=60 * minutes)
    with (
        tempfile.TemporaryDirectory(prefix="vestnik-soak-") as folder,
        postgres_and_sqlite_databases(Path(folder)) as servers,
    ):
        ready = {name: await prepare_fault_table_server(server) for name, server in servers.items()}
        results = await asyncio.gather(
            *(soak_new_database(name, server, Path(folder), plan, seed=seed) for name, server in ready.items())
        )
    rows = [{"database": name, **each.figures()} for name, each in zip(servers, results, strict=True)]
    return {"seed": seed, "minutes": minutes, "soaks": rows, "ok": all(each.ok for each in results)}


async def soak_new_database(database: str, server: Server, folder: Path, plan: SoakPlan, *, seed: int) -> Soaked:
    """A soak over a new database of the server, whose new databases have tables."""
    home = folder / f"soak_{database}"
    home.mkdir(mode=0o700)
    dice = random.Random(f"{seed} soak")  # noqa: S311  # dice, not secrets
    async with run_bench_sandbox_process(SOMEBODY) as world:
        place = FaultLinePlace(database, server, world, home, dice, itertools.count(1))
        async with _trial(place, plan) as trial:
            await trial.run()
            return await trial.soaked()


@asynccontextmanager
async def _trial(place: FaultLinePlace, plan: SoakPlan) -> AsyncIterator[Soak]:
    async with faulty_school(place) as school, open_asking_families(place.world) as asking:
        askers, families = await school.add(plan.askers, MESSENGER), await school.add(plan.families, MESSENGER)
        processes = {
            name: await warm.start_warm_process(part, school.environment(pace=30)) for name, part in PARTS.items()
        }
        memory = Memory()
        faults = SoakFaults(school, place.dice, processes, memory)
        trial = Soak(plan, school, asking, askers, SoakPushes(school, families), processes, memory, faults)
        try:
            await trial.read_journal(1)
            trial.began = time.monotonic()
            yield trial
        finally:
            for process in processes.values():
                await kill_process_group(process)

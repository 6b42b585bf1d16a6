"""A job of the night is done once for its date, whatever happens to the machine, its clock and its processes."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import backoff
from bot.app import App, open_app
from bot.run import job_runs
from bot.run.clock import NIGHTLY_JOBS, daily_clock_jobs
from bot.run.job_runs import run_job_each_night
from bot.settings import SettingsFromArguments
from core.actions.job_runs import is_job_run_done
from core.errors import StorageError
from core.ports import UnitOfWork
from core.rules.delivery.nights import latest_night
from tests.support.delivery.fakes import Clock
from tests.unit.delivery.test_nights import ZONES

START = datetime(2026, 9, 1, 12, tzinfo=UTC)

Event = tuple[str, int]

EVENTS = st.one_of(
    st.tuples(st.just("pass"), st.integers(1, 30)),
    st.tuples(st.just("jump"), st.integers(-26, 26)),
    st.tuples(st.sampled_from(["two", "fail", "kill"]), st.just(0)),
)
"""Hours go by (8 hours off, a night off); the wall clock is set; two processes start; a job fails; one is killed."""


A_LOOK = 0.02
"""Seconds of the lease's clock between two looks: fifty make a term, so that a slow disk is no dead holder."""


@dataclass
class Machine:
    """A school's machine whose clock, processes and luck the test holds; `done`: how often a night's job ended well."""

    school: App
    job: str
    clock: Clock
    done: Counter[date] = field(default_factory=Counter)
    faults: int = 0
    is_killed: bool = False
    ticks: Iterator[float] = field(default_factory=lambda: itertools.count(0.0, A_LOOK))

    def process(self) -> App:
        """A process of this machine; one that is killed reaches its database no more."""
        alive = [True]

        def open_uow(*, reading: bool = False) -> AbstractAsyncContextManager[UnitOfWork]:
            if not alive[0]:
                raise StorageError
            return self.school.open_uow(reading=reading)

        def kill() -> None:
            alive[0] = False

        self.kill: Callable[[], None] = kill
        return replace(self.school, clock=self.clock, open_uow=open_uow, ticks=lambda: next(self.ticks))

    async def work(self, app: App) -> None:
        """The job: fails or is killed where the test says so."""
        night = latest_night(app.clock(), app.policy)
        await asyncio.sleep(0)
        if self.is_killed:
            self.is_killed = False
            self.kill()
            raise asyncio.CancelledError
        if self.faults:
            self.faults -= 1
            raise StorageError
        self.done[night] += 1

    async def wake(self, processes: int = 1) -> None:
        """Start so many processes at once; each asks for the job of the night."""
        asked = [
            run_job_each_night(self.process(), self.job, self.work, stopping=asyncio.Event()) for _ in range(processes)
        ]
        await asyncio.gather(*asked, return_exceptions=True)

    async def meet(self, event: Event) -> None:
        """Let one thing happen, then start again as a machine does after it."""
        what, hours = event
        if what == "pass":
            self.clock.advance(hours=hours)
        elif what == "jump":
            self.clock.jump(hours=hours)
        elif what == "fail":
            self.faults = 1
        elif what == "kill":
            self.is_killed = True
            await self.wake()
            self.is_killed = False
        await self.wake(2 if what == "two" else 1)
        async with self.school.open_uow(reading=True) as uow:
            assert await is_job_run_done(uow, self.job, latest_night(self.clock(), self.school.policy))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A standby looks often, and a failed job waits for a moment only."""
    monkeypatch.setattr(job_runs, "LOOKS_A_TERM", 500)
    monkeypatch.setattr(backoff, "FIRST", 0.001)


@pytest.fixture
def school(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[asyncio.Runner, App]]:
    """A school whose loop runs example after example."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = open_app(SettingsFromArguments.of(data=tmp_path, database_url=sqlite_url, lease="PT1S"))
        yield runner, runner.run(stack.enter_async_context(opened))
        runner.run(stack.aclose())


def _machine(school: App, name: str, zone: str) -> Machine:
    return Machine(replace(school, policy=replace(school.policy, zone=ZoneInfo(zone))), name, Clock(START))


@pytest.mark.usefixtures("quick")
def test_a_night_is_done_once_whatever_happens(school: tuple[asyncio.Runner, App]) -> None:
    """Restart, two processes, clock back and forward, hours and nights off, failures, kills: once a date, none left."""
    runner, app = school
    names = itertools.count()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(ZONES), st.lists(EVENTS, min_size=1, max_size=12))
    def check(zone: str, events: list[Event]) -> None:
        machine = _machine(app, f"job {next(names)}", zone)

        async def live() -> None:
            for event in events:
                await machine.meet(event)

        runner.run(live())
        assert set(machine.done.values()) == {1}

    check()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("zone", ZONES)
def test_weeks_pass_and_each_night_is_done_once(
    school: tuple[asyncio.Runner, App], zone: str, pytestconfig: pytest.Config
) -> None:
    """Thirty-seven nights in each of the eleven zones, with `--whole` 400, woken thrice a day by two processes."""
    runner, app = school
    nights = 400 if pytestconfig.getoption("whole") else 37
    machine = _machine(app, "weeks", zone)

    async def live() -> None:
        for n in range(nights * 3):
            await machine.wake(1 + n % 2)
            machine.clock.advance(hours=8)

    runner.run(live())
    assert set(machine.done.values()) == {1}
    assert len(machine.done) in {nights, nights + 1}


@pytest.mark.usefixtures("quick")
async def test_a_killed_job_runs_again(sqlite_url: str, tmp_path: Path) -> None:
    """Its process is gone and its lease stands still: the next start runs the job of the same night (Q104)."""
    async with open_app(SettingsFromArguments.of(data=tmp_path, database_url=sqlite_url, lease="PT1S")) as app:
        machine = _machine(app, "verify", "Europe/Moscow")
        machine.is_killed = True
        with suppress(asyncio.CancelledError):
            await machine.wake()
        assert machine.done == {}
        await machine.wake()
        await machine.wake()
    assert list(machine.done.values()) == [1]


async def test_every_job_has_a_name_in_both_languages(tmp_path: Path) -> None:
    """`vestnik schedule` lists each by words, not by our names."""
    async with open_app(SettingsFromArguments.of(data=tmp_path, imap_url=None)) as app:
        jobs = [*NIGHTLY_JOBS, *(name for _, name, _ in daily_clock_jobs(app)), "returns"]
        for t in app.catalogues.translators.values():
            assert all(t(f"schedule.job.{job}") for job in jobs)

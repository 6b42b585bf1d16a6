"""`vestnik bench year`: a school year on a simulated clock, in which each result is told within 24 hours or explained.

Results reach all pupils, marks some. Weekends, holidays, quiet hours, outages of hours, blocked bots, withdrawn
consents, appeals and two changes of the clocks happen. The worker is the real one; its channels are simulated, the
paper is printed on school days only. An obligation that is late without a known cause makes the run fail.
"""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as day_time
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.bench import Figures
from bot.bench.schools.database import bench_database_url, migrated_bench_database
from bot.bench.simulation.channels import SimulatedChannel, SimulatedChannelClock
from bot.bench.simulation.events import SimulatedEvents, simulated_event_terms
from bot.bench.simulation.people import SimulatedSchool, build_simulated_school
from bot.locales import LocaleCatalogues
from bot.paper.tray import PaperTray
from bot.run.worker import RunningOutboxWorker
from core.actions.delivery.obligations import verify_obligations
from core.actions.delivery.worker import Worker
from core.model.channels import PAPER
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery import evidence, planning
from core.rules.delivery.timing import Policy
from core.rules.year import school_date
from notifiers.discovery import discovered_closing_statuses
from notifiers.paper import PaperChannel

ELECTRONIC = ("telegram", "email", "sms")
ZONE = ZoneInfo("Europe/Chisinau")
"""A zone whose clocks change in October and March."""

TTL = timedelta(seconds=10)
NOON = 12
UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class SimulatedYearPlan:
    """How many pupils live how many days; `marked` of them get marks. `step`: the worker looks so often."""

    pupils: int = 1000
    marked: int = 50
    first: date = date(2026, 9, 1)
    days: int = 303
    step: timedelta = timedelta(hours=1)
    seed: int = 30

    @property
    def dates(self) -> Sequence[date]:
        """The days of the simulation."""
        return [self.first + timedelta(days=number) for number in range(self.days)]


@dataclass(slots=True)
class SimulatedYear:
    """The year while it passes. `breaches`: the cause of each late obligation, by id."""

    plan: SimulatedYearPlan
    policy: Policy
    clock: SimulatedChannelClock
    school: SimulatedSchool
    happenings: SimulatedEvents
    worker: RunningOutboxWorker
    breaches: dict[int, str] = field(default_factory=dict)
    looked_on: date | None = None
    stranded: int = 0
    unreached_days: int = 0

    async def pass_by(self) -> None:
        """Lets everything happen at its time; in between the worker sends and the school looks what is late."""
        end = self.clock.now + timedelta(days=self.plan.days + 3)
        events = list(reversed(self.happenings.events()))
        while self.clock.now < end:
            look = self.clock.now + self.plan.step
            while events and events[-1][0] <= look:
                moment, event = events.pop()
                self.clock.move(max(moment, self.clock.now))
                await event()
            self.clock.move(max(look, self.clock.now))
            await self.worker.drain()
            await self._look()

    async def _look(self) -> None:
        """Notes what is late, and once a day who could not be reached at all."""
        now = self.clock.now
        async with self.school.open_uow(reading=True) as uow:
            late = await uow.outbox.obligations(states={State.OPEN}, kinds=R6_KINDS, late_at=now)
            self._note(late)
            today = school_date(now, self.policy.zone)
            if now.astimezone(self.policy.zone).hour >= NOON and today != self.looked_on:
                self.looked_on = today
                rows = await uow.outbox.obligations(states={State.OPEN}, kinds=R6_KINDS)
                self.stranded += sum(row.deliveries[-1].status in evidence.ENDS for row in rows)
                self.unreached_days += await self._has_unreached(uow)

    async def _has_unreached(self, uow: UnitOfWork) -> bool:
        """Whether some pupil has nobody today whom a result could reach."""
        on = school_date(self.clock.now, self.policy.zone)
        pupils = {pupil.id for pupil in self.school.pupils}
        recipients = await uow.people.recipients(pupils, on=on)
        return pupils != {
            each.student_id for each in recipients if planning.planned_open_routes(each, NoticeKind.EXAMS)
        }

    def _note(self, late: Sequence[ObligationRow]) -> None:
        for row in late:
            if row.obligation.id not in self.breaches:
                self.breaches[row.obligation.id] = self._cause(row)

    def _cause(self, row: ObligationRow) -> str:
        """Why an obligation is late: nobody printed between the paper's start and the due time, or it is our fault."""
        due, last = row.obligation.due, row.deliveries[-1]
        if due is None or last.channel != PAPER:
            return UNEXPLAINED
        if any(last.not_before <= moment <= due for moment in self.happenings.printed_at):
            return UNEXPLAINED
        on = school_date(due, self.policy.zone)
        began = school_date(last.not_before, self.policy.zone)
        is_day_off = not all(self.happenings.is_school_day(day) for day in {began, on})
        first = "paper_first" if len(row.deliveries) == 1 or row.deliveries[0].contact_id is None else "paper_last"
        return f"{first}_{'day_off' if is_day_off else 'evening'}"

    async def figures(self) -> Figures:
        """What the year says of itself."""
        async with self.school.open_uow(reading=True) as uow:
            rows = await uow.outbox.obligations(kinds=R6_KINDS)
            self._note(await uow.outbox.obligations(late_at=self.clock.now))
            differences = len(await verify_obligations(uow, policy=self.policy))
        states = Counter(row.obligation.state for row in rows)
        in_time = sum(row.obligation.id not in self.breaches for row in rows)
        causes = Counter(self.breaches.values())
        left_open = sum(row.obligation.state is State.OPEN and row.obligation.id not in self.breaches for row in rows)
        shares = {
            "pupils": self.plan.pupils, "days": self.plan.days, "obligations": len(rows), "in_time": in_time,
            "breaches": len(self.breaches), "in_time_or_explained_percent": _percent(rows, causes[UNEXPLAINED]),
            "left_open": left_open, "stranded": self.stranded, "days_without_a_channel": self.unreached_days,
            "differences": differences,
        }  # fmt: skip
        faults = (causes[UNEXPLAINED], left_open, self.stranded, self.unreached_days, differences)
        return {
            **shares,
            **{f"breach_{cause}": number for cause, number in sorted(causes.items())},
            **{f"state_{state}": number for state, number in sorted(states.items())},
            **{f"happened_{what}": number for what, number in sorted(self.happenings.done.items())},
            **{f"sent_{name}": self._sent(name) for name in ELECTRONIC},
            "ok": not any(faults),
        }

    def _sent(self, name: str) -> int:
        channel = self.worker.channels[name]
        return channel.sent if isinstance(channel, SimulatedChannel) else 0


def _percent(rows: Sequence[ObligationRow], unexplained: int) -> str:
    return f"{100 * (len(rows) - unexplained) / len(rows):.2f}" if rows else "100.00"


async def run_simulated_year(plan: SimulatedYearPlan, folder: Path) -> Figures:
    """Lives a year in a fresh SQLite database."""
    async with migrated_bench_database(bench_database_url(folder / "year.db")) as open_uow:
        year = await _begin(plan, open_uow)
        await year.pass_by()
        return await year.figures()


async def _begin(plan: SimulatedYearPlan, open_uow: UnitOfWorkFactory) -> SimulatedYear:
    policy = Policy(zone=ZONE)
    clock = SimulatedChannelClock(datetime.combine(plan.first, day_time(0), tzinfo=ZONE).astimezone(UTC))
    school = await build_simulated_school(open_uow, plan.pupils, plan.first)
    async with open_uow() as uow:
        year_id = await uow.year.ensure_year(plan.first)
        for name, first, last in simulated_event_terms(plan.first.replace(month=9, day=1)):
            await uow.year.put_period(year_id, name, starts_on=first, ends_on=last)
        await uow.commit()
    closes = discovered_closing_statuses()
    channels = {name: SimulatedChannel(name, clock, closes[name]) for name in ELECTRONIC}
    worker = RunningOutboxWorker(
        open_uow=open_uow,
        channels={**channels, PAPER: PaperChannel(PaperTray(open_uow=open_uow, clock=clock, policy=policy))},
        catalogues=LocaleCatalogues.load(),
        identity=Worker("year", TTL, policy, closes),
        clock=clock,
        ticks=clock.ticks,
        signing_key=b"key",
    )
    dice = random.Random(plan.seed)  # noqa: S311  # dice, not secrets
    happenings = SimulatedEvents(
        school, clock, policy, channels["telegram"], worker.drain, plan.dates, dice, plan.marked
    )
    for channel in channels.values():
        channel.outages = happenings.outages()
    return SimulatedYear(plan, policy, clock, school, happenings, worker)


async def measure_simulated_year() -> Figures:
    """A year of 1,000 pupils."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as folder:
        figures = await run_simulated_year(SimulatedYearPlan(), Path(folder))
    return {"seconds": round(time.monotonic() - began, 1), **figures}

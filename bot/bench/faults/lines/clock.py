"""Faults of the clock: hours off, jumps, zones whose clocks change, the edges of the year, a Friday afternoon."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.school import MAIL, MESSENGER, REFUSED, RESULTS, SMS, FaultySchool, faulty_school
from bot.bench.faults.sending import ClockedFaultSender, FaultSender, ProcessFaultSender, open_clocked_fault_sender
from bot.bench.machine_faults import faked_machine_clock
from bot.bench.peers.processes import kill_process_group, start_bench_whole_process
from bot.bench.schools.invented import SUBJECTS
from core.actions.delivery import obligations
from core.actions.paper import queue
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State, Status
from core.model.notices.family import LessonChanged
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.model.people import SYSTEM, Role
from core.model.timetable import ChangeKind
from core.rules.delivery import timing
from core.rules.delivery.nights import latest_night
from core.rules.delivery.timing import R6_TERM, Policy
from core.rules.people.names import normal_name
from core.rules.year import school_date
from notifiers.discovery import discovered_closing_statuses

ZONES = (
    "Europe/Chisinau", "Europe/London", "America/St_Johns", "America/Havana", "Australia/Lord_Howe", "Pacific/Chatham",
    "Africa/Casablanca",
)  # fmt: skip
"""Zones whose clocks change: by an hour or half of it, at night, at midnight, in either half of the world."""

SEARCHED_FROM, SEARCHED_DAYS = datetime(2026, 9, 1, tzinfo=UTC), 365
HOUR = timedelta(hours=1)
OFF = 8 * HOUR
JUMP_HOURS = (-2, 2, 2, -2)
"""How far the wall clock jumps, one after the other: back, right again, ahead, right again."""

A_JUMP = 4.0
"""Seconds between two jumps."""

MOSCOW = ZoneInfo("Europe/Moscow")
EDGES = (
    datetime(2026, 12, 31, 23, 59, 30, tzinfo=MOSCOW), datetime(2027, 1, 1, 0, 0, tzinfo=MOSCOW),
    datetime(2027, 8, 31, 23, 59, 59, tzinfo=MOSCOW), datetime(2027, 9, 1, 0, 0, tzinfo=MOSCOW),
    datetime(2028, 2, 28, 23, 30, tzinfo=MOSCOW), datetime(2028, 2, 29, 12, 0, tzinfo=MOSCOW),
)  # fmt: skip
"""Edges of the calendar year, of the school year and of a leap year's February."""

FRIDAY = datetime(2026, 11, 20, 16, tzinfo=MOSCOW)


class Jump:
    """Sets a wall clock by some hours further than it is; time itself goes on as before."""

    def __init__(self, clock: ClockedFaultSender | Path) -> None:
        self._clock = clock
        self._hours = 0

    def __call__(self, hours: int) -> None:
        self._hours += hours
        if isinstance(self._clock, Path):
            self._clock.write_text(f"{self._hours:+}h")
        else:
            self._clock.clock.now += timedelta(hours=hours)


async def _off(place: FaultLinePlace) -> FaultLineFinding:
    """Nobody works from 18:00 to 02:00: results go in time, a change of a lesson that is over never."""
    begins = datetime(2026, 11, 20, 18, tzinfo=MOSCOW).astimezone(UTC)
    async with faulty_school(place) as school:
        families = await school.add(6, MESSENGER, now=begins) + await school.add(3, MAIL, now=begins)
        late = await school.add(3, MESSENGER, now=begins)
        change = LessonChanged(SUBJECTS[0], school_date(begins, MOSCOW), 7, ChangeKind.CANCELLATION)
        async with open_clocked_fault_sender(school, policy=Policy(), begins=begins) as sending:
            await school.owe(families[:2], *RESULTS, now=begins)
            await sending.worker.drain()
            await school.owe(families[2:], *RESULTS, now=begins + HOUR)
            await school.owe(late, change, now=begins + HOUR)
            await sending.move(begins + OFF)
            for _ in range(8):
                await sending.move(sending.clock.now + HOUR)
        expired = sum(row.obligation.state is State.EXPIRED for row in await school.rows())
        breaches = _breaches(await school.rows(), Policy())
        told = await school.told()
    return told.finding(holds=not breaches and expired == len(late), also=f"{expired} out of date and not sent")


async def _jumps(place: FaultLinePlace) -> FaultLineFinding:
    """The wall clock jumps by two hours, back and ahead: nothing is lost, repeated or late by it (Q120)."""
    async with faulty_school(place) as school, _jumping(school) as (sending, jump):
        for hours in JUMP_HOURS:
            families = await school.add(3, MESSENGER) + await school.add(2, MAIL)
            await place.fail_sends("html_bad_gateway", times=1)
            await school.owe(families, *RESULTS)
            await sending.let_pass(A_JUMP)
            jump(hours)
            await sending.let_pass(A_JUMP)
        await sending.send_all()
        told = await school.told()
    return told.finding(also=f"{len(JUMP_HOURS)} jumps of 2 h")


@asynccontextmanager
async def _jumping(school: FaultySchool) -> AsyncIterator[tuple[FaultSender, Jump]]:
    """Who sends, and what sets its wall clock: a process under faketime, or the simulated clock."""
    file = school.place.folder / "clock"
    fake = {} if school.place.short else faked_machine_clock(file)
    if not fake:
        async with open_clocked_fault_sender(school) as sending:
            yield sending, Jump(sending)
        return
    process = await start_bench_whole_process(school.environment(), machine=fake)
    try:
        yield ProcessFaultSender(school, process), Jump(file)
    finally:
        await kill_process_group(process)


async def _changing_zones(place: FaultLinePlace) -> FaultLineFinding:
    """A result six hours before each change of clocks: due after 24 hours, in time, once, not in the quiet hours."""
    zones = [ZoneInfo(name) for name in place.choose(ZONES[:3], ZONES)]
    changes = [(Policy(zone=zone), change - 6 * HOUR) for zone in zones for change in _clock_changes(zone)]
    uneven = [policy.zone.key for policy, change in changes if not _has_even_nights(policy, change)]
    return await _told_in_time(place, changes, also=f"{len(uneven)} uneven nights", holds=not uneven)


def _clock_changes(zone: ZoneInfo) -> Iterator[datetime]:
    """The hours of a school year in which the zone's clocks change."""
    for number in range(SEARCHED_DAYS * 24):
        moment = SEARCHED_FROM + number * HOUR
        if moment.astimezone(zone).utcoffset() != (moment + HOUR).astimezone(zone).utcoffset():
            yield moment + HOUR


def _has_even_nights(policy: Policy, around: datetime) -> bool:
    """Whether the nightly jobs have exactly one night for each date around a change of clocks."""
    looks = [around + timedelta(minutes=minute) for minute in range(-24 * 60, 48 * 60, 10)]
    nights = [latest_night(moment, policy) for moment in looks]
    begun = [night for before, night in pairwise(nights) if night != before]
    return nights == sorted(nights) and len(begun) == len({*begun}) and _are_neighbours(begun)


def _are_neighbours(days: Sequence[date]) -> bool:
    return all(second - first == timedelta(days=1) for first, second in pairwise(days))


async def _year_edges(place: FaultLinePlace) -> FaultLineFinding:
    """Results in the last minute of a year and in the first of the next."""
    return await _told_in_time(place, [(Policy(zone=MOSCOW), edge.astimezone(UTC)) for edge in EDGES])


async def _told_in_time(
    place: FaultLinePlace, moments: Sequence[tuple[Policy, datetime]], *, also: str = "", holds: bool = True
) -> FaultLineFinding:
    """Results published at each of the moments are told within 24 hours."""
    breaches = 0
    async with faulty_school(place) as school:
        for policy, begins in moments:
            families = [*await school.add(1, MESSENGER, now=begins), *await school.add(1, MAIL, SMS, now=begins)]
            await school.owe(families, *RESULTS, now=begins)
            async with open_clocked_fault_sender(school, policy=policy, begins=begins) as sending:
                for _ in range(8):
                    await sending.move(sending.clock.now + 3 * HOUR)
            persons = {family.person for family in families}
            rows = [row for row in await school.rows() if row.obligation.person_id in persons]
            breaches += _breaches(rows, policy)
        told = await school.told()
    seen = f"{len(moments)} moments, {breaches} late or at night"
    return told.finding(holds=holds and not breaches, also=f"{seen}, {also}" if also else seen)


def _breaches(rows: Sequence[ObligationRow], policy: Policy) -> int:
    """Results that are late, not told, told in the quiet hours, or whose due time is not 24 hours after receipt."""
    breaches = 0
    for row in rows:
        owed = row.obligation
        if owed.kind in R6_KINDS:
            closed = owed.closed_at
            is_due = owed.due == owed.received_at + R6_TERM
            in_time = (
                closed is not None
                and not timing.is_past_due_time(owed.due, closed)
                and not timing.is_quiet_time(closed, policy)
            )
            breaches += not (is_due and in_time)
    return breaches


async def _friday_afternoon(place: FaultLinePlace) -> FaultLineFinding:
    """A final mark on Friday at 16:00: told at once; paper lies in the tray at once, and its lateness is announced."""
    begins = FRIDAY.astimezone(UTC)
    async with faulty_school(place) as school:
        await _add_deputy(school)
        electronic = await school.add(4, MESSENGER, now=begins) + await school.add(2, MAIL, now=begins)
        on_paper = await school.add(2, REFUSED, now=begins)
        await school.owe([*electronic, *on_paper], RESULTS[0], now=begins)
        async with open_clocked_fault_sender(school, policy=Policy(zone=MOSCOW), begins=begins) as sending:
            await sending.worker.drain()
            at_once = await school.told()
            await sending.move(begins + 20 * HOUR)
            warnings = await _warn(school, sending)
            await _print(school, sending, on_paper_of=1)
            await sending.move(begins + 25 * HOUR)
        owed = [row.obligation for row in await school.rows() if row.obligation.kind in R6_KINDS]
        late = sum(each.state is State.OPEN for each in owed)
        told = await school.told()
    holds = at_once.reached == len(electronic) and at_once.on_paper == len(on_paper) and warnings > 0 and late == 1
    seen = f"{at_once.reached} told and {at_once.on_paper} in the tray at once, {warnings} warnings"
    return told.finding(holds=holds, also=f"{seen}, {late} unprinted and late")


async def _add_deputy(school: FaultySchool) -> None:
    async with school.open_uow() as uow:
        deputy = await uow.people.add("Завучева Анна", normal_name("Завучева Анна"))
        await uow.people.add_staff_role(deputy, Role.DEPUTY_HEAD, group_id=None)
        await uow.commit()


async def _warn(school: FaultySchool, sending: ClockedFaultSender) -> int:
    """How many warnings of lateness are owed to the deputy head after the job that warns."""
    async with school.open_uow() as uow:
        await obligations.warn_of_late_obligations(uow, now=sending.clock.now, policy=sending.policy)
    await sending.worker.drain()
    return sum(row.obligation.kind is NoticeKind.DEADLINES for row in await school.rows())


async def _print(school: FaultySchool, sending: ClockedFaultSender, *, on_paper_of: int) -> None:
    """Prints so many extracts of the tray."""
    async with school.open_uow(reading=True) as uow:
        queued = await uow.paper.extracts({Status.ACCEPTED})
    for extract in list(queued)[:on_paper_of]:
        async with school.open_uow() as uow:
            await queue.record_queued_paper_status(
                uow, SYSTEM, extract.number, Status.PRINTED, closes=discovered_closing_statuses(), now=sending.clock.now
            )


LINES = (
    FaultLine("F29", "off for 8 hours", "results in time, what is out of date never", _off),
    FaultLine("F30", "clock jumps by 2 h", "all once, nothing waits a second time", _jumps),
    FaultLine("F31", "zones with clock changes", "in time, once, one night a date", _changing_zones),
    FaultLine("F32", "edges of the year", "in time, once", _year_edges),
    FaultLine(
        "F33", "final mark on Friday 16:00", "told at once, paper at once, lateness announced", _friday_afternoon
    ),
)

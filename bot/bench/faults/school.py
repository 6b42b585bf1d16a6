"""The school of a fault line: families, what is owed to them, what they got, and the processes that send it."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.bench.faults.line import FaultLineFinding, FaultLinePlace
from bot.bench.faults.messenger import MESSENGERS
from bot.bench.peers import warm
from bot.bench.peers.processes import kill_process_group, worker_process_environment
from bot.bench.peers.warm import WarmProcess
from bot.bench.schools.cast import SECRET
from bot.bench.schools.families import EXAM, SCHOOL_CLASS, add_agreed_family
from bot.bench.schools.invented import FIRST_CHAT, SUBJECTS, TERM, invented_full_name
from bot.clocks import utc_clock
from core.model.channels import PAPER
from core.model.delivery.fact_names import exam_result_fact_name, forecast_fact_name, period_mark_fact_name
from core.model.delivery.obligations import NewNotice, ObligationRow
from core.model.delivery.states import State, Status
from core.model.notices.facts import Notice
from core.model.notices.family import ExamResultSet, FinalMarkSet, ForecastGiven
from core.model.notices.kinds import R6_KINDS
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery import timing
from core.rules.delivery.evidence import ON_ITS_WAY
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from storage.database.engine import create_database_engine
from storage.unit_of_work import unit_of_work_factory

AGAIN = "(повтор)"
"""What a repeated message says of itself."""

MESSENGER, MAIL, SMS, REFUSED = "messenger", "email", "sms", ""
"""What a family agreed to; MESSENGER: that of the run; REFUSED: to nothing, so it gets paper."""

RESULTS: Sequence[Notice] = (FinalMarkSet(SUBJECTS[0], TERM, "4"), EXAM)
"""A final mark and an exam result, which R6 covers."""

FORECAST = ForecastGiven(
    SUBJECTS[1], timing.local_date_of_time(utc_clock(), Policy()), TERM, "4", 60, "3.60", 3, "4 4 3"
)
ALL_KINDS: Sequence[Notice] = (*RESULTS, FORECAST)

AT_MOST = 16
"""Messages in flight, which a kill may repeat (contracts, Delivery)."""

PATIENCE = 150.0
"""Seconds within which everything must be sent after a fault, on a slow machine too."""

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class FaultySchoolFamily:
    """A student and a parent, who agreed to these channels and addresses in this order; names follow from `number`."""

    number: int
    student: int
    person: int
    ways: Sequence[tuple[str, str]]

    @property
    def name(self) -> str:
        """The student's name."""
        return invented_full_name(2 * self.number)

    @property
    def parent(self) -> str:
        """The parent's name."""
        return invented_full_name(2 * self.number + 1)

    @property
    def chat(self) -> int:
        """The address in the messenger."""
        return next(int(address) for channel, address in self.ways if channel in MESSENGERS)


@dataclass(frozen=True, slots=True)
class FaultySchoolOutcome:
    """What families got. `waiting`: owed and not yet sent; `unmarked`: repeats that do not say that they are some."""

    families: int
    reached: int
    on_paper: int
    waiting: int
    lost: int
    repeated: int
    unmarked: int
    is_audit_whole: bool

    @property
    def is_fair(self) -> bool:
        """Nothing is lost or waits, no repeat is unmarked, and the audit trail is whole."""
        return not (self.lost or self.waiting or self.unmarked) and self.is_audit_whole

    def finding(self, *, holds: bool = True, also: str = "", most_repeats: int = 0) -> FaultLineFinding:
        """A line that holds where families got what they are owed, `most_repeats` at most again, and `holds`."""
        seen = f"{self.reached} of {self.families} reached, {self.on_paper} on paper"
        seen += "" if self.is_audit_whole else ", audit trail broken"
        seen += f", {self.waiting} waiting" if self.waiting else ""
        seen += f", {self.unmarked} repeats unmarked" if self.unmarked else ""
        holds = holds and self.is_fair and self.repeated <= most_repeats
        return FaultLineFinding(f"{seen}, {also}" if also else seen, holds, self.lost, self.repeated)


@dataclass(slots=True)
class FaultySchool:
    """A school in a database and a sandbox of a line."""

    place: FaultLinePlace
    url: str
    engine: AsyncEngine
    open_uow: UnitOfWorkFactory
    families: list[FaultySchoolFamily] = field(default_factory=list)
    owed: Counter[int] = field(default_factory=Counter)
    """How many messages each person is owed."""

    def environment(self, *, pace: float = 0, **settings: str) -> dict[str, str]:
        """Settings of a process: the sandbox's messenger, mail and SMS, without quiet hours; `pace`: 0 for none."""
        world, messenger = self.place.world, self.place.messenger
        pace = min(pace, messenger.pace)
        usual = worker_process_environment(self.place.folder, self.url, world, pace=pace, channel=messenger.channel) | {
            "SMTP_URL": f"{world.smtp_url}?from=school@example.org&starttls=never",
            "SMS_URL": f"{world.sms_url}?from=School",
            "SECRET": SECRET,
            "MARKS": "bot",
        }
        return usual | settings

    async def add(self, count: int, *ways: str, now: datetime | None = None) -> list[FaultySchoolFamily]:
        """Adds families that agreed to these channels in this order."""
        now, added, messenger = now or utc_clock(), [], self.place.messenger.channel
        channels = [messenger if way == MESSENGER else way for way in ways if way != REFUSED]
        async with self.open_uow() as uow:
            group = await uow.year.ensure_group(GroupKind.CLASS, SCHOOL_CLASS, normal_class_name(SCHOOL_CLASS))
            for _ in range(count):
                number = next(self.place.numbers)
                agreed = [(channel, _address(channel, number)) for channel in channels]
                student, person = await add_agreed_family(uow, agreed, number, group=group, now=now)
                added.append(FaultySchoolFamily(number, student, person, agreed))
            await uow.commit()
        if MESSENGER in ways:
            await self.place.world.start_chats([family.chat for family in added], messenger)
        self.families += added
        return added

    async def owe(self, families: Sequence[FaultySchoolFamily], *notices: Notice, now: datetime | None = None) -> None:
        """Publishes one notice about each family's student; several notices are given out in turn."""
        at, owed = now or utc_clock(), []
        for index, family in enumerate(families):
            notice = notices[index % len(notices)]
            owed.append(NewNotice(family.student, notice, _fact(notice, family.student, self.owed[family.person])))
            self.owed[family.person] += 1
        async with self.open_uow() as uow:
            await uow.outbox.add(owed, received_at=at, published_at=at)
            await uow.commit()

    async def rows(self) -> Sequence[ObligationRow]:
        """All obligations."""
        async with self.open_uow(reading=True) as uow:
            return await uow.outbox.obligations()

    async def left(self, now: datetime | None = None) -> int:
        """Notices not planned, and messages on their way, those that wait for a later try too; paper waits for days."""
        now = now or utc_clock()
        async with self.open_uow(reading=True) as uow:
            unplanned = len(await uow.outbox.unplanned(1))
            rows = await uow.outbox.obligations(states={State.OPEN})
        ways = [each for row in rows for each in row.deliveries if each.status in ON_ITS_WAY]
        return unplanned + sum(each.channel != PAPER or each.not_before <= now for each in ways)

    async def wait_until_sent(self) -> None:
        """Waits until nothing is left to send. Raises TimeoutError."""

        async def is_sent() -> bool:
            return not await self.left()

        await wait_for_faulty_school(is_sent)

    async def wait_for_sends(self, count: int) -> None:
        """Waits until the messenger has accepted this many messages for these families. Raises TimeoutError."""

        async def has_sent() -> bool:
            return len(await self.sends()) >= count

        await wait_for_faulty_school(has_sent)

    async def sends(self) -> list[Mapping[str, object]]:
        """What the messenger accepted for these families, in order."""
        messenger = self.place.messenger.channel
        ours = {int(address) for each in self.families for channel, address in each.ways if channel == messenger}
        return [each for each in await self.place.world.log(messenger) if each["chat_id"] in ours]

    async def messages(self) -> Mapping[int, Sequence[str]]:
        """The texts that each person got, over all channels."""
        world = self.place.world
        persons = {address: each.person for each in self.families for _, address in each.ways}
        came = [(str(each["chat_id"]), each["text"]) for each in await world.log(self.place.messenger.channel)]
        came += [(each["address"], f"{each['subject']}\n{each['text']}") for each in await world.mails()]
        came += [("+" + each["to"].lstrip("+"), each["text"]) for each in await world.sms()]
        texts: defaultdict[int, list[str]] = defaultdict(list)
        for address, words in came:
            if address in persons:
                texts[persons[address]].append(words)
        return texts

    async def set_aside(self, families: Sequence[FaultySchoolFamily]) -> int:
        """How many contacts of these families are not used any more."""
        async with self.open_uow(reading=True) as uow:
            contacts = [each for family in families for each in await uow.register.contacts(family.person)]
        return sum(each.set_aside_at is not None for each in contacts)

    async def told(self) -> FaultySchoolOutcome:
        """Counts what every family got."""
        rows, messages = await self.rows(), await self.messages()
        async with self.open_uow(reading=True) as uow:
            printed = {extract.person_id for extract in await uow.paper.extracts(set(Status))}
            is_whole = await uow.audit.verify() is None
        people = {each.person for each in self.families}
        untold = people - messages.keys() - printed
        waiting = {row.obligation.person_id for row in rows if row.obligation.state is State.OPEN} & untold
        again = {person: max(0, len(messages.get(person, ())) - owed) for person, owed in self.owed.items()}
        plain = {person: sum(AGAIN not in words for words in texts) for person, texts in messages.items()}
        return FaultySchoolOutcome(
            families=len(people),
            reached=len(people & messages.keys()),
            on_paper=len(people & printed),
            waiting=len(waiting),
            lost=len(untold - waiting - _excused(rows)),
            repeated=sum(again.values()),
            unmarked=sum(max(0, count - self.owed[person]) for person, count in plain.items()),
            is_audit_whole=is_whole,
        )


def _excused(rows: Sequence[ObligationRow]) -> set[int]:
    """Who is owed what may not be repeated after a lost answer (contracts, Operation), or is not owed any more."""
    uncertain = {
        row.obligation.person_id
        for row in rows
        if row.obligation.kind not in R6_KINDS and any(each.status is Status.UNCERTAIN for each in row.deliveries)
    }
    ended = {row.obligation.person_id for row in rows if row.obligation.state in {State.WAIVED, State.EXPIRED}}
    return uncertain | ended


def _fact(notice: Notice, student: int, turn: int) -> str:
    match notice:
        case FinalMarkSet():
            return period_mark_fact_name(1000 * student + turn)
        case ExamResultSet():
            return exam_result_fact_name(1000 * student + turn)
        case _:
            return forecast_fact_name(f"{TERM} {student} {turn}", timing.local_date_of_time(utc_clock(), Policy()))


def _address(channel: str, number: int) -> str:
    match channel:
        case "telegram" | "max":
            return str(FIRST_CHAT + number)
        case "email":
            return f"family{number}@example.org"
        case _:
            return f"+7916{number:07}"


@asynccontextmanager
async def faulty_school(place: FaultLinePlace) -> AsyncIterator[FaultySchool]:
    """An empty school; the sandbox has forgotten what came before, and has no faults before and after."""
    await place.world.forget()
    await place.world.remove_faults()
    url = await asyncio.to_thread(place.new_database)
    engine = create_database_engine(url)
    try:
        yield FaultySchool(place, url, engine, unit_of_work_factory(engine))
    finally:
        await place.world.remove_faults()
        await engine.dispose()


@asynccontextmanager
async def run_faulty_school_part(
    school: FaultySchool, part: str = "worker", *, name: str = "run", pace: float = 0, **settings: str
) -> AsyncIterator[WarmProcess]:
    """`vestnik run PART` while the block runs; what it says is written to the file `name`."""
    environment = school.environment(pace=pace, **settings)
    process = await warm.start_warm_process(part, environment, errors=school.place.folder / name)
    try:
        yield process
    finally:
        await kill_process_group(process)


async def wait_for_faulty_school(happened: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Waits for what another process does. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await happened():  # noqa: ASYNC110  # another process
            await asyncio.sleep(_POLL_SECONDS)

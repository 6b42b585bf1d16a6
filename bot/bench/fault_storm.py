"""`vestnik bench faults`: runs `vestnik run` while peers and machine fail at random, and counts losses and repeats.

A message is lost if no simulated peer accepted it and it is neither on paper nor waiting for a later try (contracts,
Delivery). It may be repeated for each answer that was broken after acceptance, at most twice (contracts, Operation).
"""

import asyncio
import itertools
import math
import random
import tempfile
import time
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.bench.machine_faults import MOST_SECONDS, MachineFaults, faked_machine_clock
from bot.bench.peers.postgres import Server, postgres_and_sqlite_databases
from bot.bench.peers.processes import (
    kill_process_group,
    run_bench_sandbox_process,
    start_bench_whole_process,
    worker_process_environment,
)
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.schools.asking import AskingFamilies, Question, open_asking_families
from bot.bench.schools.database import migrated_bench_database
from bot.bench.schools.families import add_bench_families, publish_bench_family_results
from bot.bench.schools.invented import FIRST_CHAT
from bot.clocks import utc_clock
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State, Status
from core.ports import UnitOfWorkFactory
from core.rules.delivery.evidence import ON_ITS_WAY

BEFORE = (
    "html_bad_gateway", "html_forbidden", "html_ok", "empty", "cut", "list", "not_ok", "wrong_types", "server_error",
    "too_many_requests", "huge_numbers", "silence", "slow", "closed",
)  # fmt: skip
"""Faults that stop a call before it is executed."""

AFTER = ("html_bad_gateway", "html_ok", "empty", "cut", "list", "wrong_types", "closed")
"""Faults that break the answer of an executed call."""

MAIL = (
    ("silence", "MAIL", ""), ("silence", "DATA", ""), ("closed", "RCPT", ""), ("reply", "MAIL", "421 4.3.2 shutdown"),
    ("reply", "RCPT", "451 4.7.1 greylisted"), ("reply", "RCPT", "550 5.1.1 no such user"),
    ("reply", "RCPT", "552 5.2.2 mailbox full"), ("reply", "DATA", "554 5.7.1 looks like spam"),
)  # fmt: skip
"""Faults of the mail server: kind, stage of SMTP, reply."""

SMS = (
    ("silence", ""), ("closed", ""), ("html_bad_gateway", ""), ("html_ok", ""), ("empty", ""),
    ("reply", "503 Temporal failure, try again later."), ("reply", "403 Number is not valid"),
)  # fmt: skip
"""Faults of the SMS gateway: kind, reply."""

SHARE = 0.006
"""The share of a messenger's calls that meet each kind of fault: together about one call in eight."""

SHARE_OF_MAIL = 0.02
SHARE_OF_REFUSALS = 0.0005
"""The share of Telegram calls whose answer refuses the whole bot."""

CHATS_A_FAULT = 50
"""Of 50 chats one has blocked the bot, and another gets a text that Telegram refuses."""

FIRST_IN_MAX, EVERY_IN_MAX = 70_001, 20
"""The first person in MAX; every so many questions one is asked there too."""

ASKERS = 100
QUESTIONS = ("/marks", "дз на завтра", "/timetable", "/holidays")
MOST_REPEATS = 2
PACE = 30.0
"""Messages a second: the most that a school may choose, so that a backlog can be sent."""

CALM_SECONDS = 150.0
"""After the storm: long enough for a poll that hangs to end and for the last try of an answer."""

_POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Storm:
    """How long it lasts, and how many questions, messages, mails and SMS there are a second.

    `in_max`: messages in MAX, which takes fewer.
    """

    seconds: float
    questions: float = 20
    pushes: float = 25
    in_max: float = 2
    mails: float = 1
    sms: float = 1


STORM = Storm(seconds=300)


@dataclass(frozen=True, slots=True)
class FaultStormResult:
    """The result of a storm.

    `pushed`: messages a second that Telegram accepted during the storm; `in_max`: all that MAX accepted. `waiting`:
    people whose message is still due, because a peer asked to try later. `machine`: its faults, in their order.
    """

    alive: bool
    questions: int
    unanswered: int
    messages: int
    pushed: float
    in_max: int
    lost: int
    waiting: int
    repeats: int
    unexplained: int
    audit_whole: bool
    machine: Sequence[str]

    @property
    def ok(self) -> bool:
        """True if the process lives, all is answered, nothing is lost, and no repeat is unexplained."""
        return self.alive and self.audit_whole and not (self.unanswered or self.lost or self.unexplained)


@dataclass(frozen=True, slots=True)
class FaultStormCast:
    """Chats that ask, and the addresses that get a result: chats, mail addresses, phone numbers."""

    asking: range
    notified: range
    asking_in_max: range
    notified_in_max: range
    mails: Sequence[str]
    numbers: Sequence[str]

    @classmethod
    def of(cls, storm: Storm) -> "FaultStormCast":
        """As many addresses as the storm sends messages."""
        asking = range(FIRST_CHAT, FIRST_CHAT + ASKERS)
        in_max = range(FIRST_IN_MAX, FIRST_IN_MAX + ASKERS // EVERY_IN_MAX)
        return cls(
            asking=asking,
            notified=range(asking.stop, asking.stop + int(storm.seconds * storm.pushes)),
            asking_in_max=in_max,
            notified_in_max=range(in_max.stop, in_max.stop + int(storm.seconds * storm.in_max)),
            mails=[f"family{number}@example.org" for number in range(int(storm.seconds * storm.mails))],
            numbers=[f"+7916{number:07}" for number in range(int(storm.seconds * storm.sms))],
        )

    @property
    def contacts(self) -> Mapping[str, Sequence[object]]:
        """The addresses that get a result, by channel."""
        return {"telegram": self.notified, "max": self.notified_in_max, "email": self.mails, "sms": self.numbers}

    async def add_to_school(self, open_uow: UnitOfWorkFactory) -> None:
        """Adds a family for each chat and address, and a final mark for each that gets a result."""
        first = len(await add_bench_families(open_uow, self.asking, now=utc_clock()))
        first += len(
            await add_bench_families(open_uow, self.asking_in_max, now=utc_clock(), channel="max", first=first)
        )
        for channel, addresses in self.contacts.items():
            students = await add_bench_families(open_uow, addresses, now=utc_clock(), channel=channel, first=first)
            await publish_bench_family_results(open_uow, students, results=len(students), now=utc_clock(), first=first)
            first += len(students)


@dataclass(slots=True)
class FaultStormTrial:
    """A running school: some families get results, others ask questions."""

    open_uow: UnitOfWorkFactory
    world: SandboxClient
    families: Mapping[str, AskingFamilies]
    product: Process
    cast: FaultStormCast
    asked: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Questions by channel and chat."""

    async def wait_until_at_work(self) -> None:
        """Waits for the first accepted message, so that the storm meets a running product. Raises TimeoutError."""
        async with asyncio.timeout(CALM_SECONDS):
            while not await self.world.log():  # noqa: ASYNC110  # another process
                await asyncio.sleep(_POLL_SECONDS)

    async def blow(self, storm: Storm, machine: MachineFaults) -> tuple[float, Sequence[str]]:
        """Causes faults of every kind at random while questions come.

        Returns the messages accepted a second, and the faults of the machine.
        """
        await self._set_telegram_faults()
        await self._set_max_faults()
        await self._set_mail_and_sms_faults()
        machine_faults = asyncio.create_task(machine.cause_faults(storm.seconds))
        began = time.monotonic()
        for turn in itertools.count(1):
            question = Question(QUESTIONS[turn // ASKERS % len(QUESTIONS)])
            await self._ask("telegram", self.cast.asking[turn % ASKERS], question)
            if turn % EVERY_IN_MAX == 0:
                in_max = self.cast.asking_in_max
                await self._ask("max", in_max[turn // EVERY_IN_MAX % len(in_max)], question)
            await asyncio.sleep(max(0.0, began + turn / storm.questions - time.monotonic()))
            if time.monotonic() - began >= storm.seconds:
                break
        pushed = sum(each["chat_id"] in self.cast.notified for each in await self.world.log())
        causes = await machine_faults
        await self.world.remove_faults()
        return round(pushed / storm.seconds, 1), causes

    async def _ask(self, channel: str, chat: int, question: Question) -> None:
        await self.families[channel].ask_one(chat, question)
        self.asked[channel, chat] += 1

    async def _set_telegram_faults(self) -> None:
        await self._set_faults_of_chats(self.cast.notified, method="sendMessage")
        await self._set_faults_of_calls(retry_after=2)
        await self.world.add_fault("unauthorized", SHARE_OF_REFUSALS)
        await self.world.add_fault("conflict", SHARE * 2, method="getUpdates")
        await self.world.add_fault("future_update", SHARE * 4, method="getUpdates")

    async def _set_max_faults(self) -> None:
        await self._set_faults_of_chats(self.cast.notified_in_max, peer="max_api", method="POST /messages")
        await self._set_faults_of_calls(peer="max_api")
        await self.world.add_fault("unauthorized", SHARE, peer="max_api")
        await self.world.add_fault("future_update", SHARE * 4, peer="max_api", method="GET /updates")

    async def _set_faults_of_chats(self, chats: range, **where: object) -> None:
        dice = random.Random(30)  # noqa: S311  # dice, not secrets
        for index, chat in enumerate(dice.sample(chats, 2 * (len(chats) // CHATS_A_FAULT))):
            kind = ("blocked", "refused_content")[index % 2]
            await self.world.add_fault(kind, 1.0, chat_id=chat, **where)

    async def _set_faults_of_calls(self, **where: object) -> None:
        for kind in BEFORE:
            await self.world.add_fault(kind, SHARE, delay=2.0, **where)
        for kind in AFTER:
            await self.world.add_fault(kind, SHARE, accepted=True, **where)

    async def _set_mail_and_sms_faults(self) -> None:
        for kind, stage, reply in MAIL:
            await self.world.add_fault(kind, SHARE_OF_MAIL, peer="mail", method=stage, reply=reply)
        await self.world.add_fault("silence", SHARE_OF_MAIL, peer="mail", method="DATA", accepted=True)
        for kind, reply in SMS:
            await self.world.add_fault(kind, SHARE_OF_MAIL, peer="sms", reply=reply)
        await self.world.add_fault("html_ok", SHARE_OF_MAIL, peer="sms", accepted=True)

    async def calm_down(self) -> None:
        """Waits until all is answered and sent; at most `CALM_SECONDS` since it last became less."""
        least, until = math.inf, 0.0
        while self.product.returncode is None:
            if not (left := await self._unanswered() + len(await self._due())):
                return
            now = time.monotonic()
            if left < least:
                least, until = left, now + CALM_SECONDS
            if now > until:
                return
            await asyncio.sleep(_POLL_SECONDS)

    async def _due(self) -> list[ObligationRow]:
        """Open obligations with a message that may be sent now; extracts in the print tray wait for a person."""
        now = utc_clock()
        return [
            row
            for row in await self._open()
            if any(each.status in ON_ITS_WAY and each.not_before <= now for each in row.deliveries)
        ]

    async def _open(self) -> list[ObligationRow]:
        async with self.open_uow(reading=True) as uow:
            return list(await uow.outbox.obligations(states={State.OPEN}))

    async def _unanswered(self) -> int:
        """How many more questions than answers there are, chat by chat.

        A message whose answer was broken comes again, so it is not counted: it would hide a question without one.
        """
        written = {
            channel: Counter(each["chat_id"] for each in await self.world.log(channel) if not each["lost"])
            for channel in self.families
        }
        return sum(max(0, count - written[channel][chat]) for (channel, chat), count in self.asked.items())

    async def survived(self, pushed: float, machine: Sequence[str]) -> FaultStormResult:
        """Count what each family received."""
        open_rows = {row.obligation.person_id for row in await self._open()}
        persons = await self._persons()
        async with self.open_uow(reading=True) as uow:
            on_paper = {extract.person_id for extract in await uow.paper.extracts(set(Status))}
            is_whole = await uow.audit.verify() is None
        received, broken = await self._accepted()
        missing = [person for address, person in persons.items() if not received[address] and person not in on_paper]
        return FaultStormResult(
            alive=self.product.returncode is None,
            questions=self.asked.total(),
            unanswered=await self._unanswered(),
            messages=len(persons),
            pushed=pushed,
            in_max=sum(received[str(each)] for each in self.cast.notified_in_max),
            lost=sum(person not in open_rows for person in missing),
            waiting=len(open_rows),
            repeats=sum(received[address] - 1 for address in persons if received[address]),
            unexplained=sum(
                max(0, received[each] - 1 - min(broken[each], MOST_REPEATS)) for each in persons if received[each]
            ),
            audit_whole=is_whole,
            machine=machine,
        )

    async def _persons(self) -> Mapping[str, int]:
        """The persons who get a result, by address."""
        ways = [(channel, str(each)) for channel, addresses in self.cast.contacts.items() for each in addresses]
        async with self.open_uow(reading=True) as uow:
            return {
                address: (await uow.register.contacts_at(channel, address))[0].person_id for channel, address in ways
            }

    async def _accepted(self) -> tuple[Counter[str], Counter[str]]:
        """How many messages each address received, and how many of their answers were broken."""
        arrived = [(str(each["chat_id"]), each["lost"]) for each in await self.world.log()]
        arrived += [(str(each["chat_id"]), each["lost"]) for each in await self.world.log("max")]
        arrived += [(each["address"], each["lost"]) for each in await self.world.mails()]
        arrived += [("+" + each["to"].lstrip("+"), each["lost"]) for each in await self.world.sms()]
        return Counter(address for address, _ in arrived), Counter(address for address, lost in arrived if lost)


async def measure_fault_storm() -> Mapping[str, object]:
    """`ok` if every storm is survived."""
    storms: list[dict[str, object]] = []
    with (
        tempfile.TemporaryDirectory(prefix="vestnik-bench-") as folder,
        postgres_and_sqlite_databases(Path(folder)) as kinds,
    ):
        for database, server in kinds.items():
            survived = await run_fault_storm(server, Path(folder), STORM)
            storms.append({"database": database, **asdict(survived), "ok": survived.ok})
    return {"seconds": STORM.seconds, "storms": storms, "ok": all(each["ok"] for each in storms)}


async def run_fault_storm(server: Server, folder: Path, storm: Storm) -> FaultStormResult:
    """Run a storm over a new database of the server, and count."""
    database = server.create("storm")
    clock = folder / "clock"
    fake = faked_machine_clock(clock)
    async with _trial(database, folder, storm, fake) as trial:
        held = min(MOST_SECONDS, storm.seconds / 20)
        machine = MachineFaults(database, trial.product, server.restart, clock if fake else None, held)
        await trial.wait_until_at_work()
        pushed, causes = await trial.blow(storm, machine)
        await trial.calm_down()
        return await trial.survived(pushed, causes)


@asynccontextmanager
async def _trial(database: str, folder: Path, storm: Storm, fake: Mapping[str, str]) -> AsyncIterator[FaultStormTrial]:
    cast = FaultStormCast.of(storm)
    async with (
        migrated_bench_database(database) as open_uow,
        run_bench_sandbox_process(range(cast.asking.start, cast.notified.stop)) as world,
        open_asking_families(world) as in_telegram,
        open_asking_families(world, channel="max") as in_max,
    ):
        await cast.add_to_school(open_uow)
        await world.start_dialogs([*cast.asking_in_max, *cast.notified_in_max])
        product = await start_bench_whole_process(_environment(folder, database, world), machine=fake)
        try:
            yield FaultStormTrial(open_uow, world, {"telegram": in_telegram, "max": in_max}, product, cast)
        finally:
            await kill_process_group(product)


def _environment(folder: Path, database: str, world: SandboxClient) -> Mapping[str, str]:
    return worker_process_environment(folder, database, world, pace=PACE) | {
        "SMTP_URL": f"{world.smtp_url}?from=school@example.org&starttls=never",
        "SMS_URL": f"{world.sms_url}?from=School",
        "LEASE": "PT10S",
        "MAX_API": world.max_api,
        "MAX_TOKEN": world.max_token,
        "MAX_POLICY": "full",
        "MAX_PACE": "4",
    }

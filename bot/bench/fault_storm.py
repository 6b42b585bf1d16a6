"""Runs `vestnik run` while peers and machine fail at random, and counts losses and repeats.

A push is lost where no stand-in accepted it and neither paper nor a later try has it (contracts, Delivery). It may come
again for each answer that was spoilt after acceptance, at most twice (contracts, Operation).
"""

import asyncio
import random
import time
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.app import utc_now
from bot.bench.machine_faults import MOST_SECONDS, Machine, faked_clock
from bot.bench.peers.postgres import Server
from bot.bench.peers.processes import kill, stand_in, start_everything, worker_environment
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.schools.asking import PATIENCE, Families, Question
from bot.bench.schools.families import publish, settle_in
from bot.bench.schools.invented import FIRST_CHAT
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State, Status
from core.ports import UnitOfWorkFactory
from core.rules.delivery.evidence import ON_ITS_WAY
from storage.database.engine import create_engine
from storage.schema import migrate
from storage.unit_of_work import open_factory

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
"""How a mail server hangs and refuses: kind, stage, words."""

SMS = (
    ("silence", ""), ("closed", ""), ("html_bad_gateway", ""), ("html_ok", ""), ("empty", ""),
    ("reply", "503 Temporal failure, try again later."), ("reply", "403 Number is not valid"),
)  # fmt: skip

SHARE = 0.006
"""Of all calls, for each kind: about one call in eight meets a fault."""

SHARE_OF_MAIL = 0.02
RARE = 0.0005
"""Of all calls: those that meet a refusal of the whole bot."""

STRUCK = 50
"""Of so many chats one has blocked the bot, another is sent what Telegram refuses to read."""

ASKERS = 100
QUESTIONS = ("/marks", "дз на завтра", "/timetable", "/holidays")
MOST_REPEATS = 2
PACE = 30.0
"""Messages a second: the most that a school may choose, so that what waited can be caught up with."""

OLD_SECONDS = 150.0
"""After the storm: a poll that hung ends, an answer is tried a last time."""

_LOOK = 1.0


@dataclass(frozen=True, slots=True)
class Storm:
    """For so many seconds, so many questions, pushes, mails and SMS a second."""

    seconds: float
    questions: float = 20
    pushes: float = 25
    mails: float = 1
    sms: float = 1


@dataclass(frozen=True, slots=True)
class Survived:
    """The result of a storm.

    `pushed`: messages a second that Telegram took while it lasted. `waiting`: people who may still hear, because a peer
    asked to put it off. `repeats` came more than once. `machine`: the faults of the machine, in their order.
    """

    alive: bool
    questions: int
    unanswered: int
    messages: int
    pushed: float
    lost: int
    waiting: int
    repeats: int
    unexplained: int
    audit_whole: bool
    machine: Sequence[str]

    @property
    def ok(self) -> bool:
        """True where the process lives, nothing is lost, and nothing is repeated beyond the contract."""
        return self.alive and self.audit_whole and not (self.unanswered or self.lost or self.unexplained)


@dataclass(frozen=True, slots=True)
class StormCast:
    """Who asks, and who is owed a result by which channel."""

    asking: range
    told: range
    mails: Sequence[str]
    numbers: Sequence[str]

    @classmethod
    def of(cls, storm: Storm) -> "StormCast":
        """As many as the storm takes."""
        asking = range(FIRST_CHAT, FIRST_CHAT + ASKERS)
        return cls(
            asking=asking,
            told=range(asking.stop, asking.stop + int(storm.seconds * storm.pushes)),
            mails=[f"family{number}@example.org" for number in range(int(storm.seconds * storm.mails))],
            numbers=[f"+7916{number:07}" for number in range(int(storm.seconds * storm.sms))],
        )

    @property
    def contacts(self) -> Mapping[str, Sequence[object]]:
        """The addresses of those who are told, by channel."""
        return {"telegram": self.told, "email": self.mails, "sms": self.numbers}

    async def settle_in(self, open_uow: UnitOfWorkFactory) -> None:
        """Families with their papers signed; each of those who are told is owed a final mark."""
        first = len(await settle_in(open_uow, self.asking, now=utc_now()))
        for channel, addresses in self.contacts.items():
            students = await settle_in(open_uow, addresses, now=utc_now(), channel=channel, first=first)
            await publish(open_uow, students, marks=len(students), now=utc_now(), first=first)
            first += len(students)


@dataclass(slots=True)
class Trial:
    """A school at work: families that are told something, others that ask."""

    open_uow: UnitOfWorkFactory
    world: SandboxClient
    families: Families
    product: Process
    cast: StormCast

    async def at_work(self) -> None:
        """Until the first push is accepted, so that the storm strikes a product that is up; TimeoutError."""
        async with asyncio.timeout(OLD_SECONDS):
            while not await self.world.log():  # noqa: ASYNC110  # another process
                await asyncio.sleep(_LOOK)

    async def blow(self, storm: Storm, machine: Machine) -> tuple[int, float, Sequence[str]]:
        """Every kind of fault at random while questions come.

        Returns how many were asked, how many messages a second were taken, and the faults of the machine.
        """
        await self._spoil_telegram()
        await self._spoil_mail_and_sms()
        suffering = asyncio.create_task(machine.suffer(storm.seconds))
        asked, began = 0, time.monotonic()
        while time.monotonic() - began < storm.seconds:
            chat = self.cast.asking[asked % ASKERS]
            await self.families.one(chat, Question(QUESTIONS[asked // ASKERS % len(QUESTIONS)]))
            asked += 1
            await asyncio.sleep(max(0.0, began + asked / storm.questions - time.monotonic()))
        pushed = sum(each["chat_id"] in self.cast.told for each in await self.world.log())
        suffered = await suffering
        await self.world.mend()
        return asked, round(pushed / storm.seconds, 1), suffered

    async def _spoil_telegram(self) -> None:
        dice = random.Random(30)  # noqa: S311  # dice, not secrets
        struck = dice.sample(self.cast.told, 2 * (len(self.cast.told) // STRUCK))
        for place, chat in enumerate(struck):
            kind = ("blocked", "refused_content")[place % 2]
            await self.world.suffer(kind, 1.0, method="sendMessage", chat_id=chat)
        for kind in BEFORE:
            await self.world.suffer(kind, SHARE, delay=2.0, retry_after=2)
        for kind in AFTER:
            await self.world.suffer(kind, SHARE, accepted=True)
        await self.world.suffer("unauthorized", RARE)
        await self.world.suffer("conflict", SHARE * 2, method="getUpdates")
        await self.world.suffer("future_update", SHARE * 4, method="getUpdates")

    async def _spoil_mail_and_sms(self) -> None:
        for kind, stage, words in MAIL:
            await self.world.suffer(kind, SHARE_OF_MAIL, peer="mail", method=stage, reply=words)
        await self.world.suffer("silence", SHARE_OF_MAIL, peer="mail", method="DATA", accepted=True)
        for kind, words in SMS:
            await self.world.suffer(kind, SHARE_OF_MAIL, peer="sms", reply=words)
        await self.world.suffer("html_ok", SHARE_OF_MAIL, peer="sms", accepted=True)

    async def calm_down(self, asked: int) -> None:
        """Wait until everything is answered and sent, or the time is over."""
        until = time.monotonic() + OLD_SECONDS
        while time.monotonic() < until and self.product.returncode is None:
            if not await self._unanswered(asked) and not await self._due():
                return
            await asyncio.sleep(_LOOK)

    async def _due(self) -> list[ObligationRow]:
        """What is open and has a message that may go by now; an extract in the print tray waits for a person."""
        now = utc_now()
        return [
            row
            for row in await self._open()
            if any(each.status in ON_ITS_WAY and each.not_before <= now for each in row.deliveries)
        ]

    async def _open(self) -> list[ObligationRow]:
        async with self.open_uow(reading=True) as uow:
            return list(await uow.outbox.obligations(states={State.OPEN}))

    async def _unanswered(self, asked: int) -> int:
        """Questions beyond the messages that came into the chat that asked them."""
        answers = Counter(said["chat"]["id"] for said in await self.world.said())
        per_chat = Counter(self.cast.asking[number % ASKERS] for number in range(asked))
        return sum(max(0, questions - answers[chat]) for chat, questions in per_chat.items())

    async def survived(self, asked: int, pushed: float, machine: Sequence[str]) -> Survived:
        """Count what each family got."""
        open_rows = {row.obligation.person_id for row in await self._open()}
        persons = await self._persons()
        async with self.open_uow(reading=True) as uow:
            on_paper = {extract.person_id for extract in await uow.paper.extracts(set(Status))}
            is_whole = await uow.audit.verify() is None
        got, spoilt = await self._accepted()
        missing = [person for address, person in persons.items() if not got[address] and person not in on_paper]
        return Survived(
            alive=self.product.returncode is None,
            questions=asked,
            unanswered=await self._unanswered(asked),
            messages=len(persons),
            pushed=pushed,
            lost=sum(person not in open_rows for person in missing),
            waiting=len(open_rows),
            repeats=sum(got[address] - 1 for address in persons if got[address]),
            unexplained=sum(max(0, got[each] - 1 - min(spoilt[each], MOST_REPEATS)) for each in persons if got[each]),
            audit_whole=is_whole,
            machine=machine,
        )

    async def _persons(self) -> Mapping[str, int]:
        """Those who are told, by their addresses."""
        ways = [(channel, str(each)) for channel, addresses in self.cast.contacts.items() for each in addresses]
        async with self.open_uow(reading=True) as uow:
            return {
                address: (await uow.register.contacts_at(channel, address))[0].person_id for channel, address in ways
            }

    async def _accepted(self) -> tuple[Counter[str], Counter[str]]:
        """How often each address was sent something, and how often the answer to that was spoilt."""
        arrived = [(str(each["chat_id"]), each["lost"]) for each in await self.world.log()]
        arrived += [(each["address"], each["lost"]) for each in await self.world.mails()]
        arrived += [("+" + each["to"].lstrip("+"), each["lost"]) for each in await self.world.sms()]
        return Counter(address for address, _ in arrived), Counter(address for address, lost in arrived if lost)


async def survive(server: Server, folder: Path, storm: Storm) -> Survived:
    """A storm over an empty database, and what came of it."""
    database = server.create("storm")
    clock = folder / "clock"
    fake = faked_clock(clock)
    async with _trial(database, folder, storm, fake) as trial:
        held = min(MOST_SECONDS, storm.seconds / 20)
        machine = Machine(database, trial.product, server.restart, clock if fake else None, held)
        await trial.at_work()
        asked, pushed, suffered = await trial.blow(storm, machine)
        await trial.calm_down(asked)
        return await trial.survived(asked, pushed, suffered)


@asynccontextmanager
async def _trial(database: str, folder: Path, storm: Storm, fake: Mapping[str, str]) -> AsyncIterator[Trial]:
    cast = StormCast.of(storm)
    async with (
        _school(database) as open_uow,
        stand_in(range(cast.asking.start, cast.told.stop)) as world,
        _session() as session,
    ):
        await cast.settle_in(open_uow)
        product = await start_everything(_environment(folder, database, world), machine=fake)
        try:
            yield Trial(open_uow, world, Families(world, session), product, cast)
        finally:
            await kill(product)


def _environment(folder: Path, database: str, world: SandboxClient) -> Mapping[str, str]:
    return worker_environment(folder, database, world, pace=PACE) | {
        "SMTP_URL": f"{world.smtp_url}?from=school@example.org&starttls=never",
        "SMS_URL": f"{world.sms_url}?from=School",
        "LEASE": "PT10S",
    }


@asynccontextmanager
async def _school(database: str) -> AsyncIterator[UnitOfWorkFactory]:
    await migrate(database)
    engine = create_engine(database)
    try:
        yield open_factory(engine)
    finally:
        await engine.dispose()


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE * 2))

"""`bench withdrawals`: 500 withdrawals race with the worker; after the commit nothing goes but what was in flight (Q5).

Each family is owed a final mark. While the worker sends, the families withdraw one by one. What a family's delivery
was right after the commit says what may still come: nothing where it was withdrawn, one message where it was in
flight or sent.
"""

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.bench import Figures
from bot.bench.peers.postgres import postgres_and_sqlite_databases
from bot.bench.schools.database import migrated_bench_database
from bot.bench.simulation.channels import SimulatedOpenChannel
from bot.locales import LocaleCatalogues
from bot.run.worker import RunningOutboxWorker
from core.actions.delivery import fan_out
from core.actions.delivery.worker import Worker
from core.actions.register import consents
from core.model.delivery.deliveries import Receipt
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.model.notices.family import FinalMarkSet
from core.model.people import SYSTEM
from core.model.register.consents import Decision, NewConsent
from core.model.register.forms import WrittenForm
from core.ports import Limits, UnitOfWork, UnitOfWorkFactory
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from notifiers.discovery import discovered_closing_statuses

WITHDRAWALS = 500
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CHANNEL, POLICY = "telegram", Policy()
TODAY = timing.local_date_of_time(NOW, POLICY)
AT_ONCE, NEAR = 4, 40
FAR_OFF = 0.2
"""This share of the withdrawals is of the family whose message is the farthest off."""

SLOWEST, LONGEST_PAUSE = 0.4, 0.002
"""Seconds that a message and the pause between two withdrawals take at most, by chance."""

WITHDRAWN, IN_THE_AIR, LATE = str(Status.WITHDRAWN), "in_flight", "sent_after"


@dataclass(slots=True)
class SlowWithdrawalChannel(SimulatedOpenChannel):
    """Accepts every message after a moment, and keeps which addresses got one."""

    dice: random.Random
    channel: str = CHANNEL
    limits: Limits = field(default_factory=lambda: Limits(4096, AT_ONCE, None, attachments=True))
    sent: Counter[str] = field(default_factory=Counter)

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:  # noqa: ARG002  # a port
        """The message counts when it goes out, before the answer."""
        self.sent[address] += 1
        await asyncio.sleep(self.dice.random() * SLOWEST)
        return Receipt(Status.ACCEPTED, key)


@dataclass(frozen=True, slots=True)
class WithdrawalFamily:
    """A student and the parent who withdraws; the parent's chat."""

    student_id: int
    person_id: int

    @property
    def chat(self) -> str:
        return str(1_000_000 + self.person_id)


async def race_withdrawals(open_uow: UnitOfWorkFactory, *, count: int, dice: random.Random) -> Counter[str]:
    """How many deliveries were withdrawn, in flight or sent at the commit, and how many messages came that may not."""
    families = await _owed_families(open_uow, count)
    channel = SlowWithdrawalChannel(dice)
    worker = RunningOutboxWorker(
        open_uow=open_uow,
        channels={CHANNEL: channel},
        catalogues=LocaleCatalogues.load(),
        identity=Worker("race", timedelta(seconds=60), POLICY, discovered_closing_statuses()),
        clock=lambda: NOW,
        signing_key=b"key",
    )
    sending = asyncio.create_task(worker.drain())
    left, found = list(families), []
    while left:
        family = left.pop(_next_place(left, families, channel, dice))
        found.append((family, await _withdraw(open_uow, family, dice)))
    await sending
    await worker.drain()
    told: Counter[str] = Counter({LATE: 0})
    for family, status in found:
        told[status] += 1
        told[LATE] += max(channel.sent[family.chat] - (0 if status == WITHDRAWN else 1), 0)
    return told


async def _owed_families(open_uow: UnitOfWorkFactory, count: int) -> Sequence[WithdrawalFamily]:
    """Families with a consent and a confirmed chat, each owed a final mark."""
    async with open_uow() as uow:
        families = [await _add_family(uow, number) for number in range(count)]
        for family in families:
            mark = FinalMarkSet("Алгебра", "1 четверть", "5")
            notice = NewNotice(family.student_id, mark, f"mark:{family.student_id}")
            await uow.outbox.add([notice], received_at=NOW, published_at=NOW)
        await uow.commit()
    async with open_uow() as uow:
        await fan_out.fan_out_all_notices(uow, now=NOW, policy=POLICY)
    return families


async def _add_family(uow: UnitOfWork, number: int) -> WithdrawalFamily:
    student, parent = [
        await uow.people.add(name, normal_name(name)) for name in (f"Ученик {number}", f"Родитель {number}")
    ]
    await uow.people.add_student(student, leaves_on=None)
    await uow.people.add_guardianship(parent, student, relation="parent")
    family = WithdrawalFamily(student, parent)
    contact = await uow.register.add_contact(
        person_id=parent, channel=CHANNEL, address=family.chat, rank=1, origin="form", proven_at=NOW
    )
    await uow.register.confirm(contact, WrittenForm("К-1", TODAY, "Секретарь"), at=NOW)
    consent = NewConsent(parent, student, Decision.CONSENT, TODAY, "С-1")
    await uow.register.add_consent(consent, registered_by="Секретарь", at=NOW)
    return family


async def _withdraw(open_uow: UnitOfWorkFactory, family: WithdrawalFamily, dice: random.Random) -> str:
    """What the delivery was right after the commit of the withdrawal."""
    await asyncio.sleep(dice.random() * LONGEST_PAUSE)
    async with open_uow() as uow:
        new = NewConsent(family.person_id, family.student_id, Decision.WITHDRAWAL, TODAY, "О-1")
        await consents.register_consent(uow, SYSTEM, new, now=NOW, policy=POLICY)
    async with open_uow(reading=True) as uow:
        found = await uow.outbox.deliveries_of_pair(family.person_id, family.student_id, set(Status))
    status = next(each.status for each in found if each.channel == CHANNEL)
    return IN_THE_AIR if status is Status.SENDING else str(status)


def _next_place(
    left: Sequence[WithdrawalFamily],
    families: Sequence[WithdrawalFamily],
    channel: SlowWithdrawalChannel,
    dice: random.Random,
) -> int:
    """The place of a family whose turn is about now, so that withdrawal and message meet; or the last one."""
    if dice.random() < FAR_OFF:
        return len(left) - 1
    front = min(channel.sent.total() + dice.randint(0, NEAR), len(families) - 1)
    wanted = families[max(front, 0)].person_id
    return min(range(len(left)), key=lambda place: abs(left[place].person_id - wanted))


def is_withdrawal_race_won(told: Counter[str]) -> bool:
    """Whether no message came that may not, and nothing waited on after a withdrawal."""
    return not told[LATE] and not told[Status.PENDING]


async def measure_withdrawals() -> Figures:
    """Withdrawn, in flight and sent before, by kind of database; `sent_after` must be 0."""
    figures: dict[str, object] = {}
    is_ok = True
    with (
        tempfile.TemporaryDirectory(prefix="vestnik-withdrawals-") as folder,
        postgres_and_sqlite_databases(Path(folder)) as kinds,
    ):
        for kind, server in kinds.items():
            async with migrated_bench_database(server.create("withdrawals")) as open_uow:
                told = await race_withdrawals(open_uow, count=WITHDRAWALS, dice=random.Random(5))  # noqa: S311  # dice, not secrets
            figures |= {f"{kind}_{name}": number for name, number in told.items()}
            is_ok = is_ok and is_withdrawal_race_won(told)
    return {**figures, "ok": is_ok}

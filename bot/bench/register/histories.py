"""`bench histories`: random histories of consents, contacts, blocks and joins; whatever is sent was allowed then.

A history registers, withdraws, adds, proves, confirms, revokes, blocks and joins at random, and now and then the
worker sends. For every message a ledger of the history's own says whether the pair had a consent in force and the
contact both proofs at that moment (Q2, Q5, Q80, Q84).
"""

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.bench import Figures
from bot.bench.schools.database import bench_database_url, migrated_bench_database
from bot.bench.simulation.channels import SimulatedChannelClock, SimulatedOpenChannel
from bot.locales import LocaleCatalogues
from bot.run.worker import RunningOutboxWorker
from core.actions.delivery import fan_out
from core.actions.delivery.worker import Worker
from core.actions.people import joining
from core.actions.register import codes, consents, contacts
from core.errors import SchoolError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Text
from core.model.notices.family import FinalMarkSet, MarkRecorded
from core.model.people import SYSTEM
from core.model.register.consents import Decision, NewConsent
from core.model.register.forms import WrittenForm
from core.ports import Limits, RefusedError, UnitOfWork, UnitOfWorkFactory
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from notifiers.discovery import discovered_closing_statuses
from storage.database.engine import create_database_engine
from storage.unit_of_work import unit_of_work_factory

HISTORIES, STEPS = 200, 40
BEGIN = datetime(2026, 11, 20, 9, tzinfo=UTC)
POLICY, KEY = Policy(), b"key"
CHANNELS = ("telegram", "email")
STEP = timedelta(minutes=40)
STUDENTS, PARENTS = 2, 3
REFUSES = 0.05
"""This share of messages is refused for good, as by a blocked chat."""

SENDS, EXPIRES, IN_PERSON, BLOCKS, BEGINS_WELL = 0.7, 0.3, 0.3, 0.6, 0.8
"""Shares: steps after which the worker sends, consents with a last day, forms handed in by their owner, blocks among
blocks and their ends, parents who begin with a consent and a confirmed contact."""

DIFFERS = "differs: "


@dataclass(slots=True)
class HistoryContact:
    """What the history knows of a contact."""

    person_id: int
    channel: str
    address: str
    proven: bool = False
    confirmed: bool = False
    ended: bool = False
    aside: bool = False

    @property
    def works(self) -> bool:
        return self.proven and self.confirmed and not self.ended and not self.aside


@dataclass(slots=True)
class HistoryChannel(SimulatedOpenChannel):
    """Keeps the keys of what it accepted and of what it refused for good."""

    channel: str
    dice: random.Random
    limits: Limits = field(default_factory=lambda: Limits(4096, 8, None, attachments=True))
    accepted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:  # noqa: ARG002  # a port
        """Accepts the message, or refuses its contact."""
        if self.dice.random() < REFUSES:
            self.refused.append(key)
            raise RefusedError(Reason.BLOCKED)
        self.accepted.append(key)
        return Receipt(Status.ACCEPTED, key)


@dataclass(slots=True)
class RegisterHistory:
    """A small school, what has happened in it as the history saw it, and what was found to differ."""

    open_uow: UnitOfWorkFactory
    dice: random.Random
    students: list[int]
    parents: list[int]
    clock: SimulatedChannelClock = field(default_factory=lambda: SimulatedChannelClock(BEGIN))
    decisions: dict[tuple[int, int], list[tuple[int, Decision, date | None]]] = field(default_factory=dict)
    held: dict[int, HistoryContact] = field(default_factory=dict)
    outcome: Counter[str] = field(default_factory=Counter)
    channels: dict[str, HistoryChannel] = field(init=False)
    worker: RunningOutboxWorker = field(init=False)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.channels = {name: HistoryChannel(name, self.dice) for name in CHANNELS}
        self.worker = RunningOutboxWorker(
            open_uow=self.open_uow,
            channels=self.channels,
            catalogues=LocaleCatalogues.load(),
            identity=Worker("history", timedelta(seconds=60), POLICY, discovered_closing_statuses()),
            clock=self.clock,
            ticks=self.clock.ticks,
            signing_key=KEY,
        )

    @property
    def today(self) -> date:
        """The school's date."""
        return timing.local_date_of_time(self.clock.now, POLICY)

    async def run(self, steps: int) -> Counter[str]:
        """Random steps, each followed by what may be sent then."""
        ways: Mapping[str, Callable[[UnitOfWork], Awaitable[None]]] = {
            "decide": self._decide, "add": self._add, "prove": self._prove, "confirm": self._confirm,
            "revoke": self._revoke, "block": self._block, "resume": self._resume, "publish": self._publish,
            "join": self._join,
        }  # fmt: skip
        weights = (6, 3, 3, 3, 1, 2, 2, 12, 1)
        await self._begin_well()
        for _ in range(steps):
            self.clock.move(self.clock.now + STEP * self.dice.randint(1, 30))
            (name,) = self.dice.choices(tuple(ways), weights)
            try:
                async with self.open_uow() as uow:
                    await ways[name](uow)
                self.outcome[name] += 1
            except (SchoolError, IndexError, ValueError):
                self.outcome[f"{name} refused"] += 1
            if self.dice.random() < SENDS:
                await self._send()
        await self._send()
        return self.outcome

    async def _begin_well(self) -> None:
        """Most parents have agreed and handed in a form for a contact."""
        for number, person in enumerate(self.parents):
            if self.dice.random() > BEGINS_WELL:
                continue
            channel = CHANNELS[number % len(CHANNELS)]
            written = WrittenForm("К-1", self.today, "Секретарь", in_person=True)
            now = self.clock.now
            async with self.open_uow() as uow:
                for student in self.students:
                    await self._register(uow, person, student, Decision.CONSENT, None)
                contact = await contacts.add_contact(
                    uow, SYSTEM, person_id=person, channel=channel, address="9", now=now
                )
                await contacts.confirm_contact(uow, SYSTEM, contact_id=contact, written=written, now=now, policy=POLICY)
            self.held[contact] = HistoryContact(person, channel, "9", proven=True, confirmed=True)

    async def _decide(self, uow: UnitOfWork) -> None:
        person, student = self.dice.choice(self.parents), self.dice.choice(self.students)
        decision = self.dice.choices(tuple(Decision), (6, 1, 2))[0]
        lasts = timedelta(days=self.dice.randint(1, 9))
        expires = self.today + lasts if decision is Decision.CONSENT and self.dice.random() < EXPIRES else None
        await self._register(uow, person, student, decision, expires)

    async def _register(
        self, uow: UnitOfWork, person: int, student: int, decision: Decision, expires: date | None
    ) -> None:
        new = NewConsent(person, student, decision, self.today, "17", expires_on=expires)
        entry = await consents.register_consent(uow, SYSTEM, new, now=self.clock.now, policy=POLICY)
        self.decisions.setdefault((person, student), []).append((entry.id, decision, expires))

    async def _add(self, uow: UnitOfWork) -> None:
        person, channel = self.dice.choice(self.parents), self.dice.choice(CHANNELS)
        address = str(self.dice.randint(1, 4))
        if any((each.person_id, each.channel, each.address, each.ended) == (person, channel, address, False)
               for each in self.held.values()):  # fmt: skip
            return
        contact = await contacts.add_contact(
            uow, SYSTEM, person_id=person, channel=channel, address=address, now=self.clock.now
        )
        self.held[contact] = HistoryContact(person, channel, address)

    async def _prove(self, uow: UnitOfWork) -> None:
        """By a code that is said in the contact's own chat."""
        _, held = self.dice.choice(self._in_use())
        invitation = await codes.issue_code(
            uow, SYSTEM, person_id=held.person_id, channel=held.channel, now=self.clock.now, term=STEP, key=KEY
        )
        await codes.redeem_code(
            uow, invitation.token, channel=held.channel, address=held.address, key=KEY, now=self.clock.now,
            policy=POLICY,
        )  # fmt: skip
        held.proven, held.aside = True, False

    async def _confirm(self, uow: UnitOfWork) -> None:
        contact_id, held = self.dice.choice(self._in_use())
        in_person = self.dice.random() < IN_PERSON
        written = WrittenForm("К-1", self.today, "Секретарь", in_person=in_person)
        await contacts.confirm_contact(
            uow, SYSTEM, contact_id=contact_id, written=written, now=self.clock.now, policy=POLICY
        )
        if in_person and not held.proven:
            held.proven, held.aside = True, False
        held.confirmed = True

    async def _revoke(self, uow: UnitOfWork) -> None:
        contact_id, held = self.dice.choice(self._in_use())
        await contacts.revoke_contact(uow, SYSTEM, contact_id=contact_id, now=self.clock.now, policy=POLICY)
        held.ended = True

    async def _block(self, uow: UnitOfWork) -> None:
        """A chat is blocked, or unblocked again: for all who share it."""
        _, held = self.dice.choice(self._in_use())
        blocks = self.dice.random() < BLOCKS
        now, here = self.clock.now, (held.channel, held.address)
        if blocks:
            await contacts.set_blocked_contact_aside(uow, *here, now=now, policy=POLICY)
        else:
            await contacts.resume_unblocked_contact(uow, *here, now=now)
        for _, each in self._in_use():
            if (each.channel, each.address) == here:
                each.aside = blocks

    async def _resume(self, uow: UnitOfWork) -> None:
        contact_id, held = self.dice.choice(self._in_use())
        await contacts.resume_contact(uow, SYSTEM, contact_id=contact_id, now=self.clock.now)
        held.aside = False

    async def _publish(self, uow: UnitOfWork) -> None:
        student, number = self.dice.choice(self.students), next(self.numbers)
        final = FinalMarkSet("Алгебра", "1 четверть", "5")
        mark = MarkRecorded(subject="Алгебра", on=self.today, value="5")
        notice = NewNotice(student, self.dice.choice((final, mark)), f"fact:{number}")
        await uow.outbox.add([notice], received_at=self.clock.now, published_at=self.clock.now)
        await uow.commit()

    async def _join(self, uow: UnitOfWork) -> None:
        """The second entry of a parent is joined to the first; decisions and contacts move, the latest entry counts."""
        keep, gone, *_ = self.dice.sample(self.parents, len(self.parents))
        await joining.join_persons(uow, SYSTEM, keep_id=keep, gone_id=gone, now=self.clock.now)
        self.parents.remove(gone)
        for student in self.students:
            if moved := self.decisions.pop((gone, student), []):
                both = [*self.decisions.get((keep, student), []), *moved]
                self.decisions[keep, student] = sorted(both, key=lambda each: each[0])
        for held in list(self.held.values()):
            if held.person_id == gone:
                self._move(held, keep)

    def _move(self, held: HistoryContact, keep: int) -> None:
        same = [each for _, each in self._in_use() if (each.person_id, each.channel, each.address) ==
                (keep, held.channel, held.address)]  # fmt: skip
        if held.ended or not same:
            held.person_id = keep
            return
        same[0].proven, same[0].confirmed = same[0].proven or held.proven, same[0].confirmed or held.confirmed
        held.ended = True

    async def _send(self) -> None:
        """Plans and sends; each message is compared with the ledger as it stands."""
        async with self.open_uow() as uow:
            await fan_out.fan_out_all_notices(uow, now=self.clock.now, policy=POLICY)
        before = {name: (len(each.accepted), len(each.refused)) for name, each in self.channels.items()}
        works = {contact_id: held.works for contact_id, held in self.held.items()}
        await self.worker.drain()
        async with self.open_uow(reading=True) as uow:
            for name, channel in self.channels.items():
                accepted, refused = before[name]
                for key in (*channel.accepted[accepted:], *channel.refused[refused:]):
                    await self._compare(uow, key, works)
                for key in channel.refused[refused:]:
                    if (attempt := await uow.outbox.attempt(key)) and attempt.contact_id in self.held:
                        self.held[attempt.contact_id].aside = True

    async def _compare(self, uow: UnitOfWork, key: str, works: Mapping[int, bool]) -> None:
        """Counts a message without a consent in force, or over a contact without both proofs, as a difference."""
        attempt = await uow.outbox.attempt(key)
        if attempt is None or attempt.contact_id is None:
            self.outcome[f"{DIFFERS}no attempt"] += 1
            return
        self.outcome["sent"] += 1
        self.outcome[f"{DIFFERS}contact"] += not works.get(attempt.contact_id, False)
        for delivery in await uow.outbox.sent_by({attempt.id}):
            self.outcome[f"{DIFFERS}consent"] += not self._has_consent(delivery.person_id, delivery.student_id or 0)

    def _has_consent(self, person_id: int, student_id: int) -> bool:
        *_, last = [(0, Decision.REFUSAL, None), *self.decisions.get((person_id, student_id), [])]
        _, decision, expires = last
        return decision is Decision.CONSENT and (expires is None or expires >= self.today)

    def _in_use(self) -> list[tuple[int, HistoryContact]]:
        return [(contact_id, held) for contact_id, held in self.held.items() if not held.ended]


async def build_register_history(open_uow: UnitOfWorkFactory, dice: random.Random) -> RegisterHistory:
    """Students and parents, each parent of all students; nobody has decided anything."""
    async with open_uow() as uow:
        names = ("Ученик",) * STUDENTS + ("Родитель",) * PARENTS
        people = [await uow.people.add(name, normal_name(name)) for name in names]
        students, parents = people[:STUDENTS], people[STUDENTS:]
        for student in students:
            await uow.people.add_student(student, leaves_on=None)
            for parent in parents:
                await uow.people.add_guardianship(parent, student, relation="parent")
        await uow.commit()
    return RegisterHistory(open_uow, dice, students, parents)


async def run_register_histories(folder: Path, histories: int, *, steps: int = STEPS) -> Counter[str]:
    """What happened in this many histories, each over an own copy of the school."""
    template, outcome = folder / "template.db", Counter[str]()
    async with migrated_bench_database(bench_database_url(template)):
        pass
    for number in range(histories):
        file = folder / f"{number}.db"
        shutil.copy(template, file)
        engine = create_database_engine(bench_database_url(file))
        history = await build_register_history(unit_of_work_factory(engine), random.Random(number))  # noqa: S311  # dice
        outcome += await history.run(steps)
        await engine.dispose()
        file.unlink()
    return outcome


async def measure_histories() -> Figures:
    """Counts what happened in all histories; nothing may differ."""
    with tempfile.TemporaryDirectory(prefix="vestnik-histories-") as folder:
        outcome = await run_register_histories(Path(folder), HISTORIES)
    return {
        "histories": HISTORIES,
        **dict(sorted(outcome.items())),
        "ok": not count_register_history_differences(outcome),
    }


def count_register_history_differences(outcome: Mapping[str, int]) -> int:
    """How many messages were not allowed when they went."""
    return sum(number for name, number in outcome.items() if name.startswith(DIFFERS))

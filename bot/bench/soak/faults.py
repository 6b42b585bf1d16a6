"""One fault after the other, at random: of the peers, of the machine, of the processes themselves."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.bench.fault_storm import BEFORE, MAIL
from bot.bench.fault_storm import SMS as SMS_FAULTS
from bot.bench.faults.lines.messenger import LOST
from bot.bench.faults.school import FaultySchool
from bot.bench.machine_faults import MachineFaults
from bot.bench.peers import warm
from bot.bench.peers.processes import kill_process_group
from bot.bench.peers.warm import WarmProcess
from bot.bench.soak.memory import Memory

HELD, FROZEN = 3.0, 5.0
"""Seconds that a fault of peers or machine lasts, and that a process is frozen: longer than the lease."""

SHARE = 0.3
"""The share of the calls that a fault of a peer spoils."""

MORTAL, STANDBY = "worker", "standby"
"""The worker that faults kill, and the one that they freeze, so that the lease changes hands."""

PARTS = {MORTAL: "worker", STANDBY: "worker", "bot": "bot", "schedule": "schedule"}
"""The processes of a soak, with the part that each runs."""

Fault = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class SoakFaults:
    """Causes faults; `writing` is held while the database is out of reach, since the bench writes there too."""

    school: FaultySchool
    dice: random.Random
    processes: dict[str, WarmProcess]
    memory: Memory
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    done: Counter[str] = field(default_factory=Counter)

    async def cause_one(self) -> None:
        """One fault at random."""
        fault = self.dice.choice(self._faults())
        await fault()
        self.done[fault.__name__] += 1

    def _faults(self) -> list[Fault]:
        of_database = (
            [self.crash_database] if self.school.place.server.restart else [self.lock_database, self.fill_disk]
        )
        return [self.kill_worker, self.freeze_worker, self.spoil_telegram, self.spoil_mail_and_sms, *of_database]

    async def kill_worker(self) -> None:
        """SIGKILL, and another one starts."""
        self.memory.killed.add(MORTAL)
        await kill_process_group(self.processes[MORTAL])
        self.processes[MORTAL] = await warm.start_warm_process(PARTS[MORTAL], self.school.environment(pace=30))

    async def freeze_worker(self) -> None:
        """SIGSTOP for longer than the lease."""
        pid = self.processes[STANDBY].pid
        os.killpg(pid, signal.SIGSTOP)
        await asyncio.sleep(FROZEN)
        os.killpg(pid, signal.SIGCONT)

    async def spoil_telegram(self) -> None:
        """Broken answers of every kind, some of them after acceptance."""
        before, after = self.dice.choice(BEFORE), self.dice.choice(LOST)
        await self._spoil([{"kind": before, "delay": 1.0, "retry_after": 2}, {"kind": after, "accepted": True}])

    async def spoil_mail_and_sms(self) -> None:
        """Refusals and silence of the mail server and the SMS gateway."""
        kind, stage, reply = self.dice.choice(MAIL)
        sms, answer = self.dice.choice(SMS_FAULTS)
        mail = {"kind": kind, "peer": "mail", "method": stage, "reply": reply}
        await self._spoil([mail, {"kind": sms, "peer": "sms", "reply": answer}])

    async def _spoil(self, faults: list[Mapping[str, object]]) -> None:
        world = self.school.place.world
        for fault in faults:
            details = {name: value for name, value in fault.items() if name != "kind"}
            await world.add_fault(str(fault["kind"]), SHARE, **details)
        await asyncio.sleep(HELD)
        await world.remove_faults()

    async def crash_database(self) -> None:
        """PostgreSQL as after a power cut."""
        async with self.writing:
            await self._machine().crash()

    async def lock_database(self) -> None:
        """Another process holds SQLite's write lock."""
        async with self.writing:
            await self._machine().lock()

    async def fill_disk(self) -> None:
        """No file of a worker may grow."""
        await self._machine().fill()

    def _machine(self) -> MachineFaults:
        process, place = self.processes[STANDBY], self.school.place
        return MachineFaults(self.school.url, process, place.server.restart, None, HELD)  # type: ignore[arg-type]  # its id is used alone

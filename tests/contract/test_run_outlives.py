"""`vestnik run` as a process: it outlives databases and silent peers, and ends when it is told to (Q120)."""

import asyncio
import os
import re
import resource
import signal
import sys
import time
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.bench.machine_faults import faked_machine_clock
from bot.bench.peers import warm
from bot.bench.peers.processes import (
    free_port_for_process,
    kill_process_group,
    run_bench_sandbox_process,
    worker_process_environment,
)
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.peers.warm import WarmProcess
from bot.bench.schools.families import add_bench_families, publish_bench_family_results
from bot.bench.schools.invented import FIRST_CHAT
from bot.clocks import utc_clock
from bot.settings import settings_source_for_child
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import State
from core.model.register.consents import Decision
from core.ports import UnitOfWorkFactory
from storage.database.engine import create_database_engine
from storage.schema import migrate_schema
from storage.unit_of_work import unit_of_work_factory
from tests.component.database.test_faults import overwrite
from tests.peers import processes
from tests.peers.postgres import MortalServer
from tests.peers.raw_server import raw_server
from tests.support.schools.builders import FINAL, Builder

RUN = "from bot.cli import main; raise SystemExit(main(['run', {part!r}]))"
CHATS = range(FIRST_CHAT, FIRST_CHAT + 60)
LEASE = "PT1S"
NOTHING: Mapping[str, str] = {}
LONGEST_STOP = 90.0


async def cold(part: str, environment: Mapping[str, str], log: Path, machine: Mapping[str, str]) -> Process:
    """It reads everything itself: what is added to the environment is for the interpreter or the loader."""
    known = settings_source_for_child(environment) | dict(machine)
    with log.open("wb") as words:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", RUN.format(part=part), env=known, stderr=words, start_new_session=True
        )


@asynccontextmanager
async def run(
    part: str, environment: Mapping[str, str], log: Path, *, name: str = "run", machine: Mapping[str, str] = NOTHING
) -> AsyncIterator[Process | WarmProcess]:
    """`vestnik run PART` while the block runs; its words go to a file, `machine` is added to the environment."""
    process = await (
        cold(part, environment, log / name, machine)
        if machine
        else warm.start_warm_process(part, environment, errors=log / name)
    )
    try:
        yield process
    finally:
        await kill_process_group(process)


async def ended(process: Process | WarmProcess, *, within: float) -> int:
    """Its exit code; TimeoutError where it lives longer."""
    return await asyncio.wait_for(process.wait(), within)


async def told(log: Path, event: str, *, name: str = "run", count: int = 1) -> str:
    """The words of a process once they hold an event."""
    async with asyncio.timeout(LONGEST_STOP):
        while (log / name).read_text().count(event) < count:
            await asyncio.sleep(0.05)
    return (log / name).read_text()


async def left(open_uow: UnitOfWorkFactory) -> int:
    """Notices and obligations that still wait."""
    async with open_uow(reading=True) as uow:
        return len(await uow.outbox.unplanned(1)) + len(await uow.outbox.obligations(states={State.OPEN}))


async def all_is_sent(open_uow: UnitOfWorkFactory, world: SandboxClient) -> Counter[int]:
    """What each chat got, once nothing waits."""
    async with asyncio.timeout(LONGEST_STOP):
        while await left(open_uow):
            await asyncio.sleep(0.2)
    return Counter(accepted["chat_id"] for accepted in await world.log())


async def sent(world: SandboxClient, count: int) -> None:
    async with asyncio.timeout(LONGEST_STOP):
        while len(await world.log()) < count:
            await asyncio.sleep(0.05)


@asynccontextmanager
async def school(url: str) -> AsyncIterator[tuple[UnitOfWorkFactory, SandboxClient]]:
    """Sixty families who are owed a final mark or an exam result each, and the stand-in of Telegram."""
    engine = create_database_engine(url)
    open_uow = unit_of_work_factory(engine)
    try:
        async with run_bench_sandbox_process(CHATS) as world:
            students = await add_bench_families(open_uow, CHATS, now=utc_clock())
            await publish_bench_family_results(open_uow, students, results=len(CHATS), now=utc_clock())
            yield open_uow, world
    finally:
        await engine.dispose()


async def test_a_postgresql_that_crashes_and_recovers_costs_no_message(
    mortal_postgres: MortalServer, tmp_path: Path
) -> None:
    """Three times `restart -m immediate` while a worker sends and another stands by: each family is told once."""
    url = mortal_postgres.server.create_database()
    await migrate_schema(url)
    async with school(url) as (open_uow, world), AsyncExitStack() as workers:
        for name in ("one", "two"):
            environment = worker_process_environment(tmp_path, url, world, pace=20) | {
                "LOG_LEVEL": "info",
                "LEASE": "PT5S",
            }
            await workers.enter_async_context(run("worker", environment, tmp_path, name=name))
        for number in range(3):
            await sent(world, 15 * number + 5)
            await asyncio.to_thread(mortal_postgres.restart_immediately)
        got = await all_is_sent(open_uow, world)
    assert got == dict.fromkeys(CHATS, 1)
    said = "".join((tmp_path / name).read_text() for name in ("one", "two"))
    assert "part.waits" in said
    assert "part.works_again" in said
    assert "Traceback" not in said


async def test_a_postgresql_that_is_down_at_the_start_is_waited_for(
    mortal_postgres: MortalServer, tmp_path: Path
) -> None:
    """The process says so and begins its work when the server is there."""
    url = mortal_postgres.server.create_database()
    await migrate_schema(url)
    async with school(url) as (open_uow, world):
        environment = worker_process_environment(tmp_path, url, world, pace=30) | {"LOG_LEVEL": "info"}
        mortal_postgres.stop()
        async with run("worker", environment, tmp_path) as worker:
            await told(tmp_path, "part='database' error='StorageError'")
            mortal_postgres.start()
            assert await all_is_sent(open_uow, world) == dict.fromkeys(CHATS, 1)
            worker.terminate()
            assert await ended(worker, within=30) == 0


async def test_a_full_disk_is_waited_for(sqlite_url: str, tmp_path: Path) -> None:
    """Where the database cannot grow the worker says what is missing, and goes on as soon as there is room."""
    async with school(sqlite_url) as (open_uow, world):
        environment = worker_process_environment(tmp_path, sqlite_url, world, pace=20) | {"LOG_LEVEL": "info"}
        async with run("worker", environment, tmp_path) as worker:
            await sent(world, 5)
            unlimited = resource.prlimit(worker.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (4096, unlimited[1]))
            await told(tmp_path, "part='worker' error='DiskFullError'")
            resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, unlimited)
            assert await all_is_sent(open_uow, world) == dict.fromkeys(CHATS, 1)
            assert worker.returncode is None
    assert "part.works_again" in (tmp_path / "run").read_text()


@asynccontextmanager
async def silence() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A peer that takes the connection and what is said, and never answers; its port, and who came."""
    came: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        came.append(b"")
        while some := await reader.read(65536):
            came[-1] += some

    async with raw_server(listen) as port:
        yield port, came


async def families(open_uow: UnitOfWorkFactory, channels: Sequence[tuple[str, str]]) -> None:
    """A family for each channel, owed a final mark."""
    now = utc_clock()
    async with open_uow() as uow:
        build = Builder(uow)
        for number, (channel, address) in enumerate(channels):
            student = await build.student(f"Соколов Иван {number}")
            mother = await build.guardian(f"Соколова Вера {number}", student)
            await build.decides(mother, student, Decision.CONSENT, now.date() - timedelta(days=1))
            await build.contact(mother, channel, address)
            await uow.outbox.add(
                [NewNotice(student, FINAL, f"period_mark:{number}")], received_at=now, published_at=now
            )
        await uow.commit()


REACHED = (("telegram", "501"), ("email", "mother@example.org"), ("sms", "+79161234567"))


def silent_environment(folder: Path, url: str, port: int) -> dict[str, str]:
    """Telegram, the mail server, the SMS gateway and the return mailbox are all the one that says nothing."""
    return {
        "DATA": str(folder),
        "DATABASE_URL": url,
        "BOT_API": f"http://127.0.0.1:{port}",
        "BOT_TOKEN": "100:silent",
        "TELEGRAM_POLICY": "full",
        "SMTP_URL": f"smtp://127.0.0.1:{port}?from=school@example.org&starttls=never",
        "SMS_URL": f"http://user:word@127.0.0.1:{port}/sendsms?from=School",
        "IMAP_URL": f"imap://school:word@127.0.0.1:{port}/INBOX?starttls=never",
        "QUIET": "none",
        "LEASE": LEASE,
        "LOG_LEVEL": "info",
        "RECEIPTS_LISTEN": f"127.0.0.1:{free_port_for_process()}",
        "HEALTH_LISTEN": f"127.0.0.1:{free_port_for_process()}",
    }


@pytest.mark.parametrize("part", ["all", "worker", "bot", "schedule"])
async def test_a_stop_waits_for_no_silent_peer(sqlite_url: str, tmp_path: Path, part: str) -> None:
    """Ten seconds after SIGTERM it has ended with 0, whoever hangs; what was in flight is in flight as after a kill."""
    engine = create_database_engine(sqlite_url)
    open_uow = unit_of_work_factory(engine)
    await families(open_uow, REACHED)
    async with (
        silence() as (port, came),
        run(part, silent_environment(tmp_path, sqlite_url, port), tmp_path) as process,
    ):
        if part == "schedule":
            await told(tmp_path, "part.begun")
        else:
            async with asyncio.timeout(LONGEST_STOP):
                while len(came) < {"all": 4, "worker": 3, "bot": 1}[part]:
                    await asyncio.sleep(0.05)
        began = time.monotonic()
        process.terminate()
        assert await ended(process, within=30) == 0
        assert time.monotonic() - began < 10
    async with open_uow(reading=True) as uow:
        assert len(await uow.outbox.in_flight()) == (3 if part in {"all", "worker"} else 0)
        assert await uow.leases.held("worker") is None
    await engine.dispose()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_second_signal_ends_at_once(sqlite_url: str, tmp_path: Path, number: signal.Signals) -> None:
    """Whoever asks twice does not wait for what hangs."""
    engine = create_database_engine(sqlite_url)
    await families(unit_of_work_factory(engine), REACHED)
    await engine.dispose()
    async with silence() as (port, came), run("worker", silent_environment(tmp_path, sqlite_url, port), tmp_path) as it:
        async with asyncio.timeout(LONGEST_STOP):
            while len(came) < 3:
                await asyncio.sleep(0.05)
        it.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.5)
        assert it.returncode is None
        began = time.monotonic()
        it.send_signal(number)
        assert await ended(it, within=30) == 0
        assert time.monotonic() - began < 2


async def test_a_stop_does_not_wait_for_a_frozen_database(mortal_postgres: MortalServer, tmp_path: Path) -> None:
    """A server that answers nothing any more keeps the process no longer than other peers do."""
    url = mortal_postgres.server.create_database()
    await migrate_schema(url)
    async with school(url) as (_, world):
        environment = worker_process_environment(tmp_path, url, world, pace=2) | {"LOG_LEVEL": "info"}
        async with run("worker", environment, tmp_path) as worker:
            await sent(world, 3)
            frozen = mortal_postgres.freeze()
            try:
                await asyncio.sleep(1)
                began = time.monotonic()
                worker.terminate()
                assert await ended(worker, within=30) == 0
                assert time.monotonic() - began < 10
            finally:
                mortal_postgres.thaw(frozen)


async def test_a_peer_that_says_nothing_ends_no_part(sqlite_url: str, tmp_path: Path) -> None:
    """Telegram cannot be reached at all: mail goes out meanwhile, and the process lives."""
    async with run_bench_sandbox_process(CHATS) as world:
        engine = create_database_engine(sqlite_url)
        await families(unit_of_work_factory(engine), REACHED[:1])
        environment = silent_environment(tmp_path, sqlite_url, free_port_for_process()) | {"LEASE": LEASE}
        async with run("all", environment, tmp_path) as process:
            await told(tmp_path, "worker.lease_taken")
            await told(tmp_path, "part='conversation'")
            assert process.returncode is None
            process.terminate()
            assert await ended(process, within=30) == 0
        assert world.token
        await engine.dispose()


async def refusal(part: str, environment: Mapping[str, str], folder: Path) -> tuple[int, str]:
    """The exit code of a run that ends by itself, and its sentence."""
    async with run(part, environment, folder) as process:
        code = await ended(process, within=LONGEST_STOP)
    return code, (folder / "run").read_text()


@pytest.mark.parametrize("part", ["all", "worker", "bot", "schedule"])
async def test_a_damaged_database_ends_it_with_a_sentence(sqlite_url: str, tmp_path: Path, part: str) -> None:
    """Exit code 2 and what to do; nothing of it is a trace."""
    overwrite(Path(sqlite_url.partition("///")[2]))
    code, said = await refusal(part, silent_environment(tmp_path, sqlite_url, free_port_for_process()), tmp_path)
    assert (code, "База данных повреждена" in said, "Traceback" in said) == (2, True, False)


async def test_a_database_without_tables_asks_for_migrate(tmp_path: Path) -> None:
    """Exit code 2: one that was never made, or is of another version."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    code, said = await refusal("worker", silent_environment(tmp_path, url, free_port_for_process()), tmp_path)
    assert (code, "vestnik migrate" in said) == (2, True)


async def test_a_login_that_postgresql_refuses_from_the_start_is_a_wrong_setting(
    mortal_postgres: MortalServer, tmp_path: Path
) -> None:
    """Exit code 2, and the sentence names the setting; no such database likewise."""
    url = f"postgresql://postgres@127.0.0.1:{mortal_postgres.server.port}/never_made"
    code, said = await refusal("worker", silent_environment(tmp_path, url, free_port_for_process()), tmp_path)
    assert (code, "VESTNIK_DATABASE_URL" in said) == (2, True)


async def test_a_token_that_telegram_refuses_from_the_start_is_told_apart(sqlite_url: str, tmp_path: Path) -> None:
    """Exit code 75: a supervisor of services need not begin it again."""
    async with run_bench_sandbox_process(CHATS) as world:
        environment = silent_environment(tmp_path, sqlite_url, free_port_for_process()) | {"BOT_API": world.bot_api}
        code, said = await refusal("all", environment, tmp_path)
    assert (code, "VESTNIK_BOT_TOKEN" in said) == (75, True)


async def test_a_standby_whose_clock_was_put_back_takes_over_all_the_same(sqlite_url: str, tmp_path: Path) -> None:
    """Both clocks go back two hours, the leader is killed: a term later the standby sends, and says what it noticed."""
    processes.program("faketime", package="faketime")
    clock, names = tmp_path / "clock", ("leader", "standby")
    fake = faked_machine_clock(clock)
    async with school(sqlite_url) as (open_uow, world), AsyncExitStack() as workers:
        environment = worker_process_environment(tmp_path, sqlite_url, world, pace=1) | {
            "LOG_LEVEL": "info",
            "LEASE": "PT3S",
        }
        running = [
            await workers.enter_async_context(run("worker", environment, tmp_path, name=name, machine=fake))
            for name in names
        ]
        for name in names:
            await told(tmp_path, "part.begun", name=name)
        await sent(world, 3)
        clock.write_text("-2h")
        for name in names:
            jumped = await told(tmp_path, "clock.jumped", name=name)
            assert re.search(r"seconds=-(?:7200|7199)\b", jumped)  # a busy machine looks a moment later
        leads = "worker.lease_taken" in (tmp_path / "leader").read_text()
        os.killpg(running[not leads].pid, signal.SIGKILL)
        clock.write_text("-2h")
        await sent(world, len(await world.log()) + 5)
        got = Counter(accepted["chat_id"] for accepted in await world.log())
        assert await left(open_uow)
    assert sum(number - 1 for number in got.values()) <= 16
    assert all((tmp_path / name).read_text().count("clock.jumped") == 1 for name in names)

"""Workers that are killed or stopped while they send final marks and exam results lose nothing."""

from pathlib import Path

from bot.bench.worker_kill import FaultOfWorker, Plan, run_worker_kill


async def test_killed_workers_lose_nothing_and_repeat_only_what_was_in_flight(
    long_store_url: str, tmp_path: Path
) -> None:
    """After ten kills every family was told, and nobody twice but those whose message a dead worker held (Q88)."""
    counted = await run_worker_kill(long_store_url, tmp_path, Plan(FaultOfWorker.KILL, faults=10, messages=160))
    assert counted.at_work > 0
    assert counted.in_flight <= 16 * counted.faults
    assert (counted.lost, counted.unexplained, counted.audit_whole) == (0, 0, True)


async def test_stopped_workers_lose_and_repeat_nothing(long_store_url: str, tmp_path: Path) -> None:
    """Five times SIGTERM, and every family was told exactly once: what is in flight is finished and committed (Q88)."""
    counted = await run_worker_kill(long_store_url, tmp_path, Plan(FaultOfWorker.TERMINATE, faults=5, messages=100))
    assert counted.at_work > 0
    assert (counted.lost, counted.duplicates, counted.audit_whole) == (0, 0, True)


async def test_killed_workers_lose_nothing_in_max(sqlite_url: str, tmp_path: Path) -> None:
    """The same promise in the other messenger, with its slow pace and with answers that are lost (Q88, Q141)."""
    plan = Plan(FaultOfWorker.KILL, faults=4, messages=40, pace=4, lost_answers=0.1, channel="max")
    counted = await run_worker_kill(sqlite_url, tmp_path, plan)
    assert counted.at_work > 0
    assert (counted.lost, counted.unexplained, counted.audit_whole) == (0, 0, True)


async def test_two_undisturbed_workers_send_everything_once(long_store_url: str, tmp_path: Path) -> None:
    """The standby sends nothing while the other holds the lease (Q88)."""
    counted = await run_worker_kill(long_store_url, tmp_path, Plan(FaultOfWorker.TERMINATE, faults=0, messages=60))
    assert (counted.lost, counted.duplicates) == (0, 0)

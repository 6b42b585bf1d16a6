"""Workers that are killed or stopped while they send lose nothing."""

from pathlib import Path

from bot.bench.kill import FaultOfWorker, losses


async def test_killed_workers_lose_nothing_and_repeat_only_what_was_in_flight(store_url: str, tmp_path: Path) -> None:
    """After ten kills every family was told, and nobody twice but those whose message a dead worker held (Q88)."""
    counted = await losses(store_url, tmp_path, messages=300, faults=10, kind=FaultOfWorker.KILL)
    assert counted.left_at_last_fault > 0
    assert counted.in_flight <= 16 * counted.faults
    assert (counted.lost, counted.unexplained, counted.audit_whole) == (0, 0, True)


async def test_stopped_workers_lose_and_repeat_nothing(store_url: str, tmp_path: Path) -> None:
    """Five times SIGTERM, and every family was told exactly once: what is in flight is finished and committed (Q88)."""
    counted = await losses(store_url, tmp_path, messages=200, faults=5, kind=FaultOfWorker.TERMINATE)
    assert counted.left_at_last_fault > 0
    assert (counted.lost, counted.duplicates, counted.audit_whole) == (0, 0, True)


async def test_two_undisturbed_workers_send_everything_once(store_url: str, tmp_path: Path) -> None:
    """The standby sends nothing while the other holds the lease (Q88)."""
    counted = await losses(store_url, tmp_path, messages=60, faults=0, kind=FaultOfWorker.TERMINATE)
    assert (counted.lost, counted.duplicates) == (0, 0)

"""A bot that is killed while updates wait loses none and applies none twice."""

from pathlib import Path

from bot.bench.bot_kill import run_bot_kill


async def test_a_killed_bot_applies_each_binding_acknowledgement_and_mark_once(
    long_store_url: str, tmp_path: Path
) -> None:
    """After ten kills each code has bound its chat, each «Прочитано» and each mark counts once, all are answered."""
    counted = await run_bot_kill(long_store_url, tmp_path, kills=10)
    assert counted.met_work > 0
    assert (counted.lost, counted.twice, counted.unanswered, counted.audit_whole) == (0, 0, 0, True)


async def test_a_killed_bot_does_so_in_max(long_store_url: str, tmp_path: Path) -> None:
    """MAX gives no ids to its updates and delivers again what was not confirmed; four kills (Q88, Q141)."""
    counted = await run_bot_kill(long_store_url, tmp_path, kills=4, channel="max")
    assert counted.met_work > 0
    assert (counted.lost, counted.twice, counted.unanswered, counted.audit_whole) == (0, 0, 0, True)

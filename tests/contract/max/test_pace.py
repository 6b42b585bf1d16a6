"""The limits of MAX hold while worker and bot send at once; the whole count is `vestnik bench maxpace`."""

from bot.bench.max_pace import measure_max_pace


async def test_two_processes_stay_within_the_limits_of_max() -> None:
    """Ten seconds: no second sees more than eight calls, no dialog more than two, and answers are prompt (Q142)."""
    figures = await measure_max_pace(waiting=60, seconds=10)
    assert figures["ok"], figures

"""A month of a small school with all that may go wrong: every result is told within 24 hours, or it is said why not."""

from datetime import date, timedelta
from pathlib import Path

from bot.bench.simulated_year import UNEXPLAINED, SimulatedYearPlan, run_simulated_year

AUTUMN = SimulatedYearPlan(pupils=20, marked=3, first=date(2026, 10, 5), days=31, step=timedelta(hours=3))
"""The end of a quarter, an exam with appeals, holidays, and the night in which the clocks are put back."""


async def test_a_month_tells_every_result_in_time_or_says_why_not(tmp_path: Path) -> None:
    """Nobody is without a channel on any day, and notices equal obligations; `bench year` is a year (Q70, Q71, Q75)."""
    figures = await run_simulated_year(AUTUMN, tmp_path)
    happened = {name for name in figures if name.startswith("happened_")}
    assert happened >= {
        f"happened_{what}" for what in ("results", "appeals", "finals", "marks", "withdrawal", "blocked")
    }
    assert (figures["in_time_or_explained_percent"], figures["ok"]) == ("100.00", True)
    assert (figures["days_without_a_channel"], figures["left_open"], figures["differences"]) == (0, 0, 0)
    assert f"breach_{UNEXPLAINED}" not in figures

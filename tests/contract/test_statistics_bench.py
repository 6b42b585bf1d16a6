"""The benchmark of statistics in small: both databases give the same rows, and every figure is there."""

from bot.bench.results.statistics_bench import measure_statistics_bench


async def test_a_small_school_has_the_same_statistics_on_both_databases() -> None:
    """A twentieth of the school, and twice of it; how fast is for the whole benchmark to say (Q59, Q62)."""
    figures = await measure_statistics_bench(students=50, marks_a_subject=2, runs=1)
    rows = figures["measured"]
    assert isinstance(rows, list)
    by_size = {size: [row for row in rows if row["students"] == size] for size in (50, 100)}
    for size, measured in by_size.items():
        assert {row["database"] for row in measured} == {"sqlite", "postgresql"}
        assert len({(row["rows"], row["lessons"], row["marks"]) for row in measured}) == 1
        assert measured[0]["marks"] == size * 15 * 2
    assert figures.keys() >= {"growth_sqlite", "growth_postgresql", "ok"}

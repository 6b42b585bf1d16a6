"""The benchmark of printing in small: a tenth of the school in documents a class, each figure is there (Q33)."""

from bot.bench.paper.printing import measure_printing


async def test_a_small_school_is_printed_as_by_typst_alone() -> None:
    """Both set the same documents; how fast on a whole school is for the benchmark itself to say (Q32)."""
    figures = await measure_printing(pupils=50, marks_a_subject=2, runs=1)
    assert (figures["extracts"], figures["documents"]) == (50, 2)
    assert isinstance(figures["pages"], int)
    assert figures["pages"] >= 52
    assert figures["is_same"]
    assert figures.keys() >= {"ms_a_page", "bare_ms_a_page", "ratio", "peak_mib", "composed_ms_an_extract", "ok"}

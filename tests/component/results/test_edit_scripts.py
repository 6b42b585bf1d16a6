"""Whatever is edited in whatever order, every view agrees with the marks in force."""

from pathlib import Path

from bot.bench.results.edit_scripts import DIFFERS, build_edit_script_school, run_edit_script, run_edit_scripts
from core.ports import UnitOfWorkFactory


async def test_a_hundred_random_scripts_leave_no_view_behind(tmp_path: Path) -> None:
    """Completeness, sheets, statistics, families, obligations; `bench edits` runs a thousand (Q52, Q66, Q67)."""
    outcome = await run_edit_scripts(tmp_path, 100, steps=5)
    assert {name for name in outcome if name.startswith(DIFFERS)} == set()
    assert {"set", "fill", "annul", "defer", "end", "move", "leave", "close", "reopen"} <= outcome.keys()


async def test_both_databases_agree_with_the_edits(open_uow: UnitOfWorkFactory) -> None:
    """The same script over SQLite and PostgreSQL (Q66)."""
    school = (await build_edit_script_school(open_uow)).copied(open_uow, 1)
    outcome = await run_edit_script(school)
    assert {name for name in outcome if name.startswith(DIFFERS)} == set()

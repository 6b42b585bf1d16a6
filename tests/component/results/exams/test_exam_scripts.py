"""Whatever happens to exams in whatever order, each published result is owed to each entitled person once."""

from pathlib import Path

from bot.bench.results.edit_scripts import DIFFERS
from bot.bench.results.exam_scripts import build_exam_script_school, run_exam_script, run_exam_scripts
from core.ports import UnitOfWorkFactory


async def test_random_scripts_of_exams_leave_nobody_untold(tmp_path: Path) -> None:
    """Re-checks, appeals, annulments, joined parents, accounts; `bench examedits` runs a thousand (Q71, Q74, Q78)."""
    outcome = await run_exam_scripts(tmp_path, 100, steps=5)
    assert {name for name in outcome if name.startswith(DIFFERS)} == set()
    edits = {"protocol", "recheck", "appeal", "annul", "join", "leave", "account", "withdraw"}
    assert edits <= outcome.keys()


async def test_both_databases_owe_exam_results_alike(open_uow: UnitOfWorkFactory) -> None:
    """The same script over SQLite and PostgreSQL (Q71)."""
    school = (await build_exam_script_school(open_uow)).copied(open_uow, 1)
    outcome = await run_exam_script(school)
    assert {name for name in outcome if name.startswith(DIFFERS)} == set()

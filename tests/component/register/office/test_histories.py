"""Whatever happens to consents and contacts, in whatever order: nothing is sent that was not allowed at its time."""

import random
from pathlib import Path

from bot.bench.register.histories import (
    build_register_history,
    count_register_history_differences,
    run_register_histories,
)
from core.ports import UnitOfWorkFactory


async def test_ten_random_histories_send_nothing_that_is_not_allowed(tmp_path: Path) -> None:
    """Every message had a consent in force and a contact with both proofs (Q2, Q5, Q80, Q84; 200 in the bench)."""
    outcome = await run_register_histories(tmp_path, 10, steps=40)
    assert count_register_history_differences(outcome) == 0
    assert {"decide", "add", "prove", "confirm", "revoke", "block", "resume", "publish", "join"} <= outcome.keys()
    assert outcome["sent"] > 50


async def test_both_databases_send_the_same(open_uow: UnitOfWorkFactory) -> None:
    """One long history over SQLite and PostgreSQL."""
    history = await build_register_history(open_uow, random.Random(7))  # noqa: S311  # dice, not secrets
    outcome = await history.run(80)
    assert count_register_history_differences(outcome) == 0
    assert outcome["sent"] > 3

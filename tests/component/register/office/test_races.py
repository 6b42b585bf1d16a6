"""Codes that are guessed or said twice, and withdrawals that race with sending: a tenth of what the benches run."""

import random

from bot.bench.register.guesses import are_guesses_refused, race_guessing_chats, run_code_guesses
from bot.bench.register.withdrawals import LATE, WITHDRAWN, is_withdrawal_race_won, race_withdrawals
from core.ports import UnitOfWorkFactory


async def test_a_thousand_guesses_hit_nothing(open_uow: UnitOfWorkFactory) -> None:
    """From 200 chats: no hit, typed codes locked for the school, links served (Q82; whole in `bench guesses`)."""
    told = await run_code_guesses(open_uow, guesses=1_000, chats=200, dice=random.Random(1))  # noqa: S311  # dice, not secrets
    assert are_guesses_refused(told, 1_000)


async def test_of_two_chats_that_race_for_a_code_one_is_bound(open_uow: UnitOfWorkFactory) -> None:
    """Typed and by its link, twenty times: one winner each (Q82; 200 times in `bench guesses`)."""
    assert await race_guessing_chats(open_uow, races=20) == {1: 20}


async def test_after_a_withdrawal_nothing_goes_but_what_was_in_flight(open_uow: UnitOfWorkFactory) -> None:
    """Fifty families withdraw while the worker sends, on both databases (Q5; 500 in `bench withdrawals`)."""
    told = await race_withdrawals(open_uow, count=50, dice=random.Random(2))  # noqa: S311  # dice, not secrets
    assert is_withdrawal_race_won(told)
    assert told[LATE] == 0
    assert told[WITHDRAWN] > 0
    assert told.total() == 50

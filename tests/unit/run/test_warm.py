"""What a fork server reads before it forks: the standard library passes over a name that is wrong in silence."""

from importlib import import_module

import pytest

from bot.bench.peers import warm


@pytest.mark.parametrize("name", warm.READ_BEFORE)
def test_what_is_read_before_is_there(name: str) -> None:
    """A module that was moved would cost every start its seconds again, and nobody would be told."""
    assert import_module(name).__name__ == name

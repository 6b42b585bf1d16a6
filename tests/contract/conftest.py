"""The stand-in world of the contract tests."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox import SandboxPerson, SandboxServer

MOTHER = SandboxPerson("Мария Лескова", "мама", 101, "leskova@example.test", "+79000000001", note="/start K7QF-20MW")
GRANDMOTHER = SandboxPerson("Тамара Белова", "бабушка", paper=True)


@pytest.fixture
async def world() -> AsyncIterator[SandboxServer]:
    """A sandbox in which the mother has started the bot and the grandmother has paper only."""
    async with SandboxServer.open([MOTHER, GRANDMOTHER], started=[101]) as world:
        yield world

"""Many small writes in one transaction, and what one of them that cannot be written means to the others."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.conversation.group_commit import GroupCommit
from core.errors import NotFoundError, StorageError


class Book:
    """Takes whatever it is given but what is bad, all or nothing."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.is_shut = False
        self.times = 0

    async def write(self, items: Sequence[str]) -> int:
        self.times += 1
        await asyncio.sleep(0.01)
        if self.is_shut:
            raise StorageError
        if "bad" in items:
            raise NotFoundError
        self.written += items
        return len(items)


async def test_who_comes_at_the_same_time_shares_a_commit() -> None:
    """Five writes cost one, and five that come meanwhile one more."""
    book = Book()
    together = GroupCommit(book.write)
    first = asyncio.gather(*(together.add(str(number)) for number in range(5)))
    await asyncio.sleep(0.001)
    await asyncio.gather(first, *(together.add(str(number)) for number in range(5, 10)))
    assert book.times == 2
    assert book.written == [str(number) for number in range(10)]


async def test_one_bad_item_is_nothing_to_the_others() -> None:
    """It is told its own error, and everybody else is written (Q120)."""
    book = Book()
    together = GroupCommit(book.write)
    adding = [together.add(item) for item in ("first", "a", "bad", "b", "c")]
    outcomes = await asyncio.gather(*adding, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [int, int, NotFoundError, int, int]
    assert sorted(book.written) == ["a", "b", "c", "first"]


async def test_a_database_out_of_reach_is_tried_once_for_all() -> None:
    """What fails for one fails for all, so nobody waits for another try."""
    book = Book()
    book.is_shut = True
    together = GroupCommit(book.write)
    outcomes = await asyncio.gather(*(together.add(str(number)) for number in range(10)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {StorageError}
    assert book.times == 1
    book.is_shut = False
    assert await together.add("later") == 1


async def test_an_error_is_told_to_who_is_alone_with_it() -> None:
    """Nothing is tried a second time for a batch of one."""
    book = Book()
    with pytest.raises(NotFoundError):
        await GroupCommit(book.write).add("bad")
    assert book.times == 1

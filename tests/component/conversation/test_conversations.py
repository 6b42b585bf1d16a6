"""What a chat was about outlives the process, and every update counts once."""

import asyncio
from datetime import timedelta

from core.model.conversation import Arrival, Dialog
from core.ports import UnitOfWorkFactory
from tests.support.schools.builders import NOW, a_family

MINUTE = timedelta(minutes=1)


def an_arrival(update_id: int, *, chat: str = "501", holder: str = "polling") -> Arrival:
    return Arrival("telegram", update_id, chat, '{"update_id": 1}', holder, NOW, applied=False)


async def arrived(open_uow: UnitOfWorkFactory, *arrivals: Arrival) -> list[int]:
    async with open_uow() as uow:
        new = list(await uow.conversations.arrive(arrivals))
        await uow.commit()
    return new


async def test_a_dialog_is_kept_whole_and_replaced(open_uow: UnitOfWorkFactory) -> None:
    """Step, draft and child survive in SQL, the last word counts, and a chat that said nothing has an empty one."""
    family = await a_family(open_uow)
    last = Dialog("telegram", "501", "topic", {"group": 7, "date": "2026-11-20", "files": ["a", "b"]}, family.student)
    async with open_uow() as uow:
        await uow.conversations.keep(Dialog("telegram", "501", "homework"), at=NOW)
        await uow.conversations.keep(last, at=NOW)
        await uow.commit()
    async with open_uow(reading=True) as uow:
        assert await uow.conversations.dialog("telegram", "501") == last
        assert await uow.conversations.dialog("telegram", "502") == Dialog("telegram", "502")


async def test_an_update_that_comes_twice_arrives_once(open_uow: UnitOfWorkFactory) -> None:
    """Telegram brings an update again until it is confirmed; only the new ones of a batch are news."""
    assert await arrived(open_uow, an_arrival(1), an_arrival(2)) == [1, 2]
    assert await arrived(open_uow, an_arrival(2), an_arrival(3)) == [3]
    assert await arrived(open_uow) == []


async def test_a_finished_update_is_not_news_when_it_returns(open_uow: UnitOfWorkFactory) -> None:
    """A kill between the answer and the confirmation brings an update back; it stays finished, without its words."""
    await arrived(open_uow, an_arrival(1))
    async with open_uow() as uow:
        await uow.conversations.finish("telegram", [1], at=NOW)
        await uow.commit()
    assert await arrived(open_uow, an_arrival(1)) == []
    async with open_uow() as uow:
        assert (
            await uow.conversations.claim_unfinished("telegram", holder="polling", now=NOW, silent_since=NOW - MINUTE)
            == []
        )


async def test_finished_updates_are_forgotten_in_time(open_uow: UnitOfWorkFactory) -> None:
    """Numbers are kept as long as Telegram may bring them again, and no longer."""
    await arrived(open_uow, an_arrival(1), an_arrival(2))
    async with open_uow() as uow:
        await uow.conversations.finish("telegram", [1], at=NOW)
        await uow.conversations.forget(before=NOW + MINUTE)
        await uow.commit()
    assert await arrived(open_uow, an_arrival(1), an_arrival(2)) == [1]


async def test_an_update_is_applied_by_one_transaction(open_uow: UnitOfWorkFactory) -> None:
    """Who applies first wins, a rollback gives the right back, and an update that nobody keeps may be applied."""
    await arrived(open_uow, an_arrival(1))
    async with open_uow() as uow:
        assert await uow.conversations.apply("telegram", 1)

    async def once() -> bool:
        async with open_uow() as uow:
            applied = await uow.conversations.apply("telegram", 1)
            await asyncio.sleep(0.01)
            await uow.commit()
            return applied

    assert sorted(await asyncio.gather(once(), once(), once())) == [False, False, True]
    async with open_uow() as uow:
        assert await uow.conversations.apply("telegram", 999)


async def test_the_updates_of_a_silent_process_go_to_one_that_lives(open_uow: UnitOfWorkFactory) -> None:
    """Own updates come back at once, those of another process only after it has been silent for a while."""
    await arrived(open_uow, an_arrival(2, holder="a"), an_arrival(1, holder="a"), an_arrival(3, holder="b"))

    async def waiting(holder: str, minutes: int) -> list[int]:
        now = NOW + minutes * MINUTE
        async with open_uow() as uow:
            found = await uow.conversations.claim_unfinished(
                "telegram", holder=holder, now=now, silent_since=now - MINUTE
            )
            await uow.commit()
        return [each.update_id for each in found]

    assert await waiting("b", 1) == [3]
    assert await waiting("a", 1) == [1, 2]
    assert await waiting("b", 2) == [3]
    assert await waiting("b", 3) == [1, 2, 3]
    assert await waiting("a", 3) == []


async def test_who_is_known_is_known_among_many(open_uow: UnitOfWorkFactory) -> None:
    """Of any crowd of addresses those whose owner may speak here; another channel's is none."""
    await a_family(open_uow)
    crowd = [str(10_000 + number) for number in range(1200)]
    async with open_uow(reading=True) as uow:
        assert await uow.conversations.known("telegram", [*crowd, "501"]) == {"501"}
        assert await uow.conversations.known("telegram", ["sokolova@example.org"]) == frozenset()
        assert await uow.conversations.known("telegram", []) == frozenset()
